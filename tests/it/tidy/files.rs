//! How a single file looks.

use super::no_breach;
use super::repository::{File, all_files, rust_files};

/// The most lines a file has.
const MAX_LINES: usize = 500;

/// Files that may be longer, because they are one table.
const LONG_TABLES: &[&str] = &[];

/// The most lines of a function in a `mod.rs`, which declares, re-exports, and at most dispatches.
const MAX_MOD_FUNCTION_LINES: usize = 20;

const CODE: &[&str] = &["src/", "tests/", "examples/", "benches/"];

#[test]
fn files_open_with_what_they_are_for() {
    let breaches: Vec<_> = rust_files(CODE)
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    no_breach("the first line of a file is a `//!` line that says what the file is for", &breaches);
}

#[test]
fn files_are_short() {
    let mut breaches = Vec::new();
    for file in rust_files(CODE) {
        let lines = file.text.lines().count();
        match (lines > MAX_LINES, LONG_TABLES.contains(&file.path.as_str())) {
            (true, false) => breaches.push(format!("{}: {lines} lines", file.path)),
            (false, true) => breaches.push(format!("{}: short enough to leave LONG_TABLES", file.path)),
            (true, true) | (false, false) => {}
        }
    }
    no_breach("a file has at most 500 lines; split it by reason to change", &breaches);
}

#[test]
fn paths_do_not_climb_twice() {
    let climb = ["super", "super"].join("::");
    no_breach("write `crate::…` instead of climbing twice", &lines_with(&climb));
}

#[test]
fn lints_are_expected_not_allowed() {
    let allow = ["#", "[allow("].concat();
    no_breach("suppress a lint with `#[expect(…, reason = \"…\")]`", &lines_with(&allow));
}

#[test]
fn mod_files_hold_no_logic() {
    let mut breaches = Vec::new();
    for file in rust_files(CODE).iter().filter(|file| file.is_mod_file()) {
        for (name, lines) in functions(file) {
            if lines > MAX_MOD_FUNCTION_LINES {
                breaches.push(format!("{}: `{name}` has {lines} lines", file.path));
            }
        }
    }
    no_breach("functions in a mod.rs have at most 20 lines; others have a file", &breaches);
}

#[test]
fn no_file_names_a_path_of_the_machine_it_was_written_on() {
    let foreign = ["", "work", ""].join("/");
    let names_one = |file: &File| file.text.contains(&foreign);
    let breaches: Vec<_> = all_files().into_iter().filter(names_one).map(|file| file.path).collect();
    no_breach("paths are relative to the repository", &breaches);
}

fn lines_with(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in rust_files(CODE) {
        let lines = file.code_lines().filter(|(_, line)| line.contains(text));
        found.extend(lines.map(|(number, line)| format!("{}:{number}: {}", file.path, line.trim())));
    }
    found
}

/// Name and length of each function outside test modules; rustfmt has put both ends into one column.
fn functions(file: &File) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(String, usize, usize)> = None;
    for (number, line) in file.code_lines().take_while(|(_, line)| line.trim() != "#[cfg(test)]") {
        let indent = line.len() - line.trim_start().len();
        if let Some((name, start, column)) = &open {
            if indent == *column && line.trim() == "}" {
                found.push((name.clone(), number - start + 1));
                open = None;
            }
        } else if let Some(name) = function_name(line)
            && !line.trim_end().ends_with(['}', ';'])
        {
            open = Some((name, number, indent));
        }
    }
    found
}

fn function_name(line: &str) -> Option<String> {
    let (qualifiers, after) = line.trim_start().split_once("fn ")?;
    let known = ["pub", "const", "async", "unsafe", "extern"];
    let is_item = qualifiers.split_whitespace().all(|word| known.iter().any(|known| word.starts_with(known)));
    is_item.then(|| after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[test]
fn functions_are_measured_from_signature_to_closing_brace() {
    let text = "\
fn one() -> u8 { 1 }
impl A {
    pub(crate) const fn three(
    ) -> u8 {
    }
}
#[cfg(test)]
mod tests {
    fn ignored() {
    }
}";
    let file = File { path: "src/a/mod.rs".to_owned(), text: text.to_owned() };
    assert_eq!(functions(&file), [("three".to_owned(), 3)]);
}
