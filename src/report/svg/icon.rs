//! A sign for each type of state, in a square of 16 by 16.

use crate::assertion::history::StateKind;

/// The path of the sign.
pub(super) const fn icon(kind: StateKind) -> &'static str {
    match kind {
        StateKind::Task => "M4 2.5 13 8l-9 5.5z",
        StateKind::Pass => "M1.5 8h12M9.5 4l4 4-4 4",
        StateKind::Choice => "M8 1.5 14.5 8 8 14.5 1.5 8z",
        StateKind::Wait => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8zM8 4.6V8l2.6 1.8",
        StateKind::Succeed => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8zM5.2 8.2l2 2L11 6.2",
        StateKind::Fail => {
            "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8zM5.7 5.7l4.6 4.6M10.3 5.7 5.7 10.3"
        }
        StateKind::Parallel => "M3 2.5v11M8 2.5v11M13 2.5v11",
        StateKind::Map => "M2 5l6-3 6 3-6 3zM2 8l6 3 6-3M2 11l6 3 6-3",
    }
}
