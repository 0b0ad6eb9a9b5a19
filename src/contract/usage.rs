//! Which operations a clause calls, and which refusals it expects.

use std::collections::BTreeSet;

use super::clause::Clause;
use super::step::Step;
use crate::model::{Json, Operation};

impl Clause {
    /// The operations that it calls.
    pub(super) fn operations(&self) -> BTreeSet<Operation> {
        let mut operations = BTreeSet::new();
        each_step(&self.steps, &mut |step| {
            operations.extend(match step {
                Step::Call(call) => Some(call.call),
                Step::Await(awaited) => Some(awaited.operation),
                Step::Pages(pages) => Some(pages.pages),
                Step::History(_) => Some(Operation::GetExecutionHistory),
                Step::Send(send) => {
                    let target = send.send.target.as_deref();
                    target.and_then(|target| Operation::from_name(target.rsplit('.').next()?))
                }
                Step::Advance(_) | Step::Repeat(_) | Step::Parallel(_) | Step::Expect(_) => None,
            });
        });
        operations
    }

    /// The codes of the refusals that it expects.
    pub(super) fn error_codes(&self) -> BTreeSet<&str> {
        let mut codes = BTreeSet::new();
        each_step(&self.steps, &mut |step| match step {
            Step::Call(call) => codes.extend(call.fails.as_ref().map(|fails| fails.code.as_str())),
            Step::Send(send) => {
                let name = send.gets.body.as_ref().and_then(named_type);
                codes.extend(name);
            }
            Step::Await(_)
            | Step::Pages(_)
            | Step::History(_)
            | Step::Advance(_)
            | Step::Repeat(_)
            | Step::Parallel(_)
            | Step::Expect(_) => {}
        });
        codes
    }
}

/// The name in the `__type` that a pattern of a body asks for.
fn named_type(pattern: &Json) -> Option<&str> {
    let members = pattern.get("$includes").unwrap_or(pattern);
    members.get("__type")?.as_str()?.rsplit('#').next()
}

fn each_step<'s>(steps: &'s [Step], visit: &mut dyn FnMut(&'s Step)) {
    for step in steps {
        visit(step);
        match step {
            Step::Repeat(repeat) => each_step(&repeat.steps, visit),
            Step::Parallel(parallel) => {
                for steps in &parallel.parallel {
                    each_step(steps, visit);
                }
            }
            Step::Call(_)
            | Step::Send(_)
            | Step::Pages(_)
            | Step::History(_)
            | Step::Await(_)
            | Step::Advance(_)
            | Step::Expect(_) => {}
        }
    }
}
