//! The steps of a clause, in order, repeated or side by side.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use super::hook::Hook;
use super::names::Names;
use super::passing::Traffic;
use crate::contract::clause::Clause;
use crate::contract::expectation::{Mismatch, compare};
use crate::contract::ledger::Ledger;
use crate::contract::step::{AwaitStep, ExpectStep, Step};
use crate::contract::target::{Session, Target};
use crate::contract::template;
use crate::contract::verdict::{Breach, Outcome};
use crate::endpoint::{HttpRequest, HttpResponse};
use crate::model::Json;
use crate::model::human_duration::format_duration;
use crate::pattern::Pattern;

/// One run of a clause.
pub(in crate::contract) struct Run<'r> {
    pub(super) clause: &'r Clause,
    pub(super) ledger: &'r Ledger,
    pub(super) hook: &'r Hook,
    pub(super) names: Names,
    session: Session,
    traffic: Traffic,
}

/// Where a step stands, and how often the steps around it were repeated before.
#[derive(Debug, Clone)]
pub(super) struct At {
    /// A JSON pointer into the clause, with `#2` behind a repetition.
    pub(super) pointer: String,
    pub(super) index: Option<usize>,
}

type Stepping<'s> = Pin<Box<dyn Future<Output = Result<(), Breach>> + Send + 's>>;

/// Between two looks at an endpoint.
const POLL_PAUSE: Duration = Duration::from_millis(250);
/// Between two looks at a mock, on its clock.
const MOCK_POLL_PAUSE: Duration = Duration::from_secs(1);

impl<'r> Run<'r> {
    /// Runs the clause, and removes what it created.
    pub(in crate::contract) async fn clause(
        clause: &'r Clause,
        target: &'r Target,
        hook: &'r Hook,
    ) -> Outcome {
        let session = match target.open(clause) {
            Ok(session) => session,
            Err(reason) => return Outcome::NotRunnable(reason),
        };
        let names = Names::new(target.surroundings(), clause.id());
        let run = Self { clause, ledger: &target.ledger, hook, names, session, traffic: Traffic::default() };
        let done = run.steps(&clause.steps, At { pointer: "/steps".to_owned(), index: None }).await;
        target.tidy_up(Some(clause.id())).await;
        match done {
            Ok(()) => Outcome::Upheld,
            Err(breach) => Outcome::Broken(breach),
        }
    }

    fn steps<'s>(&'s self, steps: &'s [Step], at: At) -> Stepping<'s> {
        Box::pin(async move {
            for (position, step) in steps.iter().enumerate() {
                let at = At { pointer: format!("{}/{position}", at.pointer), index: at.index };
                self.step(step, at).await?;
            }
            Ok(())
        })
    }

    async fn step(&self, step: &Step, at: At) -> Result<(), Breach> {
        let (label, done) = match step {
            Step::Repeat(repeat) => {
                for index in 0..repeat.repeat {
                    let pointer = format!("{}#{index}", at.pointer);
                    self.steps(&repeat.steps, At { pointer, index: Some(index) }).await?;
                }
                return Ok(());
            }
            Step::Parallel(parallel) => {
                let lists = parallel.parallel.iter().enumerate().map(|(position, steps)| {
                    let pointer = format!("{}/parallel/{position}", at.pointer);
                    self.steps(steps, At { pointer, index: at.index })
                });
                return all(lists.collect()).await;
            }
            Step::Call(call) => (call.call.name(), self.call(call, &at).await),
            Step::Send(send) => ("raw request", self.send(send, &at).await),
            Step::Pages(pages) => (pages.pages.name(), self.pages(pages, &at).await),
            Step::History(history) => ("history", self.history(history, &at).await),
            Step::Await(awaited) => (awaited.operation.name(), self.await_answer(awaited, &at).await),
            Step::Advance(advance) => ("advance", self.advance(advance.advance).await),
            Step::Expect(expected) => ("expect", self.expect(expected, &at)),
        };
        done.map_err(|mismatch| Breach::at(&format!("{}: {label}", at.pointer), mismatch))
    }

    pub(super) async fn advance(&self, by: Duration) -> Result<(), Mismatch> {
        self.traffic.advance(&self.session, by).await.map_err(Mismatch::new)
    }

    /// Lets a little time pass between two looks; returns how much.
    pub(super) async fn pause(&self) -> Result<Duration, Mismatch> {
        let pause = if self.session.sfn.is_some() { MOCK_POLL_PAUSE } else { POLL_PAUSE };
        self.advance(pause).await.map(|()| pause)
    }

    pub(super) async fn exchange(&self, request: HttpRequest, at: &At) -> Result<HttpResponse, Mismatch> {
        let answer = self.traffic.exchange(&self.session, request).await.map_err(Mismatch::new)?;
        Ok(self.hook.answer(&at.pointer, answer))
    }

    fn expect(&self, step: &ExpectStep, at: &At) -> Result<(), Mismatch> {
        let value = self.filled(&step.expect, at)?;
        compare(&self.pattern(&step.is, at)?, &value)
    }

    async fn await_answer(&self, step: &AwaitStep, at: &At) -> Result<(), Mismatch> {
        let until = self.pattern(&step.until, at)?.included();
        let most = self.session.most_waiting(step.within);
        let start = Instant::now();
        let mut waited = Duration::ZERO;
        loop {
            let (body, is_found) = self.look(step, &until, at).await?;
            if is_found {
                return self.names.save(&step.save, &body);
            }
            // The wrong answer stays the same, however long one waits.
            if waited >= most || self.hook.corrupts(&at.pointer) {
                let within = format_duration(most);
                // Only now: a diff of a large payload takes its time.
                return compare(&until, &body).map_err(|mismatch| Mismatch {
                    explanation: format!("not within {within}: {}", mismatch.explanation),
                    diff: mismatch.diff,
                });
            }
            waited += self.pause().await?;
            if self.session.sfn.is_none() {
                // Calls take their time, too.
                waited = start.elapsed();
            }
        }
    }

    pub(super) fn filled(&self, template: &Json, at: &At) -> Result<Json, Mismatch> {
        template::filled(template, &|name| self.names.get(name, at.index)).map_err(Mismatch::new)
    }

    pub(super) fn pattern(&self, template: &Json, at: &At) -> Result<Pattern, Mismatch> {
        template::pattern(template, &|name| self.names.get(name, at.index)).map_err(Mismatch::new)
    }
}

/// Runs all side by side, the first one first; ends when all have ended, or one has failed.
async fn all(mut running: Vec<Stepping<'_>>) -> Result<(), Breach> {
    poll_fn(|context| {
        let mut failed = None;
        running.retain_mut(|steps| match steps.as_mut().poll(context) {
            Poll::Pending => true,
            Poll::Ready(Ok(())) => false,
            Poll::Ready(Err(breach)) => {
                failed.get_or_insert(breach);
                false
            }
        });
        match failed {
            Some(breach) => Poll::Ready(Err(breach)),
            None if running.is_empty() => Poll::Ready(Ok(())),
            None => Poll::Pending,
        }
    })
    .await
}
