//! Which retrier and which catcher took a failure, and why the others did not.

use crate::assertion::history::Visit;
use crate::assertion::wording::{listed, times};
use crate::model::failure::error_name;
use crate::model::{Failure, Json};

use super::written::{error_names, items, text};

/// The retries that a retrier has if it does not say.
const MAX_ATTEMPTS: u64 = 3;
/// How the errors of sfn-testkit itself begin: nothing handles them.
const OURS: &str = "SfnTestkit.";

/// Who takes a failure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handler<'d> {
    pub(super) at: usize,
    pub(super) json: &'d Json,
}

/// The first one in a field such as `Catch` that names the failure.
pub(super) fn handler<'d>(state: &'d Json, field: &str, failure: &Failure) -> Option<Handler<'d>> {
    let mut handlers = items(state, field).iter().enumerate();
    let (at, json) = handlers.find(|(_, handler)| names(handler, failure))?;
    Some(Handler { at, json })
}

/// Whether nothing may retry or catch it.
pub(super) fn is_fatal(failure: &Failure) -> bool {
    failure.is(error_name::RUNTIME)
        || failure.is(error_name::DATA_LIMIT_EXCEEDED)
        || failure.error.as_deref().is_some_and(|error| error.starts_with(OURS))
}

fn names(handler: &Json, failure: &Failure) -> bool {
    !is_fatal(failure)
        && error_names(handler).into_iter().any(|name| match name {
            error_name::ALL => true,
            error_name::TASK_FAILED => !failure.is(error_name::TIMEOUT),
            exact => failure.is(exact),
        })
}

/// Why neither a retrier nor a catcher of the state took its last failure: "it has no Retry; Catch[0] is for `A`".
pub(super) fn why_unhandled(state: &Json, visit: &Visit, failure: &Failure) -> String {
    if state.get("Retry").is_none() && state.get("Catch").is_none() {
        return "there is neither Retry nor Catch".to_owned();
    }
    let mut reasons = vec![why_not_retried(state, visit, failure)];
    reasons.push(refusals(state, "Catch", failure));
    reasons.extend(nearly_named(state, failure));
    reasons.join("; ")
}

/// Why no retrier tries again after the last failure of the visit.
pub(super) fn why_not_retried(state: &Json, visit: &Visit, failure: &Failure) -> String {
    let Some(Handler { at, json }) = handler(state, "Retry", failure) else {
        return refusals(state, "Retry", failure);
    };
    let most = json.get("MaxAttempts").and_then(Json::as_i64).map_or(MAX_ATTEMPTS, i64::unsigned_abs);
    let named = listed(&error_names(json));
    if most == 0 {
        return format!("Retry[{at}] ({named}) comes first and has MaxAttempts 0");
    }
    let default = if json.get("MaxAttempts").is_none() { ", the default" } else { "" };
    let used = retries_by(state, visit, at);
    if used >= most {
        format!("Retry[{at}] ({named}) has retried {}, which is its MaxAttempts{default}", times_u64(used))
    } else {
        format!("Retry[{at}] ({named}) has retried {} of at most {most}", times_u64(used))
    }
}

/// How many retries of the visit a retrier made: each failed attempt but the last was retried by the first one that
/// names its error.
pub(super) fn retries_by(state: &Json, visit: &Visit, retrier: usize) -> u64 {
    let retried = visit.attempts.iter().take(visit.attempts.len().saturating_sub(1));
    let failures = retried.filter_map(|attempt| attempt.failure());
    failures.filter(|failure| handler(state, "Retry", failure).is_some_and(|by| by.at == retrier)).count()
        as u64
}

fn times_u64(count: u64) -> String {
    times(usize::try_from(count).unwrap_or(usize::MAX))
}

/// "it has no Catch", "Catch[0] is for `A`, Catch[1] for `B`".
fn refusals(state: &Json, field: &str, failure: &Failure) -> String {
    let handlers = items(state, field);
    if handlers.is_empty() {
        return format!("it has no {field}");
    }
    let timeout_only = failure.is(error_name::TIMEOUT);
    let refusal = |(at, handler): (usize, &Json)| {
        let names = error_names(handler);
        let but = if timeout_only && names.contains(&error_name::TASK_FAILED) {
            ", which stands for every error but States.Timeout"
        } else {
            ""
        };
        format!("{field}[{at}] is only for {}{but}", listed(&names))
    };
    handlers.iter().enumerate().map(refusal).collect::<Vec<_>>().join(", ")
}

/// A name in an `ErrorEquals` that looks like the error and is not.
fn nearly_named(state: &Json, failure: &Failure) -> Option<String> {
    let error = failure.error.as_deref()?;
    let handlers = items(state, "Retry").iter().chain(items(state, "Catch"));
    let near = handlers.flat_map(error_names).find(|name| *name != error && is_near(name, error))?;
    Some(format!("error names are compared whole and with their case: `{near}` is not `{error}`"))
}

fn is_near(name: &str, error: &str) -> bool {
    let last = |text: &str| text.rsplit('.').next().unwrap_or_default().to_lowercase();
    let stem = |text: &str| {
        let last = last(text);
        last.strip_suffix("exception").or(last.strip_suffix("error")).map_or(last.clone(), str::to_owned)
    };
    !name.starts_with("States.") && stem(name) == stem(error)
}

/// What became of the failure that a catcher led away: "`Save` was retried twice by Retry[0] (`A`), then Catch[0]
/// (`States.ALL`) caught `B` and led to `C`".
pub(super) fn story(state: &Json, visit: &Visit, caught: &Failure) -> Option<String> {
    let told = catch_story(state, visit, caught)?;
    let retried = match retries(state, visit) {
        None if items(state, "Retry").is_empty() || is_fatal(caught) => return Some(told),
        None => format!("was not retried ({})", why_not_retried(state, visit, caught)),
        Some(retried) => retried,
    };
    let start = format!("`{}`", visit.name);
    Some(told.replacen(&format!("{start}: "), &format!("{start} {retried}, then "), 1))
}

/// "was retried twice by Retry[0] (`A`)"; `None` of a visit that was not.
pub(super) fn retries(state: &Json, visit: &Visit) -> Option<String> {
    let retriers = items(state, "Retry").iter().enumerate();
    let told: Vec<String> = retriers
        .filter_map(|(at, retrier)| {
            let count = retries_by(state, visit, at);
            let names = listed(&error_names(retrier));
            (count > 0).then(|| format!("was retried {} by Retry[{at}] ({names})", times_u64(count)))
        })
        .collect();
    (!told.is_empty()).then(|| told.join(" and "))
}

/// The same without the retries: "`Save`: Catch[0] (`States.ALL`) caught `B` and led to `C`".
pub(super) fn catch_story(state: &Json, visit: &Visit, caught: &Failure) -> Option<String> {
    let catcher = handler(state, "Catch", caught)?;
    let error = caught.error.as_deref().unwrap_or("an error without a name");
    let next = text(catcher.json, "Next").unwrap_or_default();
    let named = listed(&error_names(catcher.json));
    let shadowed = shadowed(state, catcher, error);
    let Handler { at, .. } = catcher;
    Some(format!("`{}`: Catch[{at}] ({named}) caught `{error}` and led to `{next}`{shadowed}", visit.name))
}

/// A later catcher names the very error.
fn shadowed(state: &Json, catcher: Handler<'_>, error: &str) -> String {
    if error_names(catcher.json).contains(&error) {
        return String::new();
    }
    let later = items(state, "Catch").iter().enumerate().skip(catcher.at + 1);
    later.filter(|(_, later)| error_names(later).contains(&error)).map(|(at, _)| at).next().map_or_else(
        String::new,
        |at| {
            format!("; Catch[{at}] names `{error}` itself, but catchers are asked in their order and Catch[{}] comes first", catcher.at)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assertion::history::Visits;
    use crate::assertion::test_history::History;

    fn json(text: &str) -> Json {
        Json::parse(text).unwrap()
    }

    /// A visit of `Pay` whose attempts fail with these errors.
    fn visit(errors: &[&str]) -> Visit {
        let mut history = History::started_with("{}").enters_task("Pay", "{}");
        for error in errors {
            history = history.calls("{}").fails(error, "why");
        }
        Visits::of(&history.events()).of_state("Pay")[0].clone()
    }

    #[track_caller]
    fn unhandled(state: &str, errors: &[&str], expected: &str) {
        let failure = Failure::new(*errors.last().unwrap(), "why");
        assert_eq!(why_unhandled(&json(state), &visit(errors), &failure), expected);
    }

    #[test]
    fn handlers_for_other_errors_are_listed() {
        unhandled("{}", &["E"], "there is neither Retry nor Catch");
        unhandled(
            r#"{"Retry": [{"ErrorEquals": ["A", "B"]}], "Catch": [{"ErrorEquals": ["C"]}, {"ErrorEquals": ["D"]}]}"#,
            &["E"],
            "Retry[0] is only for `A`, `B`; Catch[0] is only for `C`, Catch[1] is only for `D`",
        );
    }

    #[test]
    fn attempts_that_are_used_up_are_counted_per_retrier() {
        let state =
            r#"{"Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 1}, {"ErrorEquals": ["States.ALL"]}]}"#;
        unhandled(
            state,
            &["A", "B", "A"],
            "Retry[0] (`A`) has retried once, which is its MaxAttempts; it has no Catch",
        );
        unhandled(
            state,
            &["B", "B", "B", "B"],
            "Retry[1] (`States.ALL`) has retried 3 times, which is its MaxAttempts, the default; it has no Catch",
        );
        unhandled(
            r#"{"Retry": [{"ErrorEquals": ["A"], "MaxAttempts": 0}]}"#,
            &["A"],
            "Retry[0] (`A`) comes first and has MaxAttempts 0; it has no Catch",
        );
    }

    #[test]
    fn what_wildcards_leave_out_is_told() {
        let state = r#"{"Retry": [{"ErrorEquals": ["States.TaskFailed"]}], "Catch": [{"ErrorEquals": ["States.ALL"]}]}"#;
        let failure = Failure::timeout();
        assert_eq!(
            why_not_retried(&json(state), &visit(&["States.Timeout"]), &failure),
            "Retry[0] is only for `States.TaskFailed`, which stands for every error but States.Timeout"
        );
    }

    #[test]
    fn names_that_look_alike_are_told_apart() {
        unhandled(
            r#"{"Catch": [{"ErrorEquals": ["ThrottlingException"]}]}"#,
            &["DynamoDB.ThrottlingException"],
            "it has no Retry; Catch[0] is only for `ThrottlingException`; error names are compared whole and with their \
             case: `ThrottlingException` is not `DynamoDB.ThrottlingException`",
        );
        unhandled(
            r#"{"Catch": [{"ErrorEquals": ["CardDeclinedError"]}]}"#,
            &["cardDeclined"],
            "it has no Retry; Catch[0] is only for `CardDeclinedError`; error names are compared whole and with their \
             case: `CardDeclinedError` is not `cardDeclined`",
        );
    }

    #[track_caller]
    fn told(state: &str, errors: &[&str], expected: Option<&str>) {
        let failure = Failure::new(*errors.last().unwrap(), "why");
        assert_eq!(story(&json(state), &visit(errors), &failure).as_deref(), expected);
    }

    #[test]
    fn retries_and_the_catcher_are_one_story() {
        let catch = r#""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]"#;
        told(
            &format!("{{{catch}}}"),
            &["E"],
            Some("`Pay`: Catch[0] (`States.ALL`) caught `E` and led to `Sorry`"),
        );
        told(
            &format!(r#"{{"Retry": [{{"ErrorEquals": ["E"], "MaxAttempts": 2}}], {catch}}}"#),
            &["E", "E", "E"],
            Some(
                "`Pay` was retried twice by Retry[0] (`E`), then Catch[0] (`States.ALL`) caught `E` and led to `Sorry`",
            ),
        );
        told(
            &format!(r#"{{"Retry": [{{"ErrorEquals": ["F"]}}], {catch}}}"#),
            &["E"],
            Some(
                "`Pay` was not retried (Retry[0] is only for `F`), then Catch[0] (`States.ALL`) caught `E` and led to `Sorry`",
            ),
        );
        told(r#"{"Catch": [{"ErrorEquals": ["F"], "Next": "Sorry"}]}"#, &["E"], None);
    }

    #[test]
    fn a_catcher_that_is_never_asked_is_told() {
        told(
            r#"{"Catch": [{"ErrorEquals": ["States.TaskFailed"], "Next": "Sorry"}, {"ErrorEquals": ["E"], "Next": "Refund"}]}"#,
            &["E"],
            Some(
                "`Pay`: Catch[0] (`States.TaskFailed`) caught `E` and led to `Sorry`; Catch[1] names `E` itself, but \
                 catchers are asked in their order and Catch[0] comes first",
            ),
        );
    }
}
