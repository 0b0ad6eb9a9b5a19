//! A recording and the file it goes to, which somebody else may have written meanwhile.

use super::format::CassetteFile;
use super::recorder::{Recorder, RecorderSettings};
use super::replayer::Replayer;
use super::secrets::{InUse, SecretFound};
use super::variable::Kind;
use crate::model::{Json, Operation};

/// A call of a session, and what the network answered if the cassette did not.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) request: Json,
    pub(super) live: Option<(u16, Json)>,
}

/// How a session is written.
#[derive(Debug, Clone)]
pub(super) struct Writing<'s> {
    pub(super) settings: &'s RecorderSettings,
    pub(super) in_use: &'s InUse,
    /// Today, UTC.
    pub(super) today: &'s str,
}

impl Writing<'_> {
    /// A file of nothing but these calls. Dates are as in the file before, where it has as many: they are new every
    /// time, and would hide in a review what really changed.
    pub(super) fn anew(
        &self,
        calls: &[Call],
        before: Option<&CassetteFile>,
    ) -> Result<CassetteFile, SecretFound> {
        let mut recorder = self.recorder();
        for Call { operation, request, live } in calls {
            if let Some((status, response)) = live {
                recorder.observe(*operation, request, *status, response);
            }
        }
        let mut file = recorder.finish(Some(self.today))?;
        for (variable, value) in &mut file.vars {
            let is_date = matches!(Kind::of(variable), Some(Kind::Date | Kind::Time));
            if let Some(known) = before.filter(|_| is_date).and_then(|before| before.vars.get(variable)) {
                value.clone_from(known);
            }
        }
        Ok(file)
    }

    /// The file with the calls that it does not answer, each where it belongs; the file itself if there are none.
    pub(super) fn added(&self, calls: &[Call], file: CassetteFile) -> Result<CassetteFile, SecretFound> {
        let mut replayer = Replayer::new(file.clone());
        let mut recorder = self.recorder();
        for Call { operation, request, live } in calls {
            if replayer.answer(*operation, request).is_err()
                && let Some((status, response)) = live
            {
                recorder.observe_at(replayer.present(), (*operation, request, *status, response));
                replayer.set_apart(*operation, request, response);
            }
        }
        if recorder.is_empty() { Ok(file) } else { recorder.added_to(file, replayer.values()) }
    }

    fn recorder(&self) -> Recorder {
        let mut recorder = Recorder::new(self.settings.clone());
        recorder.guard_all(self.in_use);
        recorder
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::test_tape::{Exchange, ask, describe, record, start, status, stop};

    fn calls(exchanges: &[Exchange]) -> Vec<Call> {
        let live = |(operation, request, status, response): &Exchange| Call {
            operation: *operation,
            request: request.clone(),
            live: Some((*status, response.clone())),
        };
        exchanges.iter().map(live).collect()
    }

    fn writing<T>(write: impl FnOnce(&Writing<'_>) -> Result<T, SecretFound>) -> T {
        let (settings, in_use) = (RecorderSettings::default(), InUse::default());
        write(&Writing { settings: &settings, in_use: &in_use, today: "2026-12-31" }).unwrap()
    }

    #[test]
    fn what_a_file_answers_already_is_not_added() {
        let session = [start("run-11111111", "{}"), describe("run-11111111", "RUNNING")];
        let file = record(&session);
        let again = [start("run-22222222", "{}"), describe("run-22222222", "RUNNING")];
        assert_eq!(writing(|writing| writing.added(&calls(&again), file.clone())), file);
    }

    #[test]
    fn what_an_added_call_has_started_is_nothing_that_was_recorded() {
        let file = record(&[describe("gone-11111111", "FAILED")]);
        let session = [start("run-22222222", "{}"), describe("run-22222222", "RUNNING")];
        let merged = writing(|writing| writing.added(&calls(&session), file));
        assert_eq!(merged.interactions.len(), 3);
        let mut replayer = Replayer::new(merged);
        ask(&mut replayer, &start("x-1", "{}")).unwrap();
        assert_eq!(status(&mut replayer, "x-1"), "RUNNING");
        assert_eq!(status(&mut replayer, "y-1"), "FAILED");
    }

    #[test]
    fn an_addition_stands_where_it_was_asked_and_speaks_of_the_same_things() {
        let file =
            record(&[start("run-11111111", "{}"), stop("run-11111111"), describe("run-11111111", "ABORTED")]);
        let session = [
            start("run-22222222", "{}"),
            describe("run-22222222", "RUNNING"),
            stop("run-22222222"),
            describe("run-22222222", "ABORTED"),
            start("run-33333333", r#"{"n":3}"#),
        ];
        let merged = writing(|writing| writing.added(&calls(&session), file));
        let outline: Vec<&str> = merged.interactions.iter().map(|one| one.operation.name()).collect();
        assert_eq!(
            outline,
            ["StartExecution", "DescribeExecution", "StopExecution", "DescribeExecution", "StartExecution"]
        );
        assert_eq!(merged.recorded.as_deref(), Some("2026-11-25"), "the day of the oldest part");
        let mut replayer = Replayer::new(merged);
        ask(&mut replayer, &start("x-1", "{}")).unwrap();
        assert_eq!(status(&mut replayer, "x-1"), "RUNNING");
        ask(&mut replayer, &stop("x-1")).unwrap();
        assert_eq!(status(&mut replayer, "x-1"), "ABORTED");
        ask(&mut replayer, &start("x-2", r#"{"n":3}"#)).unwrap();
        assert_eq!(replayer.unused(), []);
    }

    #[test]
    fn a_new_recording_keeps_the_dates_of_the_old_one() {
        let old = record(&[start("run-11111111", "{}")]);
        let (operation, request, status, response) = start("run-22222222", "{}");
        let later = Json::from_members([
            ("executionArn", response.get("executionArn").unwrap().clone()),
            ("startDate", Json::Int(1_800_000_000)),
        ]);
        let new = writing(|writing| writing.anew(&calls(&[(operation, request, status, later)]), Some(&old)));
        assert_eq!(new.vars.get("date-1"), old.vars.get("date-1"));
        assert_eq!(new.vars.get("name-1").map(String::as_str), Some("run-22222222"));
        assert_eq!(new.recorded.as_deref(), Some("2026-12-31"));
        assert_eq!(new.interactions, old.interactions);
    }
}
