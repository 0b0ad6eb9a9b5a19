//! Coverage as one page.

use super::definition_coverage::DefinitionCoverage;
use super::table::table;

pub(crate) fn page(definitions: &[DefinitionCoverage]) -> String {
    table(definitions)
}
