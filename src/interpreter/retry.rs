//! Which retrier takes a failure, and how long it waits.

use std::time::Duration;

use super::failing::Failing;
use super::frame::Retries;
use crate::asl::retrier::{JitterStrategy, Retrier};
use crate::model::SeededRandom;

/// The delay before the next attempt, if a retrier takes the failure. The first retrier that names the error is
/// the only one asked; each counts its own attempts.
pub(super) fn next_delay(
    retriers: &[Retrier],
    failing: &Failing,
    retries: &mut Retries,
    random: &mut SeededRandom,
) -> Option<Duration> {
    let (position, retrier) = matching(retriers, failing)?;
    retries.by_retrier.resize(retriers.len(), 0);
    let attempts = retries.by_retrier.get_mut(position)?;
    if *attempts >= retrier.max_attempts {
        return None;
    }
    let delay = delay(retrier, *attempts);
    *attempts += 1;
    retries.total += 1;
    Some(match retrier.jitter {
        JitterStrategy::None => delay,
        JitterStrategy::Full => delay.mul_f64(random.next_fraction()),
    })
}

/// The first retrier that names the error, and its place.
pub(super) fn matching<'r>(retriers: &'r [Retrier], failing: &Failing) -> Option<(usize, &'r Retrier)> {
    retriers.iter().enumerate().find(|(_, retrier)| failing.named_in(&retrier.error_equals).is_some())
}

/// `IntervalSeconds` × `BackoffRate` ^ attempts, at most `MaxDelaySeconds`.
pub(super) fn delay(retrier: &Retrier, attempts_so_far: u64) -> Duration {
    /// About three thousand years: what the limits of the fields cannot exceed without a cap.
    const LONGEST_SECONDS: f64 = 1e11;
    let exponent = i32::try_from(attempts_so_far).unwrap_or(i32::MAX);
    let interval = Duration::from_secs(retrier.interval_seconds).as_secs_f64();
    let grown = interval * retrier.backoff_rate.powi(exponent);
    let cap = retrier
        .max_delay_seconds
        .map_or(LONGEST_SECONDS, |seconds| Duration::from_secs(seconds).as_secs_f64());
    Duration::from_secs_f64(grown.min(cap))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Failure;

    fn retrier(names: &[&str], max_attempts: u64) -> Retrier {
        Retrier {
            error_equals: names.iter().map(|name| (*name).into()).collect(),
            interval_seconds: 1,
            max_attempts,
            backoff_rate: 2.0,
            max_delay_seconds: None,
            jitter: JitterStrategy::None,
        }
    }

    /// The delays in seconds that the errors get, in turn.
    fn delays(retriers: &[Retrier], errors: &[&str]) -> Vec<Option<f64>> {
        let mut retries = Retries::default();
        let mut random = SeededRandom::new(1, "jitter");
        errors
            .iter()
            .map(|error| {
                let failing = Failing::new(Failure::new(*error, ""));
                next_delay(retriers, &failing, &mut retries, &mut random).map(|delay| delay.as_secs_f64())
            })
            .collect()
    }

    #[test]
    fn delays_double_until_the_attempts_are_used_up() {
        assert_eq!(delays(&[retrier(&["A"], 3)], &["A"; 4]), [Some(1.0), Some(2.0), Some(4.0), None]);
    }

    #[test]
    fn each_retrier_counts_for_itself() {
        let retriers = [retrier(&["A", "B"], 2), retrier(&["C"], 5)];
        assert_eq!(
            delays(&retriers, &["A", "B", "C", "C", "B"]),
            [Some(1.0), Some(2.0), Some(1.0), Some(2.0), None]
        );
    }

    #[test]
    fn a_later_retrier_is_not_asked_when_the_first_is_exhausted() {
        let retriers = [retrier(&["A"], 0), retrier(&["States.ALL"], 5)];
        assert_eq!(delays(&retriers, &["A", "B"]), [None, Some(1.0)]);
    }

    #[test]
    fn max_delay_caps_and_full_jitter_draws_below() {
        let mut capped = retrier(&["A"], 10);
        capped.max_delay_seconds = Some(3);
        assert_eq!(delays(&[capped], &["A"; 3]), [Some(1.0), Some(2.0), Some(3.0)]);
        let mut jittered = retrier(&["A"], 10);
        jittered.jitter = JitterStrategy::Full;
        let drawn = delays(&[jittered], &["A"; 3]);
        assert!(drawn.iter().zip([1.0, 2.0, 4.0]).all(|(delay, most)| delay.unwrap() < most), "{drawn:?}");
    }

    #[test]
    fn hundreds_of_attempts_do_not_overflow() {
        let drawn = delays(&[retrier(&["A"], 99_999_999)], &["A"; 2000]);
        assert_eq!(drawn.last(), Some(&Some(1e11)));
    }
}
