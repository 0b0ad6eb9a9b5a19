//! A recorded history: all pages of the answer, put together and checked to be whole.

use std::sync::Arc;

use super::documents::documents;
use super::event::shortened;
use super::invalid::InvalidHistory;
use super::log_events;
use crate::model::{HistoryEvent, HistoryEventType as Type, Json};

/// The events of one execution, in order and without a gap, and its ARN where somebody wrote it beside them.
#[derive(Debug, Clone)]
pub(crate) struct RecordedHistory {
    pub(crate) execution_arn: Option<Arc<str>>,
    pub(crate) events: Vec<HistoryEvent>,
}

impl RecordedHistory {
    /// Reads the answers of `GetExecutionHistory` for one execution: `{"events": […]}` or the bare array, one page or
    /// several after another, oldest events first or last.
    pub(crate) fn read(text: &str) -> Result<Self, InvalidHistory> {
        Self::of_pages(&pages_in(text)?)
    }

    /// Reads several executions, one after another: each has an ARN of its own, or begins with its first event.
    pub(crate) fn read_all(text: &str) -> Result<Vec<Self>, InvalidHistory> {
        let mut executions: Vec<Vec<Json>> = Vec::new();
        for page in pages_in(text)? {
            match executions.last_mut().filter(|pages| !begins_another(&page, pages)) {
                Some(pages) => pages.push(page),
                None => executions.push(vec![page]),
            }
        }
        if executions.is_empty() {
            executions.push(Vec::new()); // Which is refused in words.
        }
        executions.iter().map(|pages| Self::of_pages(pages)).collect()
    }

    /// The events of a log, by execution: the ARN, and the text of its history. `None` if the text is no log.
    #[cfg(feature = "cli")]
    pub(crate) fn texts_in_log(text: &str) -> Option<Vec<(String, String)>> {
        let first = Json::parse(documents(text).first()?).ok()?;
        let pages = log_events::is_log_event(&first).then(|| pages_in(text).ok())??;
        let arn_of =
            |page: &Json| page.get("executionArn").and_then(Json::as_str).unwrap_or_default().to_owned();
        Some(pages.iter().map(|page| (arn_of(page), page.to_text())).collect())
    }

    /// The same, of pages that were parsed already.
    pub(crate) fn of_pages(pages: &[Json]) -> Result<Self, InvalidHistory> {
        let mut events = Vec::new();
        for page in pages {
            for event in events_of(page)? {
                events.push(HistoryEvent::from_wire(event)?);
            }
        }
        events.sort_by_key(|event| event.id);
        let execution_arn = pages.iter().find_map(|page| page.get("executionArn")?.as_str().map(Arc::from));
        let history = Self { execution_arn, events };
        history.check_order()?;
        history.check_end(pages)?;
        Ok(history)
    }

    /// The event that ended the execution; `None` while it runs.
    pub(crate) fn end(&self) -> Option<&HistoryEvent> {
        self.events.last().filter(|event| {
            matches!(
                event.event_type,
                Type::ExecutionSucceeded
                    | Type::ExecutionFailed
                    | Type::ExecutionTimedOut
                    | Type::ExecutionAborted
            )
        })
    }

    fn check_order(&self) -> Result<(), InvalidHistory> {
        let Some(first) = self.events.first() else {
            return Err(InvalidHistory::new(
                "there are no events; give what `aws stepfunctions get-execution-history` prints",
            ));
        };
        for (expected, event) in (1_u64..).zip(&self.events) {
            if event.id < expected {
                return Err(InvalidHistory::new(format!(
                    "event {} is there twice; keep each execution in a file or line of its own",
                    event.id
                )));
            }
            if event.id > expected {
                return Err(InvalidHistory::new(format!(
                    "event {expected} is missing; fetch all pages of the history"
                )));
            }
        }
        if first.event_type == Type::ExecutionStarted {
            return Ok(());
        }
        Err(InvalidHistory::new(format!(
            "the first event is {} instead of ExecutionStarted",
            first.event_type
        )))
    }

    /// A page that promises more must not be the last one.
    fn check_end(&self, pages: &[Json]) -> Result<(), InvalidHistory> {
        let promises = |page: &Json| {
            ["nextToken", "NextToken"].iter().any(|key| page.get(key).is_some_and(|token| !token.is_null()))
        };
        if self.end().is_some() || !pages.last().is_some_and(promises) {
            return Ok(());
        }
        let n = self.events.len();
        Err(InvalidHistory::new(format!("the history goes on after event {n}; fetch all pages of it")))
    }
}

fn pages_in(text: &str) -> Result<Vec<Json>, InvalidHistory> {
    let parse = |document: &str| {
        Json::parse(document).map_err(|error| {
            let position = error.position;
            InvalidHistory::new(format!(
                "the history is not JSON: {error} (line {}, column {})",
                position.line, position.column
            ))
        })
    };
    let mut pages = Vec::new();
    let mut logged = Vec::new();
    for document in documents(text) {
        let page = parse(document)?;
        if log_events::is_log_event(&page) { logged.push(page) } else { pages.push(page) }
    }
    pages.extend(log_events::pages(logged));
    Ok(pages)
}

/// Whether a page is of another execution than those before it.
fn begins_another(page: &Json, pages: &[Json]) -> bool {
    let arn_of = |page: &Json| page.get("executionArn").and_then(Json::as_str).map(str::to_owned);
    let begins = |page: &Json| {
        let is_first = |event: &Json| event.get("id").and_then(Json::as_i64) == Some(1);
        events_of(page).is_ok_and(|events| events.iter().any(is_first))
    };
    match (arn_of(page), pages.first().and_then(arn_of)) {
        (Some(arn), Some(before)) => arn != before,
        _ => begins(page) && pages.iter().any(begins),
    }
}

fn events_of(page: &Json) -> Result<&[Json], InvalidHistory> {
    let events = page.as_array().or_else(|| page.get("events")?.as_array());
    events.ok_or_else(|| {
        InvalidHistory::new(format!(
            "this is neither an array of events nor an object with `events`: {}; give what `aws stepfunctions \
             get-execution-history` prints",
            shortened(page)
        ))
    })
}
