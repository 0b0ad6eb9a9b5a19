//! Reads the table of shapes: a line for each service, shape and action.
//!
//! The table is ours, so that what it does not say is taken for `Any` and what is odd is skipped: a test of the
//! whole table sees to it that there is no such line.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::shape::{Bounds, Member, NamedShape, Shape, ShapeId};

/// One service: its shapes, and what its actions answer.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) shapes: Arc<[NamedShape]>,
    pub(super) actions: BTreeMap<&'static str, Shape>,
}

/// The text of each service.
pub(super) fn services(text: &'static str) -> BTreeMap<&'static str, &'static str> {
    text.split("\n>").skip(1).filter_map(|section| section.split_once('\n')).collect()
}

/// Reads one service.
pub(super) fn service(text: &'static str) -> Service {
    let (mut shapes, mut actions) = (Vec::new(), BTreeMap::new());
    for line in text.lines() {
        if let Some((name, shape)) = line.strip_prefix('=').and_then(|line| line.split_once(' ')) {
            actions.insert(name, Reader { rest: shape }.shape());
        } else if let Some(members) = line.strip_prefix('{') {
            shapes.push(NamedShape::Structure(Reader { rest: members }.members()));
        } else if let Some(values) = line.strip_prefix('|') {
            shapes.push(NamedShape::Enumeration(values.split('|').collect()));
        }
    }
    Service { shapes: shapes.into(), actions }
}

/// What is left of a line.
struct Reader {
    rest: &'static str,
}

impl Reader {
    /// `Name:shape,Name!:shape`: an exclamation mark says that the member is required.
    fn members(&mut self) -> Vec<Member> {
        let mut members = Vec::new();
        while let Some((name, rest)) = self.rest.split_once(':') {
            self.rest = rest;
            let (name, is_required) = name.strip_suffix('!').map_or((name, false), |name| (name, true));
            members.push(Member { name, is_required, shape: self.shape() });
            self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
        }
        members
    }

    fn shape(&mut self) -> Shape {
        let kind = self.rest.chars().next();
        let head = kind.map_or(0, char::len_utf8);
        self.rest = self.rest.get(head..).unwrap_or_default();
        match kind {
            Some('s') => Shape::Text(self.bounds()),
            Some('n') => Shape::Number(self.bounds()),
            Some('b') => Shape::Boolean,
            Some('t') => Shape::Timestamp,
            Some('[') => Shape::Array(Box::new(self.shape())),
            Some('<') => Shape::Map(Box::new(self.shape())),
            Some('#') => self.number().map_or(Shape::Any, |id| Shape::Of(ShapeId(id))),
            _ => Shape::Any,
        }
    }

    /// `1..20`, `1..`, `..20`, or nothing.
    fn bounds(&mut self) -> Bounds {
        let end = self.rest.find([',', ':']).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let (least, most) = text.split_once("..").unwrap_or_default();
        Bounds { least: least.parse().ok(), most: most.parse().ok() }
    }

    fn number(&mut self) -> Option<usize> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }
}
