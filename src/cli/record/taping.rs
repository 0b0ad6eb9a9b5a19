//! What is recorded, and the file that it gets into.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::sleep;

use super::arguments::{RecordArguments, RecordMode};
use super::proxy::{Exchanged, Observer};
use crate::cli::console::Console;
use crate::cli::replay::{HOLD, HOLDS, no_answer, played};
use crate::endpoint::Credentials;
use crate::model::{Json, Operation};
use crate::recording::{Answer, Plan, RecorderSettings, Redaction, Step, Tape, storage, today};
use crate::wire;

/// Takes down what the upstream answers, and answers what the mode wants to be taken from the file.
pub(super) struct Taping {
    path: PathBuf,
    state: Mutex<State>,
    console: Console,
}

struct State {
    tape: Tape,
    /// What was recorded.
    calls: BTreeMap<Operation, usize>,
    /// Something was recorded since it was kept.
    is_new: bool,
}

impl Taping {
    /// For a recording with credentials that must not get into it.
    pub(super) fn open(
        arguments: &RecordArguments,
        credentials: Option<&Credentials>,
        console: &Console,
    ) -> Result<Self, String> {
        let path = arguments.cassette.clone();
        let partial = partial(&path);
        if partial.exists() {
            let (partial, path) = (partial.display(), path.display());
            return Err(format!(
                "{partial} holds a recording that was cut short: rename it to {path} to keep it, or delete it"
            ));
        }
        let plan = match arguments.mode {
            RecordMode::All => Plan::Replace,
            RecordMode::Once if path.exists() => Plan::Replay,
            RecordMode::Once | RecordMode::New => Plan::Add,
        };
        let redactions = arguments.redacted.iter().map(|path| Redaction::parse(path));
        let settings = RecorderSettings {
            redactions: redactions.collect::<Result<_, _>>()?,
            ..RecorderSettings::default()
        };
        let file = if plan == Plan::Replace { None } else { storage::load(&path)? };
        let mut tape = Tape::new(plan, settings, file);
        credentials.into_iter().flat_map(Credentials::parts).for_each(|part| tape.guard(part));
        let state = State { tape, calls: BTreeMap::new(), is_new: false };
        Ok(Self { path, state: Mutex::new(state), console: console.clone() })
    }

    /// A secret that must not get into the recording.
    pub(super) fn guard(&self, secret: &str) {
        self.state().tape.guard(secret);
    }

    /// Writes what was recorded so far beside the file, for the case that the process is killed.
    pub(super) fn keep(&self) -> Result<(), String> {
        let mut state = self.state();
        if !state.is_new {
            return Ok(());
        }
        state.is_new = false;
        storage::update(&partial(&self.path), |_| state.tape.written(storage::load(&self.path), &today()))
    }

    /// Writes the file, unless nothing was recorded. How often each operation was recorded.
    pub(super) fn finish(&self) -> Result<BTreeMap<Operation, usize>, String> {
        let state = self.state();
        if !state.calls.is_empty() {
            storage::update(&self.path, |before| state.tape.written(before, &today()))?;
        }
        // It is there only if something was kept, and then its content is in the file.
        let _was_none = fs::remove_file(partial(&self.path)).is_err();
        Ok(state.calls.clone())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `orders.json.partial`
fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

impl Observer for Taping {
    async fn known(&self, operation: Operation, request: &[u8]) -> Option<wire::Response> {
        let request = message(request);
        for _ in 0..HOLDS {
            let step = self.state().tape.step(operation, &request);
            match step {
                Step::Answer(answer) => return Some(played(answer)),
                Step::PassOn => return None,
                Step::Wait => sleep(HOLD).await,
                Step::Miss(miss) => {
                    self.console.warn(&miss);
                    return Some(no_answer(&miss));
                }
            }
        }
        Some(played(Answer::no_task()))
    }

    fn observe(&self, exchanged: Exchanged<'_>) {
        let Exchanged { operation, request, answer } = exchanged;
        let response = match answer.body.as_str() {
            "" => Json::Null,
            body => message(body.as_bytes()),
        };
        let mut state = self.state();
        state.tape.observe(operation, message(request), answer.status, response);
        *state.calls.entry(operation).or_default() += 1;
        state.is_new = true;
    }
}

/// A body as a recording has it: what is no JSON is a string.
fn message(body: &[u8]) -> Json {
    let text = String::from_utf8_lossy(body);
    match text.trim() {
        "" => Json::empty_object(),
        trimmed => Json::parse(trimmed).unwrap_or_else(|_| Json::from(&*text)),
    }
}
