//! How long an endpoint is waited for: it may be slow, hang, or never end an execution.

use std::time::Duration;

use super::door::ResponseFuture;
use crate::endpoint::HttpResponse;
use crate::model::human_duration::format_duration;

/// How long one call may take: longer than a poll for the task of an activity.
const ONE_CALL: Duration = Duration::from_secs(120);

/// How long one call, and one wait, may take.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Patience {
    /// `None`: as the call or the clause needs.
    pub(super) limit: Option<Duration>,
}

impl Patience {
    /// The answer of an endpoint, if it comes in time.
    pub(super) async fn answer(self, answer: ResponseFuture<'_>) -> Result<HttpResponse, String> {
        let most = self.limit.unwrap_or(ONE_CALL);
        let timed = tokio::time::timeout(most, answer).await;
        timed.unwrap_or_else(|_| Err(format!("there was no answer within {}", format_duration(most))))
    }

    /// How long to wait for something that a clause gives so much time.
    pub(super) fn within(self, within: Duration) -> Duration {
        self.limit.map_or(within, |most| most.min(within))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_that_never_answers_is_waited_for_no_longer_than_said() {
        let waited = async |patience: Patience| {
            let start = tokio::time::Instant::now();
            let answer = patience.answer(Box::pin(std::future::pending())).await;
            (answer.unwrap_err(), start.elapsed().as_secs())
        };
        let short = Patience { limit: Some(Duration::from_secs(5)) };
        assert_eq!(waited(short).await, ("there was no answer within 5s".to_owned(), 5));
        let long = waited(Patience::default()).await;
        assert_eq!(long, ("there was no answer within 2m".to_owned(), 120));
    }

    #[test]
    fn a_clause_waits_no_longer_than_it_says_itself() {
        let minute = Duration::from_secs(60);
        let limited = |seconds| Patience { limit: Some(Duration::from_secs(seconds)) }.within(minute);
        assert_eq!((limited(5), limited(90)), (Duration::from_secs(5), minute));
        assert_eq!(Patience::default().within(minute), minute);
    }
}
