//! A state machine: its revisions, its versions and its aliases.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::alias::Alias;
use super::configuration::{Encryption, Logging, Tracing};
use super::tags::Tags;
use crate::asl::definition::Definition;
use crate::model::arn::Place;
use crate::model::{SeededRandom, StateMachineType, Timestamp};

/// A state machine.
#[derive(Debug, Clone)]
pub(super) struct StateMachine {
    /// Unqualified.
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) place: Place,
    pub(super) machine_type: StateMachineType,
    pub(super) creation_date: Timestamp,
    /// What a repeated `CreateStateMachine` is compared with, beside the current revision.
    pub(super) publication: Publication,
    pub(super) current: Arc<Revision>,
    pub(super) versions: BTreeMap<u64, Version>,
    pub(super) last_version: u64,
    /// By name.
    pub(super) aliases: BTreeMap<Arc<str>, Alias>,
    pub(super) tags: Tags,
    /// `DeleteStateMachine` was called, and executions still run.
    pub(super) deleting: bool,
    /// Tells it from an earlier machine of that name.
    pub(super) generation: u64,
    pub(super) running_executions: usize,
    /// For the names of executions and the ids of revisions.
    pub(super) ids: SeededRandom,
}

/// `publish` and `versionDescription` of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Publication {
    pub(super) publish: bool,
    pub(super) description: Option<Arc<str>>,
}

/// What an execution runs with. Never changes: an update makes a new one.
#[derive(Debug)]
pub(super) struct Revision {
    /// `None` for the first one.
    pub(super) id: Option<Arc<str>>,
    pub(super) content: Content,
    pub(super) date: Timestamp,
}

/// The part of a state machine that an update can change.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// As it was given.
    pub(super) definition_text: Arc<str>,
    pub(super) definition: Arc<Definition>,
    pub(super) role_arn: Arc<str>,
    pub(super) logging: Logging,
    pub(super) tracing: Tracing,
    pub(super) encryption: Encryption,
}

impl Content {
    /// Whether `CreateStateMachine` takes it for the same: the role does not count, the spacing of the text does.
    pub(super) fn is_same_creation(&self, other: &Self) -> bool {
        self.definition_text == other.definition_text
            && self.logging == other.logging
            && self.tracing == other.tracing
            && self.encryption == other.encryption
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.is_same_creation(other) && self.role_arn == other.role_arn
    }
}

/// A published revision.
#[derive(Debug, Clone)]
pub(super) struct Version {
    pub(super) revision: Arc<Revision>,
    pub(super) description: Option<Arc<str>>,
    pub(super) creation_date: Timestamp,
}

impl StateMachine {
    pub(super) fn version_arn(&self, number: u64) -> String {
        format!("{}:{number}", self.arn)
    }

    pub(super) fn alias_arn(&self, name: &str) -> String {
        format!("{}:{name}", self.arn)
    }

    /// The names of the aliases that lead to a version.
    pub(super) fn aliases_of(&self, version: u64) -> impl Iterator<Item = &Arc<str>> {
        self.aliases.iter().filter(move |(_, alias)| alias.leads_to(version)).map(|(name, _)| name)
    }

    /// Takes new content, if it is new.
    pub(super) fn update(&mut self, content: Content, now: Timestamp) {
        if !self.current.content.is_same(&content) {
            let id = Some(self.ids.next_uuid().into());
            self.current = Arc::new(Revision { id, content, date: now });
        }
    }

    pub(super) fn is_published(&self) -> bool {
        self.published_as().is_some()
    }

    /// The newest version of the current revision.
    fn published_as(&self) -> Option<u64> {
        let is_current = |version: &Version| Arc::ptr_eq(&version.revision, &self.current);
        self.versions.iter().rev().find(|(_, version)| is_current(version)).map(|(number, _)| *number)
    }

    /// The number of the current revision's version: the one that it has, or a new one.
    pub(super) fn publish(&mut self, description: Option<Arc<str>>, now: Timestamp) -> u64 {
        if let Some(number) = self.published_as() {
            return number;
        }
        self.last_version += 1;
        let version = Version { revision: Arc::clone(&self.current), description, creation_date: now };
        self.versions.insert(self.last_version, version);
        self.last_version
    }
}
