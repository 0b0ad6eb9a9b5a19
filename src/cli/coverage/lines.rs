//! The lines of a definition's states in its file.

use std::collections::BTreeMap;

use crate::cli::source::{Node, SourceFile};
use crate::report::coverage::lcov::{SourceLines, StateLines};

/// Those of the definition that `tree` is.
pub(super) fn of(file: &SourceFile, tree: &Node) -> SourceLines {
    let mut states = BTreeMap::new();
    add_scope(file, tree, &mut states);
    let name = file.name.replace('\\', "/");
    SourceLines { file: name.strip_prefix("./").unwrap_or(&name).to_owned(), states }
}

fn add_scope(file: &SourceFile, scope: &Node, states: &mut BTreeMap<String, StateLines>) {
    for member in scope.get("States").map_or(&[][..], Node::members) {
        let state = &member.value;
        let line = |offset| file.position(offset).line;
        let entries = |field| {
            let items = state.get(field).map_or(&[][..], Node::items);
            items.iter().map(|item| line(item.span.start)).collect()
        };
        let field = |names: &[&str]| {
            let found = names.iter().find_map(|name| state.member(name));
            found.map(|member| line(member.key_span.start))
        };
        let lines = StateLines {
            state: line(member.key_span.start),
            rules: entries("Choices"),
            retriers: entries("Retry"),
            catchers: entries("Catch"),
            default: field(&["Default"]),
            timeout: field(&["TimeoutSeconds", "TimeoutSecondsPath"]),
            heartbeat: field(&["HeartbeatSeconds", "HeartbeatSecondsPath"]),
        };
        states.insert(member.key.clone(), lines);
        let processors = ["ItemProcessor", "Iterator"].into_iter().filter_map(|field| state.get(field));
        for inner in state.get("Branches").map_or(&[][..], Node::items).iter().chain(processors) {
            add_scope(file, inner, states);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::source::{Notation, read_json, read_yaml};

    #[test]
    fn states_and_their_entries_are_found_in_json() {
        let text = "{\"StartAt\": \"C\",\n \"States\": {\n  \"C\": {\"Type\": \"Choice\",\n   \"Default\": \"T\",\n   \"Choices\": [\n    {\"Next\": \"T\"},\n    {\"Next\": \"T\"}]},\n  \"M\": {\"Iterator\": {\"States\": {\n    \"I\": {}}}},\n  \"P\": {\"Branches\": [{}, {\"States\": {\n    \"B\": {\"TimeoutSecondsPath\": \"$.t\",\n     \"Catch\": [\n      {}]}}}]}}}";
        let file = SourceFile::new("./a/b.asl.json".to_owned(), text.to_owned(), Notation::Json);
        let lines = of(&file, &read_json(text).unwrap());
        assert_eq!(lines.file, "a/b.asl.json");
        let state = |line| StateLines { state: line, ..StateLines::default() };
        let expected = [
            ("B", StateLines { timeout: Some(11), catchers: vec![13], ..state(11) }),
            ("C", StateLines { rules: vec![6, 7], default: Some(4), ..state(3) }),
            ("I", state(9)),
            ("M", state(8)),
            ("P", state(10)),
        ];
        assert_eq!(lines.states, expected.map(|(name, lines)| (name.to_owned(), lines)).into());
    }

    #[test]
    fn states_and_their_entries_are_found_in_yaml() {
        let text = "StartAt: T\nStates:\n  T:\n    Type: Task\n    HeartbeatSeconds: 5\n    Retry:\n      - ErrorEquals: [A]\n      - ErrorEquals: [B]\n";
        let file = SourceFile::new("b.asl.yaml".to_owned(), text.to_owned(), Notation::Yaml);
        let lines = of(&file, &read_yaml(&file).unwrap());
        let expected =
            StateLines { state: 3, heartbeat: Some(5), retriers: vec![7, 8], ..StateLines::default() };
        assert_eq!(lines.states, BTreeMap::from([("T".to_owned(), expected)]));
    }
}
