//! What a cassette does while a test runs: answers, passes on, and takes down.

use super::format::CassetteFile;
use super::merge::{Call, Writing};
use super::miss::Miss;
use super::mode::Plan;
use super::recorder::RecorderSettings;
use super::replayer::{Answer, Replayer};
use super::secrets::InUse;
use crate::model::{Json, Operation};

/// A session with a cassette.
#[derive(Debug)]
pub(crate) struct Tape {
    plan: Plan,
    settings: RecorderSettings,
    replayer: Option<Replayer>,
    calls: Vec<Call>,
    misses: Vec<Miss>,
    in_use: InUse,
}

/// What becomes of a call.
#[derive(Debug)]
pub(crate) enum Step {
    Answer(Answer),
    /// A worker asks for a task that is not due yet.
    Wait,
    Miss(Miss),
    /// It goes to the service.
    PassOn,
}

impl Tape {
    /// With the file as far as the plan reads it.
    pub(crate) fn new(plan: Plan, settings: RecorderSettings, file: Option<CassetteFile>) -> Self {
        let with_redactions = |mut file: CassetteFile| {
            let news = settings.redactions.iter().filter(|path| !file.redacted.contains(path));
            let news: Vec<_> = news.cloned().collect();
            file.redacted.extend(news);
            Replayer::new(file)
        };
        let replayer = match plan {
            Plan::Replay | Plan::Add => file.map(with_redactions),
            Plan::Replace | Plan::PassOn => None,
        };
        Self { plan, settings, replayer, calls: Vec::new(), misses: Vec::new(), in_use: InUse::default() }
    }

    pub(super) const fn plan(&self) -> Plan {
        self.plan
    }

    pub(crate) fn step(&mut self, operation: Operation, request: &Json) -> Step {
        let Some(replayer) = &mut self.replayer else { return Step::PassOn };
        match replayer.answer(operation, request) {
            Ok(answer) => {
                self.calls.push(Call { operation, request: request.clone(), live: None });
                Step::Answer(answer)
            }
            Err(_) if self.plan == Plan::Add => Step::PassOn,
            Err(miss) if miss.is_poll_without_task() => Step::Wait,
            Err(miss) => {
                self.misses.push(miss.clone());
                Step::Miss(miss)
            }
        }
    }

    /// What the service answered to a call that was passed on.
    pub(crate) fn observe(&mut self, operation: Operation, request: Json, status: u16, response: Json) {
        if let Some(replayer) = &mut self.replayer {
            replayer.set_apart(operation, &request, &response);
        }
        self.calls.push(Call { operation, request, live: Some((status, response)) });
    }

    /// A credential in use, which must not be written.
    pub(crate) fn guard(&mut self, credential: &str) {
        self.in_use.add(credential);
    }

    /// Whether there is something to write.
    pub(super) fn has_news(&self) -> bool {
        match self.plan {
            Plan::Add => self.calls.iter().any(|call| call.live.is_some()),
            Plan::Replace => true,
            Plan::Replay | Plan::PassOn => false,
        }
    }

    /// The file as it is to be, given the one that is there.
    pub(crate) fn written(
        &self,
        before: Result<Option<CassetteFile>, String>,
        today: &str,
    ) -> Result<CassetteFile, String> {
        let writing = Writing { settings: &self.settings, in_use: &self.in_use, today };
        let written = if self.plan == Plan::Add {
            let empty = || CassetteFile { recorded: Some(today.to_owned()), ..CassetteFile::default() };
            writing.added(&self.calls, before?.unwrap_or_else(empty))
        } else {
            // It is replaced, whatever it is.
            writing.anew(&self.calls, before.ok().flatten().as_ref())
        };
        written.map_err(|found| found.to_string())
    }

    /// Calls that a replay had no answer for.
    pub(super) fn misses(&self) -> &[Miss] {
        &self.misses
    }

    /// What went wrong in a replay: calls without an answer, answers without a call.
    pub(super) fn complaints(&self, allows_unused: bool) -> Vec<String> {
        let mut complaints: Vec<String> = self.misses.iter().map(ToString::to_string).collect();
        let unused = match &self.replayer {
            Some(replayer) if self.plan == Plan::Replay && !allows_unused && complaints.is_empty() => {
                replayer.unused()
            }
            Some(_) | None => Vec::new(),
        };
        if !unused.is_empty() {
            let lines =
                unused.iter().map(|(number, operation)| format!("\n  interaction {number}, {operation}"));
            complaints.push(format!(
                "these were recorded, and no call asked for them:{}\nThe test no longer makes these calls: record it again, or say `.allow_unused()`",
                lines.collect::<String>()
            ));
        }
        complaints
    }
}
