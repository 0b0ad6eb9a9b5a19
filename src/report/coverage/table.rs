//! Coverage as a table for terminals, and the list of what was never taken.

use std::fmt::Write;

use super::definition_coverage::{DefinitionCoverage, Share};
use super::point::Category;

/// The table, then the gaps of each definition.
///
/// ```text
/// Definition           States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
/// onboarding.asl.json     4/4          3/3        –       1/1       1/1         –    100 %
/// ```
pub(crate) fn table(definitions: &[DefinitionCoverage]) -> String {
    let mut rows = vec![heading()];
    rows.extend(definitions.iter().map(row));
    if definitions.len() > 1 {
        rows.push(total(definitions));
    }
    let mut text = aligned(&rows);
    for definition in definitions {
        text.push_str(&gaps(definition));
    }
    text
}

/// All points of all definitions.
pub(crate) fn total_share(definitions: &[DefinitionCoverage]) -> Share {
    definitions.iter().fold(Share::default(), |sum, definition| sum.plus(definition.share()))
}

fn heading() -> Vec<String> {
    let categories = Category::ALL.iter().map(|category| capitalised(category.name()));
    std::iter::once("Definition".to_owned()).chain(categories).chain(["Covered".to_owned()]).collect()
}

fn row(definition: &DefinitionCoverage) -> Vec<String> {
    let categories = Category::ALL.iter().map(|category| cell(definition.share_of(*category)));
    std::iter::once(definition.title.clone())
        .chain(categories)
        .chain([definition.share().percent()])
        .collect()
}

fn total(definitions: &[DefinitionCoverage]) -> Vec<String> {
    let of = |category: &Category| {
        definitions.iter().fold(Share::default(), |sum, one| sum.plus(one.share_of(*category)))
    };
    std::iter::once("All".to_owned())
        .chain(Category::ALL.iter().map(|category| cell(of(category))))
        .chain([total_share(definitions).percent()])
        .collect()
}

fn cell(share: Share) -> String {
    if share.total == 0 { "–".to_owned() } else { format!("{}/{}", share.taken, share.total) }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// The first column to the left, the others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let length = |cell: &String| cell.chars().count();
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(length).max().unwrap_or_default())
        .collect();
    let mut text = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // A string takes everything.
            _ = match column {
                0 => write!(text, "{cell:<width$}"),
                _ => write!(text, "  {cell:>width$}"),
            };
        }
        text.push('\n');
    }
    text
}

/// Nothing, if there are none.
fn gaps(definition: &DefinitionCoverage) -> String {
    let (gaps, unseen) = (definition.gaps(), definition.unseen_errors());
    if gaps.is_empty() && unseen.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}", definition.title);
    if definition.executions == 0 {
        text.push_str(": no test has run it\n");
        return text;
    }
    if gaps.is_empty() {
        text.push_str(", all taken; of its errors:\n");
    } else {
        text.push_str(", never taken:\n");
    }
    for gap in gaps.iter().chain(&unseen) {
        _ = writeln!(text, "  - {gap}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::coverage::fixture::{partly, unrun, whole};

    #[test]
    fn one_definition_has_a_row_and_its_gaps() {
        assert_eq!(
            table(&[partly()]),
            "\
Definition  States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
orders         3/5          1/2      1/3       1/1       0/1       0/3     40 %

orders, never taken:
  - no execution reaches TimeoutSeconds of the definition
  - `Check`: Choices[1], which leads to `Pay`, never holds
  - `Check`: Default, which leads to `Refuse`, is never taken
  - `Pay` never reaches its TimeoutSeconds
  - `Pay` never misses a heartbeat
  - `Pay`: Catch[0], for States.ALL, never catches, and never leads to `Failed`
  - `Note` never comes to its End
  - `Refuse` is never entered
  - `Failed` is never entered
  - `Pay`: Retry[0] never sees B
"
        );
    }

    #[test]
    fn several_have_a_sum_and_what_is_complete_has_no_gaps() {
        assert_eq!(
            table(&[whole(), unrun()]),
            "\
Definition  States  Transitions  Choices  Retriers  Catchers  Timeouts  Covered
whole          1/1            –        –         –         –         –    100 %
unrun          0/1            –        –         –         –         –      0 %
All            1/2            –        –         –         –         –     50 %

unrun: no test has run it
"
        );
    }

    #[test]
    fn only_what_is_complete_is_a_hundred_percent() {
        assert_eq!(Share { taken: 1999, total: 2000 }.percent(), "99.9 %");
        assert_eq!(Share { taken: 2, total: 3 }.percent(), "66.6 %");
        assert_eq!(Share { taken: 0, total: 0 }.percent(), "100 %");
    }
}
