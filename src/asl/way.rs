//! What an execution can do in a state, as coverage counts it, and which place each of these has in a list of counts.

use super::definition::{State, StateKind};

/// One thing that an execution does in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Entered,
    /// By `Next` or `End`; of a Choice, by `Default`; of a Succeed, since it is one.
    Left,
    /// It failed, and neither a retrier nor a catcher of it took that.
    Failed,
    /// Its task took longer than `TimeoutSeconds`.
    TimedOut,
    /// Its task gave no sign of life for `HeartbeatSeconds`.
    MissedHeartbeat,
    /// A Choice was left by this rule.
    Rule(usize),
    /// This retrier took a failure, because of this one of its `ErrorEquals`.
    Retrier {
        index: usize,
        error: usize,
    },
    /// It was left by this catcher, because of this one of its `ErrorEquals`.
    Catcher {
        index: usize,
        error: usize,
    },
}

/// Those that every state has.
const COMMON: usize = 5;

impl State {
    /// How many ways it has.
    pub(crate) fn ways(&self) -> usize {
        COMMON + self.rules() + self.retrier_errors(usize::MAX) + self.catcher_errors(usize::MAX)
    }

    /// The place of a way among all of the state's.
    pub(crate) fn place_of(&self, way: Way) -> usize {
        match way {
            Way::Entered => 0,
            Way::Left => 1,
            Way::Failed => 2,
            Way::TimedOut => 3,
            Way::MissedHeartbeat => 4,
            Way::Rule(index) => COMMON + index,
            Way::Retrier { index, error } => COMMON + self.rules() + self.retrier_errors(index) + error,
            Way::Catcher { index, error } => {
                COMMON + self.rules() + self.retrier_errors(usize::MAX) + self.catcher_errors(index) + error
            }
        }
    }

    fn rules(&self) -> usize {
        match &self.kind {
            StateKind::Choice(choice) => choice.rules.len(),
            StateKind::Task(_)
            | StateKind::Pass(_)
            | StateKind::Wait(_)
            | StateKind::Succeed
            | StateKind::Fail(_)
            | StateKind::Parallel(_)
            | StateKind::Map(_) => 0,
        }
    }

    /// How many errors the retriers before this one name.
    fn retrier_errors(&self, before: usize) -> usize {
        let retriers = self.work().map_or(&[][..], |work| &work.retry);
        retriers.iter().take(before).map(|retrier| retrier.error_equals.len()).sum()
    }

    fn catcher_errors(&self, before: usize) -> usize {
        let catchers = self.work().map_or(&[][..], |work| &work.catch);
        catchers.iter().take(before).map(|catcher| catcher.error_equals.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::asl::read_definition;
    use crate::model::StateMachineType;

    const DEFINITION: &str = r#"{"StartAt":"C","States":{
        "C":{"Type":"Choice","Default":"P","Choices":[
            {"Variable":"$.a","IsPresent":true,"Next":"P"},{"Variable":"$.b","IsPresent":true,"Next":"P"}]},
        "P":{"Type":"Parallel","Next":"T","Branches":[
            {"StartAt":"B1","States":{"B1":{"Type":"Succeed"}}},
            {"StartAt":"B2","States":{"B2":{"Type":"Map","End":true,"ItemProcessor":{
                "StartAt":"I","States":{"I":{"Type":"Succeed"}}}}}}]},
        "T":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true,
            "Retry":[{"ErrorEquals":["A","B"]},{"ErrorEquals":["D"]}],
            "Catch":[{"ErrorEquals":["E"],"Next":"P"},{"ErrorEquals":["F","G"],"Next":"P"}]}}}"#;

    #[test]
    fn states_are_numbered_in_the_order_of_the_text() {
        let definition = read_definition(DEFINITION, StateMachineType::Standard).unwrap();
        let states = definition.scope.all_states();
        let numbered: Vec<_> = states.iter().map(|state| (&*state.name, state.number)).collect();
        assert_eq!(numbered, [("C", 0), ("P", 1), ("B1", 2), ("B2", 3), ("I", 4), ("T", 5)]);
    }

    #[test]
    fn every_way_has_a_place_of_its_own() {
        let definition = read_definition(DEFINITION, StateMachineType::Standard).unwrap();
        let states = definition.scope.all_states();
        let common = [Way::Entered, Way::Left, Way::Failed, Way::TimedOut, Way::MissedHeartbeat];
        let of_choice = [Way::Rule(0), Way::Rule(1)];
        let of_task = [
            Way::Retrier { index: 0, error: 0 },
            Way::Retrier { index: 0, error: 1 },
            Way::Retrier { index: 1, error: 0 },
            Way::Catcher { index: 0, error: 0 },
            Way::Catcher { index: 1, error: 0 },
            Way::Catcher { index: 1, error: 1 },
        ];
        for (state, own) in [(states[0], &of_choice[..]), (states[2], &[]), (states[5], &of_task)] {
            let places: BTreeSet<_> = common.iter().chain(own).map(|way| state.place_of(*way)).collect();
            assert_eq!(places, (0..state.ways()).collect(), "{}", state.name);
        }
    }
}
