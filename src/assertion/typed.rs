//! The output of an execution as a Rust type.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

use super::failure::fail;
use super::matcher::{Mismatch, report};
use super::output;
use super::status::at_the_end;
use super::{Assert, AssertionFailure, Execution};
use crate::model::fold;
use crate::pattern::Difference;

/// How many characters of the output the sentence shows.
const WIDTH: usize = 100;

impl Execution {
    /// The output of a succeeded execution, read into a type of yours.
    ///
    /// ```
    /// # use sfn_testkit::Execution;
    /// #[derive(serde::Deserialize)]
    /// struct Receipt {
    ///     total: u32,
    /// }
    ///
    /// # fn of_a_test(execution: &Execution) {
    /// let receipt: Receipt = execution.output_as();
    /// assert!(receipt.total > 10);
    /// # }
    /// ```
    ///
    /// # Panics
    /// If it did not succeed, or if the output is no such type: with the path to the part that is not as it must be,
    /// and the story of the execution.
    #[track_caller]
    #[must_use]
    pub fn output_as<T: DeserializeOwned>(&self) -> T {
        match self.try_output_as() {
            Ok(output) => output,
            Err(failure) => fail(&failure.to_string()),
        }
    }

    /// The same without a panic, for `?`.
    ///
    /// # Errors
    /// What [`output_as`](Self::output_as) would panic with.
    pub fn try_output_as<T: DeserializeOwned>(&self) -> Result<T, AssertionFailure> {
        let mismatch = match &self.record.output {
            None => at_the_end(self).hint(output::hint(self)),
            Some(json) => {
                let value = serde_json::Value::from(json);
                match serde_path_to_error::deserialize(value) {
                    Ok(output) => return Ok(output),
                    Err(error) => {
                        let end = self.end_event().map(|event| event.id);
                        let mut mismatch = Mismatch::new(format!(
                            "the output was {}",
                            fold(&json.compacted().to_text(), WIDTH)
                        ))
                        .guilty(end);
                        let path = written(error.path());
                        mismatch.difference =
                            Some(Difference { path, explanation: error.inner().to_string() });
                        mismatch
                    }
                }
            }
        };
        let description = format!("output what can be read as `{}`", std::any::type_name::<T>());
        Err(AssertionFailure::new(report(self, &description, mismatch).to_string()))
    }
}

impl Assert<'_> {
    /// The output, read into a type of yours: the end of a chain. See [`Execution::output_as`].
    ///
    /// # Panics
    /// As [`Execution::output_as`]; at once, also where assertions are collected.
    #[track_caller]
    #[must_use]
    pub fn output_as<T: DeserializeOwned>(self) -> T {
        self.execution().output_as()
    }
}

/// As other differences are written: `$.order.items[1].sku`.
fn written(path: &Path) -> String {
    let segments = path.iter().map(|segment| match segment {
        Segment::Seq { index } => format!("[{index}]"),
        Segment::Map { key } => format!(".{key}"),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    });
    format!("${}", segments.collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use crate::assertion::test_history::History;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Receipt {
        lines: Vec<Line>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Line {
        total: u32,
    }

    #[test]
    fn the_output_is_read_into_a_type() {
        let execution = History::started_with("1").succeeded(r#"{"lines":[{"total":3,"more":0}]}"#);
        let receipt = Receipt { lines: vec![Line { total: 3 }] };
        assert_eq!(execution.output_as::<Receipt>(), receipt);
        assert_eq!(execution.assert().succeeded().output_as::<Receipt>(), receipt);
    }

    #[test]
    fn a_part_that_does_not_fit_is_told_with_its_path() {
        let execution = History::started_with("1").succeeded(r#"{"lines":[{"total":3},{"total":"4"}]}"#);
        let text = execution.try_output_as::<Receipt>().unwrap_err().to_string();
        assert_eq!(
            text,
            r#"expected execution `e-1` of state machine `orders` to output what can be read as `sfn_testkit::assertion::typed::tests::Receipt`
  actual: the output was {"lines":[{"total":3},{"total":"4"}]}
  first difference (actual != expected): $.lines[1].total: invalid type: string "4", expected u32

timeline from 2025-01-01T00:00:00Z:
  +0s  started with 1
> +0s  SUCCEEDED with {"lines":[{"total":3},{"total":"4"}]}"#
        );
    }

    #[test]
    fn an_execution_that_failed_has_no_output_to_read() {
        let text =
            History::started_with("1").failed("Boom", "").try_output_as::<u32>().unwrap_err().to_string();
        assert!(text.starts_with(
            "expected execution `e-1` of state machine `orders` to output what can be read as `u32`\n  \
             actual: it FAILED: Boom\n"
        ));
        assert!(text.contains("assert `.failed_with(\"Boom\")`"));
    }
}
