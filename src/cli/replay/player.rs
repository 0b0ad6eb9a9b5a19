//! Answers calls out of a cassette.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;

use crate::cli::console::Console;
use crate::cli::refusal::refusal;
use crate::mock::server;
use crate::model::{Json, Operation};
use crate::recording::{Answer, Miss, Replayer};
use crate::wire;

/// Asks a cassette, and counts what it has no answer for. Clones share all of it.
#[derive(Clone)]
pub(super) struct Player {
    replayer: Arc<Mutex<Replayer>>,
    misses: Arc<AtomicUsize>,
    console: Console,
}

/// A worker that asks for a task which is not due yet is held for a second: so it neither spins nor waits for long.
pub(in crate::cli) const HOLDS: u32 = 20;
pub(in crate::cli) const HOLD: Duration = Duration::from_millis(50);

impl Player {
    pub(super) fn new(replayer: Replayer, console: Console) -> Self {
        Self { replayer: Arc::new(Mutex::new(replayer)), misses: Arc::default(), console }
    }

    /// How many calls had no answer.
    pub(super) fn misses(&self) -> usize {
        self.misses.load(Ordering::Relaxed)
    }

    /// What was recorded and not asked for: the number of each interaction, and its operation.
    pub(super) fn unused(&self) -> Vec<(usize, Operation)> {
        self.replayer().unused()
    }

    fn replayer(&self) -> MutexGuard<'_, Replayer> {
        self.replayer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn call(&self, request: &wire::Request<'_>) -> Result<wire::Response, wire::Response> {
        let name = request.operation_name().unwrap_or_default();
        let operation = Operation::from_name(name).ok_or_else(|| unknown(name))?;
        let input = match request.body.trim_ascii() {
            [] => Json::empty_object(),
            body => {
                std::str::from_utf8(body).ok().and_then(|text| Json::parse(text).ok()).ok_or_else(no_json)?
            }
        };
        match self.ask(operation, &input).await {
            Ok(answer) => Ok(played(answer)),
            Err(miss) => {
                self.misses.fetch_add(1, Ordering::Relaxed);
                self.console.warn(&miss);
                Err(no_answer(&miss))
            }
        }
    }

    async fn ask(&self, operation: Operation, input: &Json) -> Result<Answer, Miss> {
        for _ in 0..HOLDS {
            let answer = self.replayer().answer(operation, input);
            match answer {
                Err(miss) if miss.is_poll_without_task() => sleep(HOLD).await,
                answer @ (Ok(_) | Err(_)) => return answer,
            }
        }
        Ok(Answer::no_task())
    }
}

impl server::Answer for Player {
    async fn answer(&self, request: wire::Request<'_>) -> Option<wire::Response> {
        Some(self.call(&request).await.unwrap_or_else(|refusal| refusal))
    }

    fn welcome(&self) -> String {
        format!("sfn-testkit {}: replays a recording of AWS Step Functions\n", env!("CARGO_PKG_VERSION"))
    }
}

/// A recorded answer, as it goes to the caller.
pub(in crate::cli) fn played(answer: Answer) -> wire::Response {
    wire::Response {
        status: answer.status,
        body: answer.body_text(),
        error_type: answer.error,
        request_id: "sfn-testkit".to_owned(),
    }
}

/// The refusal of a call that was not recorded. SDKs do not try it again.
pub(in crate::cli) fn no_answer(miss: &Miss) -> wire::Response {
    refusal(400, "NoRecordedAnswerException", &miss.to_string())
}

fn unknown(name: &str) -> wire::Response {
    let message = format!("`{name}` is no operation of AWS Step Functions that sfn-testkit knows.");
    refusal(404, "UnknownOperationException", &message)
}

fn no_json() -> wire::Response {
    refusal(400, "SerializationException", "The body of the request is no JSON.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::console::Written;
    use crate::mock::server::Answer as _;
    use crate::recording::CassetteFile;

    const ORDERS: &str = r#"{"format": "sfn-cassette/1", "vars": {"name-1": "run-1"}, "interactions": [
        {"op": "StartExecution", "request": {"name": "${name-1}", "input": {"$json": {"id": 7}}}, "status": 200,
         "response": {"executionArn": "a:${name-1}"}},
        {"op": "GetActivityTask", "request": {"activityArn": "work"}, "status": 200,
         "response": {"taskToken": "${token-1}", "input": {"$json": {"id": 7}}}},
        {"op": "DescribeExecution", "request": {"executionArn": "gone"}, "status": 400,
         "error": "ExecutionDoesNotExist", "response": {"__type": "ExecutionDoesNotExist", "message": "m"}}
    ]}"#;

    fn player() -> (Player, Written) {
        let (console, written) = Console::for_test();
        let replayer = Replayer::new(CassetteFile::read(ORDERS).unwrap());
        (Player::new(replayer, console), written)
    }

    async fn call(player: &Player, operation: &str, body: &str) -> (u16, String) {
        let target = format!("AWSStepFunctions.{operation}");
        let request =
            wire::Request { target: Some(&target), body: body.as_bytes(), ..wire::Request::default() };
        let answer = player.answer(request).await.unwrap();
        (answer.status, answer.body)
    }

    const START: &str = r#"{"name":"today","input":"{\"id\":7}"}"#;

    #[tokio::test]
    async fn recorded_calls_are_answered_in_the_names_of_today() {
        let (player, written) = player();
        let started = call(&player, "StartExecution", START).await;
        assert_eq!(started, (200, r#"{"executionArn":"a:today"}"#.to_owned()));
        let gone = call(&player, "DescribeExecution", r#"{"executionArn":"gone"}"#).await;
        assert_eq!(gone, (400, r#"{"__type":"ExecutionDoesNotExist","message":"m"}"#.to_owned()));
        assert_eq!((player.misses(), written.err().as_str()), (0, ""));
        assert_eq!(player.unused(), [(2, Operation::GetActivityTask)]);
    }

    #[tokio::test]
    async fn a_call_that_was_not_recorded_is_refused_with_the_nearest_one() {
        let (player, written) = player();
        let (status, body) = call(&player, "StartExecution", &START.replace('7', "8")).await;
        let told = "the cassette has no answer for this StartExecution: ";
        assert_eq!(status, 400);
        assert!(
            body.starts_with(&format!(r#"{{"__type":"NoRecordedAnswerException","message":"{told}"#)),
            "{body}"
        );
        assert!(
            body.contains(r"the nearest recorded call is interaction 1:\n--- recorded\n+++ asked for\n"),
            "{body}"
        );
        assert!(written.err().starts_with(&format!("warning: {told}")), "{}", written.err());
        assert!(written.err().contains("-      \"id\": 7\n+      \"id\": 8\n"), "{}", written.err());
        assert_eq!(player.misses(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_gets_its_task_when_it_is_due_and_hears_that_there_is_none_later() {
        let (player, _) = player();
        let poll = r#"{"activityArn":"work"}"#;
        let (task, _) = tokio::join!(call(&player, "GetActivityTask", poll), async {
            sleep(HOLD / 2).await;
            call(&player, "StartExecution", START).await
        });
        assert_eq!(task, (200, r#"{"taskToken":"task-token-1","input":"{\"id\":7}"}"#.to_owned()));
        let before = tokio::time::Instant::now();
        assert_eq!(call(&player, "GetActivityTask", poll).await, (200, r#"{"taskToken":null}"#.to_owned()));
        assert_eq!(before.elapsed(), HOLD * HOLDS);
        assert_eq!(player.misses(), 0);
    }

    #[tokio::test]
    async fn what_is_no_call_is_refused() {
        let (player, _) = player();
        let refused = r#"{"__type":"UnknownOperationException","message":"`Fly` is no operation of AWS Step Functions that sfn-testkit knows."}"#;
        assert_eq!(call(&player, "Fly", "{}").await, (404, refused.to_owned()));
        let refused =
            r#"{"__type":"SerializationException","message":"The body of the request is no JSON."}"#;
        assert_eq!(call(&player, "StartExecution", "{").await, (400, refused.to_owned()));
    }
}
