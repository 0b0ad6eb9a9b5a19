//! JSONata: expressions `{% … %}` of definitions, evaluated as version 2.0.6 does it, which is what AWS runs.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html>

#[cfg(not(feature = "jsonata"))]
mod absent;
#[cfg(feature = "jsonata")]
mod engine;
mod expression;
mod outcome;
mod references;
mod scope;

#[cfg(not(feature = "jsonata"))]
use absent as engine;

pub(crate) use expression::{Expected, Expression, is_expression};
pub(crate) use references::StatesMember;
pub(crate) use scope::{FailedEvaluation, JsonataScope};
