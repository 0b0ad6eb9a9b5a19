//! The proxy between a client and an upstream.

use std::sync::{Arc, Mutex};

use tokio::net::TcpStream;

use super::gate::Gate;
use super::key::Key;
use super::proxy::{Exchanged, Observer, Proxy};
use crate::cli::console::{Console, Written};
use crate::endpoint::checking_upstream::CheckingUpstream;
use crate::endpoint::{Credentials, HttpRequest, HttpResponse, Remote, exchange};
use crate::mock::server::Listener;
use crate::mock::{MockSfn, Time};
use crate::model::Operation;
use crate::wire;

/// Writes down what it is told, and knows the answer to `ListStateMachines`.
#[derive(Default)]
struct Noting(Mutex<Vec<String>>);

impl Observer for Noting {
    async fn known(&self, operation: Operation, _: &[u8]) -> Option<wire::Response> {
        let body = "known".to_owned();
        let answer = wire::Response { status: 200, error_type: None, request_id: String::new(), body };
        (operation == Operation::ListStateMachines).then_some(answer)
    }

    fn observe(&self, exchanged: Exchanged<'_>) {
        let Exchanged { operation, request, answer } = exchanged;
        let request = String::from_utf8_lossy(request);
        self.0.lock().unwrap().push(format!("{operation} {request} {} {}", answer.status, answer.body));
    }
}

struct Stand {
    proxy: Listener,
    key: Key,
    noted: Arc<Noting>,
    written: Written,
}

impl Stand {
    fn before(upstream: &str, credentials: Option<Credentials>) -> Self {
        let mut remote = Remote::to(upstream).unwrap();
        if let Some(credentials) = credentials {
            remote.set_credentials(credentials);
        }
        let key = Key::draw().unwrap();
        let gate = Gate { key: key.clone(), allowed: Operation::ALL.iter().copied().collect() };
        let noted = Arc::new(Noting::default());
        let (console, written) = Console::for_test();
        let proxy = Proxy::new(gate, remote, Arc::clone(&noted), console);
        let proxy = Listener::start(proxy, ([127, 0, 0, 1], 0).into()).unwrap();
        Self { proxy, key, noted, written }
    }

    /// Calls as an SDK with the key does, whose signature is one for the proxy.
    async fn call(&self, operation: Operation, body: &str) -> HttpResponse {
        self.call_with(operation, body, self.key.as_str()).await
    }

    async fn call_with(&self, operation: Operation, body: &str, key: &str) -> HttpResponse {
        let mut request = HttpRequest::of(operation, body.into());
        let mut add = |name: &str, value: &str| request.headers.push((name.to_owned(), value.to_owned()));
        let authorization =
            format!("AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/states/aws4_request, Signature=0");
        add("authorization", &authorization);
        add("x-amz-date", "20260101T000000Z");
        add("x-amz-security-token", "of the caller");
        add("user-agent", "caller");
        add("x-amzn-trace-id", "Root=1");
        let stream = TcpStream::connect(self.proxy.address()).await.unwrap();
        exchange(stream, "localhost", request).await.unwrap()
    }

    fn noted(&self) -> Vec<String> {
        self.noted.0.lock().unwrap().clone()
    }
}

fn lent() -> Credentials {
    Credentials::new("AKLENT", "the secret", Some("the session".to_owned()))
}

#[tokio::test]
async fn calls_are_signed_anew_with_the_credentials_that_are_lent() {
    let upstream = CheckingUpstream::start(lent(), (200, r#"{"activities":[]}"#)).await;
    let stand = Stand::before(&upstream.url(), Some(lent()));
    let answer = stand.call(Operation::ListActivities, r#"{"maxResults": 5}"#).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, br#"{"activities":[]}"#.as_slice()));
    assert_eq!(answer.header("x-amzn-requestid"), Some("upstream-1"));
    assert_eq!(stand.noted(), [r#"ListActivities {"maxResults": 5} 200 {"activities":[]}"#]);

    let seen = upstream.seen();
    assert_eq!(seen[0].body, br#"{"maxResults": 5}"#);
    assert_eq!(seen[0].header("x-amz-security-token"), Some("the session"));
    assert_eq!(seen[0].header("x-amzn-trace-id"), Some("Root=1"));
    assert_eq!(seen[0].header("user-agent"), None);
    let authorization = seen[0].header("authorization").unwrap();
    assert!(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKLENT/"), "{authorization}");
    assert!(!authorization.contains(stand.key.as_str()));
}

#[tokio::test]
async fn an_upstream_that_has_other_credentials_refuses_and_that_is_passed_on() {
    let upstream = CheckingUpstream::start(Credentials::new("AKLENT", "another", None), (200, "{}")).await;
    let stand = Stand::before(&upstream.url(), Some(lent()));
    let answer = stand.call(Operation::ListActivities, "{}").await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.body, br#"{"__type":"InvalidSignatureException"}"#);
    assert_eq!(stand.noted(), Vec::<String>::new());
    let host = upstream.url().replace("http://", "");
    let told = format!(
        "warning: {host} does not take the credentials (InvalidSignatureException), which is not recorded: log in \
         again, or name another profile\n"
    );
    assert_eq!(stand.written.err(), told);
}

#[tokio::test]
async fn who_has_no_key_reaches_nobody() {
    let upstream = CheckingUpstream::start(lent(), (200, "{}")).await;
    let stand = Stand::before(&upstream.url(), Some(lent()));
    let answer = stand.call_with(Operation::ListActivities, "{}", "AKLENT").await;
    assert_eq!(answer.status, 403);
    assert_eq!(answer.header("x-amzn-errortype"), Some("UnrecognizedClientException"));
    assert_eq!(upstream.seen(), []);
    assert_eq!(stand.noted(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_known_is_not_asked_for() {
    let upstream = CheckingUpstream::start(lent(), (200, "{}")).await;
    let stand = Stand::before(&upstream.url(), Some(lent()));
    assert_eq!(stand.call(Operation::ListStateMachines, "{}").await.body, b"known");
    assert_eq!(upstream.seen(), []);
    assert_eq!(stand.noted(), Vec::<String>::new());
}

#[tokio::test]
async fn an_upstream_that_is_not_there_is_told_to_caller_and_console() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let stand = Stand::before(&format!("http://127.0.0.1:{port}"), None);
    let answer = stand.call(Operation::ListActivities, "{}").await;
    assert_eq!(answer.status, 502);
    let told =
        format!("127.0.0.1:{port} did not answer ListActivities: cannot connect to 127.0.0.1:{port}: ");
    let body = String::from_utf8(answer.body).unwrap();
    let start = format!(r#"{{"__type":"UpstreamUnreachableException","message":"{told}"#);
    assert!(body.starts_with(&start), "{body}");
    assert!(stand.written.err().starts_with(&format!("warning: {told}")), "{}", stand.written.err());
    assert_eq!(stand.noted(), Vec::<String>::new());
}

#[tokio::test]
async fn refusals_and_long_polls_of_the_upstream_pass_through() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let server = sfn.serve();
    let stand = Stand::before(server.url(), None);
    let refused = stand.call(Operation::DescribeActivity, r#"{"activityArn":"x"}"#).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.header("x-amzn-errortype"), Some("InvalidArn"));

    let created = stand.call(Operation::CreateActivity, r#"{"name":"work"}"#).await;
    assert_eq!(created.status, 200);
    let arn = "arn:aws:states:us-east-1:123456789012:activity:work";
    let machine = format!(
        r#"{{"StartAt":"Work","States":{{"Work":{{"Type":"Task","Resource":"{arn}","End":true}}}}}}"#
    );
    let poll = format!(r#"{{"activityArn":"{arn}"}}"#);
    let machine = sfn.state_machine("worked").definition(machine).create();
    // The poll is on its way while the execution starts; whichever comes first, the poll gets the task.
    let (polled, _started) = tokio::join!(stand.call(Operation::GetActivityTask, &poll), async {
        let start = format!(r#"{{"stateMachineArn":"{machine}","input":"7"}}"#);
        stand.call(Operation::StartExecution, &start).await
    });
    let polled = String::from_utf8(polled.body).unwrap();
    assert!(polled.contains(r#""input":"7""#), "{polled}");
    assert_eq!(stand.noted().len(), 4);
}
