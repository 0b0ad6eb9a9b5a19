//! Row 1: the values that everything else speaks about. No behaviour beyond reading and writing themselves.

pub(crate) mod api_error;
pub(crate) mod arn;
pub(crate) mod execution_record;
pub(crate) mod failure;
pub(crate) mod fold;
pub(crate) mod history_event;
pub(crate) mod history_event_type;
pub(crate) mod human_duration;
pub(crate) mod into_duration;
pub(crate) mod json;
pub(crate) mod map_run_record;
pub(crate) mod name;
pub(crate) mod operation;
pub(crate) mod quota;
pub(crate) mod quotas;
pub(crate) mod random;
pub(crate) mod read_history;
pub(crate) mod state_place;
pub(crate) mod status;
pub(crate) mod timestamp;
#[cfg(any(feature = "contracts", all(feature = "record", feature = "server")))]
mod xml;

pub(crate) use api_error::ApiError;
pub(crate) use execution_record::ExecutionRecord;
pub(crate) use failure::Failure;
pub(crate) use fold::fold;
pub(crate) use history_event::{EventDetails, HistoryEvent};
pub(crate) use history_event_type::HistoryEventType;
pub use into_duration::IntoDuration;
pub(crate) use json::Json;
pub use map_run_record::{MapRunCounts, MapRunStatus};
pub use operation::Operation;
pub use quotas::Quota;
pub(crate) use quotas::Quotas;
pub(crate) use random::SeededRandom;
pub use read_history::InvalidHistory;
pub(crate) use state_place::StatePlace;
pub use status::ExecutionStatus;
pub(crate) use status::StateMachineType;
pub use timestamp::Timestamp;
#[cfg(any(feature = "contracts", all(feature = "record", feature = "server")))]
pub(crate) use xml::xml_text;
