//! All Map Runs of an account: by ARN, and those of each execution without looking at the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::MapRun;

#[derive(Debug, Clone, Default)]
pub(in crate::service) struct MapRuns {
    by_arn: BTreeMap<Arc<str>, MapRun>,
    /// The ARNs of those that each execution has started, in the order of their start.
    of_executions: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// How many were ever started.
    started: u64,
}

impl MapRuns {
    /// The number that the next one gets.
    pub(super) const fn next_number(&self) -> u64 {
        self.started + 1
    }

    /// Takes in one that starts.
    pub(super) fn add(&mut self, run: MapRun) {
        self.started += 1;
        let (arn, execution) = (Arc::clone(&run.request.arn), Arc::clone(&run.execution_arn));
        self.of_executions.entry(execution).or_default().push(Arc::clone(&arn));
        self.by_arn.insert(arn, run);
    }

    pub(in crate::service) fn get(&self, arn: &str) -> Option<&MapRun> {
        self.by_arn.get(arn)
    }

    pub(in crate::service) fn get_mut(&mut self, arn: &str) -> Option<&mut MapRun> {
        self.by_arn.get_mut(arn)
    }

    /// Those that an execution has started, in the order of their start.
    pub(in crate::service) fn of(&self, execution: &str) -> impl DoubleEndedIterator<Item = &MapRun> {
        let arns = self.of_executions.get(execution).into_iter().flatten();
        arns.filter_map(|arn| self.by_arn.get(arn))
    }
}
