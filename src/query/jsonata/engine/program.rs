//! An expression that was read once and can be run as often as wanted.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;

use super::bindings::bind;
use super::convert::from_engine;
use super::error_text;
use super::functions;
use super::guard::Budget;
use super::inspect::{Hints, inspect};
use super::overrides;
use super::rewrite::rewrite;
use super::syntax;
use crate::model::{SeededRandom, Timestamp};
use crate::query::Evaluation;
use crate::query::jsonata::outcome::{Outcome, Trouble};
use crate::query::jsonata::references::References;

/// Wall-clock time after which an expression is taken for endless. A last resort, so that a test run never hangs:
/// what runs into it would not come out the same elsewhere, and fails the execution.
const LONGEST_MILLIS: u64 = if cfg!(test) { 1_500 } else { 5_000 };

/// Items of a sequence while an expression runs. No payload has more.
const LONGEST_SEQUENCE: usize = 1_000_000;

/// Levels of calls within calls.
const DEEPEST: usize = 10_000;

/// An expression, ready to run.
#[derive(Debug, Clone)]
pub(in crate::query::jsonata) struct Program {
    expression: Arc<AstNode>,
    references: Arc<References>,
    hints: Hints,
}

/// What the functions of a running expression share.
#[derive(Debug, Clone)]
pub(super) struct Surroundings {
    pub(super) now: Timestamp,
    pub(super) random: Rc<RefCell<SeededRandom>>,
    pub(super) budget: Rc<Budget>,
}

impl Program {
    /// Reads an expression. The error is JSONata's: `S0207: Unexpected end of expression`.
    pub(in crate::query::jsonata) fn compile(text: &str) -> Result<Self, String> {
        let parsed = contained(|| syntax::parse(text));
        let mut expression = parsed.unwrap_or_else(|| Err("The engine gave up on it.".to_owned()))?;
        let seen = inspect(&expression)?;
        rewrite(&mut expression);
        Ok(Self {
            expression: Arc::new(expression),
            references: Arc::new(seen.references),
            hints: seen.hints,
        })
    }

    pub(in crate::query::jsonata) fn references(&self) -> &References {
        &self.references
    }

    /// Runs it.
    pub(in crate::query::jsonata) fn evaluate(
        &self,
        evaluation: &mut Evaluation<'_>,
    ) -> Result<Outcome, Trouble> {
        let context = bind(&self.references, evaluation).map_err(|_| Trouble::Endless)?;
        let surroundings = Surroundings {
            now: evaluation.jsonata.now,
            random: Rc::new(RefCell::new(evaluation.random.clone())),
            budget: Rc::new(Budget::new()),
        };
        let ran = contained(|| self.run(context, &surroundings));
        *evaluation.random = surroundings.random.borrow().clone();
        let value = match ran {
            None => return Err(Trouble::Failed(error_text::GAVE_UP.to_owned())),
            Some(Err(_)) if surroundings.budget.is_exhausted() => return Err(Trouble::Endless),
            Some(Err(error)) => return Err(self.trouble(&error)),
            Some(Ok(value)) => value,
        };
        from_engine(&value, &evaluation.effort)
    }

    fn run(&self, context: Context, surroundings: &Surroundings) -> Result<JValue, EvaluatorError> {
        let options = EvaluatorOptions {
            timeout_ms: Some(LONGEST_MILLIS),
            max_sequence_length: Some(LONGEST_SEQUENCE),
            max_stack_depth: Some(DEEPEST),
            ..EvaluatorOptions::default()
        };
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, surroundings)?;
        overrides::register(&mut evaluator, surroundings)?;
        evaluator.evaluate(&self.expression, &JValue::Undefined)
    }

    fn trouble(&self, error: &EvaluatorError) -> Trouble {
        match error.code() {
            // Too long, or too long a sequence.
            Some("D1012" | "D2015") => Trouble::Endless,
            _ => Trouble::Failed(error_text::reworded(error.message(), self.hints)),
        }
    }
}

/// What `work` gives; `None` if the engine panics.
fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
