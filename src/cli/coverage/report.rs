//! Writes the report in the form that is asked for.

use std::fs;

use super::arguments::{CoverageArguments, Format};
use super::matched::Matched;
use crate::cli::console::Console;
use crate::report::coverage::html::page;
use crate::report::coverage::json;
use crate::report::coverage::lcov::lcov;
use crate::report::coverage::table::table;

/// To the file, or to standard output.
pub(super) fn write(
    arguments: &CoverageArguments,
    matched: &Matched,
    console: &Console,
) -> Result<(), String> {
    let text = text(arguments.format, matched)?;
    let Some(path) = &arguments.output else {
        console.say(text);
        return Ok(());
    };
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn text(format: Format, matched: &Matched) -> Result<String, String> {
    match format {
        Format::Table => Ok(table(&matched.definitions)),
        Format::Json => Ok(format!("{}\n", json::report(&matched.definitions).to_pretty_text())),
        Format::Html => Ok(page(&matched.definitions)),
        Format::Lcov => {
            let pairs = matched.definitions.iter().zip(&matched.lines);
            let pairs: Vec<_> =
                pairs.filter_map(|(definition, lines)| Some((definition, lines.as_ref()?))).collect();
            if pairs.is_empty() {
                return Err(
                    "lcov is about lines of files: say with --definitions in which files the definitions are"
                        .to_owned(),
                );
            }
            Ok(lcov(&pairs))
        }
    }
}
