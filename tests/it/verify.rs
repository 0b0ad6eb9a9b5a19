//! `sfn-testkit verify` as a shell sees it: over http and https, and when it is interrupted.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

use sfn_testkit::{MockSfn, Server, Time};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A command that sees no settings of whoever runs the tests.
fn verify(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfn-testkit"));
    command.arg("verify").args(arguments).env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn serve() -> Server {
    MockSfn::builder().time(Time::skip()).build().serve()
}

#[test]
fn a_served_mock_upholds_what_it_can_run() {
    let server = serve();
    let run = verify(&["--endpoint", server.url(), "--filter", "activity-create", "--format", "tap"])
        .output()
        .unwrap();
    let out = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(0), "{out}");
    assert!(out.starts_with("TAP version 14\n1.."), "{out}");
    assert!(out.contains("\nok 1 - activity-create-idempotent-name: "), "{out}");
    let told = String::from_utf8(run.stderr).unwrap();
    assert!(told.contains(" upheld, 0 broken, ") && !told.contains("error"), "{told}");
}

const BROKEN: &str = r#"{"topic":"Mine","clauses":[{"id":"mine","claim":"It is not so.","source":["s"],"evidence":"recorded",
    "steps":[{"call":"ListActivities","answers":{"activities":{"$length":1}}}]}]}"#;

#[test]
fn a_broken_clause_ends_with_code_1() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.json"), BROKEN).unwrap();
    let run = verify(&[folder.path().to_str().unwrap()]).output().unwrap();
    assert_eq!(run.status.code(), Some(1));
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(out.contains("$.activities: [] is not of length 1\n"), "{out}");
    let told = "1/1 Mine: 0 upheld, 1 broken, 0 not runnable here\nerror: 1 clause is broken\n";
    assert_eq!(String::from_utf8(run.stderr).unwrap(), told);
}

const ENDS: &str = r#"{"topic":"Mine","clauses":[{"id":"ends","claim":"It ends.","source":["s"],"evidence":"recorded","steps":[
    {"call":"CreateStateMachine","with":{"name":"${name:m}","roleArn":"${role}",
        "definition":"{\"StartAt\":\"W\",\"States\":{\"W\":{\"Type\":\"Wait\",\"Seconds\":1,\"End\":true}}}"},
        "save":{"machine":"$.stateMachineArn"}},
    {"call":"StartExecution","with":{"stateMachineArn":"${machine}"},"save":{"execution":"$.executionArn"}},
    {"await":"DescribeExecution","with":{"executionArn":"${execution}"},"until":{"status":"SUCCEEDED"}}]}]}"#;

#[test]
fn an_endpoint_where_no_execution_ends_is_not_waited_for_longer_than_said() {
    // Its clock stands still.
    let server = MockSfn::builder().time(Time::Manual).build().serve();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ends.json");
    fs::write(&file, ENDS).unwrap();
    let run = verify(&["--endpoint", server.url(), "--wait", "1", file.to_str().unwrap()]).output().unwrap();
    assert_eq!(run.status.code(), Some(1));
    let out = String::from_utf8(run.stdout).unwrap();
    let verdict = "BROKEN  ends  It ends.\n    /steps/2: DescribeExecution\n    not within 1s: $.status: ";
    assert!(out.starts_with(verdict), "{out}");
}

const SLOW: &str = r#"{"topic":"Mine","clauses":[{"id":"slow","claim":"It takes long.","source":["s"],"evidence":"recorded",
    "steps":[{"call":"CreateActivity","with":{"name":"slow"}},{"advance":"60s"}]}]}"#;

#[test]
fn what_was_created_is_deleted_when_it_is_interrupted() {
    let server = serve();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("slow.json");
    fs::write(&file, SLOW).unwrap();
    let process = verify(&["--endpoint", server.url(), file.to_str().unwrap()]).spawn().unwrap();
    while listed(&server) == 0 {
        std::thread::yield_now();
    }
    let id = process.id().to_string();
    assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
    let run = process.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(run.stderr).unwrap(),
        "error: given up; what the clauses had created has been deleted\n"
    );
    assert_eq!(listed(&server), 0);
}

/// How many activities there are.
fn listed(server: &Server) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = aws_sdk_sfn::Client::from_conf(server.endpoint_config().build());
    runtime.block_on(client.list_activities().send()).unwrap().activities.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_https_endpoint_is_verified_if_its_certificate_is_trusted() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let trusted = folder.path().join("trusted.pem");
    fs::write(&trusted, made.cert.pem()).unwrap();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let url = serve_tls(TlsAcceptor::from(Arc::new(config))).await;

    let with_trust = |path: String| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || {
            verify(&["--endpoint", &url, "--filter", "activity-describe"]).env("SSL_CERT_FILE", path).output()
        })
    };
    let run = with_trust(trusted.display().to_string()).await.unwrap().unwrap();
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stdout));
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let untrusted = folder.path().join("other.pem");
    fs::write(&untrusted, other.cert.pem()).unwrap();
    let run = with_trust(untrusted.display().to_string()).await.unwrap().unwrap();
    assert_eq!(run.status.code(), Some(1));
    let out = String::from_utf8(run.stdout).unwrap();
    assert!(out.contains("no TLS with localhost: "), "{out}");
}

/// Serves a mock behind TLS; the URL.
async fn serve_tls(acceptor: TlsAcceptor) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sfn = MockSfn::builder().time(Time::skip()).build();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(sfn.serve_io(stream));
            }
        }
    });
    format!("https://localhost:{port}")
}
