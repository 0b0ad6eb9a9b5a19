//! The 37 operations of the API: the one list that everything else derives from.

use std::fmt;

macro_rules! operations {
    ($($name:ident),* $(,)?) => {
        /// An operation of the AWS Step Functions API (version 2016-11-23): what
        /// [`MockSfn::fault`](crate::MockSfn::fault) disturbs.
        ///
        /// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html>
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Operation {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                $name,
            )*
        }

        impl Operation {
            /// All of them, by name.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name, as in `X-Amz-Target` after `AWSStepFunctions.`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

operations! {
    CreateActivity,
    CreateStateMachine,
    CreateStateMachineAlias,
    DeleteActivity,
    DeleteStateMachine,
    DeleteStateMachineAlias,
    DeleteStateMachineVersion,
    DescribeActivity,
    DescribeExecution,
    DescribeMapRun,
    DescribeStateMachine,
    DescribeStateMachineAlias,
    DescribeStateMachineForExecution,
    GetActivityTask,
    GetExecutionHistory,
    ListActivities,
    ListExecutions,
    ListMapRuns,
    ListStateMachineAliases,
    ListStateMachineVersions,
    ListStateMachines,
    ListTagsForResource,
    PublishStateMachineVersion,
    RedriveExecution,
    SendTaskFailure,
    SendTaskHeartbeat,
    SendTaskSuccess,
    StartExecution,
    StartSyncExecution,
    StopExecution,
    TagResource,
    TestState,
    UntagResource,
    UpdateMapRun,
    UpdateStateMachine,
    UpdateStateMachineAlias,
    ValidateStateMachineDefinition,
}

impl Operation {
    /// The operation of that name, or `None`; names are case-sensitive.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.name() == name)
    }

    /// The operation of an action of `aws-sdk:sfn`, which begins in lower case: `startExecution`.
    #[must_use]
    pub(crate) fn from_action(action: &str) -> Option<Self> {
        let (first, rest) = action.split_at_checked(1)?;
        let is_action = |operation: &Self| {
            operation.name().split_at_checked(1).is_some_and(|(capital, others)| {
                others == rest && first != capital && first.eq_ignore_ascii_case(capital)
            })
        };
        Self::ALL.iter().copied().find(is_action)
    }
}

impl Operation {
    /// Whether it only tells of what there is: a `Describe…`, a `List…`, or `GetExecutionHistory`.
    pub(crate) fn is_read(self) -> bool {
        let name = self.name();
        name.starts_with("Describe") || name.starts_with("List") || self == Self::GetExecutionHistory
    }
}

#[cfg(all(feature = "record", feature = "server"))]
impl Operation {
    /// Whether it leaves everything as it is: those that tell of what there is, and the validation of a definition.
    /// `GetActivityTask` takes work away from others, and `TestState` may run a task.
    pub(crate) fn only_looks(self) -> bool {
        self.is_read() || self == Self::ValidateStateMachineDefinition
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_37_operations_and_names_lead_back_to_them() {
        assert_eq!(Operation::ALL.len(), 37);
        for operation in Operation::ALL {
            assert_eq!(Operation::from_name(operation.name()), Some(*operation));
        }
        assert_eq!(Operation::from_name("startExecution"), None);
        assert_eq!(Operation::from_action("startExecution"), Some(Operation::StartExecution));
        assert_eq!(Operation::from_action("StartExecution"), None);
        assert_eq!(Operation::from_action(""), None);
    }
}
