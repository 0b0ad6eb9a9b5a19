//! `Cassette`: the calls of a test, recorded once and replayed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::retry::RetryPartition;
use aws_sdk_sfn::config::{BehaviorVersion, Builder, Credentials, HttpClient, Region, SharedHttpClient};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;

use super::age;
use super::http::{Deck, Recorded};
use super::mode::{Missing, Plan, RecordMode, Surroundings, command, plan};
use super::recorder::RecorderSettings;
use super::redaction::Redaction;
use super::storage;
use super::tape::Tape;
use super::test_name::{TestName, package_folder};
use crate::model::IntoDuration;

/// Calls of Step Functions, recorded once against the service and replayed ever after: in CI, without network and
/// credentials, in milliseconds.
///
/// The file is made to be reviewed: operation, request and response of each call, JSON inside JSON opened up, and
/// variables where something is new in every run. On replay the test may use other execution names, poll more or less
/// often, and make calls in another order, as long as no answer depends on a change that was not made yet.
///
/// When it is dropped, a recording is written, unless the test has failed, and a replay fails the test if a call had no
/// answer or an answer no call. Keep it until the end of the test.
///
/// A recording is made with `SFN_TESTKIT_RECORD=once cargo test`; see [`RecordMode`].
///
/// ```
/// # use sfn_testkit::prelude::*;
/// # use sfn_testkit::RecordMode;
/// # let sfn = MockSfn::builder().time(Time::Manual).build();
/// # let orders = sfn.state_machine("orders").returns(json!({})).create();
/// # let sdk_config = sfn.sdk_config();
/// # let folder = tempfile::tempdir().unwrap();
/// # let path = folder.path().join("orders.json");
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # if std::env::var("CI").is_ok() { return; }
/// # let file = path.clone();
/// let cassette = Cassette::at(file).redact("$.input.card");
/// # let cassette = cassette.mode(RecordMode::Once);
/// let client = cassette.client(sdk_config);       // of `aws_config::load_from_env().await`, say
/// client.start_execution().state_machine_arn(orders.as_str()).input(r#"{"card":"4111"}"#).send().await.unwrap();
/// # drop(cassette);
/// # assert!(std::fs::read_to_string(path).unwrap().contains("[redacted]"));
/// # });
/// ```
#[derive(Debug)]
#[must_use = "a cassette does something when a client calls through it"]
pub struct Cassette {
    path: PathBuf,
    /// The test as `cargo test` filters it, if there is one on this thread.
    test: Option<String>,
    mode: RecordMode,
    settings: RecorderSettings,
    allows_unused: bool,
    expires_in: Option<Duration>,
    surroundings: Surroundings,
    deck: OnceLock<Arc<Deck>>,
}

impl Cassette {
    /// The cassette of the running test: `recordings/<test binary>/<modules>/<test>.json` in the folder of the package. Each
    /// `#[case]` of rstest has a file of its own, `<test>.<case>.json`.
    ///
    /// # Panics
    ///
    /// If this is not the thread of a test: the name of the test is that of its thread, or what nextest says in
    /// `NEXTEST_TEST_NAME`. A task that a multi-threaded runtime runs elsewhere has to be handed the cassette.
    #[track_caller]
    pub fn for_test() -> Self {
        match TestName::current() {
            Ok(test) => Self::new(package_folder().join("recordings").join(test.file()), Some(test.name)),
            Err(sentence) => fail(&sentence),
        }
    }

    /// The cassette in this file; a relative path is one from the folder of the package.
    pub fn at(path: impl AsRef<Path>) -> Self {
        let test = TestName::current().ok().map(|test| test.name);
        Self::new(package_folder().join(path), test)
    }

    fn new(path: PathBuf, test: Option<String>) -> Self {
        Self::within(path, test, Surroundings::read())
    }

    pub(super) fn within(path: PathBuf, test: Option<String>, surroundings: Surroundings) -> Self {
        Self {
            path,
            test,
            surroundings,
            mode: RecordMode::default(),
            settings: RecorderSettings::default(),
            allows_unused: false,
            expires_in: None,
            deck: OnceLock::new(),
        }
    }

    /// What to do with calls if `SFN_TESTKIT_RECORD` says nothing; [`RecordMode::Replay`] by default.
    pub const fn mode(mut self, mode: RecordMode) -> Self {
        self.mode = mode;
        self
    }

    /// Takes a value out of what is written: a path from the root of a request or response, through strings that hold
    /// JSON, such as `$.input.card`, `$.input.items[*].card` or `$..card`. The same value is taken out of all other
    /// texts too, if it has six characters or more. While recording, code sees the real value.
    ///
    /// # Panics
    ///
    /// If this is no such path.
    #[track_caller]
    pub fn redact(mut self, path: &str) -> Self {
        match Redaction::parse(path) {
            Ok(redaction) => self.settings.redactions.push(redaction),
            Err(sentence) => fail(&sentence),
        }
        self
    }

    /// Keeps attempts that the SDK repeated because they were throttled or failed. By default only the last one is kept.
    pub const fn record_retries(mut self) -> Self {
        self.settings.keep_retries = true;
        self
    }

    /// Lets a replay end without every recorded call having been made.
    pub const fn allow_unused(mut self) -> Self {
        self.allows_unused = true;
        self
    }

    /// Warns on standard error of a recording that is older, such as `"90d"`. Never where `CI` is set: a build must not
    /// change its mind over night.
    ///
    /// # Panics
    ///
    /// If this is no length of time.
    #[track_caller]
    pub fn expires_in(mut self, most: impl IntoDuration) -> Self {
        match most.into_duration() {
            Ok(most) => self.expires_in = Some(most),
            Err(sentence) => fail(&sentence),
        }
        self
    }

    /// Where the file is, or will be.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A client of this configuration, an `&SdkConfig` or a builder of [`aws_sdk_sfn::Config`]. To replay it needs neither
    /// region nor credentials; to record it uses the HTTP client of the configuration, or the default one of the SDK.
    ///
    /// # Panics
    ///
    /// If there is no file to replay: the text says how to record it. If the file is no cassette. If
    /// `SFN_TESTKIT_RECORD` asks for what cannot be.
    #[must_use]
    #[track_caller]
    pub fn client(&self, config: impl Into<Builder>) -> Client {
        let mut builder = config.into();
        let config = builder.clone().build();
        let deck = self.deck();
        let replays = deck.tape().plan() == Plan::Replay;
        if replays {
            builder = builder
                .region(config.region().cloned().unwrap_or_else(|| Region::from_static("us-east-1")))
                .credentials_provider(Credentials::new("replay", "replay", None, None, "sfn-testkit"))
                .retry_partition(RetryPartition::new(unique_partition()));
        }
        let inner = if replays { None } else { config.http_client().or_else(default_http_client) };
        Client::from_conf(builder.http_client(Recorded { deck, inner }).build())
    }

    /// Only the transport, around another one: for code that makes its client itself. On replay the other one is never
    /// called.
    ///
    /// # Panics
    ///
    /// As [`client`](Self::client).
    #[must_use]
    #[track_caller]
    pub fn http_client(&self, inner: impl HttpClient + 'static) -> SharedHttpClient {
        SharedHttpClient::new(Recorded { deck: self.deck(), inner: Some(SharedHttpClient::new(inner)) })
    }

    #[track_caller]
    fn deck(&self) -> Arc<Deck> {
        if let Some(deck) = self.deck.get() {
            return Arc::clone(deck);
        }
        match self.opened() {
            Ok(deck) => Arc::clone(self.deck.get_or_init(|| Arc::new(deck))),
            Err(sentence) => fail(&sentence),
        }
    }

    fn opened(&self) -> Result<Deck, String> {
        let shown = self.shown_path();
        let mode = self.surroundings.mode(self.mode)?;
        let missing = Missing { is_there: self.path.exists(), path: &shown, test: self.test.as_deref() };
        let plan = plan(mode, &self.surroundings, &missing)?;
        let file = match plan {
            Plan::Replay | Plan::Add => storage::load(&self.path)?,
            Plan::Replace | Plan::PassOn => None,
        };
        let day = file.as_ref().and_then(|file| file.recorded.as_deref());
        if let (Some(most), Some(day), false) = (self.expires_in, day, self.surroundings.is_ci)
            && let Some(warning) = age::age(day).and_then(|age| age::warning(&shown, day, age, most))
        {
            tell(&format!("{warning}, with\n  {}", command("all", self.test.as_deref())));
        }
        let hint = format!(
            "it was replayed from {shown}. If the test is meant to make this call, record it with\n  {}",
            command("new", self.test.as_deref())
        );
        Ok(Deck::new(Tape::new(plan, self.settings.clone(), file), hint))
    }

    /// From the folder of the package if it is in there.
    pub(super) fn shown_path(&self) -> String {
        self.path.strip_prefix(package_folder()).unwrap_or(&self.path).display().to_string()
    }

    /// Writes what is to be written, and says what went wrong.
    fn close(&self, tape: &Tape) -> Result<(), String> {
        if tape.has_news() {
            return storage::update(&self.path, |before| tape.written(before, &age::today()));
        }
        let complaints = tape.complaints(self.allows_unused);
        if complaints.is_empty() {
            return Ok(());
        }
        let again = command("all", self.test.as_deref());
        let complaints = complaints.join("\n");
        Err(format!("{complaints}\nin the replay of {}. To record it again:\n  {again}", self.shown_path()))
    }
}

impl Drop for Cassette {
    fn drop(&mut self) {
        let Some(deck) = self.deck.get() else { return };
        let tape = deck.tape();
        if std::thread::panicking() {
            // The test has failed already, and what it did is nothing to keep.
            if tape.has_news() {
                tell(&format!("the cassette {} was not written, because the test failed", self.shown_path()));
            }
            // The error of a client shows them on one line, if at all.
            tape.misses().iter().for_each(|miss| tell(&miss.to_string()));
            return;
        }
        let closed = self.close(&tape);
        drop(tape);
        if let Err(sentence) = closed {
            fail(&sentence);
        }
    }
}

/// What the SDK would call through by itself, which depends on its features.
fn default_http_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::latest())?;
    let components = RuntimeComponentsBuilder::new("sfn-testkit");
    plugin.runtime_components(&components).http_client()
}

/// The SDK's budget of retries belongs to the whole process: throttled answers of one cassette must not use up that of
/// another.
fn unique_partition() -> String {
    static CLIENTS: AtomicU64 = AtomicU64::new(0);
    format!("sfn-testkit-cassette-{}", CLIENTS.fetch_add(1, Ordering::Relaxed))
}

#[expect(clippy::panic, reason = "the test is wrong, or has failed")]
#[track_caller]
fn fail(sentence: &str) -> ! {
    panic!("{sentence}");
}

#[expect(clippy::print_stderr, reason = "where a test tells its author something without failing")]
fn tell(sentence: &str) {
    eprintln!("{sentence}");
}
