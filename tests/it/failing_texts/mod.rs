//! What a failed assertion says, word for word: tests of realistic workflows that fail for realistic causes.
//!
//! Each text is a file below tests/failure_texts: `SFN_TESTKIT_BLESS=1 cargo test --all-features --test it failing_texts`
//! writes them anew. Whoever reads such a text, and nothing else, must be able to name the cause.

/// Branches, items and time.
mod concurrent;
/// Ends, waits and single values.
mod endings;
/// Payloads, paths and expressions.
mod payloads;
/// Retriers, catchers and choices.
mod routes;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use sfn_testkit::{MockSfn, Style};

/// A mock whose texts are the same on every terminal.
fn mock() -> MockSfn {
    MockSfn::builder().style(Style::plain()).unverified().build()
}

/// The assertion fails with the text that stands in the file.
fn check<T>(name: &str, assertion: impl FnOnce() -> T) {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).map(|_| "the assertion holds").unwrap_err();
    let text = format!("{}\n", panic.downcast::<String>().unwrap());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/failure_texts/{name}.txt"));
    if std::env::var_os("SFN_TESTKIT_BLESS").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        known == text,
        "{name}.txt has another text; rewrite it with SFN_TESTKIT_BLESS=1 if this one is better:\n{text}"
    );
}
