//! Executions from anywhere that a client of the SDK can call: AWS, another emulator, this mock.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::interceptors::BeforeDeserializationInterceptorContextRef;
use aws_sdk_sfn::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sfn::error::{BoxError, DisplayErrorContext};
use aws_sdk_sfn::types::ExecutionStatus;

use crate::assertion::{Execution, Style};
use crate::model::read_history::RecordedHistory;
use crate::model::{ExecutionRecord, InvalidHistory, Json};

/// The most events of a page.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html>
const PAGE: i32 = 1000;

/// Needs the feature `sdk`, which is on by default.
impl Execution {
    /// An execution of a STANDARD state machine as `GetExecutionHistory` tells of it, from AWS or wherever the client
    /// calls: to make the same assertions on real executions as on mocked ones.
    ///
    /// Fetches all pages, and calls `DescribeExecution` if the history has no end, to see whether the execution goes on.
    /// The client needs the permissions `states:GetExecutionHistory` and `states:DescribeExecution`; with
    /// `states:DescribeStateMachineForExecution` failures can point into the definition as well. EXPRESS executions have
    /// no history there: theirs is in CloudWatch Logs.
    ///
    /// ```no_run
    /// # use sfn_testkit::{Execution, FetchError};
    /// # async fn of_a_test(client: &aws_sdk_sfn::Client, arn: &str) -> Result<(), FetchError> {
    /// let execution = Execution::fetch(client, arn).await?;
    /// execution.assert().succeeded().visited(["Charge", "Ship"]).state("Charge", |charge| charge.attempts(1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If a call fails, or is answered with what is no history.
    pub async fn fetch(client: &Client, arn: impl AsRef<str>) -> Result<Self, FetchError> {
        let arn = arn.as_ref();
        let failed = |why| FetchError { arn: arn.to_owned(), why };
        let history = history(client, arn).await.map_err(failed)?;
        let is_whole = history.end().is_some() || is_open(client, arn).await.map_err(failed)?;
        // Otherwise it has ended between the two calls.
        let history = if is_whole { history } else { self::history(client, arn).await.map_err(failed)? };
        let record = ExecutionRecord { definition: definition(client, arn).await, ..history.into_record() };
        Ok(Self::new(record).with_style(Style::of_terminal()))
    }
}

/// Why an execution could not be fetched.
#[derive(Debug)]
pub struct FetchError {
    arn: String,
    why: Why,
}

#[derive(Debug)]
enum Why {
    /// The call that failed, and how.
    Call(&'static str, String),
    Invalid(InvalidHistory),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.why {
            Why::Call(operation, error) => write!(f, "{operation} of `{}` failed: {error}", self.arn),
            Why::Invalid(invalid) => write!(f, "the history of `{}` cannot be read: {invalid}", self.arn),
        }
    }
}

impl std::error::Error for FetchError {}

async fn history(client: &Client, arn: &str) -> Result<RecordedHistory, Why> {
    let mut pages =
        vec![Json::from_members([("executionArn", Json::from(arn)), ("events", Json::array(vec![]))])];
    let mut token = None;
    loop {
        let body = Body::default();
        let page = client
            .get_execution_history()
            .execution_arn(arn)
            .max_results(PAGE)
            .include_execution_data(true)
            .set_next_token(token)
            .customize()
            .interceptor(body.clone())
            .send()
            .await
            .map_err(|error| Why::Call("GetExecutionHistory", DisplayErrorContext(error).to_string()))?;
        pages.push(body.json()?);
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    RecordedHistory::of_pages(&pages).map_err(Why::Invalid)
}

async fn is_open(client: &Client, arn: &str) -> Result<bool, Why> {
    let described = client.describe_execution().execution_arn(arn).send().await;
    let described =
        described.map_err(|error| Why::Call("DescribeExecution", DisplayErrorContext(error).to_string()))?;
    Ok(matches!(described.status, ExecutionStatus::Running | ExecutionStatus::PendingRedrive))
}

/// Only for hints: nothing is missing without it.
async fn definition(client: &Client, arn: &str) -> Option<Arc<str>> {
    let described = client.describe_state_machine_for_execution().execution_arn(arn).send().await.ok()?;
    Some(described.definition.into())
}

/// Keeps the body of an answer: the events as they are on the wire, whatever the SDK knows of them.
#[derive(Debug, Clone, Default)]
struct Body(Arc<Mutex<Vec<u8>>>);

impl Body {
    fn json(&self) -> Result<Json, Why> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes);
        Json::parse(&text)
            .map_err(|error| Why::Invalid(InvalidHistory::new(format!("the answer is not JSON: {error}"))))
    }
}

impl Intercept for Body {
    fn name(&self) -> &'static str {
        "sfn-testkit: body of the answer"
    }

    fn read_before_deserialization(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let bytes = context.response().body().bytes().unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = bytes.to_vec();
        Ok(())
    }
}
