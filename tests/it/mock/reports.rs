//! Pages about executions: on demand, and for tests that fail.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sfn_testkit::prelude::*;
use sfn_testkit::{Reports, Style};
use tempfile::tempdir;

const DEFINITION: &str = r#"{
    "StartAt": "Pay",
    "States": {
        "Pay": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
            "Parameters": {"FunctionName": "pay", "Payload.$": "$"},
            "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2}]
        }
    }
}"#;

/// A mock with one execution that was retried and succeeded.
fn paid(reports: Reports) -> (MockSfn, String) {
    let sfn = MockSfn::builder().time(Time::Manual).reports(reports).style(Style::plain()).build();
    let orders = sfn.state_machine("orders").definition(DEFINITION).create();
    sfn.on_state("Pay").fails("Busy", "later").then().returns(json!({"Payload": 1})).unchecked();
    let arn = sfn.start_execution(&orders, json!({"order": "</script>"}));
    sfn.advance("1m");
    (sfn, arn)
}

/// The files of a folder: names and contents.
fn pages(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut pages: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
        .collect();
    pages.sort();
    pages
}

#[test]
fn a_page_is_one_html_file_with_the_path_taken() {
    let folder = tempdir().unwrap();
    let (sfn, arn) = paid(Reports::off());
    let execution = sfn.execution(&arn).now();
    execution.write_html(folder.path().join("some/where.html")).unwrap();
    let page = fs::read_to_string(folder.path().join("some/where.html")).unwrap();
    assert_eq!(page, execution.to_html());
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains(r#"<g class="state task leaf taken" data-state="0">"#));
    assert!(page.contains("<title>retried once</title>"));
    assert_eq!(page.matches("</script>").count(), 2);
}

#[test]
fn equal_executions_have_equal_pages() {
    let page = || {
        let (sfn, arn) = paid(Reports::off());
        sfn.execution(arn).now().to_html()
    };
    assert!(page() == page());
}

#[test]
fn an_assertion_that_fails_writes_the_page_with_its_text() {
    let folder = tempdir().unwrap();
    let (sfn, arn) = paid(Reports::of_failures().within(folder.path()));
    let execution = sfn.execution(&arn).now();
    execution.assert().succeeded();
    assert_eq!(pages(folder.path()), []);
    let failed = catch_unwind(AssertUnwindSafe(|| execution.assert().failed())).unwrap_err();
    let text = failed.downcast::<String>().unwrap();
    let pages = pages(folder.path());
    assert_eq!(pages.len(), 1);
    let (name, page) = &pages[0];
    assert!(name.contains("an_assertion_that_fails_writes_the_page_with_its_text-"), "{name}");
    assert!(name.ends_with(".html"), "{name}");
    let first_line = text.lines().next().unwrap();
    assert!(page.contains(&format!(r#""failedAssertion":"{first_line}\n"#)), "{text}");
    assert!(!text.contains(".html"), "the text of a failure is the same with and without a page: {text}");
}

#[test]
fn a_test_that_panics_otherwise_leaves_pages_of_all_its_executions() {
    let folder = tempdir().unwrap();
    let reports = Reports::of_failures().within(folder.path());
    let panicked = catch_unwind(|| {
        let (_sfn, _arn) = paid(reports);
        panic!("nothing about an execution");
    });
    assert!(panicked.is_err());
    let pages = pages(folder.path());
    assert_eq!(pages.len(), 1);
    assert!(pages[0].1.contains(r#""failedAssertion":null"#));
}

#[test]
fn a_mock_that_fails_its_test_leaves_pages_too() {
    let folder = tempdir().unwrap();
    let reports = Reports::of_failures().within(folder.path());
    let panicked = catch_unwind(|| {
        let sfn = MockSfn::builder().time(Time::Manual).reports(reports).build();
        let orders = sfn.state_machine("orders").definition(DEFINITION).create();
        sfn.start_execution(&orders, json!({}));
        // Nobody has mocked `Pay`.
    });
    let text = panicked.unwrap_err().downcast::<String>().unwrap();
    assert!(text.contains("the task of state `Pay` was called once, and nothing mocks it"), "{text}");
    assert_eq!(pages(folder.path()).len(), 1);
}

#[test]
fn pages_are_written_always_or_never_if_the_test_says_so() {
    let folder = tempdir().unwrap();
    drop(paid(Reports::of_failures().within(folder.path())));
    assert_eq!(pages(folder.path()), []);
    let (sfn, arn) = paid(Reports::off().within(folder.path()));
    let execution = sfn.execution(&arn).now();
    assert!(catch_unwind(AssertUnwindSafe(|| execution.assert().failed())).is_err());
    drop(sfn);
    assert_eq!(pages(folder.path()), []);
    drop(paid(Reports::always().within(folder.path())));
    assert_eq!(pages(folder.path()).len(), 1);
}
