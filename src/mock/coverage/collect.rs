//! When a mock tells what its executions took: when one of them has ended, and when the mock ends.

use std::sync::PoisonError;

use crate::mock::core::{Core, Shared};
use crate::model::Json;

impl Core {
    /// Tells it if an execution has ended since the last time: a mock that nobody drops, such as one in a static, has
    /// no end of its own.
    pub(in crate::mock) fn cover_ended_executions(&self) {
        if self.shared.coverage.is_none() {
            return;
        }
        let mut state = self.lock();
        let ended = state.account.executions_ended();
        if state.covered_executions == ended {
            return;
        }
        state.covered_executions = ended;
        let covered = state.account.covered();
        drop(state);
        if let Some(file) = &self.shared.coverage {
            file.append(&covered, &self.shared.test);
        }
    }

    /// The state machine of this request only stands in for one.
    pub(in crate::mock) fn leave_out_of_coverage(&self, request: &Json) {
        if let Some(definition) = request.get("definition").and_then(Json::as_str) {
            self.lock().account.leave_out_of_coverage(definition);
        }
    }
}

impl Shared {
    /// What executions took that never ended.
    pub(in crate::mock) fn tell_coverage(&mut self) {
        if let Some(file) = &self.coverage {
            let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
            file.append(&state.account.covered_or_not(), &self.test);
        }
    }
}
