//! How time passes: the clock of a mock is moved when nothing else can happen, other targets are waited for.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

use crate::contract::target::Session;
use crate::endpoint::{HttpRequest, HttpResponse};
use crate::mock::MockSfn;

/// What passes at once while calls wait.
const TICK: Duration = Duration::from_secs(1);

/// So many of them without an answer are too many.
const MOST_TICKS: usize = 900;

/// Between two looks at a mock that is still at work on another thread.
const GLANCE: Duration = Duration::from_millis(1);

/// The calls of a clause that are on their way, and who moves the clock.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    in_flight: AtomicUsize,
    advancing: AtomicUsize,
}

/// Counts as long as it lives.
struct Count<'c>(&'c AtomicUsize);

impl<'c> Count<'c> {
    fn one_more(counter: &'c AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::SeqCst);
        Self(counter)
    }
}

impl Drop for Count<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Traffic {
    /// Sends a request and waits for the answer. While all calls wait for time to pass, it passes.
    pub(super) async fn exchange(
        &self,
        session: &Session,
        request: HttpRequest,
    ) -> Result<HttpResponse, String> {
        let _on_its_way = Count::one_more(&self.in_flight);
        let answer = session.exchange.exchange(request);
        let Some(sfn) = &session.sfn else {
            return session.patience.answer(answer).await;
        };
        let mut answer = answer;
        let mut passing = pin!(self.time_passes(sfn));
        poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(answer),
            Poll::Pending => passing.as_mut().poll(context).map(Err),
        })
        .await
    }

    /// Moves the clock on and on; ends with a complaint.
    async fn time_passes(&self, sfn: &MockSfn) -> String {
        for _ in 0..MOST_TICKS {
            tokio::task::yield_now().await;
            while self.advancing.load(Ordering::SeqCst) > 0 || !self.is_settled(sfn) {
                tokio::time::sleep(GLANCE).await;
            }
            if let Err(why) = sfn.core().advance(TICK) {
                return why.to_owned();
            }
        }
        "there was no answer within 15 minutes of the mock's clock".to_owned()
    }

    /// Every call that is on its way waits for something to happen.
    fn is_settled(&self, sfn: &MockSfn) -> bool {
        sfn.core().is_settled(self.in_flight.load(Ordering::SeqCst))
    }

    /// Lets so much time pass.
    pub(super) async fn advance(&self, session: &Session, by: Duration) -> Result<(), String> {
        let Some(sfn) = &session.sfn else {
            tokio::time::sleep(by).await;
            return Ok(());
        };
        let _advancing = Count::one_more(&self.advancing);
        // Other lists of steps may still be about to make their calls.
        tokio::task::yield_now().await;
        while !self.is_settled(sfn) {
            tokio::time::sleep(GLANCE).await;
        }
        sfn.core().advance(by).map_err(str::to_owned)
    }
}
