//! Who may import whom.

use super::no_breach;
use super::repository::{File, rust_files};

/// From the bottom up: a module imports only from rows below its own, and siblings do not see each other.
const LAYERS: &[&[&str]] = &[
    &["model"],
    &["pattern"],
    &["clock", "query"],
    &["assertion"],
    &["asl"],
    &["interpreter"],
    &["service"],
    &["wire"],
    &["report"],
    &["mock", "endpoint"],
    &["recording", "contract"],
    &["cli"],
];

/// Files that stand above all rows.
const FACADES: &[&str] = &["fuzzing", "lib", "main", "prelude"];

#[test]
fn modules_import_only_from_rows_below_their_own() {
    let mut breaches = Vec::new();
    for file in rust_files(&["src/"]) {
        let importer = file.top_module().unwrap();
        let Some(own_row) = row(importer) else { continue };
        for imported in imports(&file) {
            let allowed = imported == importer || row(&imported).is_some_and(|row| row < own_row);
            if !allowed {
                breaches.push(format!("{}: `{importer}` imports `{imported}`", file.path));
            }
        }
    }
    no_breach(
        "imports point to rows below (a re-export of lib.rs is above all rows: name its module)",
        &breaches,
    );
}

#[test]
fn every_module_has_one_row() {
    let listed: Vec<_> = LAYERS.iter().copied().flatten().collect();
    let rowless = |file: &File| {
        let module = file.top_module().unwrap();
        (!FACADES.contains(&module) && !listed.contains(&&module)).then(|| file.path.clone())
    };
    let mut breaches: Vec<_> = rust_files(&["src/"]).iter().filter_map(rowless).collect();
    for module in &listed {
        if listed.iter().filter(|other| other == &module).count() > 1 {
            breaches.push(format!("`{module}` is listed twice"));
        }
    }
    no_breach("every module below src has one row in LAYERS", &breaches);
}

#[test]
fn imports_are_found_in_every_form_they_are_written_in() {
    let check = |text: &str, expected: &[&str]| {
        let file = File { path: "src/asl/mod.rs".to_owned(), text: text.to_owned() };
        assert_eq!(imports(&file), expected, "{text}");
    };
    check("use crate::model::Json;", &["model"]);
    check("pub(crate) use crate::query;", &["query"]);
    check("use crate::{model, query::{Path, jayway::parse}, clock as time};", &["model", "query", "clock"]);
    check("use crate::{\n    model::Json,\n    wire,\n};", &["model", "wire"]);
    check("let at = crate::clock::now();", &["clock"]);
    check("pub(in crate::service) fn f() {}", &["service"]);
    check("use super::wire::Request;", &["wire"]);
    check("/// See [`crate::wire`].\n// crate::cli\nlet a = my_crate::cli();", &[]);
}

fn row(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

/// What the file names at the top of this crate, in the order of the text.
fn imports(file: &File) -> Vec<String> {
    let code: Vec<_> = file.code_lines().map(|(_, line)| line).collect();
    let code = code.join("\n");
    let mut imported = named_after("crate::", &code);
    // Only in the root file of a module is `super` the crate, where a facade's re-export could be picked up as well.
    if file.is_mod_file() && file.path.matches('/').count() == 2 {
        imported.extend(named_after("super::", &code).into_iter().filter(|name| row(name).is_some()));
    }
    imported
}

fn named_after(root: &str, code: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in code.match_indices(root) {
        let (before, after) = (&code[..at], &code[at + root.len()..]);
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue; // The tail of another path, such as `my_crate::`.
        }
        match after.strip_prefix('{') {
            Some(group) => named.extend(group_members(group)),
            None => named.push(identifier(after)),
        }
    }
    named
}

/// The first names of the members of a `use` group, given the text after its opening brace.
fn group_members(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut start = 0;
    let mut members = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                members.push(identifier(group[start..at].trim_start()));
                start = at + 1;
            }
            _ => {}
        }
        if c == '}' && start == at + 1 {
            break;
        }
    }
    members.retain(|member| !member.is_empty());
    members
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}
