//! What there is to take in a definition, one point at a time, and how each is called in words.

use std::sync::Arc;

/// A thing that a test can take or leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    /// `None` for what belongs to the execution as a whole.
    pub(crate) state: Option<Arc<str>>,
    pub(crate) kind: PointKind,
    /// How often it was taken.
    pub(crate) hits: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PointKind {
    /// The state is entered.
    State,
    Next {
        to: Arc<str>,
    },
    End,
    Rule {
        index: usize,
        to: Arc<str>,
    },
    Default {
        to: Arc<str>,
    },
    /// With how often each of its `ErrorEquals` was the reason.
    Retrier {
        index: usize,
        errors: Vec<(Arc<str>, u64)>,
    },
    Catcher {
        index: usize,
        to: Arc<str>,
        errors: Vec<(Arc<str>, u64)>,
    },
    /// `TimeoutSeconds` of a Task, or of the definition.
    Timeout,
    Heartbeat,
}

/// What points are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Category {
    States,
    Transitions,
    Choices,
    Retriers,
    Catchers,
    Timeouts,
}

impl Category {
    pub(crate) const ALL: [Self; 6] =
        [Self::States, Self::Transitions, Self::Choices, Self::Retriers, Self::Catchers, Self::Timeouts];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::States => "states",
            Self::Transitions => "transitions",
            Self::Choices => "choices",
            Self::Retriers => "retriers",
            Self::Catchers => "catchers",
            Self::Timeouts => "timeouts",
        }
    }
}

impl Point {
    pub(crate) const fn category(&self) -> Category {
        match self.kind {
            PointKind::State => Category::States,
            PointKind::Next { .. } | PointKind::End => Category::Transitions,
            PointKind::Rule { .. } | PointKind::Default { .. } => Category::Choices,
            PointKind::Retrier { .. } => Category::Retriers,
            PointKind::Catcher { .. } => Category::Catchers,
            PointKind::Timeout | PointKind::Heartbeat => Category::Timeouts,
        }
    }

    pub(crate) const fn is_taken(&self) -> bool {
        self.hits > 0
    }

    /// What it is, such as `CreateProfile: Catch[0] (States.ALL) → ReportFailure`.
    pub(crate) fn label(&self) -> String {
        let what = match &self.kind {
            PointKind::State => return self.state.as_deref().unwrap_or_default().to_owned(),
            PointKind::Next { to } => format!("Next → {to}"),
            PointKind::End => "End".to_owned(),
            PointKind::Rule { index, to } => format!("Choices[{index}] → {to}"),
            PointKind::Default { to } => format!("Default → {to}"),
            PointKind::Retrier { index, errors } => format!("Retry[{index}] ({})", names(errors)),
            PointKind::Catcher { index, to, errors } => format!("Catch[{index}] ({}) → {to}", names(errors)),
            PointKind::Timeout => "TimeoutSeconds".to_owned(),
            PointKind::Heartbeat => "HeartbeatSeconds".to_owned(),
        };
        match &self.state {
            Some(state) => format!("{state}: {what}"),
            None => what,
        }
    }

    /// Says that it was never taken: a sentence without its full stop.
    pub(crate) fn never(&self) -> String {
        let Some(state) = &self.state else {
            return "no execution reaches TimeoutSeconds of the definition".to_owned();
        };
        match &self.kind {
            PointKind::State => format!("`{state}` is never entered"),
            PointKind::Next { to } => format!("`{state}` never goes on to `{to}`"),
            PointKind::End => format!("`{state}` never comes to its End"),
            PointKind::Rule { index, to } => {
                format!("`{state}`: Choices[{index}], which leads to `{to}`, never holds")
            }
            PointKind::Default { to } => format!("`{state}`: Default, which leads to `{to}`, is never taken"),
            PointKind::Retrier { index, errors } => {
                format!("`{state}`: Retry[{index}], for {}, never retries", names(errors))
            }
            PointKind::Catcher { index, to, errors } => {
                format!(
                    "`{state}`: Catch[{index}], for {}, never catches, and never leads to `{to}`",
                    names(errors)
                )
            }
            PointKind::Timeout => format!("`{state}` never reaches its TimeoutSeconds"),
            PointKind::Heartbeat => format!("`{state}` never misses a heartbeat"),
        }
    }

    /// The errors of a retrier or catcher that was taken, but never because of these.
    pub(crate) fn unseen_errors(&self) -> Option<String> {
        let (field, index, errors) = match &self.kind {
            PointKind::Retrier { index, errors } => ("Retry", index, errors),
            PointKind::Catcher { index, errors, .. } => ("Catch", index, errors),
            PointKind::State
            | PointKind::Next { .. }
            | PointKind::End
            | PointKind::Rule { .. }
            | PointKind::Default { .. }
            | PointKind::Timeout
            | PointKind::Heartbeat => return None,
        };
        let unseen: Vec<_> = errors.iter().filter(|(_, hits)| *hits == 0).cloned().collect();
        if !self.is_taken() || unseen.is_empty() {
            return None;
        }
        let state = self.state.as_deref().unwrap_or_default();
        Some(format!("`{state}`: {field}[{index}] never sees {}", names(&unseen)))
    }
}

fn names(errors: &[(Arc<str>, u64)]) -> String {
    errors.iter().map(|(name, _)| &**name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: PointKind, label: &str, never: &str) {
        let point = Point { state: Some("Pay".into()), kind, hits: 0 };
        assert_eq!((point.label().as_str(), point.never().as_str()), (label, never));
    }

    fn errors(hits: [u64; 2]) -> Vec<(Arc<str>, u64)> {
        vec![("A".into(), hits[0]), ("B".into(), hits[1])]
    }

    #[test]
    fn every_point_is_told_in_words() {
        check(PointKind::State, "Pay", "`Pay` is never entered");
        check(PointKind::Next { to: "Ship".into() }, "Pay: Next → Ship", "`Pay` never goes on to `Ship`");
        check(PointKind::End, "Pay: End", "`Pay` never comes to its End");
        check(
            PointKind::Rule { index: 1, to: "Ship".into() },
            "Pay: Choices[1] → Ship",
            "`Pay`: Choices[1], which leads to `Ship`, never holds",
        );
        check(
            PointKind::Default { to: "Ship".into() },
            "Pay: Default → Ship",
            "`Pay`: Default, which leads to `Ship`, is never taken",
        );
        check(
            PointKind::Retrier { index: 0, errors: errors([0, 0]) },
            "Pay: Retry[0] (A, B)",
            "`Pay`: Retry[0], for A, B, never retries",
        );
        check(
            PointKind::Catcher { index: 0, to: "Ship".into(), errors: errors([0, 0]) },
            "Pay: Catch[0] (A, B) → Ship",
            "`Pay`: Catch[0], for A, B, never catches, and never leads to `Ship`",
        );
        check(PointKind::Timeout, "Pay: TimeoutSeconds", "`Pay` never reaches its TimeoutSeconds");
        check(PointKind::Heartbeat, "Pay: HeartbeatSeconds", "`Pay` never misses a heartbeat");
        let of_execution = Point { state: None, kind: PointKind::Timeout, hits: 0 };
        assert_eq!(of_execution.label(), "TimeoutSeconds");
        assert_eq!(of_execution.never(), "no execution reaches TimeoutSeconds of the definition");
    }

    #[test]
    fn errors_that_a_used_retrier_never_sees_are_told() {
        let of = |hits: [u64; 2]| {
            let kind = PointKind::Retrier { index: 2, errors: errors(hits) };
            Point { state: Some("Pay".into()), kind, hits: hits.iter().sum() }.unseen_errors()
        };
        assert_eq!(of([1, 0]).as_deref(), Some("`Pay`: Retry[2] never sees B"));
        assert_eq!(of([1, 1]), None);
        assert_eq!(of([0, 0]), None, "it is told already that it never retries");
    }
}
