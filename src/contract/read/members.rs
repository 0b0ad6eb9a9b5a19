//! The members of an object of a contract file, each with its JSON pointer.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::model::human_duration::parse_duration;
use crate::model::json::Map;
use crate::model::{Json, Operation};

/// What is wrong, and where: a JSON pointer and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::contract) struct Flaw {
    pub(in crate::contract) pointer: String,
    pub(in crate::contract) reason: String,
}

pub(super) type Read<T> = Result<T, Flaw>;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'j> {
    pub(super) json: &'j Json,
    pub(super) pointer: String,
}

impl<'j> Node<'j> {
    pub(super) const fn root(json: &'j Json) -> Self {
        Self { json, pointer: String::new() }
    }

    pub(super) fn flaw<T>(&self, reason: impl Into<String>) -> Read<T> {
        Err(Flaw { pointer: self.pointer.clone(), reason: reason.into() })
    }

    fn below(&self, key: &str, json: &'j Json) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { json, pointer: format!("{}/{key}", self.pointer) }
    }

    /// The members of an object that has no others than these.
    pub(super) fn members(&self, keys: &'static [&'static str]) -> Read<Members<'j>> {
        let Some(map) = self.json.as_object() else {
            return self.flaw(format!("this must be an object, not {}", self.json));
        };
        if let Some((key, value)) = map.iter().find(|(key, _)| !keys.contains(&&***key)) {
            let reason = format!("`{key}` is not known here; there are {}", listed(keys));
            return self.below(key, value).flaw(reason);
        }
        Ok(Members { node: self.clone(), map })
    }

    pub(super) fn items(&self) -> Read<Vec<Self>> {
        match self.json.as_array() {
            Some(items) => {
                Ok(items.iter().enumerate().map(|(at, item)| self.below(&at.to_string(), item)).collect())
            }
            None => self.flaw(format!("this must be an array, not {}", self.json)),
        }
    }

    pub(super) fn entries(&self) -> Read<Vec<(String, Self)>> {
        match self.json.as_object() {
            Some(map) => {
                Ok(map.iter().map(|(key, value)| (key.to_string(), self.below(key, value))).collect())
            }
            None => self.flaw(format!("this must be an object, not {}", self.json)),
        }
    }

    pub(super) fn text(&self) -> Read<String> {
        match self.json.as_str() {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            Some(_) => self.flaw("this must not be empty"),
            None => self.flaw(format!("this must be a string, not {}", self.json)),
        }
    }

    pub(super) fn number(&self) -> Read<u64> {
        let number = self.json.as_i64().and_then(|number| u64::try_from(number).ok());
        number.map_or_else(|| self.flaw(format!("this must be a natural number, not {}", self.json)), Ok)
    }

    pub(super) fn boolean(&self) -> Read<bool> {
        let value = self.json.as_bool();
        value.map_or_else(|| self.flaw(format!("this must be true or false, not {}", self.json)), Ok)
    }

    pub(super) fn count(&self) -> Read<usize> {
        let number = self.number()?;
        usize::try_from(number).or_else(|_| self.flaw(format!("{number} is too large")))
    }

    pub(super) fn duration(&self) -> Read<Duration> {
        parse_duration(&self.text()?).or_else(|reason| self.flaw(reason))
    }

    pub(super) fn operation(&self) -> Read<Operation> {
        let name = self.text()?;
        Operation::from_name(&name).map_or_else(|| self.flaw(format!("`{name}` is no operation")), Ok)
    }

    pub(super) fn texts(&self) -> Read<Vec<String>> {
        self.items()?.iter().map(Self::text).collect()
    }

    pub(super) fn object(&self) -> Read<Json> {
        self.entries()?;
        Ok(self.json.compacted())
    }

    /// One of the names, as the value that has it.
    pub(super) fn one_of<T: Copy>(&self, all: &[T], name: impl Fn(T) -> &'static str) -> Read<T> {
        let text = self.text()?;
        let found = all.iter().copied().find(|value| name(*value) == text);
        let names: Vec<_> = all.iter().map(|value| name(*value)).collect();
        found.map_or_else(|| self.flaw(format!("`{text}` is none of {}", listed(&names))), Ok)
    }

    pub(super) fn set_of<T: Copy + Ord>(&self, all: &[T], name: fn(T) -> &'static str) -> Read<BTreeSet<T>> {
        self.items()?.iter().map(|item| item.one_of(all, name)).collect()
    }

    pub(super) fn text_map(&self) -> Read<BTreeMap<String, String>> {
        self.entries()?.into_iter().map(|(key, value)| Ok((key, value.text()?))).collect()
    }

    pub(super) fn json_map(&self) -> Read<BTreeMap<String, Json>> {
        Ok(self.entries()?.into_iter().map(|(key, value)| (key, value.json.compacted())).collect())
    }
}

/// The members of an object.
#[derive(Debug, Clone)]
pub(super) struct Members<'j> {
    pub(super) node: Node<'j>,
    map: &'j Map,
}

impl<'j> Members<'j> {
    pub(super) fn get(&self, key: &str) -> Option<Node<'j>> {
        Some(self.node.below(key, self.map.get(key)?))
    }

    pub(super) fn need(&self, key: &str) -> Read<Node<'j>> {
        self.get(key).map_or_else(|| self.node.flaw(format!("`{key}` is missing")), Ok)
    }

    /// What `read` makes of the member, if it is there.
    pub(super) fn may<T>(&self, key: &str, read: impl FnOnce(&Node<'j>) -> Read<T>) -> Read<Option<T>> {
        self.get(key).map(|node| read(&node)).transpose()
    }

    pub(super) fn or_default<T: Default>(
        &self,
        key: &str,
        read: impl FnOnce(&Node<'j>) -> Read<T>,
    ) -> Read<T> {
        Ok(self.may(key, read)?.unwrap_or_default())
    }

    pub(super) fn flaw<T>(&self, reason: impl Into<String>) -> Read<T> {
        self.node.flaw(reason)
    }
}

pub(super) fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
