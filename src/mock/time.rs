//! What moves the clock of a mock: Tokio's clock, the test itself, or real time with the waiting skipped.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::Timestamp;

/// What moves the clock of a [`MockSfn`](crate::MockSfn).
///
/// Chosen with [`MockSfnBuilder::time`](crate::MockSfnBuilder::time).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Time {
    /// The clock is `tokio::time`. With `start_paused = true` it is virtual: a 30-day Wait passes as soon as
    /// everything else in the runtime is idle. Without, it is real. The default of [`MockSfn::new`](crate::MockSfn::new).
    ///
    /// Tokio does not see that a test waits for a socket, a process or another thread: with paused time it would run
    /// the clock on meanwhile. Use [`Skip`](Self::Skip) there.
    #[default]
    Tokio,
    /// Only [`MockSfn::advance`](crate::MockSfn::advance) moves the clock.
    Manual,
    /// Real time, for clients that live on real clocks, but waiting is skipped: `settle` after the last call that
    /// started or changed an execution, its Waits, retry delays and mocked durations are jumped over.
    /// `StartSyncExecution` jumps at once. A timeout that guards work outside still runs in real time.
    Skip {
        /// How long an execution that only waits is left alone, so that clients can see it `RUNNING`.
        settle: Duration,
    },
}

impl Time {
    /// [`Skip`](Self::Skip) with the usual 100 ms.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use sfn_testkit::Time;
    /// assert_eq!(Time::skip(), Time::Skip { settle: Duration::from_millis(100) });
    /// ```
    #[must_use]
    pub const fn skip() -> Self {
        Self::Skip { settle: Duration::from_millis(100) }
    }

    pub(crate) const fn skip_after(self) -> Option<Duration> {
        match self {
            Self::Skip { settle } => Some(settle),
            Self::Tokio | Self::Manual => None,
        }
    }
}

/// The base clock of a mock. Never goes back, not even when the mock is taken from one runtime to another.
#[derive(Debug)]
pub(super) struct Clock {
    time: Time,
    starts_at: Timestamp,
    /// When it was `starts_at`.
    origin: Instant,
    /// The latest moment anybody was told.
    latest: Timestamp,
}

impl Clock {
    pub(super) fn new(time: Time, starts_at: Timestamp) -> Self {
        Self { time, starts_at, origin: Instant::now(), latest: starts_at }
    }

    pub(super) const fn time(&self) -> Time {
        self.time
    }

    pub(super) fn now(&mut self) -> Timestamp {
        match self.time {
            Time::Tokio | Time::Skip { .. } => {
                self.latest = self.latest.max(self.starts_at.plus(self.origin.elapsed()));
            }
            Time::Manual => {}
        }
        self.latest
    }

    /// When Tokio's clock shows `moment`; `None` if no waiting leads there.
    pub(super) fn instant_of(&self, moment: Timestamp) -> Option<Instant> {
        match self.time {
            Time::Tokio | Time::Skip { .. } => self.origin.checked_add(moment.since(self.starts_at)),
            Time::Manual => None,
        }
    }

    /// Moves a manual clock forward.
    pub(super) fn advance_to(&mut self, moment: Timestamp) {
        self.latest = self.latest.max(moment);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_millis(1_704_067_200_000);

    #[test]
    fn a_manual_clock_stands_still_until_it_is_moved_and_never_goes_back() {
        let mut clock = Clock::new(Time::Manual, START);
        assert_eq!(clock.now(), START);
        clock.advance_to(START.plus(Duration::from_secs(5)));
        clock.advance_to(START);
        assert_eq!(clock.now().since(START), Duration::from_secs(5));
        assert_eq!(clock.instant_of(START), None);
    }

    #[tokio::test(start_paused = true)]
    async fn the_tokio_clock_follows_paused_time() {
        let mut clock = Clock::new(Time::Tokio, START);
        tokio::time::sleep(Duration::from_secs(86_400)).await;
        assert_eq!(clock.now().since(START), Duration::from_secs(86_400));
    }

    #[tokio::test(start_paused = true)]
    async fn sleeping_until_the_instant_of_a_moment_ends_at_that_moment() {
        let mut clock = Clock::new(Time::skip(), START);
        let moment = START.plus(Duration::from_millis(1234));
        tokio::time::sleep_until(clock.instant_of(moment).unwrap()).await;
        assert_eq!(clock.now(), moment);
    }
}
