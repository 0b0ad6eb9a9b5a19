//! Lists that have to agree with each other: dependencies and their reasons, operations and their files.

use super::no_breach;
use super::repository::{all_files, rust_files};

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = all_files().into_iter().find(|file| file.path == "Cargo.toml").unwrap();
    let mut breaches = Vec::new();
    let mut in_dependencies = false;
    let mut previous = "";
    for line in manifest.text.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim_end().ends_with("dependencies]");
        } else if in_dependencies && is_entry(line) && !previous.starts_with('#') {
            breaches.push(line.to_owned());
        }
        previous = line;
    }
    no_breach("a comment right above each dependency in Cargo.toml says why it is there", &breaches);
}

/// The first line of an entry, not a further line of a long one.
fn is_entry(line: &str) -> bool {
    line.starts_with(|c: char| c.is_alphanumeric()) && line.contains('=')
}

#[test]
fn every_file_of_an_operation_is_a_row_of_the_table() {
    let table = rust_files(&["src/model/operation.rs"]).pop().unwrap().text;
    let rows = table.split_once("operations! {").and_then(|(_, rest)| rest.split_once('}')).unwrap().0;
    let rows: Vec<_> = rows.split(',').map(|row| snake_case(row.trim())).collect();
    let mut breaches = Vec::new();
    for file in rust_files(&["src/service/operation/"]) {
        let below = file.path.strip_prefix("src/service/operation/").unwrap();
        let name = below.split('/').next().unwrap().trim_end_matches(".rs");
        if name != "mod" && !rows.iter().any(|row| row == name) {
            breaches.push(file.path);
        }
    }
    no_breach("a file in src/service/operation is named after an operation", &breaches);
}

/// `StartSyncExecution` → `start_sync_execution`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}
