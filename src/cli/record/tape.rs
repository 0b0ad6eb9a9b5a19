//! What is recorded, and the file that it gets into.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::arguments::{RecordArguments, RecordMode};
use super::proxy::{Exchanged, Observer};
use crate::cli::replay::{no_answer, played};
use crate::cli::{cassette_file, whole_file};
use crate::endpoint::{self, Credentials};
use crate::model::{Json, Operation};
use crate::recording::{CassetteFile, Recorder, RecorderSettings, Redaction, Replayer};
use crate::wire;

/// Takes down what the upstream answers, and answers what the mode wants to be taken from the file.
#[derive(Debug)]
pub(super) struct Tape {
    path: PathBuf,
    /// Whether what is not in the file is asked of the upstream.
    asks: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    recorder: Recorder,
    /// The file that is there already, where the mode leaves it.
    replayer: Option<Replayer>,
    calls: BTreeMap<Operation, usize>,
    /// Something was recorded since it was kept.
    is_new: bool,
}

/// What was recorded in all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Recorded {
    pub(super) calls: BTreeMap<Operation, usize>,
}

impl Tape {
    /// For a recording with credentials that must not get into it.
    pub(super) fn open(
        arguments: &RecordArguments,
        credentials: Option<&Credentials>,
    ) -> Result<Self, String> {
        let path = arguments.cassette.clone();
        let partial = partial(&path);
        if partial.exists() {
            let (partial, path) = (partial.display(), path.display());
            return Err(format!(
                "{partial} holds a recording that was cut short: rename it to {path} to keep it, or delete it"
            ));
        }
        let file = match arguments.mode {
            RecordMode::All => None,
            RecordMode::New | RecordMode::Once if !path.exists() => None,
            RecordMode::New | RecordMode::Once => Some(cassette_file::read(&path)?),
        };
        let mut redactions = file.as_ref().map(|file| file.redacted.clone()).unwrap_or_default();
        for path in &arguments.redacted {
            let redaction = Redaction::parse(path)?;
            if !redactions.contains(&redaction) {
                redactions.push(redaction);
            }
        }
        let mut recorder = Recorder::new(RecorderSettings { redactions, keep_retries: false });
        credentials.into_iter().flat_map(Credentials::parts).for_each(|part| recorder.guard(part));
        let asks = arguments.mode != RecordMode::Once || file.is_none();
        let replayer = file.map(Replayer::new);
        let state = State { recorder, replayer, calls: BTreeMap::new(), is_new: false };
        Ok(Self { path, asks, state: Mutex::new(state) })
    }

    /// A secret that must not get into the recording.
    pub(super) fn guard(&self, secret: &str) {
        self.state().recorder.guard(secret);
    }

    /// Writes what was recorded so far beside the file, for the case that the process is killed.
    pub(super) fn keep(&self) -> Result<(), String> {
        let mut state = self.state();
        if !state.is_new {
            return Ok(());
        }
        state.is_new = false;
        let text = state.text()?;
        drop(state);
        whole_file::write(&partial(&self.path), &text)
    }

    /// Writes the file, unless nothing was recorded.
    pub(super) fn finish(&self) -> Result<Recorded, String> {
        let state = self.state();
        if !state.recorder.is_empty() {
            whole_file::write(&self.path, &state.text()?)?;
        }
        // It is there only if something was kept, and then its content is in the file.
        let _was_none = fs::remove_file(partial(&self.path)).is_err();
        Ok(Recorded { calls: state.calls.clone() })
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

impl State {
    fn text(&self) -> Result<String, String> {
        let today: String = endpoint::now().to_string().chars().take(10).collect();
        let file = match &self.replayer {
            None => self.recorder.finish(Some(&today)),
            Some(replayer) => self
                .recorder
                .addition(Some(&today), replayer.file(), replayer.values())
                .map(|addition| added(replayer, addition)),
        };
        file.map(|file| file.to_text()).map_err(|found| found.to_string())
    }
}

/// The file with what was recorded in addition, at the place that its changes have led to.
fn added(replayer: &Replayer, addition: CassetteFile) -> CassetteFile {
    let mut file = replayer.file().clone();
    let at = replayer.present();
    file.interactions.splice(at..at, addition.interactions);
    file.vars.extend(addition.vars);
    file.redacted = addition.redacted;
    file
}

impl Observer for Tape {
    fn known(&self, operation: Operation, request: &[u8]) -> Option<wire::Response> {
        let mut state = self.state();
        let replayer = state.replayer.as_mut()?;
        match replayer.answer(operation, &message(request)) {
            Ok(answer) => Some(played(answer)),
            Err(_) if self.asks => None,
            Err(miss) => Some(no_answer(&miss)),
        }
    }

    fn observe(&self, exchanged: Exchanged<'_>) {
        let Exchanged { operation, request, answer } = exchanged;
        let mut state = self.state();
        let response = match answer.body.as_str() {
            "" => Json::Null,
            body => message(body.as_bytes()),
        };
        state.recorder.observe(operation, &message(request), answer.status, &response);
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
