//! A typed cursor over a definition's JSON: it knows where it is, and reports what it does not find there.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::report::Report;
use crate::asl::diagnostic::DiagnosticCode;
use crate::model::Json;
use crate::model::json::Map;

/// Where a value stands: the way from the root, innermost step first.
#[derive(Debug)]
pub(super) struct Place<'j> {
    /// `None` for the root.
    parent: Option<(Rc<Self>, Step<'j>)>,
    depth: usize,
}

/// How many levels of JSON states and choice rules may lie deep. AWS has a code for more, but does not say how many
/// these are; ours also keeps reading and running them within a small stack.
const DEEPEST: usize = 400;

#[derive(Debug, Clone, Copy)]
enum Step<'j> {
    /// A member of an object: its key, and how many stand before it.
    Member(&'j str, usize),
    /// An item of an array.
    Item(usize),
}

impl Place<'_> {
    /// `/States/Pay/Retry[0]`, as AWS writes locations.
    pub(super) fn pointer(&self) -> String {
        let mut text = String::new();
        for step in self.steps() {
            match step {
                Step::Member(key, _) => {
                    text.push('/');
                    text.push_str(key);
                }
                Step::Item(index) => text.extend(["[", &index.to_string(), "]"]),
            }
        }
        if text.is_empty() { "/".to_owned() } else { text }
    }

    pub(super) fn position(&self) -> Vec<usize> {
        let index = |step| match step {
            Step::Member(_, index) | Step::Item(index) => index,
        };
        self.steps().into_iter().map(index).collect()
    }

    fn steps(&self) -> Vec<Step<'_>> {
        let mut steps = Vec::new();
        let mut place = self;
        while let Some((parent, step)) = &place.parent {
            steps.push(*step);
            place = parent;
        }
        steps.reverse();
        steps
    }
}

/// A value of the definition, where it stands, and whom to tell what is wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'j> {
    value: &'j Json,
    place: Rc<Place<'j>>,
    report: &'j Report,
}

impl<'j> Cursor<'j> {
    pub(super) fn at_root(value: &'j Json, report: &'j Report) -> Self {
        Self { value, place: Rc::new(Place { parent: None, depth: 0 }), report }
    }

    fn below(&self, value: &'j Json, step: Step<'j>) -> Self {
        let depth = self.place.depth + 1;
        let place = Place { parent: Some((Rc::clone(&self.place), step)), depth };
        Self { value, place: Rc::new(place), report: self.report }
    }

    pub(super) const fn value(&self) -> &'j Json {
        self.value
    }

    pub(super) const fn report(&self) -> &'j Report {
        self.report
    }

    pub(super) fn finding(&self, code: DiagnosticCode, message: impl Into<String>) {
        self.report.finding(&self.place, code, message.into());
    }

    /// A finding of the commonest kind.
    pub(super) fn invalid(&self, message: impl Into<String>) {
        self.finding(DiagnosticCode::SchemaValidationFailed, message);
    }

    pub(super) fn not_emulated(&self, feature: &str) {
        self.report.not_emulated(&self.place, feature);
    }

    pub(super) fn needs_feature(&self, feature: &'static str) {
        self.report.needs_feature(&self.place, feature);
    }

    /// Whether to go on below; a finding if it gets too deep.
    pub(super) fn is_shallow(&self) -> bool {
        let is_shallow = self.place.depth <= DEEPEST;
        if !is_shallow {
            self.finding(DiagnosticCode::TooDeeplyNested, "The definition is nested too deeply");
        }
        is_shallow
    }

    /// The value, or a finding that it should have been a `wanted`.
    pub(super) fn expect<T>(&self, wanted: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.invalid(format!("Expected value of type {wanted}"));
        }
        value
    }

    pub(super) fn text(&self) -> Option<&'j str> {
        self.expect("String", self.value.as_str())
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        self.expect("Boolean", self.value.as_bool())
    }

    pub(super) fn integer(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.expect("Integer", self.value.as_i64())?;
        let within = u64::try_from(value).ok().filter(|value| range.contains(value));
        if within.is_none() {
            let (least, most) = range.into_inner();
            self.invalid(format!("Value must be between {least} and {most}"));
        }
        within
    }

    pub(super) fn number(&self) -> Option<f64> {
        self.expect("Number", self.value.as_f64())
    }

    /// One of the words, as they are spelt.
    pub(super) fn one_of(&self, field: &str, words: &[&'static str]) -> Option<&'static str> {
        let text = self.text()?;
        let word = words.iter().copied().find(|word| *word == text);
        if word.is_none() {
            let words = words.join(", ");
            self.invalid(format!("The field '{field}' should have one of these values: [{words}]"));
        }
        word
    }

    pub(super) fn items(&self) -> Option<Vec<Self>> {
        let items = self.expect("Array", self.value.as_array())?;
        Some(items.iter().enumerate().map(|(index, item)| self.below(item, Step::Item(index))).collect())
    }

    pub(super) fn nonempty_items(&self) -> Option<Vec<Self>> {
        let items = self.items()?;
        if items.is_empty() {
            self.invalid("Value cannot be empty");
            return None;
        }
        Some(items)
    }

    /// The value at the end of the way; as deep as it goes if it breaks off.
    pub(super) fn descend(&self, keys: &[&str]) -> Self {
        let mut cursor = self.clone();
        for key in keys {
            let next = match cursor.value {
                Json::Object(_) => cursor.value.as_object().and_then(|members| {
                    let (index, key, value) = members.get_full(*key)?;
                    Some((value, Step::Member(key, index)))
                }),
                Json::Array(_) => key
                    .parse()
                    .ok()
                    .and_then(|index: usize| Some((cursor.value.as_array()?.get(index)?, Step::Item(index)))),
                Json::Null
                | Json::Bool(_)
                | Json::Int(_)
                | Json::UInt(_)
                | Json::Float(_)
                | Json::String(_) => None,
            };
            let Some((value, step)) = next else { break };
            cursor = cursor.below(value, step);
        }
        cursor
    }

    pub(super) fn fields(&self) -> Option<Fields<'j>> {
        let members = self.expect("Object", self.value.as_object())?;
        Some(Fields { cursor: self.clone(), members, taken: BTreeSet::new() })
    }
}

/// The fields of an object. Those that nobody takes are not part of the language.
#[derive(Debug)]
pub(super) struct Fields<'j> {
    cursor: Cursor<'j>,
    members: &'j Map,
    taken: BTreeSet<&'static str>,
}

impl<'j> Fields<'j> {
    /// The object itself.
    pub(super) const fn cursor(&self) -> &Cursor<'j> {
        &self.cursor
    }

    pub(super) const fn members(&self) -> &'j Map {
        self.members
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn take(&mut self, name: &'static str) -> Option<Cursor<'j>> {
        let (index, key, value) = self.members.get_full(name)?;
        self.taken.insert(name);
        Some(self.cursor.below(value, Step::Member(key, index)))
    }

    /// All members, whatever their names: of `States`.
    pub(super) fn each(&self) -> impl Iterator<Item = (&'j str, Cursor<'j>)> {
        self.members
            .iter()
            .enumerate()
            .map(|(index, (key, value))| (&**key, self.cursor.below(value, Step::Member(key, index))))
    }

    /// A finding if some of the fields are missing.
    pub(super) fn require(&self, names: &[&str]) {
        let missing: Vec<_> = names.iter().copied().filter(|name| !self.has(name)).collect();
        if !missing.is_empty() {
            let missing = missing.join(", ");
            self.cursor.invalid(format!("These fields are required: [{missing}]"));
        }
    }

    /// A finding if more than one of the fields is there.
    pub(super) fn at_most_one(&self, names: &[&str]) {
        if self.count(names) > 1 {
            let names = names.join(", ");
            self.cursor.invalid(format!("Only one of these fields is allowed: [{names}]"));
        }
    }

    /// A finding unless exactly one of the fields is there.
    pub(super) fn exactly_one(&self, names: &[&str]) {
        self.at_most_one(names);
        self.at_least_one(names);
    }

    /// A finding if none of the fields is there.
    pub(super) fn at_least_one(&self, names: &[&str]) {
        if self.count(names) == 0 {
            let names = names.join(", ");
            self.cursor.invalid(format!("One of these fields is required: [{names}]"));
        }
    }

    fn count(&self, names: &[&str]) -> usize {
        names.iter().filter(|name| self.has(name)).count()
    }

    /// The fields that nobody took. `Comment` is allowed everywhere.
    pub(super) fn untaken(&mut self) -> impl Iterator<Item = &'j str> {
        if !self.taken.contains("Comment") {
            self.take("Comment").and_then(|comment| comment.text());
        }
        self.members.keys().map(|key| &**key).filter(|key| !self.taken.contains(key))
    }

    /// A finding for each field that nobody took.
    pub(super) fn finish(mut self) {
        let cursor = self.cursor.clone();
        for name in self.untaken() {
            cursor.invalid(format!("Field '{name}' is not supported"));
        }
    }
}
