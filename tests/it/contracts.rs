//! The contract suite as its users see it, and the files that are made from it.

use std::fs;
use std::path::Path;

use sfn_testkit::contracts::{
    self, Contracts, Credentials, Door, Evidence, Exchange, Format, HttpRequest, InProcess, Need, Outcome,
    ResponseFuture, Target,
};
use sfn_testkit::{MockSfn, Time};

/// Compares a file of the repository with what it must be, or writes it if `SFN_TESTKIT_BLESS` is set.
#[track_caller]
fn check_file(path: &str, expected: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("SFN_TESTKIT_BLESS").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let is_fresh = fs::read_to_string(&file).is_ok_and(|text| text == expected);
    assert!(
        is_fresh,
        "{path} is out of date: run `SFN_TESTKIT_BLESS=1 cargo test --all-features --test it contracts`"
    );
}

#[test]
fn the_schema_file_is_fresh() {
    check_file("schema/contract.schema.json", &contracts::json_schema());
}

const BEGIN: &str = "<!-- assumed clauses: begin -->\n";
const END: &str = "<!-- assumed clauses: end -->\n";

#[test]
fn deviations_list_what_clauses_assume() {
    let assumed = contracts::bundled().filter(|clause| clause.evidence() == Evidence::Assumed);
    let mut lines: Vec<String> = assumed
        .clauses()
        .map(|clause| {
            format!("- `{}`: {} *Assumed:* {}\n", clause.id(), clause.claim(), clause.assumed().unwrap())
        })
        .collect();
    lines.sort();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/deviations.md")).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    check_file("docs/deviations.md", &format!("{before}{BEGIN}{}{END}{after}", lines.concat()));
}

#[test]
fn sources_are_of_the_kind_that_the_evidence_asks_for() {
    let mut breaches = Vec::new();
    for clause in contracts::bundled().clauses() {
        let is_recording = |source: &str| source.starts_with("AWS recording: ");
        let is_page = |source: &str| source.starts_with("https://");
        let fits = match clause.evidence() {
            Evidence::Recorded => clause.source().any(is_recording),
            Evidence::Documented => clause.source().any(is_page),
            Evidence::Assumed => true,
        };
        if !fits || !clause.source().all(|source| is_recording(source) || is_page(source)) {
            breaches.push(clause.id().to_owned());
        }
    }
    assert!(
        breaches.is_empty(),
        "recorded clauses have a source `AWS recording: …`, documented ones a page: {breaches:?}"
    );
}

fn clauses(text: &str) -> Contracts {
    Contracts::read("mine.json", &format!(r#"{{"topic":"Mine","clauses":[{text}]}}"#)).unwrap()
}

const LISTED: &str = r#"{"id":"mine-listed","claim":"An activity that was created is listed.","source":["https://example.com"],
    "evidence":"documented","needs":["empty-account"],"steps":[
        {"call":"CreateActivity","with":{"name":"${name:a}"},"save":{"arn":"$.activityArn"}},
        {"call":"ListActivities","answers":{"activities":[{"$includes":{"activityArn":"${arn}"}}]}}]}"#;

/// A mock that forgets to list.
#[derive(Debug)]
struct Forgetful;

struct Forgetting(Box<dyn Exchange>);

impl Door for Forgetful {
    fn name(&self) -> &str {
        "a forgetful mock"
    }

    fn lacks(&self) -> &[Need] {
        &[Need::Clock]
    }

    fn open(&self, sfn: &MockSfn) -> Result<Box<dyn Exchange>, String> {
        Ok(Box::new(Forgetting(InProcess.open(sfn)?)))
    }
}

impl Exchange for Forgetting {
    fn exchange(&self, request: HttpRequest) -> ResponseFuture<'_> {
        let is_list = request.header("x-amz-target").is_some_and(|target| target.ends_with("ListActivities"));
        Box::pin(async move {
            let mut answer = self.0.exchange(request).await?;
            if is_list {
                answer.body = br#"{"activities":[]}"#.to_vec();
            }
            Ok(answer)
        })
    }
}

#[tokio::test]
async fn a_target_that_does_otherwise_is_told_with_claim_diff_and_source() {
    let report = clauses(LISTED).verify(&Target::mock(Forgetful)).await;
    let text = report.render(Format::Text);
    assert!(
        text.starts_with(
            "BROKEN  mine-listed  An activity that was created is listed.\n    \
             /steps/1: ListActivities\n    \
             $.activities[0]: missing, expected {\"activityArn\":\"arn:aws:states:us-east-1:123456789012:activity:"
        ),
        "{text}"
    );
    assert!(text.ends_with(
        "    documented: https://example.com\n\na forgetful mock: 0 upheld, 1 broken, 0 not runnable here\n"
    ));
}

#[tokio::test]
async fn a_clause_that_needs_what_a_target_lacks_is_not_run() {
    let clause = LISTED.replace("empty-account", "clock");
    let report = clauses(&clause).verify(&Target::mock(Forgetful)).await;
    let outcomes: Vec<_> = report.verdicts().map(|verdict| verdict.outcome().clone()).collect();
    assert_eq!(outcomes, [Outcome::NotRunnable("the clause needs a clock that can be moved".to_owned())]);
}

#[tokio::test]
async fn each_kind_of_wrong_answer_that_a_clause_accepts_is_found() {
    let weak = |id: &str, step: &str| {
        format!(
            r#"{{"id":"{id}","claim":"c","source":["s"],"evidence":"recorded","steps":[
                {{"call":"CreateActivity","with":{{"name":"a"}},"save":{{"arn":"$.activityArn"}}}},{step}]}}"#
        )
    };
    let text = [
        weak(
            "tight",
            r#"{"call":"DescribeActivity","with":{"activityArn":"x"},"fails":{"code":"InvalidArn","message":"Invalid Arn: 'Invalid ARN prefix: x'"}}"#,
        ),
        weak(
            "loose",
            r#"{"call":"ListActivities","answers":{"activities":[{"$includes":{"name":{"$matches":""},"activityArn":{"$oneOf":["${arn}",null]}}}]}}"#,
        ),
        weak("none", r#"{"call":"ListActivities"}"#),
    ];
    let weaknesses = clauses(&text.join(",")).challenge(&Target::in_process()).await;
    let weaknesses: Vec<_> = weaknesses.iter().map(ToString::to_string).collect();
    assert_eq!(
        weaknesses,
        [
            "loose at /steps/1 accepts activities.[0]activityArn.$: null",
            "none at /steps accepts every answer: no step looks at one",
        ]
    );
}

#[tokio::test]
async fn an_endpoint_is_called_signed_and_left_clean() {
    let sfn = MockSfn::builder().time(Time::skip()).build();
    let server = sfn.serve();
    let target = Target::endpoint(server.url())
        .unwrap()
        .jobs(4)
        .region("eu-west-1")
        .credentials(Credentials::new("AKID", "secret", None));
    let report = contracts::bundled().about("activity-create").verify(&target).await;
    report.assert_upheld();
    // The clause compares ARNs with the region that requests are signed for.
    let upheld = report.verdicts().any(|verdict| {
        verdict.clause().id() == "activity-create-idempotent-name" && *verdict.outcome() == Outcome::Upheld
    });
    assert!(upheld, "{}", report.render(Format::Text));
    for region in ["eu-west-1", "us-east-1"] {
        let left = clauses(
            r#"{"id":"mine-empty","claim":"Nothing is left.","source":["s"],"evidence":"recorded","steps":[
                {"call":"ListActivities","answers":{"activities":[]}},
                {"call":"ListStateMachines","answers":{"stateMachines":[]}}]}"#,
        );
        left.verify(&target.clone().region(region)).await.assert_upheld();
    }
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_breaks_the_clause_with_its_reason() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = Target::endpoint(&format!("http://127.0.0.1:{port}")).unwrap();
    let report = contracts::bundled().about("activity-describe-missing").verify(&target).await;
    let text = report.render(Format::Text);
    assert!(text.contains(&format!("cannot connect to 127.0.0.1:{port}: ")), "{text}");
}
