//! The steps of a path, and how they read in Jayway's sentences.

use std::fmt;
use std::sync::Arc;

use super::JsonPath;
use super::filter::Filter;
use super::function::Function;
use crate::model::Json;

#[derive(Debug, Clone)]
pub(super) enum Token {
    /// `.name`, `['name']`
    Property(Name),
    /// `['a','b']`
    Properties(Vec<Name>),
    /// `*`
    Wildcard,
    /// `..`: every container below, this one included.
    Scan,
    /// `[0]`, `[-1]`
    Index(i64),
    /// `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:3]`; negative numbers count from the end.
    Slice(Option<i64>, Option<i64>),
    /// `[?(…)]`
    Filter(Filter),
    /// `.length()`
    Function(Call),
}

/// A property's name, and the quote it was written with (`'` if none), which error texts repeat.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) name: Arc<str>,
    pub(super) quote: char,
}

/// A function and its arguments.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) arguments: Vec<Argument>,
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    Value(Json),
    Path(JsonPath),
}

impl Token {
    /// Whether it leads to one place at most. Several names at the end of a path make one merged object.
    pub(super) fn is_definite(&self, is_leaf: bool) -> bool {
        match self {
            Self::Property(_) | Self::Index(_) | Self::Function(_) => true,
            Self::Properties(_) => is_leaf,
            Self::Wildcard | Self::Scan | Self::Indexes(_) | Self::Slice(..) | Self::Filter(_) => false,
        }
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(name) => write!(f, "[{name}]"),
            Self::Properties(names) => write_list(f, names),
            Self::Wildcard => f.write_str("[*]"),
            Self::Scan => f.write_str(".."),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Indexes(indexes) => write_list(f, indexes),
            Self::Slice(from, to) => {
                let bound = |bound: &Option<i64>| bound.map_or_else(String::new, |number| number.to_string());
                write!(f, "[{}:{}]", bound(from), bound(to))
            }
            Self::Filter(_) => f.write_str("[?]"),
            Self::Function(call) => {
                let arguments = if call.arguments.is_empty() { "" } else { "..." };
                write!(f, ".{}({arguments})", call.function.name())
            }
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{quote}{}{quote}", self.name, quote = self.quote)
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    f.write_str("[")?;
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            f.write_str(",")?;
        }
        write!(f, "{item}")?;
    }
    f.write_str("]")
}
