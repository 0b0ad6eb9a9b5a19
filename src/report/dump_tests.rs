//! tmp
use crate::report::{graph::Graph, layout::Layout, svg};
#[test]
fn dump() {
    let Ok(list) = std::fs::read_to_string("/tmp/dump/list.txt") else { return };
    for line in list.lines() {
        let (from, to) = line.split_once(' ').unwrap();
        let graph = Graph::of_text(&std::fs::read_to_string(from).unwrap()).unwrap();
        std::fs::write(to, svg::document(&Layout::of(&graph), &svg::Plain)).unwrap();
    }
}
