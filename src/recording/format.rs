//! The file of a cassette: made to be read in a pull request.

use std::fmt;

use indexmap::IndexMap;

use super::interaction::Interaction;
use super::read;
use super::redaction::Redaction;
use crate::model::Json;
use crate::model::json::Map;

/// The format this version writes, and the only one it reads.
pub(super) const FORMAT: &str = "sfn-cassette/1";

/// A recording as it stands in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CassetteFile {
    /// The day of the recording, UTC: `2026-11-25`. Of a file that was added to, that of its oldest part.
    pub(crate) recorded: Option<String>,
    /// What was taken out of payloads, and has to be taken out of requests before they are compared.
    pub(crate) redacted: Vec<Redaction>,
    /// What each variable stands for until a request brings its own value.
    pub(crate) vars: IndexMap<String, String>,
    /// In the order in which they happened.
    pub(crate) interactions: Vec<Interaction>,
}

/// A text that is no cassette, or none that this version reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InvalidCassette {
    /// A JSON pointer such as `/interactions/3/op`, or `line 4, column 7`; empty for the whole.
    pub(crate) place: String,
    pub(crate) reason: String,
}

impl fmt::Display for InvalidCassette {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.reason),
            place => write!(f, "{place}: {}", self.reason),
        }
    }
}

impl CassetteFile {
    /// Reads the text of a file.
    pub(crate) fn read(text: &str) -> Result<Self, InvalidCassette> {
        read::file(text)
    }

    /// The text of the file: pretty, and always in the same order.
    pub(crate) fn to_text(&self) -> String {
        let mut file = Map::new();
        file.insert("format".into(), Json::from(FORMAT));
        if let Some(recorded) = &self.recorded {
            file.insert("recorded".into(), Json::from(recorded.as_str()));
        }
        if !self.redacted.is_empty() {
            let paths = self.redacted.iter().map(|path| Json::from(path.text())).collect();
            file.insert("redacted".into(), Json::array(paths));
        }
        let vars = self.vars.iter().map(|(name, value)| (name.as_str(), Json::from(value.as_str())));
        file.insert("vars".into(), Json::from_members(vars));
        file.insert("interactions".into(), Json::array(self.interactions.iter().map(written).collect()));
        format!("{}\n", Json::object(file).to_pretty_text())
    }
}

fn written(interaction: &Interaction) -> Json {
    let mut members = Map::new();
    members.insert("op".into(), Json::from(interaction.operation.name()));
    members.insert("request".into(), interaction.request.clone());
    members.insert("status".into(), Json::Int(interaction.status.into()));
    if let Some(error) = &interaction.error {
        members.insert("error".into(), Json::from(error.as_str()));
    }
    members.insert("response".into(), interaction.response.clone());
    if interaction.times != 1 {
        members.insert("times".into(), Json::from(interaction.times));
    }
    Json::object(members)
}
