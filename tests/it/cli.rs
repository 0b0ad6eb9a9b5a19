//! The `sfn-testkit` command as a shell sees it: what it prints, how it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, ExitStatus, Stdio};

pub(super) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sfn-testkit"));
    command.args(arguments).env_remove("SFN_MOCK_CONFIG");
    command
}

/// A server in a process of its own.
struct Served {
    process: Child,
    /// `127.0.0.1:` and the port.
    address: String,
    out: BufReader<std::process::ChildStdout>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let arguments = ["serve"].iter().chain(arguments).copied().collect::<Vec<_>>();
        let mut process = command(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let (_, address) = line.trim_end().split_once("http://").unwrap();
        Self { address: address.to_owned(), process, out }
    }

    fn call(&self, operation: &str, input: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let length = input.len();
        let request = format!(
            "POST / HTTP/1.1\r\nhost: h\r\nconnection: close\r\nx-amz-target: AWSStepFunctions.{operation}\r\n\
             content-length: {length}\r\n\r\n{input}"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Sends a signal; how it ended, and what was printed after the first line and on standard error.
    fn stop(mut self, signal: &str) -> (ExitStatus, String, String) {
        let process = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &process]).status().unwrap().success());
        let status = self.process.wait().unwrap();
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.process.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (status, out, err)
    }
}

/// A test that failed leaves no process behind.
impl Drop for Served {
    fn drop(&mut self) {
        let _ended_already = self.process.kill().is_err();
        let _gone = self.process.wait().is_err();
    }
}

#[test]
fn serve_answers_until_a_signal_ends_it() {
    for signal in ["TERM", "INT"] {
        let served = Served::start(&["--port", "0", "--time", "skip", "--account", "111111111111"]);
        assert!(served.call("ListStateMachines", "{}").ends_with(r#"{"stateMachines":[]}"#));
        // A connection that stays open does not hold it up.
        let idle = TcpStream::connect(&served.address).unwrap();
        let (status, out, err) = served.stop(signal);
        drop(idle);
        assert_eq!(status.code(), Some(0), "{signal}: {err}");
        assert!(out.contains("\n  export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n"), "{out}");
        assert_eq!(err, "");
    }
}

#[test]
fn serve_loads_definitions_and_a_mock_config_file() {
    let folder = tempfile::tempdir().unwrap();
    let definition = r#"{"StartAt":"Pay","States":{"Pay":{"Type":"Task","End":true,
        "Resource":"arn:aws:lambda:us-east-1:111111111111:function:pay"}}}"#;
    fs::write(folder.path().join("orders.asl.json"), definition).unwrap();
    let mocks = r#"{"StateMachines":{"orders":{"TestCases":{"Happy":{"Pay":"Paid"}}}},
        "MockedResponses":{"Paid":{"0":{"Return":{"paid":true}}}}}"#;
    let mock_config = folder.path().join("mocks.json");
    fs::write(&mock_config, mocks).unwrap();
    let path = folder.path().to_str().unwrap();
    let served = Served::start(&[
        "--account",
        "111111111111",
        "--definitions",
        path,
        "--mock-config",
        mock_config.to_str().unwrap(),
    ]);

    let machine = "arn:aws:states:us-east-1:111111111111:stateMachine:orders";
    let start = |arn: &str, name: &str| {
        served.call("StartExecution", &format!(r#"{{"stateMachineArn":"{arn}","name":"{name}"}}"#));
        let arn = format!("arn:aws:states:us-east-1:111111111111:execution:orders:{name}");
        served.call("DescribeExecution", &format!(r#"{{"executionArn":"{arn}"}}"#))
    };
    let mocked = start(&format!("{machine}#Happy"), "mocked");
    assert!(mocked.contains(r#""output":"{\"paid\":true}""#), "{mocked}");
    for name in ["unmocked", "unmocked-too"] {
        let unmocked = start(machine, name);
        assert!(unmocked.contains(r#""status":"FAILED""#), "{unmocked}");
    }

    let (status, out, err) = served.stop("TERM");
    assert_eq!(status.code(), Some(0));
    assert!(
        out.contains(&format!("\nState machines:\n  {machine}  STANDARD  {path}/orders.asl.json\n")),
        "{out}"
    );
    assert_eq!(err.lines().count(), 1, "{err}");
    let expected = "warning: nothing answers the task of state `Pay` \
                    (arn:aws:lambda:us-east-1:111111111111:function:pay), so its execution fails";
    assert!(err.starts_with(expected), "{err}");
}

#[test]
fn serve_checks_a_mock_config_file_when_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let definition = r#"{"StartAt":"Tell","States":{"Tell":{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::sns:publish"}}}"#;
    fs::write(folder.path().join("orders.asl.json"), definition).unwrap();
    let mocks = r#"{"StateMachines":{"orders":{"TestCases":{"Odd":{"Tell":"Told"}}}},
        "MockedResponses":{"Told":{"0":{"Return":{"MessageId":7}}}}}"#;
    let mock_config = folder.path().join("mocks.json");
    fs::write(&mock_config, mocks).unwrap();
    let (path, mock_config) = (folder.path().to_str().unwrap(), mock_config.to_str().unwrap());
    let arn = |kind: &str, rest: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}:orders{rest}");
    for (mode, status) in [("none", "SUCCEEDED"), ("present", "FAILED")] {
        let arguments = ["--definitions", path, "--mock-config", mock_config, "--mock-validation", mode];
        let served = Served::start(&arguments);
        let start = format!(r#"{{"stateMachineArn":"{}","name":"x"}}"#, arn("stateMachine", "#Odd"));
        served.call("StartExecution", &start);
        let describe = format!(r#"{{"executionArn":"{}"}}"#, arn("execution", ":x"));
        let described = served.call("DescribeExecution", &describe);
        assert!(described.contains(&format!(r#""status":"{status}""#)), "{mode}: {described}");
        assert_eq!(
            described.contains("Field 'MessageId' must be a string"),
            mode == "present",
            "{described}"
        );
    }
}

/// A served mock with the machine `orders`, whose one task asks with this resource; and a way to start and look.
fn served_orders(resource: &str, options: &[&str]) -> (tempfile::TempDir, Served) {
    let folder = tempfile::tempdir().unwrap();
    let definition = format!(
        r#"{{"StartAt":"Ask","States":{{"Ask":{{"Type":"Task","Resource":"arn:aws:states:::{resource}","End":true,
            "Parameters":{{"MessageBody.$":"$$.Execution.Name"}}}}}}}}"#
    );
    let definition = match resource.ends_with(".waitForTaskToken") {
        true => definition.replace("$$.Execution.Name", "$$.Task.Token"),
        false => definition,
    };
    fs::write(folder.path().join("orders.asl.json"), definition).unwrap();
    let mocks = r#"{"StateMachines":{"orders":{"TestCases":{"Open":{"Ask":"Open"}}}},
        "MockedResponses":{"Open":{"0":{"WaitForTaskToken":{"Return":{"MessageId":"m"}}}}}}"#;
    let mock_config = folder.path().join("mocks.json");
    fs::write(&mock_config, mocks).unwrap();
    let paths = [folder.path().to_str().unwrap(), mock_config.to_str().unwrap()];
    let served = Served::start(&[&["--definitions", paths[0], "--mock-config", paths[1]], options].concat());
    (folder, served)
}

const ORDERS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

#[test]
fn a_mock_config_file_leaves_a_task_open_for_a_client() {
    let (_folder, served) = served_orders("sqs:sendMessage.waitForTaskToken", &[]);
    let input = format!(r#"{{"stateMachineArn":"{ORDERS}#Open","name":"one"}}"#);
    served.call("StartExecution", &input);
    let one = ORDERS.replace(":stateMachine:", ":execution:") + ":one";
    let history = served.call("GetExecutionHistory", &format!(r#"{{"executionArn":"{one}"}}"#));
    assert!(history.contains(r#""output":"{\"MessageId\":\"m\"}""#), "{history}");
    // Where a client finds the token: in the parameters of the task.
    let (_, token) = history.split_once(r#"MessageBody\":\""#).unwrap();
    let token = token.split('\\').next().unwrap();
    served.call("SendTaskSuccess", &format!(r#"{{"taskToken":"{token}","output":"7"}}"#));
    let described = served.call("DescribeExecution", &format!(r#"{{"executionArn":"{one}"}}"#));
    assert!(described.contains(r#""output":"7""#), "{described}");
}

#[test]
fn serve_answers_tasks_by_itself_if_asked_to() {
    let (_folder, served) = served_orders("sqs:sendMessage", &["--auto-answer"]);
    served.call("StartExecution", &format!(r#"{{"stateMachineArn":"{ORDERS}","name":"one"}}"#));
    let one = ORDERS.replace(":stateMachine:", ":execution:") + ":one";
    let described = served.call("DescribeExecution", &format!(r#"{{"executionArn":"{one}"}}"#));
    // The MD5 of `one`.
    let output = r#""output":"{\"MD5OfMessageBody\":\"f97c5d29941bfb1b2fdab0874906ab82\""#;
    assert!(described.contains(output), "{described}");
    let (_, _, err) = served.stop("TERM");
    assert_eq!(err, "");
}

/// What a server that must not start says, and its exit code.
fn refused(command: &mut Command) -> (Option<i32>, String) {
    let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    if !line.is_empty() {
        process.kill().unwrap();
    }
    assert_eq!(line, "", "it started");
    let output = process.wait_with_output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn an_invalid_definition_ends_the_start_with_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let bad = "StartAt: Bad\nStates: {Bad: {Type: Pass, Next: Gone}}\n";
    fs::write(folder.path().join("bad.asl.yaml"), bad).unwrap();
    let (code, err) = refused(&mut command(&["serve", "--definitions", folder.path().to_str().unwrap()]));
    assert_eq!(code, Some(1), "{err}");
    assert!(err.starts_with("error: "), "{err}");
    let findings = "bad.asl.yaml is not a valid definition\n  \
        MISSING_END_STATE: At least one state must be terminal at /States\n  \
        MISSING_TRANSITION_TARGET: Missing 'Next' target: Gone at /States/Bad/Next\n";
    assert!(err.ends_with(findings), "{err}");
}

#[test]
fn a_bad_option_ends_with_code_2() {
    let (code, err) = refused(&mut command(&["serve", "--host", "0.0.0.0"]));
    assert_eq!(code, Some(2));
    assert!(err.contains("it only listens on loopback addresses"), "{err}");
}

#[test]
fn the_mock_config_file_may_be_named_by_the_environment() {
    let (code, err) = refused(command(&["serve"]).env("SFN_MOCK_CONFIG", "/no/such/mocks.json"));
    assert_eq!(code, Some(1));
    assert!(err.starts_with("error: cannot read /no/such/mocks.json: "), "{err}");
}

#[test]
fn env_prints_what_a_shell_can_evaluate() {
    let printed = command(&["env", "--port", "4566"]).output().unwrap();
    let script =
        format!("{}\necho $AWS_ENDPOINT_URL_SFN $AWS_REGION", String::from_utf8(printed.stdout).unwrap());
    let evaluated = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8(evaluated.stdout).unwrap(), "http://127.0.0.1:4566 us-east-1\n");
}

#[test]
fn quotas_are_lowered_by_options() {
    let served = Served::start(&["--quota", "state-machines=0", "--quota", "activities=0"]);
    let answer = served.call("CreateActivity", r#"{"name":"a"}"#);
    assert!(answer.contains("Activity Limit Exceeded: '0'"), "{answer}");
    let (code, error) = refused(&mut command(&["serve", "--quota", "activities=100001"]));
    assert_eq!(code, Some(2));
    assert!(
        error.contains(
            "the quota `activities` cannot be 100001: AWS's default is 100000, and quotas can only be lowered"
        ),
        "{error}"
    );
}
