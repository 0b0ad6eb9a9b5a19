//! Fails the test at its end if something went wrong behind its back.

use std::fmt;

use super::core::Core;
use super::fault_registry::FaultEntry;
use super::problem::{report, unmet_expectation, unmet_fault};
use super::task_registry::{CalledTask, TaskMockEntry};

/// Shared by all the handles that a user has on one mock; verifies when the last is dropped.
pub(super) struct Guard {
    core: Core,
    on_drop: OnDrop,
}

/// What the end of the last handle does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDrop {
    Verify,
    Nothing,
}

impl Guard {
    pub(super) const fn new(core: Core, on_drop: OnDrop) -> Self {
        Self { core, on_drop }
    }

    pub(super) const fn core(&self) -> &Core {
        &self.core
    }
}

impl Core {
    /// The tasks that nobody answered so far: state and reason.
    pub(super) fn unmocked_tasks(&self) -> Vec<(String, String)> {
        self.lock().problems.unmocked()
    }

    /// All that went wrong, once: what was reported is forgotten.
    pub(super) fn take_report(&self) -> Option<String> {
        let (problems, unchecked) = {
            let mut state = self.lock();
            let unchecked: Vec<String> = state.unchecked.iter().cloned().collect();
            (std::mem::take(&mut state.problems), unchecked)
        };
        let mocks = self.task_mocks().entries();
        let called = self.task_mocks().called();
        let unmet: Vec<String> =
            mocks.iter().filter_map(|mock| take_unmet_expectation(mock, &called)).collect();
        let faults = self.shared.faults.entries();
        let unmet_faults = faults.iter().filter_map(|fault| take_unmet_fault(fault));
        let unmet: Vec<String> = unmet.into_iter().chain(unmet_faults).collect();
        report(&problems, &unmet, &unchecked)
    }
}

fn take_unmet_fault(fault: &FaultEntry) -> Option<String> {
    let unmet = unmet_fault(fault)?;
    fault.forget_expectation();
    Some(unmet)
}

fn take_unmet_expectation(mock: &TaskMockEntry, called: &[CalledTask]) -> Option<String> {
    let unmet = unmet_expectation(mock, called)?;
    mock.sequence().forget_expectation();
    Some(unmet)
}

impl Drop for Guard {
    #[expect(clippy::panic, reason = "a mock that was used otherwise than the test says fails the test")]
    #[expect(clippy::print_stderr, reason = "a second panic would abort the process and hide the first")]
    fn drop(&mut self) {
        let report = if self.on_drop == OnDrop::Verify { self.core.take_report() } else { None };
        self.core.write_pages(report.is_some() || std::thread::panicking());
        match report {
            Some(report) if std::thread::panicking() => eprintln!("{report}"),
            Some(report) => panic!("{report}"),
            None => {}
        }
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").field("core", &self.core).finish_non_exhaustive()
    }
}
