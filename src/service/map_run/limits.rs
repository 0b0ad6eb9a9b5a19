//! What the Map Runs of one execution may take of this machine's memory. AWS has no such limits.

use std::sync::Arc;

use crate::model::Failure;
use crate::model::failure::error_name;
use crate::service::account::Account;

impl Account {
    /// Counts one more child execution below the one that somebody started.
    pub(super) fn count_child(&mut self, root: &Arc<str>) -> Result<(), Failure> {
        let most = self.limits.descendants;
        let Some(root) = self.executions.get_mut(root) else { return Ok(()) };
        root.descendants.count += 1;
        if root.descendants.count <= most {
            return Ok(());
        }
        Err(runaway(format!(
            "The Map Runs of the execution start more than {most} executions; sfn-testkit stops them here. On AWS they would go on."
        )))
    }

    /// Counts what the history of a child execution holds, as far as that is not counted.
    pub(super) fn count_payloads(&mut self, run: &str, place: usize) -> Result<(), Failure> {
        let most = self.limits.descendant_bytes;
        let child = self.map_runs.get_mut(run).and_then(|run| run.children.get_mut(place));
        let Some(child) = child else { return Ok(()) };
        let Some(execution) = self.executions.get(&child.arn) else { return Ok(()) };
        let bytes = execution.interpreter.recorded_bytes();
        let added = bytes.saturating_sub(child.counted_bytes);
        child.counted_bytes = bytes;
        let root = Arc::clone(execution.root());
        let Some(root) = self.executions.get_mut(&root) else { return Ok(()) };
        root.descendants.bytes = root.descendants.bytes.saturating_add(added);
        if root.descendants.bytes <= most {
            return Ok(());
        }
        Err(runaway(format!(
            "The histories of the executions that Map Runs have started hold more than {most} bytes of payloads; sfn-testkit stops them here. On AWS they would go on."
        )))
    }
}

fn runaway(cause: String) -> Failure {
    Failure::new(error_name::RUNAWAY_EXECUTION, cause)
}
