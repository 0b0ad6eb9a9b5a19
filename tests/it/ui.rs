//! The web UI of a served mock, over real sockets: what its page asks for and sends, and who is refused.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};
use sfn_testkit::{MockSfn, Operation, Server, StateMachineArn, Time};

const ASK: &str = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "https://queues.example/q", "MessageBody": {"token.$": "$$.Task.Token"}}}}}"#;

const FROM_UI: &str = "x-sfn-testkit-ui: 1\r\n";

struct Served {
    sfn: MockSfn,
    server: Server,
    ask: StateMachineArn,
}

fn serve() -> Served {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let ask = sfn.state_machine("ask").definition(ASK).create();
    sfn.on_state("Ask").waits_for_token();
    let server = sfn.serve_with_ui((Ipv4Addr::LOCALHOST, 0)).unwrap();
    Served { sfn, server, ask }
}

/// Sends a request on a connection of its own; the whole answer, head and body.
fn exchange(server: &Server, head: &str, body: &str) -> String {
    let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, server.port())).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let length = body.len();
    write!(connection, "{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    answer
}

fn get(server: &Server, path: &str) -> String {
    exchange(server, &format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\n", server.port()), "")
}

#[track_caller]
fn body_of(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    answer.split_once("\r\n\r\n").unwrap().1
}

impl Served {
    fn overview(&self, query: &str) -> Value {
        let answer = get(&self.server, &format!("/_sfn-testkit/executions?{query}"));
        serde_json::from_str(body_of(&answer)).unwrap()
    }

    fn try_call(&self, operation: &str, input: &Value, headers: &str) -> String {
        let head = format!(
            "POST /_sfn-testkit/call HTTP/1.1\r\nx-amz-target: AWSStepFunctions.{operation}\r\n{headers}"
        );
        exchange(&self.server, &head, &input.to_string())
    }

    fn host(&self) -> String {
        format!("host: localhost:{}\r\n", self.server.port())
    }

    /// As the page does it.
    #[track_caller]
    fn call(&self, operation: &str, input: &Value) -> Value {
        let origin = format!("origin: http://localhost:{}\r\n", self.server.port());
        let answer = self.try_call(operation, input, &[&self.host(), FROM_UI, &origin].concat());
        serde_json::from_str(body_of(&answer)).unwrap()
    }

    fn start(&self, name: &str) -> String {
        let input = json!({"stateMachineArn": self.ask.to_string(), "name": name, "input": "{\"a\":1}"});
        let started = self.call("StartExecution", &input);
        started.get("executionArn").and_then(Value::as_str).unwrap().to_owned()
    }
}

#[test]
fn the_page_its_script_and_its_style_are_served_and_load_nothing_from_elsewhere() {
    let served = serve();
    for (path, content_type, contained) in [
        ("/", "text/html; charset=utf-8", "<script src=\"/_sfn-testkit/ui.js\">"),
        ("/_sfn-testkit/ui.js", "text/javascript; charset=utf-8", "\"use strict\";"),
        ("/_sfn-testkit/ui.css", "text/css; charset=utf-8", "prefers-color-scheme: dark"),
    ] {
        let answer = get(&served.server, path);
        assert!(body_of(&answer).contains(contained), "{answer}");
        assert!(answer.contains(&format!("\r\ncontent-type: {content_type}\r\n")), "{answer}");
        assert!(
            answer.contains("\r\ncontent-security-policy: default-src 'none'; script-src 'self';"),
            "{answer}"
        );
        assert!(!answer.to_lowercase().contains("\r\naccess-control-"), "{answer}");
        assert!(!answer.contains("innerHTML") && !answer.contains("https://"), "{path}");
    }
    assert!(get(&served.server, "/_sfn-testkit/none").starts_with("HTTP/1.1 404 Not Found\r\n"));
}

#[test]
fn an_execution_is_started_listed_opened_and_its_task_answered() {
    let served = serve();
    let arn = served.start("one");
    let overview = served.overview("");
    assert_eq!(
        overview["machines"],
        json!([{"arn": served.ask.to_string(), "name": "ask", "type": "STANDARD"}])
    );
    let listed = &overview["executions"][0];
    assert_eq!(
        (&listed["arn"], &listed["status"], &listed["machine"]),
        (&json!(arn), &json!("RUNNING"), &json!("ask"))
    );
    let task = &overview["tasks"][0];
    assert_eq!(
        (&task["state"], &task["executionArn"], &task["isQueued"]),
        (&json!("Ask"), &json!(arn), &json!(false))
    );

    let page = get(&served.server, &format!("/_sfn-testkit/execution?arn={}", arn.replace(':', "%3A")));
    assert!(body_of(&page).contains("<title>one · ask</title>"), "{page}");
    assert!(page.contains(r#""status":"RUNNING""#), "{page}");

    let token = json!({"taskToken": task["token"]});
    assert_eq!(served.call("SendTaskHeartbeat", &token), json!({}));
    served.call("SendTaskSuccess", &json!({"taskToken": task["token"], "output": "{\"yes\":true}"}));
    let overview = served.overview(&format!("arn={arn}"));
    assert_eq!(overview["opened"]["status"], "SUCCEEDED");
    assert_eq!((&overview["tasks"], &overview["openTasks"]), (&json!([]), &json!(0)));
    served.sfn.execution(&arn).now().assert().succeeded().output(json!({"yes": true}));
}

#[test]
fn a_task_is_failed_and_an_execution_stopped_by_hand() {
    let served = serve();
    let (failed, stopped) = (served.start("one"), served.start("two"));
    let tasks = served.overview("")["tasks"].clone();
    served
        .call("SendTaskFailure", &json!({"taskToken": tasks[0]["token"], "error": "No", "cause": "by hand"}));
    served.call("StopExecution", &json!({"executionArn": stopped, "error": "Enough"}));
    served.sfn.execution(&failed).now().assert().failed_with("No");
    let overview = served.overview("status=ABORTED");
    assert_eq!(
        (&overview["executions"][0]["arn"], &overview["found"], &overview["total"]),
        (&json!(stopped), &json!(1), &json!(2))
    );
}

#[test]
fn what_the_ui_asks_for_is_a_call_like_others() {
    let served = serve();
    served.start("one");
    served.sfn.calls().of(Operation::StartExecution).count(1);
    let refused = served.try_call(
        "StopExecution",
        &json!({"executionArn": "none"}),
        &[&served.host(), FROM_UI].concat(),
    );
    assert!(refused.contains("\r\nx-amzn-errortype: InvalidArn\r\n"), "{refused}");
}

#[test]
fn the_task_of_an_activity_waits_for_a_worker_first() {
    let served = serve();
    let activity = served.call("CreateActivity", &json!({"name": "pack"}))["activityArn"].clone();
    let definition =
        json!({"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": activity, "End": true}}});
    let machine = served.sfn.state_machine("packing").definition(definition.to_string()).create();
    served.call("StartExecution", &json!({"stateMachineArn": machine.to_string()}));
    let task = served.overview("")["tasks"][0].clone();
    assert_eq!((&task["activityArn"], &task["isQueued"]), (&activity, &json!(true)));
    served.call("GetActivityTask", &json!({"activityArn": activity, "workerName": "me"}));
    assert_eq!(served.overview("")["tasks"][0]["isQueued"], false);
    served.call("SendTaskSuccess", &json!({"taskToken": task["token"], "output": "1"}));
    assert_eq!(served.overview("machine=packing")["executions"][0]["status"], "SUCCEEDED");
}

#[test]
fn the_list_is_narrowed_by_text_machine_and_status() {
    let served = serve();
    for name in ["Alpha", "beta"] {
        served.start(name);
    }
    let names = |query: &str| {
        let overview = served.overview(query);
        let list = overview["executions"].as_array().unwrap().iter();
        list.map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(""), ["beta", "Alpha"]);
    assert_eq!(names("text=alPHA+running"), ["Alpha"]);
    assert_eq!(names("machine=ask&status=RUNNING"), ["beta", "Alpha"]);
    assert!(names("machine=other").is_empty() && names("status=FAILED").is_empty());
}

#[test]
fn pages_of_elsewhere_are_refused() {
    let served = serve();
    let stop = json!({"executionArn": served.start("one")});
    let foreign = "The UI of sfn-testkit answers no page of another origin.\n";
    let away = "The UI of sfn-testkit answers only requests to 127.0.0.1 or localhost";
    let header = "A call to the UI of sfn-testkit needs the header `x-sfn-testkit-ui: 1`";
    for (headers, why) in [
        ([&served.host(), FROM_UI, "origin: https://evil.example\r\n"].concat(), foreign),
        ([&served.host(), FROM_UI, "origin: null\r\n"].concat(), foreign),
        (["host: evil.example\r\n", FROM_UI].concat(), away),
        (served.host(), header),
        ([&served.host(), "x-sfn-testkit-ui: 2\r\n"].concat(), header),
    ] {
        let answer = served.try_call("StopExecution", &stop, &headers);
        assert!(
            answer.starts_with("HTTP/1.1 403 Forbidden\r\n") && answer.contains(why),
            "{headers}: {answer}"
        );
    }
    for path in ["/", "/_sfn-testkit/executions", "/_sfn-testkit/ui.js"] {
        let answer = exchange(&served.server, &format!("GET {path} HTTP/1.1\r\nhost: evil.example\r\n"), "");
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
    }
    let preflight =
        exchange(&served.server, &format!("OPTIONS /_sfn-testkit/call HTTP/1.1\r\n{}", served.host()), "");
    assert!(preflight.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{preflight}");
    assert_eq!(served.overview("")["executions"][0]["status"], "RUNNING");
}

#[test]
fn sdks_are_answered_whatever_host_and_path_they_use() {
    let served = serve();
    for path in ["/", "/any"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: sync-evil\r\nx-amz-target: AWSStepFunctions.ListExecutions\r\n"
        );
        let input = json!({"stateMachineArn": served.ask.to_string()}).to_string();
        assert_eq!(body_of(&exchange(&served.server, &head, &input)), r#"{"executions":[]}"#);
    }
}

#[test]
fn hostile_names_and_payloads_stay_data() {
    let served = serve();
    let hostile = "</script><img src=x onerror=alert(1)>";
    let input = json!({"stateMachineArn": served.ask.to_string(), "name": "one", "input": json!(hostile).to_string()});
    let arn = served.call("StartExecution", &input)["executionArn"].as_str().unwrap().to_owned();
    let page = get(&served.server, &format!("/_sfn-testkit/execution?arn={arn}"));
    assert!(!page.contains("<img"), "{page}");
    let unknown = get(&served.server, "/_sfn-testkit/execution?arn=%3Cscript%3E");
    assert!(unknown.starts_with("HTTP/1.1 404 Not Found\r\n") && !unknown.contains("<script>"), "{unknown}");
    let overview = get(&served.server, "/_sfn-testkit/executions?text=%3Cscript%3E");
    assert!(overview.contains("\r\nx-content-type-options: nosniff\r\n"), "{overview}");
    assert!(overview.contains("\r\ncontent-type: application/json\r\n"), "{overview}");
}

#[test]
fn without_the_ui_nothing_of_it_is_there() {
    let sfn = MockSfn::builder().time(Time::Manual).build();
    let server = sfn.serve();
    for path in ["/", "/_sfn-testkit/executions", "/_sfn-testkit/execution?arn=a", "/_sfn-testkit/ui.js"] {
        assert!(body_of(&get(&server, path)).starts_with("sfn-testkit "), "{path}");
    }
}
