//! What became of the histories.

use crate::mock::replay::Difference;
use crate::model::Json;

/// One history that was run again, or could not be read.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    /// The name of its source.
    pub(super) history: String,
    pub(super) execution_arn: Option<String>,
    /// The differences, or why it cannot be read.
    pub(super) outcome: Result<Vec<Difference>, String>,
}

/// All of them, in the order of the sources.
#[derive(Debug)]
pub(super) struct Report {
    /// The name of the file.
    pub(super) definition: String,
    pub(super) verdicts: Vec<Verdict>,
    /// How many there would have been, had nobody pressed Ctrl-C.
    pub(super) wanted: usize,
}

impl Verdict {
    pub(super) fn differences(&self) -> &[Difference] {
        self.outcome.as_deref().unwrap_or_default()
    }

    pub(super) fn is_same(&self) -> bool {
        self.outcome.as_ref().is_ok_and(Vec::is_empty)
    }

    /// `same`, `different` or `unreadable`.
    pub(super) const fn word(&self) -> &'static str {
        match &self.outcome {
            Ok(differences) if differences.is_empty() => "same",
            Ok(_) => "different",
            Err(_) => "unreadable",
        }
    }

    pub(super) fn to_json(&self) -> Json {
        let mut members =
            vec![("history", Json::from(self.history.as_str())), ("verdict", Json::from(self.word()))];
        if let Some(arn) = &self.execution_arn {
            members.insert(1, ("executionArn", Json::from(arn.as_str())));
        }
        match &self.outcome {
            Ok(differences) if differences.is_empty() => {}
            Ok(differences) => {
                members.push(("differences", Json::array(differences.iter().map(difference).collect())));
            }
            Err(why) => members.push(("error", Json::from(why.as_str()))),
        }
        Json::from_members(members)
    }
}

fn difference(difference: &Difference) -> Json {
    let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Json::from);
    let members = [
        ("kind", Some(Json::from(difference.kind().as_str()))),
        ("place", text(difference.place())),
        ("state", difference.state().and_then(text)),
        ("at", difference.at().and_then(text)),
        ("recorded", Some(Json::from(difference.recorded()))),
        ("now", Some(Json::from(difference.now()))),
        ("text", Some(Json::from(difference.to_string()))),
    ];
    Json::from_members(members.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

impl Report {
    pub(super) fn count(&self, word: &str) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.word() == word).count()
    }
}
