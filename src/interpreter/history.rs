//! The one place that numbers history events and says which event follows from which.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::model::failure::error_name;
use crate::model::{
    EventDetails, Failure, HistoryEvent, HistoryEventType, Quota, Quotas, StateMachineType, Timestamp, quota,
};

/// The events of one execution so far.
#[derive(Debug, Clone)]
pub(super) struct History {
    events: Vec<HistoryEvent>,
    payload_bytes: usize,
    /// Where the large payloads lie that are counted; the events keep them there.
    counted: BTreeSet<usize>,
    limit: u64,
    state_machine_type: StateMachineType,
}

/// The history is full: the execution has just been ended by its last event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HistoryFull(pub(super) Failure);

impl History {
    pub(super) fn new(state_machine_type: StateMachineType, quotas: &Quotas) -> Self {
        let limit = match state_machine_type {
            StateMachineType::Standard => quotas.get(Quota::HistoryEvents),
            StateMachineType::Express => quota::EXPRESS_EVENTS,
        };
        Self { events: Vec::new(), payload_bytes: 0, counted: BTreeSet::new(), limit, state_machine_type }
    }

    /// 0 before the first event.
    pub(super) const fn last_id(&self) -> u64 {
        self.events.len() as u64
    }

    /// Whether something may follow upon one more event.
    pub(super) const fn has_room(&self) -> bool {
        self.last_id() + 1 < self.limit
    }

    pub(super) fn events(&self) -> &[HistoryEvent] {
        &self.events
    }

    pub(super) const fn payload_bytes(&self) -> usize {
        self.payload_bytes
    }

    /// Gives back what it would need to grow: there are often many that have ended.
    pub(super) fn shrink(&mut self) {
        self.events.shrink_to_fit();
    }

    /// Appends an event that follows from `previous`, and returns its id. The last event that fits is always the
    /// failure that says so.
    pub(super) fn append(
        &mut self,
        now: Timestamp,
        previous: u64,
        event_type: HistoryEventType,
        details: EventDetails,
    ) -> Result<u64, HistoryFull> {
        let id = self.events.len() as u64 + 1;
        self.count(details.payload());
        let fits = id < self.limit && self.payload_bytes <= quota::HISTORY_BYTES;
        if fits || ends_execution(event_type) {
            self.events.push(HistoryEvent {
                id,
                previous_event_id: previous,
                timestamp: now,
                event_type,
                details,
            });
            return Ok(id);
        }
        let failure = self.full();
        self.events.push(HistoryEvent {
            id,
            previous_event_id: id - 1,
            timestamp: now,
            event_type: HistoryEventType::ExecutionFailed,
            details: EventDetails::Failed(failure.clone()),
        });
        Err(HistoryFull(failure))
    }

    /// Events that follow each other often share one payload.
    fn count(&mut self, payload: Option<&Arc<str>>) {
        const LARGE: usize = 1024;
        let Some(payload) = payload else { return };
        if payload.len() < LARGE || self.counted.insert(payload.as_ptr().addr()) {
            self.payload_bytes = self.payload_bytes.saturating_add(payload.len());
        }
    }

    fn full(&self) -> Failure {
        if self.payload_bytes > quota::HISTORY_BYTES {
            return Failure::new(
                error_name::RUNAWAY_EXECUTION,
                format!(
                    "The history of the execution holds more than {} bytes of payloads; sfn-testkit stops it here. On AWS it would go on.",
                    quota::HISTORY_BYTES
                ),
            );
        }
        match self.state_machine_type {
            StateMachineType::Standard => Failure::runtime(format!(
                "The execution reached the maximum number of history events ({}).",
                self.limit
            )),
            StateMachineType::Express => Failure::new(
                error_name::RUNAWAY_EXECUTION,
                format!(
                    "The execution made {} events; sfn-testkit stops it here. On AWS it would go on until five minutes have passed.",
                    self.limit
                ),
            ),
        }
    }
}

fn ends_execution(event_type: HistoryEventType) -> bool {
    matches!(
        event_type,
        HistoryEventType::ExecutionSucceeded
            | HistoryEventType::ExecutionFailed
            | HistoryEventType::ExecutionAborted
            | HistoryEventType::ExecutionTimedOut
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_25000_is_the_failure_that_says_so() {
        let mut history = History::new(StateMachineType::Standard, &Quotas::default());
        let now = Timestamp::from_millis(0);
        for id in 1..25_000 {
            let appended =
                history.append(now, id - 1, HistoryEventType::PassStateEntered, EventDetails::None);
            assert_eq!(appended, Ok(id));
        }
        let full = history.append(now, 24_999, HistoryEventType::PassStateExited, EventDetails::None);
        assert_eq!(
            full.unwrap_err().0.cause.as_deref(),
            Some("The execution reached the maximum number of history events (25000).")
        );
        let last = history.events().last().unwrap();
        assert_eq!((last.id, last.previous_event_id), (25_000, 24_999));
        assert_eq!(last.event_type, HistoryEventType::ExecutionFailed);
    }

    #[test]
    fn an_execution_may_end_with_event_25000() {
        let mut history = History::new(StateMachineType::Standard, &Quotas::default());
        let now = Timestamp::from_millis(0);
        for id in 1..25_000 {
            history.append(now, id - 1, HistoryEventType::PassStateEntered, EventDetails::None).unwrap();
        }
        let end = history.append(now, 24_999, HistoryEventType::ExecutionSucceeded, EventDetails::None);
        assert_eq!(end, Ok(25_000));
    }

    #[test]
    fn a_history_of_too_many_payloads_is_stopped_and_shared_ones_count_once() {
        let mut history = History::new(StateMachineType::Standard, &Quotas::default());
        let now = Timestamp::from_millis(0);
        let mut append = |input: &Arc<str>| {
            let details = EventDetails::StateEntered { name: "S".into(), input: Arc::clone(input) };
            history.append(now, 0, HistoryEventType::PassStateEntered, details)
        };
        let largest = "x".repeat(quota::PAYLOAD_BYTES);
        let shared = Arc::from(largest.as_str());
        for _ in 0..2000 {
            append(&shared).unwrap();
        }
        for _ in 1..quota::HISTORY_BYTES / quota::PAYLOAD_BYTES {
            append(&Arc::from(largest.as_str())).unwrap();
        }
        let HistoryFull(failure) = append(&Arc::from(largest.as_str())).unwrap_err();
        assert_eq!(failure.error.as_deref(), Some("SfnTestkit.RunawayExecution"));
        assert_eq!(
            failure.cause.as_deref(),
            Some(
                "The history of the execution holds more than 268435456 bytes of payloads; sfn-testkit stops it here. On AWS it would go on."
            )
        );
    }
}
