//! The API model: operations, their errors, and the shapes of what goes in and out.

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub(super) struct Model {
    pub(super) operations: Vec<Operation>,
    shapes: BTreeMap<&'static str, Shape>,
}

pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) input: &'static str,
    pub(super) output: &'static str,
    pub(super) errors: Vec<&'static str>,
}

#[derive(Debug)]
pub(super) enum Shape {
    Text(Text),
    Number { wanted: &'static str, min: Option<i32>, max: Option<i32> },
    Flag,
    Timestamp,
    List { of: &'static str, min: Option<usize>, max: Option<usize> },
    Map { of: &'static str },
    Structure(Vec<Member>),
}

#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    pub(super) in_bytes: bool,
    pub(super) sensitive: bool,
    pub(super) pattern: Option<&'static str>,
    pub(super) values: Vec<&'static str>,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: &'static str,
}

impl Model {
    pub(super) fn get() -> &'static Self {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| Self::read(include_str!("model.txt")))
    }

    pub(super) fn shape(name: &str) -> &'static Shape {
        Self::get().shapes.get(name).unwrap_or_else(|| panic!("no shape {name}"))
    }

    pub(super) fn operation(name: &str) -> &'static Operation {
        Self::get().operations.iter().find(|operation| operation.name == name).unwrap()
    }

    /// The members of a structure.
    pub(super) fn members(name: &str) -> &'static [Member] {
        let Shape::Structure(members) = Self::shape(name) else { panic!("{name} is no structure") };
        members
    }

    fn read(text: &'static str) -> Self {
        let mut model = Self { operations: Vec::new(), shapes: BTreeMap::new() };
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').filter(|word| !word.is_empty()).collect();
            match words.as_slice() {
                ["operation", name, input, output, errors @ ..] => {
                    model.operations.push(Operation { name, input, output, errors: errors.to_vec() });
                }
                [kind, name, facts @ ..] => {
                    model.shapes.insert(name, Shape::read(kind, facts));
                }
                _ => panic!("{line}"),
            }
        }
        model
    }
}

impl Shape {
    fn read(kind: &'static str, facts: &[&'static str]) -> Self {
        match kind {
            "string" => Self::Text(Text::read(facts)),
            "integer" => {
                Self::Number { wanted: "an Integer", min: number(facts, "min"), max: number(facts, "max") }
            }
            "long" => Self::Number { wanted: "a Long", min: number(facts, "min"), max: number(facts, "max") },
            "float" => {
                Self::Number { wanted: "a Float", min: number(facts, "min"), max: number(facts, "max") }
            }
            "boolean" => Self::Flag,
            "timestamp" => Self::Timestamp,
            "list" => Self::List {
                of: fact(facts, "of").unwrap(),
                min: number(facts, "min"),
                max: number(facts, "max"),
            },
            "map" => Self::Map { of: fact(facts, "of").unwrap() },
            "structure" => Self::Structure(facts.iter().map(|fact| Member::read(fact)).collect()),
            _ => panic!("{kind}"),
        }
    }
}

impl Text {
    fn read(facts: &[&'static str]) -> Self {
        Self {
            min: number(facts, "min").unwrap_or(0),
            max: number(facts, "max"),
            in_bytes: facts.contains(&"bytes"),
            sensitive: facts.contains(&"sensitive"),
            pattern: fact(facts, "pattern"),
            values: fact(facts, "enum").map(|values| values.split(',').collect()).unwrap_or_default(),
        }
    }

    /// Whether a text keeps within the model.
    pub(super) fn allows(&self, text: &str) -> bool {
        let length = self.length_of(text);
        let matches = match self.pattern {
            None => true,
            Some("AliasName") => {
                text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
                    && text.parse::<u128>().is_err()
            }
            Some("VisibleAscii") => text.chars().all(|c| ('!'..='~').contains(&c)),
            Some(_) => text.is_ascii(),
        };
        let known = self.values.is_empty() || self.values.contains(&text);
        matches && known && length >= self.min && self.max.is_none_or(|max| length <= max)
    }

    pub(super) fn length_of(&self, text: &str) -> usize {
        if self.in_bytes { text.len() } else { text.chars().count() }
    }
}

impl Member {
    fn read(fact: &'static str) -> Self {
        let (name, shape) = fact.split_once(':').unwrap();
        Self { name: name.trim_end_matches('*'), required: name.ends_with('*'), shape }
    }
}

fn fact(facts: &[&'static str], name: &str) -> Option<&'static str> {
    facts.iter().find_map(|fact| fact.strip_prefix(name)?.strip_prefix('='))
}

fn number<N: std::str::FromStr>(facts: &[&'static str], name: &str) -> Option<N> {
    fact(facts, name).and_then(|number| number.parse().ok())
}

#[test]
fn the_model_has_all_operations_and_no_loose_ends() {
    let model = Model::get();
    assert_eq!(model.operations.len(), 37);
    let inner = |shape: &Shape| match shape {
        Shape::List { of, .. } | Shape::Map { of } => vec![*of],
        Shape::Structure(members) => members.iter().map(|member| member.shape).collect(),
        Shape::Text(_) | Shape::Number { .. } | Shape::Flag | Shape::Timestamp => Vec::new(),
    };
    let ends = model.operations.iter().flat_map(|operation| [operation.input, operation.output]);
    for name in model.shapes.values().flat_map(inner).chain(ends) {
        assert!(model.shapes.contains_key(name), "{name}");
    }
}
