//! Rules of the house that neither rustc nor clippy can check, each a test that lists every breach at once.

mod files;
mod layers;
mod manifest;
mod repository;

/// Fails with all breaches of a rule, one per line.
#[track_caller]
fn no_breach(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}:\n  {}", breaches.join("\n  "));
}
