//! Who wants to know of assertions that do not hold.

use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};

use super::Execution;

/// Told of an assertion that does not hold, right before it fails its test.
pub(crate) trait Onlooker: Debug + Send + Sync + UnwindSafe + RefUnwindSafe {
    fn assertion_failed(&self, execution: &Execution, text: &str);
}
