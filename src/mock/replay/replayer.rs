//! `Replayer`: a definition against which recorded executions are run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::compare::differences;
use super::difference::Kind;
use super::replayed::Replayed;
use super::run::{Home, run};
use crate::assertion::Execution;
use crate::mock::core::Core;
use crate::mock::recorded::RecordedTasks;
use crate::model::{ApiError, StateMachineType};
use crate::service::account::Account;

/// Runs recorded executions against a definition, each in a mock of its own and on virtual time, and says what would go
/// another way: the regression test of a workflow.
///
/// The tasks are answered as they were in the recording, see [`MockSfn::mock_tasks`](crate::MockSfn::mock_tasks). Input,
/// name and time of the start are those of the recording; what stopped or redrove it does so again. One replayer serves
/// any number of executions, from several threads too; the definition is parsed once.
///
/// ```
/// use sfn_testkit::Execution;
/// use sfn_testkit::replay::{Kind, Replayer};
///
/// let definition = r#"{"StartAt": "Pay", "States": {"Pay": {
///     "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:pay", "End": true}}}"#;
/// let paid = Execution::from_history_json(include_str!("../../../tests/goldens/paid.history.json")).unwrap();
/// Replayer::new(definition).unwrap().replay(&paid).assert_same();
///
/// let changed = definition.replace("\"End\"", "\"Parameters\": {\"id.$\": \"$.order\"}, \"End\"");
/// let replayed = Replayer::new(&changed).unwrap().replay(&paid);
/// assert_eq!(
///     replayed.first(Kind::TaskInput).unwrap().to_string(),
///     "`Pay` calls its task with {\"id\":7} instead of {\"order\":7} at $"
/// );
/// ```
pub struct Replayer {
    definition: String,
    kind: StateMachineType,
    ignored: BTreeSet<Kind>,
    ignored_members: BTreeSet<String>,
    /// For recordings that do not say where they come from.
    unnamed: (Home, Account),
    /// Accounts that have the state machine and nothing else.
    accounts: Mutex<BTreeMap<Home, Account>>,
}

/// Why a definition cannot be run, in the words of `CreateStateMachine`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidDefinition {
    message: String,
}

impl Replayer {
    /// A definition in the States Language, of a STANDARD state machine unless [`express`](Self::express) says
    /// otherwise.
    ///
    /// # Errors
    /// If no state machine can be made of it.
    pub fn new(definition: impl Into<String>) -> Result<Self, InvalidDefinition> {
        Self::of_type(definition.into(), StateMachineType::Standard)
    }

    /// The same of an EXPRESS state machine.
    ///
    /// # Errors
    /// If no state machine can be made of it.
    pub fn express(definition: impl Into<String>) -> Result<Self, InvalidDefinition> {
        Self::of_type(definition.into(), StateMachineType::Express)
    }

    pub(crate) fn of_type(definition: String, kind: StateMachineType) -> Result<Self, InvalidDefinition> {
        let home = Home::default();
        let account = new_account(&home, &definition, kind);
        let account = account.map_err(|error| InvalidDefinition { message: error.message })?;
        let (ignored, ignored_members, accounts) = Default::default();
        Ok(Self { definition, kind, ignored, ignored_members, unnamed: (home, account), accounts })
    }

    /// Differences of this kind do not count.
    #[must_use]
    pub fn ignoring(mut self, kind: Kind) -> Self {
        self.ignored.insert(kind);
        self
    }

    /// Members of this name, anywhere in inputs of tasks and in outputs, do not count: random numbers, checksums.
    #[must_use]
    pub fn ignoring_member(mut self, name: impl Into<String>) -> Self {
        self.ignored_members.insert(name.into());
        self
    }

    /// Runs one execution again. One that has not ended in the recording is compared as far as it had come.
    #[must_use]
    pub fn replay(&self, recorded: &Execution) -> Replayed {
        self.replay_with(recorded, &RecordedTasks::from(recorded))
    }

    /// The same with more recorded tasks than those of the execution: the child executions of a Distributed Map have
    /// histories of their own.
    #[must_use]
    pub fn replay_with(&self, recorded: &Execution, tasks: &RecordedTasks) -> Replayed {
        let (home, account) = self.home_of(recorded);
        let run = run(&home, account, recorded.record(), tasks);
        let mut differences = differences(recorded, &run, &self.definition, &self.ignored_members);
        differences.retain(|difference| !self.ignored.contains(&difference.kind));
        differences.sort_by_key(|difference| difference.event);
        Replayed { differences, execution: run.execution }
    }

    /// Where the state machine lives that the execution belongs to, and a copy of the account that has it.
    fn home_of(&self, recorded: &Execution) -> (Home, Account) {
        let home = Home::of(recorded.record());
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(account) = accounts.get(&home) {
            return (home, account.clone());
        }
        match new_account(&home, &self.definition, self.kind) {
            Ok(account) => {
                accounts.insert(home.clone(), account.clone());
                (home, account)
            }
            // The definition is good: what the recording says of names and roles is not.
            Err(_) => self.unnamed.clone(),
        }
    }
}

fn new_account(home: &Home, definition: &str, kind: StateMachineType) -> Result<Account, ApiError> {
    let core = Core::new(&home.config());
    core.create_machine(&home.machine(definition, kind))?;
    Ok(core.account())
}

impl fmt::Debug for Replayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, ignored, ignored_members, .. } = self;
        let mut text = f.debug_struct("Replayer");
        text.field("kind", kind).field("ignored", ignored).field("ignored_members", ignored_members);
        text.finish_non_exhaustive()
    }
}

impl fmt::Display for InvalidDefinition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for InvalidDefinition {}
