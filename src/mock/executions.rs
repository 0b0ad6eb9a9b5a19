//! `sfn.executions()`: all executions of the mock, as they are now.

use super::execution::looked_at;
use super::handle::MockSfn;
use crate::assertion::Executions;

impl MockSfn {
    /// All executions that there have been so far, running ones too, in the order of their start: those that clients and
    /// the test started, those that executions started (`states:startExecution`), and the children of Map Runs, whose
    /// state machine is named `orders/Each`, after the Map state's `Label`. Each call copies all of their histories.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// let sfn = MockSfn::builder().time(Time::Manual).build();
    /// let orders = sfn.state_machine("orders").returns(json!({})).create();
    /// sfn.start_execution(&orders, json!({"id": 1}));
    /// sfn.start_execution(&orders, json!({"id": 2}));
    ///
    /// sfn.executions().of(&orders).count(2).started_with(json!({"id": 2})).each(|it| it.succeeded());
    /// sfn.executions().of("refunds").none();
    /// ```
    #[must_use]
    pub fn executions(&self) -> Executions {
        let core = self.core();
        core.drive();
        core.pump();
        let state = core.lock();
        let arns = state.account.execution_arns();
        let records = arns.iter().filter_map(|arn| state.account.execution(arn));
        records.map(|record| looked_at(core, record)).collect()
    }
}
