//! Pumps when something is due and nobody calls. Without a runtime every call catches up first, which is enough.

use std::pin::pin;
use std::sync::{Arc, Weak};

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::core::{Core, Shared};
use super::time::Time;

/// The task that drives a mock, if there is one. It ends with its runtime.
#[derive(Debug, Default)]
pub(super) struct Driver {
    task: Option<AbortHandle>,
}

impl Core {
    /// Makes sure that somebody pumps while nobody calls: one task, on the runtime that called first.
    pub(super) fn drive(&self) {
        let mut state = self.lock();
        let is_driven = state.driver.task.as_ref().is_some_and(|task| !task.is_finished());
        if is_driven || state.clock.time() == Time::Manual {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let driver = drive(Arc::downgrade(&self.shared), Arc::clone(&self.shared.changed));
            state.driver.task = Some(runtime.spawn(driver).abort_handle());
        }
    }
}

/// Holds no handle while it waits, so that the mock can end.
async fn drive(shared: Weak<Shared>, changed: Arc<Notify>) {
    loop {
        let mut changed = pin!(changed.notified());
        changed.as_mut().enable();
        let Some(core) = shared.upgrade().map(|shared| Core { shared }) else { return };
        core.pump();
        let deadline = core.lock().next_instant();
        drop(core);
        match deadline {
            Some(deadline) => drop(tokio::time::timeout_at(deadline, changed).await),
            None => changed.await,
        }
    }
}
