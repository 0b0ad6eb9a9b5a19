//! How far a verification is: a line per finished topic for logs, a count for terminals.

use std::collections::BTreeMap;

use crate::contract::{Contracts, Outcome, Verdict};

/// Counts the verdicts as they come. With several jobs topics are under way side by side.
pub(super) struct Progress {
    all: usize,
    done: usize,
    broken: usize,
    topics: BTreeMap<String, Topic>,
}

#[derive(Default)]
struct Topic {
    /// How many clauses have no verdict yet.
    left: usize,
    upheld: usize,
    broken: usize,
    not_runnable: usize,
}

impl Progress {
    pub(super) fn of(contracts: &Contracts) -> Self {
        let mut topics: BTreeMap<String, Topic> = BTreeMap::new();
        for clause in contracts.clauses() {
            topics.entry(clause.topic().to_owned()).or_default().left += 1;
        }
        Self { all: contracts.clauses().count(), done: 0, broken: 0, topics }
    }

    /// Takes in a verdict. If it was the last one of its topic, what is to be said of that.
    pub(super) fn note(&mut self, verdict: &Verdict) -> Option<String> {
        self.done += 1;
        let name = verdict.clause().topic();
        let topic = self.topics.get_mut(name)?;
        topic.left = topic.left.saturating_sub(1);
        match verdict.outcome() {
            Outcome::Upheld => topic.upheld += 1,
            Outcome::NotRunnable(_) => topic.not_runnable += 1,
            Outcome::Broken(_) => {
                topic.broken += 1;
                self.broken += 1;
            }
        }
        (topic.left == 0).then(|| {
            let Topic { upheld, broken, not_runnable, .. } = topic;
            let (done, all) = (self.done, self.all);
            format!("{done}/{all} {name}: {upheld} upheld, {broken} broken, {not_runnable} not runnable here")
        })
    }

    /// For a terminal: the count, and the clause that was verified last.
    pub(super) fn line(&self, verdict: &Verdict) -> String {
        let broken = match self.broken {
            0 => String::new(),
            broken => format!(", {broken} broken"),
        };
        format!("{}/{}{broken} {}", self.done, self.all, verdict.clause().id())
    }
}
