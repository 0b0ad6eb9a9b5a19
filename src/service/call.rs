//! One call as the operations see it: who calls, when, and the members of the input.

use super::account::Caller;
use super::family::FamilyId;
use super::timetable::Beginning;
use crate::model::json::Map;
use crate::model::{ApiError, Json, Operation, Timestamp};

/// A call whose input keeps within the model's constraints.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'c> {
    pub(super) caller: &'c Caller,
    pub(super) operation: Operation,
    pub(super) input: &'c Json,
    /// On the base clock.
    pub(super) now: Timestamp,
    /// The execution that makes the call.
    pub(super) starter: Option<Starter>,
}

/// An execution that calls, as far as it concerns those that it starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starter {
    pub(super) beginning: Beginning,
    pub(super) family: FamilyId,
    /// How many executions would wait for one that it starts now.
    pub(super) depth: usize,
}

impl<'c> Call<'c> {
    /// When an execution begins that this call starts.
    pub(super) fn start_date(&self) -> Timestamp {
        self.starter.map_or(self.now, |starter| starter.beginning.at)
    }

    pub(super) fn member(&self, name: &str) -> Option<&'c Json> {
        self.input.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Option<&'c str> {
        self.member(name)?.as_str()
    }

    /// A member that the model requires: the constraints have seen to it that it is there.
    pub(super) fn required(&self, name: &str) -> &'c str {
        self.text(name).unwrap_or_default()
    }

    /// A boolean, `false` when absent.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.member(name).and_then(Json::as_bool).unwrap_or(false)
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        integer(self.member(name)?)
    }

    pub(super) fn includes_data(&self) -> IncludedData {
        match self.text("includedData") {
            Some("METADATA_ONLY") => IncludedData::MetadataOnly,
            Some(_) | None => IncludedData::AllData,
        }
    }
}

/// A whole number; the serializer of AWS cuts fractions off.
pub(super) fn integer(given: &Json) -> Option<i64> {
    given.as_i64().or_else(|| Json::Float(given.as_f64()?.trunc()).as_i64())
}

/// Whether an answer shows what a KMS key may protect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IncludedData {
    AllData,
    MetadataOnly,
}

/// An answer under construction; absent members are left out, as AWS does.
#[derive(Debug, Default)]
pub(super) struct Answer {
    members: Map,
}

impl Answer {
    pub(super) fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.members.insert(name.into(), value.into());
        self
    }

    pub(super) fn with_optional(self, name: &str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    pub(super) fn with_date(self, name: &str, date: Timestamp) -> Self {
        self.with(name, date.to_epoch_seconds())
    }

    /// An input or output, and the member that says whether it is shown.
    pub(super) fn with_payload(self, name: &str, text: Option<&str>, shown: IncludedData) -> Self {
        let included = shown == IncludedData::AllData;
        self.with_optional(name, text.filter(|_| included))
            .with(&format!("{name}Details"), Json::from_members([("included", Json::Bool(included))]))
    }

    pub(super) fn done(self) -> Result<Json, ApiError> {
        Ok(Json::object(self.members))
    }

    pub(super) fn into_json(self) -> Json {
        Json::object(self.members)
    }
}
