//! How a mock service is set up: account, region, seed, start of time, and what moves its clock.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use super::core::{Core, CoreConfig};
use super::coverage::CoverageFile;
use super::guard::{Guard, OnDrop};
use super::handle::MockSfn;
use super::reports::Reports;
use super::time::Time;
use crate::assertion::Style;
use crate::model::{Quota, Quotas, Timestamp};
use crate::service::result_shape::FieldValidation;

const ACCOUNT_ID: &str = "123456789012";
const REGION: &str = "us-east-1";
/// 2024-01-01T00:00:00Z
const STARTS_AT: Timestamp = Timestamp::from_millis(1_704_067_200_000);

/// Sets up a [`MockSfn`]; made by [`MockSfn::builder`].
///
/// ```
/// # use sfn_testkit::prelude::*;
/// let sfn = MockSfn::builder().region("eu-central-1").starts_at("2030-06-01T12:00:00Z").time(Time::Manual).build();
/// assert_eq!(sfn.now().to_string(), "2030-06-01T12:00:00Z");
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct MockSfnBuilder {
    config: CoreConfig,
    on_drop: OnDrop,
}

impl MockSfnBuilder {
    pub(super) fn new() -> Self {
        let config = CoreConfig {
            account_id: ACCOUNT_ID.into(),
            region: REGION.into(),
            seed: 0,
            starts_at: STARTS_AT,
            time: Time::default(),
            quotas: Quotas::default(),
            mock_validation: None,
            style: Style::of_terminal(),
            reports: None,
            auto_answers: false,
            coverage: None,
        };
        Self { config, on_drop: OnDrop::Verify }
    }

    /// The account that owns everything. `123456789012` unless set.
    ///
    /// # Panics
    /// If it is not twelve digits.
    #[track_caller]
    pub fn account_id(mut self, account_id: impl Into<Arc<str>>) -> Self {
        let account_id = account_id.into();
        let is_valid = account_id.len() == 12 && account_id.bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_valid, "`{account_id}` is no account id: it has twelve digits");
        self.config.account_id = account_id;
        self
    }

    /// The region of [`MockSfn::client`] and of what [`MockSfn::state_machine`] makes. `us-east-1` unless set.
    /// A signed request is answered in the region it was signed for.
    pub fn region(mut self, region: impl Into<Arc<str>>) -> Self {
        self.config.region = region.into();
        self
    }

    /// Where ids, tokens, jitter and random functions come from: the same seed gives the same test. 0 unless set.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// What the clock shows at first: ISO 8601 text, a [`Timestamp`] or a [`SystemTime`]. `2024-01-01T00:00:00Z`
    /// unless set.
    ///
    /// # Panics
    /// If the text is no timestamp.
    #[track_caller]
    #[expect(clippy::panic, reason = "a timestamp that nobody can read is a mistake in the test")]
    pub fn starts_at(mut self, moment: impl IntoTimestamp) -> Self {
        match moment.into_timestamp() {
            Ok(moment) => self.config.starts_at = moment,
            Err(why) => panic!("{why}"),
        }
        self
    }

    /// What moves the clock. [`Time::Tokio`] unless set.
    pub fn time(mut self, time: Time) -> Self {
        self.config.time = time;
        self
    }

    /// Lowers a quota, so that a test reaches it with a handful of calls. AWS's default unless set.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # #[cfg(not(feature = "sdk"))] fn main() {}
    /// # #[cfg(feature = "sdk")]
    /// #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// async fn main() {
    ///     let sfn = MockSfn::builder().quota(Quota::OpenExecutions, 1).build();
    ///     let report = sfn.state_machine("report").runs_for("90s").returns(json!({"rows": 3})).create();
    ///     let start = || sfn.client().start_execution().state_machine_arn(&report).send();
    ///     start().await.unwrap();
    ///     let refusal = start().await.unwrap_err().into_service_error();
    ///     assert!(refusal.is_execution_limit_exceeded());
    /// }
    /// ```
    ///
    /// # Panics
    /// If the value is above AWS's default, or too small to make sense.
    #[track_caller]
    #[expect(clippy::panic, reason = "a quota that AWS does not have is a mistake in the test")]
    pub fn quota(mut self, quota: Quota, value: u64) -> Self {
        if let Err(why) = self.config.quotas.lower(quota, value) {
            panic!("{why}");
        }
        self
    }

    /// How closely the results of task mocks are compared with what the called service answers: names and types of
    /// members, enums, lengths, ranges, of 544 actions of 68 services. [`FieldValidation::Present`] unless set: a mock
    /// that AWS could never match fails its execution with `SfnTestkit.ImpossibleTaskResult`, and the test at its end.
    ///
    /// Functions, activities and tasks that wait for their token are answered with anything.
    /// [`MockSfn::unchecked_resources`] tells of actions that are not known. A single mock has
    /// [`unchecked`](crate::TaskMock::unchecked). Mock config files are checked only if this is set.
    pub const fn mock_validation(mut self, validation: FieldValidation) -> Self {
        self.config.mock_validation = Some(validation);
        self
    }

    /// Gives every task that nobody mocked the answer of a service that is content, so that a definition runs to its
    /// end without mocks: a call has a plausible response, a job ends well, a callback and an activity without workers
    /// give `{}`. Nothing is taken from a mock: where one names the task and will not answer, the test fails as ever.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let sfn = MockSfn::builder().auto_answers().build();
    /// let machine = sfn.state_machine("orders").definition(r#"{
    ///     "StartAt": "Pay",
    ///     "States": {"Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
    ///                        "Parameters": {"FunctionName": "pay"}, "OutputPath": "$.StatusCode"}}
    /// }"#).create();
    /// let arn = sfn.start_execution(&machine, json!({}));
    /// sfn.execution(&arn).finished().await.assert().succeeded().output(200);
    /// # }
    /// ```
    pub fn auto_answers(mut self) -> Self {
        self.config.auto_answers = true;
        self
    }

    /// Counts into files of this folder which states, transitions, choices, retriers, catchers and timeouts of their
    /// definitions the executions take; `sfn-testkit coverage --from FOLDER` reports it. Unless set, the environment
    /// variable `SFN_TESTKIT_COVERAGE` says whether that happens and where: see `docs/coverage.md`.
    ///
    /// A folder that cannot be written fails no test: that is told on stderr.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # let folder = std::env::temp_dir().join(format!("sfn-testkit-doc-{}", std::process::id()));
    /// let sfn = MockSfn::builder().coverage(&folder).build();
    /// # drop(sfn);
    /// # std::fs::remove_dir_all(folder).ok();
    /// ```
    pub fn coverage(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.coverage = Some(CoverageFile::within(folder.into()));
        self
    }

    /// Which executions have a page written about them. As the environment variable `SFN_TESTKIT_REPORT` says, unless
    /// set: those of tests that fail.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// let sfn = MockSfn::builder().reports(sfn_testkit::Reports::off()).build();
    /// ```
    pub fn reports(mut self, reports: Reports) -> Self {
        self.config.reports = Some(reports);
        self
    }

    /// How the texts of failed assertions look. [`Style::of_terminal`] unless set.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// // The same text everywhere, to be compared as a whole.
    /// let sfn = MockSfn::builder().style(sfn_testkit::Style::plain()).build();
    /// ```
    pub const fn style(mut self, style: Style) -> Self {
        self.config.style = style;
        self
    }

    /// Lets the mock end in peace: tasks that nobody mocked or that were answered as AWS never does, unmet
    /// expectations and calls that are not emulated fail the test only when [`MockSfn::verify`] is called.
    pub fn unverified(mut self) -> Self {
        self.on_drop = OnDrop::Nothing;
        self
    }

    /// The mock, ready to be called.
    #[must_use]
    pub fn build(mut self) -> MockSfn {
        self.config.coverage = self.config.coverage.or_else(CoverageFile::of_this_process);
        MockSfn::of(Guard::new(Core::new(&self.config), self.on_drop))
    }
}

/// A moment: a [`Timestamp`], a [`SystemTime`], or text such as `"2024-01-01T00:00:00Z"`.
pub trait IntoTimestamp {
    /// The moment, or a sentence that says why the value is none.
    ///
    /// # Errors
    /// Text that is not an ISO 8601 date-time with an offset.
    fn into_timestamp(self) -> Result<Timestamp, String>;
}

impl IntoTimestamp for Timestamp {
    fn into_timestamp(self) -> Result<Timestamp, String> {
        Ok(self)
    }
}

impl IntoTimestamp for &str {
    fn into_timestamp(self) -> Result<Timestamp, String> {
        Timestamp::parse(self).ok_or_else(|| no_timestamp(self))
    }
}

impl IntoTimestamp for SystemTime {
    fn into_timestamp(self) -> Result<Timestamp, String> {
        let since_epoch = self.duration_since(Self::UNIX_EPOCH).map_err(|why| why.to_string())?;
        Ok(Timestamp::from_millis(0).plus(since_epoch))
    }
}

fn no_timestamp(text: impl Display) -> String {
    format!("`{text}` is no timestamp: write it as `2024-01-01T00:00:00Z`")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_comes_as_text_or_as_itself() {
        let moment = Timestamp::from_millis(1_000);
        assert_eq!("1970-01-01T00:00:01Z".into_timestamp(), Ok(moment));
        assert_eq!(moment.into_timestamp(), Ok(moment));
        assert_eq!((SystemTime::UNIX_EPOCH + Duration::from_secs(1)).into_timestamp(), Ok(moment));
    }

    #[test]
    #[should_panic(expected = "`tomorrow` is no timestamp: write it as `2024-01-01T00:00:00Z`")]
    fn a_text_that_is_no_moment_is_refused() {
        drop(MockSfnBuilder::new().starts_at("tomorrow"));
    }

    #[test]
    #[should_panic(expected = "`1234` is no account id: it has twelve digits")]
    fn an_account_has_twelve_digits() {
        drop(MockSfnBuilder::new().account_id("1234"));
    }

    #[test]
    #[should_panic(
        expected = "the quota `aliases` cannot be 101: AWS's default is 100, and quotas can only be lowered"
    )]
    fn a_quota_is_not_raised() {
        drop(MockSfnBuilder::new().quota(Quota::Aliases, 101));
    }

    #[test]
    fn the_default_start_is_the_new_year_of_2024() {
        assert_eq!(STARTS_AT.to_string(), "2024-01-01T00:00:00Z");
    }
}
