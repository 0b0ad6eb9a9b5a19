//! The definition of a state machine of which a test only says how it ends, and how long it takes.

use crate::model::Json;

/// What every execution does.
#[derive(Debug, Default)]
pub(super) struct Stub {
    pub(super) seconds: Option<u64>,
    /// `None`: succeeds with its input.
    pub(super) ending: Option<Ending>,
}

#[derive(Debug)]
pub(super) enum Ending {
    Returns(Json),
    Fails { error: String, cause: String },
}

const WAIT: &str = "Run";
const END: &str = "End";

impl Stub {
    /// A Wait state, if it takes any time, and the state it ends in.
    pub(super) fn to_definition(&self) -> String {
        let mut states = Vec::new();
        if let Some(seconds) = self.seconds {
            let wait =
                [("Type", Json::from("Wait")), ("Seconds", Json::from(seconds)), ("Next", Json::from(END))];
            states.push((WAIT, Json::from_members(wait)));
        }
        states.push((END, self.last_state()));
        let start_at = states.first().map_or(END, |(name, _)| name);
        let definition = [("StartAt", Json::from(start_at)), ("States", Json::from_members(states))];
        Json::from_members(definition).to_text()
    }

    fn last_state(&self) -> Json {
        match &self.ending {
            None => Json::from_members([("Type", Json::from("Succeed"))]),
            Some(Ending::Returns(output)) => Json::from_members([
                ("Type", Json::from("Pass")),
                ("Result", output.clone()),
                ("End", Json::from(true)),
            ]),
            Some(Ending::Fails { error, cause }) => Json::from_members([
                ("Type", Json::from("Fail")),
                ("Error", Json::from(error.as_str())),
                ("Cause", Json::from(cause.as_str())),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(seconds: Option<u64>, ending: Option<Ending>) -> String {
        Stub { seconds, ending }.to_definition()
    }

    #[test]
    fn a_result_is_passed_on() {
        assert_eq!(
            definition(None, Some(Ending::Returns(Json::Int(3)))),
            r#"{"StartAt":"End","States":{"End":{"Type":"Pass","Result":3,"End":true}}}"#
        );
    }

    #[test]
    fn a_failure_fails() {
        let ending = Ending::Fails { error: "E".to_owned(), cause: "c".to_owned() };
        assert_eq!(
            definition(None, Some(ending)),
            r#"{"StartAt":"End","States":{"End":{"Type":"Fail","Error":"E","Cause":"c"}}}"#
        );
    }

    #[test]
    fn time_is_waited_before_the_end() {
        assert_eq!(
            definition(Some(90), None),
            r#"{"StartAt":"Run","States":{"Run":{"Type":"Wait","Seconds":90,"Next":"End"},"End":{"Type":"Succeed"}}}"#
        );
    }
}
