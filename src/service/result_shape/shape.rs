//! One shape, and the comparison of a result with it.

use std::sync::Arc;

use super::mismatch::{Fault, Mismatch};
use super::validation::FieldValidation;
use crate::model::Json;

/// A number in the list of a service's shapes that have members or names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShapeId(pub(super) usize);

/// What a value must look like.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Any,
    Text(Bounds),
    Number(Bounds),
    Boolean,
    /// `TestState` takes text alone, but optimized integrations also answer with numbers.
    Timestamp,
    Array(Box<Self>),
    /// Any keys.
    Map(Box<Self>),
    Of(ShapeId),
}

/// Of a length or value; both ends belong to it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) least: Option<f64>,
    pub(super) most: Option<f64>,
}

/// A shape that is used in several places, or in itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NamedShape {
    Structure(Vec<Member>),
    Enumeration(Vec<&'static str>),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) shape: Shape,
}

/// What one action answers.
#[derive(Debug, Clone)]
pub(crate) struct ResultShape {
    pub(super) shapes: Arc<[NamedShape]>,
    pub(super) root: Shape,
    pub(super) is_optimized: bool,
}

impl ResultShape {
    /// Finds the first thing that the service would not answer, as AWS does for the mock of `TestState`: fields
    /// that the shape does not know are fine.
    pub(crate) fn check(&self, result: &Json, validation: FieldValidation) -> Result<(), Mismatch> {
        if validation == FieldValidation::None {
            return Ok(());
        }
        if result.as_object().is_none() && self.members(&self.root).is_some() {
            return Err(Mismatch::NoObject);
        }
        let comparison = Comparison { shapes: &self.shapes, validation, numeric_dates: false };
        comparison.compare(&self.root, "", result)
    }

    /// The same for a mock that shall be what a running execution is given: a field that is written in another case
    /// than the service writes it is wrong too, but dates may be numbers where AWS has them.
    pub(crate) fn check_answer(&self, result: &Json, validation: FieldValidation) -> Result<(), Mismatch> {
        if validation == FieldValidation::None {
            return Ok(());
        }
        if result.as_object().is_none() && self.members(&self.root).is_some() {
            return Err(Mismatch::NoObject);
        }
        self.find_misspelled(&self.root, result)?;
        let comparison = Comparison { shapes: &self.shapes, validation, numeric_dates: self.is_optimized };
        comparison.compare(&self.root, "", result)
    }

    fn members(&self, shape: &Shape) -> Option<&[Member]> {
        match shape {
            Shape::Of(id) => match self.shapes.get(id.0)? {
                NamedShape::Structure(members) => Some(members),
                NamedShape::Enumeration(_) => None,
            },
            Shape::Any
            | Shape::Text(_)
            | Shape::Number(_)
            | Shape::Boolean
            | Shape::Timestamp
            | Shape::Array(_)
            | Shape::Map(_) => None,
        }
    }

    fn find_misspelled(&self, shape: &Shape, value: &Json) -> Result<(), Mismatch> {
        match shape {
            Shape::Array(item) => value
                .as_array()
                .unwrap_or_default()
                .iter()
                .try_for_each(|value| self.find_misspelled(item, value)),
            Shape::Map(item) => value
                .as_object()
                .into_iter()
                .flatten()
                .try_for_each(|(_, value)| self.find_misspelled(item, value)),
            Shape::Of(_) => {
                let (Some(members), Some(given)) = (self.members(shape), value.as_object()) else {
                    return Ok(());
                };
                given.iter().try_for_each(|(key, value)| self.check_key(members, key, value))
            }
            Shape::Any | Shape::Text(_) | Shape::Number(_) | Shape::Boolean | Shape::Timestamp => Ok(()),
        }
    }

    fn check_key(&self, members: &[Member], key: &str, value: &Json) -> Result<(), Mismatch> {
        if let Some(member) = members.iter().find(|member| member.name == key) {
            return self.find_misspelled(&member.shape, value);
        }
        match members.iter().find(|member| member.name.eq_ignore_ascii_case(key)) {
            Some(meant) => Err(Mismatch::Misspelled { field: key.to_owned(), name: meant.name.to_owned() }),
            None => Ok(()),
        }
    }
}

/// One comparison of a result with a shape.
struct Comparison<'s> {
    shapes: &'s [NamedShape],
    validation: FieldValidation,
    numeric_dates: bool,
}

impl Comparison<'_> {
    fn compare(&self, shape: &Shape, field: &str, value: &Json) -> Result<(), Mismatch> {
        let wrong = |why| Err(Mismatch::Wrong { field: field.to_owned(), why });
        match shape {
            Shape::Any => Ok(()),
            Shape::Boolean if value.as_bool().is_none() => wrong(Fault::NoBoolean),
            Shape::Boolean => Ok(()),
            Shape::Timestamp if value.as_str().is_some() => Ok(()),
            Shape::Timestamp if self.numeric_dates && value.is_number() => Ok(()),
            Shape::Timestamp => wrong(Fault::NoText),
            Shape::Text(bounds) => match value.as_str() {
                Some(text) => length_fault(*bounds, text).map_or(Ok(()), wrong),
                None => wrong(Fault::NoText),
            },
            Shape::Number(bounds) => match value.as_f64() {
                Some(number) => number_fault(*bounds, number).map_or(Ok(()), wrong),
                None => wrong(Fault::NoNumber),
            },
            Shape::Array(item) => match value.as_array() {
                Some(items) => items.iter().try_for_each(|value| self.compare(item, field, value)),
                None => wrong(Fault::NoArray),
            },
            Shape::Map(item) => match value.as_object() {
                Some(members) => members.iter().try_for_each(|(key, value)| self.compare(item, key, value)),
                None => wrong(Fault::NoObject),
            },
            Shape::Of(id) => match self.shapes.get(id.0) {
                Some(named) => self.compare_named(named, field, value),
                None => Ok(()),
            },
        }
    }

    fn compare_named(&self, named: &NamedShape, field: &str, value: &Json) -> Result<(), Mismatch> {
        let wrong = |why| Err(Mismatch::Wrong { field: field.to_owned(), why });
        let members = match named {
            NamedShape::Structure(members) => members,
            NamedShape::Enumeration(values) => {
                return match value.as_str() {
                    Some(text) if values.contains(&text) => Ok(()),
                    Some(_) => wrong(Fault::Unexpected),
                    None => wrong(Fault::NoText),
                };
            }
        };
        let Some(given) = value.as_object() else { return wrong(Fault::NoObject) };
        let is_missing = |member: &&Member| member.is_required && !given.contains_key(member.name);
        if self.validation == FieldValidation::Strict
            && let Some(missing) = members.iter().find(is_missing)
        {
            return Err(Mismatch::Missing { field: missing.name.to_owned() });
        }
        members.iter().try_for_each(|member| match given.get(member.name) {
            Some(value) => self.compare(&member.shape, member.name, value),
            None => Ok(()),
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "texts are far shorter than a double can count")]
fn length_fault(bounds: Bounds, text: &str) -> Option<Fault> {
    let length = text.chars().count() as f64;
    match bounds {
        Bounds { least: Some(least), .. } if length < least => Some(Fault::TooShort),
        Bounds { most: Some(most), .. } if length > most => Some(Fault::TooLong),
        _ => None,
    }
}

fn number_fault(bounds: Bounds, number: f64) -> Option<Fault> {
    match bounds {
        Bounds { least: Some(least), .. } if number < least => Some(Fault::TooSmall),
        Bounds { most: Some(most), .. } if number > most => Some(Fault::TooLarge),
        _ => None,
    }
}
