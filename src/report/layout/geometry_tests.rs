//! Nothing overlaps: in the examples, in made-up graphs, and in definitions that other people wrote.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use super::{Edge, Layout, Marker, Point, Rect, Step};
use crate::report::graph::{Graph, ScopeId};

const ONBOARDING: &str = include_str!("../../../examples/onboarding.asl.json");
const WORKSHOP: &str = include_str!("../../../examples/parallel_workshop.asl.json");

impl Rect {
    fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

impl Step {
    fn end(&self) -> Point {
        match self {
            Self::Line(end) | Self::Curve(_, _, end) => *end,
        }
    }
}

fn layout(definition: &str) -> Layout {
    Layout::of(&Graph::of_text(definition).unwrap())
}

/// Everything that has a place of its own in a scope.
fn occupied(layout: &Layout, scope: ScopeId) -> Vec<(String, Rect)> {
    let graph = &layout.graph;
    let mut all = Vec::new();
    for id in &graph.scope(scope).unwrap().states {
        all.push((graph.state(*id).unwrap().name.to_string(), layout.boxes[id.0]));
    }
    for Marker { rect, kind, .. } in layout.markers.iter().filter(|marker| marker.scope == scope) {
        all.push((format!("{kind:?}"), *rect));
    }
    for edge in &layout.edges {
        let transition = &graph.transitions()[edge.transition];
        if let Some(label) = edge.label.as_ref().filter(|_| transition.scope == scope) {
            all.push((format!("label {}", transition.label), label.rect));
        }
    }
    all
}

fn overlap(one: &Rect, other: &Rect) -> bool {
    one.x < other.right() && other.x < one.right() && one.y < other.bottom() && other.y < one.bottom()
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom()
}

/// All that is wrong with a drawing, in words.
fn faults(layout: &Layout) -> String {
    let mut faults = String::new();
    let whole = Rect { x: 0.0, y: 0.0, width: layout.width, height: layout.height };
    for scope in layout.graph.scopes() {
        let room =
            layout.panels.iter().find(|panel| panel.scope == scope.id).map_or(whole, |panel| panel.rect);
        let all = occupied(layout, scope.id);
        for (at, (name, rect)) in all.iter().enumerate() {
            if !holds(&room, rect) {
                writeln!(faults, "{name} is not inside {scope:?}").unwrap();
            }
            for (other_name, other) in all.iter().skip(at + 1).filter(|(_, other)| overlap(rect, other)) {
                writeln!(faults, "{name} {rect:?} overlaps {other_name} {other:?}").unwrap();
            }
        }
        for edge in
            layout.edges.iter().filter(|edge| layout.graph.transitions()[edge.transition].scope == scope.id)
        {
            faults.push_str(&edge_faults(layout, edge, &all, &room));
        }
    }
    for panel in &layout.panels {
        if !holds(&layout.boxes[panel.of.0], &panel.rect) {
            writeln!(faults, "{panel:?} is not inside its state").unwrap();
        }
    }
    faults
}

/// A way runs through no box but touches its own two, and only its own label.
fn edge_faults(layout: &Layout, edge: &Edge, all: &[(String, Rect)], room: &Rect) -> String {
    let mut faults = String::new();
    let own_label = edge.label.as_ref().map(|label| label.rect);
    for at in pieces(edge) {
        let inside = |(_, rect): &&(String, Rect)| {
            let core =
                Rect { x: rect.x + 0.6, y: rect.y + 0.6, width: rect.width - 1.2, height: rect.height - 1.2 };
            Some(*rect) != own_label && touches(&core, &at)
        };
        if let Some((name, _)) = all.iter().find(inside) {
            let told = &layout.graph.transitions()[edge.transition];
            writeln!(faults, "{told:?} runs through {name} at {at:?}").unwrap();
            break;
        }
        if !holds(room, &at) {
            writeln!(faults, "{edge:?} leaves its room at {at:?}").unwrap();
            break;
        }
    }
    faults
}

fn touches(core: &Rect, at: &Rect) -> bool {
    at.x <= core.right() && core.x <= at.right() && at.y <= core.bottom() && core.y <= at.bottom()
}

/// Straight lines as rectangles without a width, curves as many points.
fn pieces(edge: &Edge) -> Vec<Rect> {
    let mut pieces = Vec::new();
    let mut from = edge.start;
    for step in &edge.steps {
        match step {
            Step::Line(end) => pieces.push(Rect {
                x: from.x.min(end.x),
                y: from.y.min(end.y),
                width: (from.x - end.x).abs(),
                height: (from.y - end.y).abs(),
            }),
            Step::Curve(first, second, end) => {
                pieces.extend(
                    (0..=40).map(|part| curved(from, (*first, *second, *end), f64::from(part) / 40.0)),
                );
            }
        }
        from = step.end();
    }
    pieces
}

fn curved(from: Point, (first, second, end): (Point, Point, Point), t: f64) -> Rect {
    let between = |a: Point, b: Point| Point { x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t };
    let (a, b, c) = (between(from, first), between(first, second), between(second, end));
    let Point { x, y } = between(between(a, b), between(b, c));
    Rect { x, y, width: 0.0, height: 0.0 }
}

#[track_caller]
fn check(definition: &str) {
    let layout = layout(definition);
    assert_eq!(faults(&layout), "");
    assert_eq!(layout.edges.iter().filter(|edge| edge.steps.is_empty()).count(), 0);
}

#[test]
fn nothing_overlaps_in_the_examples() {
    check(ONBOARDING);
    check(WORKSHOP);
}

#[test]
fn the_examples_are_no_larger_than_a_screen() {
    let (onboarding, workshop) = (layout(ONBOARDING), layout(WORKSHOP));
    assert!(
        onboarding.width < 560.0 && onboarding.height < 560.0,
        "{} {}",
        onboarding.width,
        onboarding.height
    );
    assert!(workshop.width < 760.0 && workshop.height < 420.0, "{} {}", workshop.width, workshop.height);
}

/// A machine of the given states; a Choice has a rule for each name behind its colon.
fn machine(states: &[(&str, &[&str])]) -> String {
    let states: Vec<_> = states
        .iter()
        .map(|(name, next)| match next {
            [] => format!(r#""{name}":{{"Type":"Succeed"}}"#),
            [next] => format!(r#""{name}":{{"Type":"Pass","Next":"{next}"}}"#),
            _ => {
                let rule = |next: &&str| {
                    format!(r#"{{"Variable":"$.kind","StringEquals":"{name} to {next}","Next":"{next}"}}"#)
                };
                let rules: Vec<_> = next.iter().map(rule).collect();
                format!(
                    r#""{name}":{{"Type":"Choice","Choices":[{}],"Default":"{}"}}"#,
                    rules.join(","),
                    next[0]
                )
            }
        })
        .collect();
    format!(r#"{{"StartAt":"A","States":{{{}}}}}"#, states.join(","))
}

#[test]
fn loops_crossings_and_ways_to_itself_keep_clear() {
    check(&machine(&[("A", &["A", "B"]), ("B", &["A"])]));
    check(&machine(&[("A", &["B"]), ("B", &["C", "A", "B", "B"]), ("C", &["D", "A", "B"]), ("D", &[])]));
    check(&machine(&[
        ("A", &["B", "C", "D", "E", "F", "G"]),
        ("B", &["H", "I"]),
        ("C", &["I", "H", "G"]),
        ("D", &["H"]),
        ("E", &["A", "I", "J"]),
        ("F", &["J", "C"]),
        ("G", &["A"]),
        ("H", &[]),
        ("I", &["J"]),
        ("J", &["K", "A", "D"]),
        ("K", &[]),
    ]));
}

#[test]
fn states_that_nothing_leads_to_are_drawn_as_well() {
    check(&machine(&[("A", &[]), ("Lost", &["A"]), ("Alone", &[])]));
}

#[test]
fn names_of_any_length_and_script_stay_in_their_boxes() {
    let long = "x".repeat(80);
    check(&machine(&[
        ("A", &["注文を検証する注文を検証する", &long]),
        ("注文を検証する注文を検証する", &[]),
        (&long, &[]),
    ]));
}

fn chain(n: usize) -> String {
    let mut states = String::new();
    for at in 0..n {
        let next = if at + 1 == n { r#""End":true"#.to_owned() } else { format!(r#""Next":"S{}""#, at + 1) };
        let resource = "arn:aws:states:::sqs:sendMessage";
        let catch = r#""Catch":[{"ErrorEquals":["States.ALL"],"Next":"Failed"}]"#;
        write!(states, r#""S{at}":{{"Type":"Task","Resource":"{resource}",{catch},{next}}},"#).unwrap();
    }
    format!(r#"{{"StartAt":"S0","States":{{{states}"Failed":{{"Type":"Fail"}}}}}}"#)
}

#[test]
fn a_chain_of_600_states_that_all_catch_is_drawn_with_one_line_for_the_catchers() {
    let layout = layout(&chain(600));
    assert_eq!(layout.boxes.len(), 601);
    assert!(layout.width < 700.0, "{}", layout.width);
    check(&chain(60));
}

#[test]
fn equal_definitions_give_equal_drawings() {
    assert_eq!(format!("{:?}", layout(ONBOARDING)), format!("{:?}", layout(ONBOARDING)));
}

/// The definitions that other people wrote, where their folder lies beside the repository.
fn corpus() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/definitions/valid");
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |path: PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    files.into_iter().map(read).collect()
}

#[test]
fn nothing_overlaps_in_any_definition_of_the_corpus() {
    let mut bad = Vec::new();
    for (name, definition) in corpus() {
        match Graph::of_text(&definition) {
            Ok(graph) => {
                let faults = faults(&Layout::of(&graph));
                if !faults.is_empty() {
                    bad.push(format!("{name}:\n{faults}"));
                }
            }
            Err(why) => bad.push(format!("{name}: {why}")),
        }
    }
    assert!(bad.is_empty(), "{} bad\n{}", bad.len(), bad.iter().take(12).cloned().collect::<String>());
}
