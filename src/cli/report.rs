//! `sfn-testkit report`: a saved history or a definition as a page or a picture.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::console::Console;
use super::exit_code::{DONE, FAILED, MISUSED};
use super::yaml;
use crate::assertion::Execution;
use crate::report::{Diagram, NoGraph};

/// Draw what an execution did, from its saved history; or a definition
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 it was drawn, 1 the file could not be written, 2 the history or the definition \
                        cannot be read."
)]
pub(super) struct ReportArguments {
    /// History as `aws stepfunctions get-execution-history` prints it; without it, the definition alone is drawn
    #[arg(value_name = "HISTORY", required_unless_present = "definition")]
    history: Option<PathBuf>,

    /// Definition that was run, in JSON, or in YAML if its name ends in .yaml or .yml: without it there is no picture
    #[arg(long, value_name = "FILE")]
    definition: Option<PathBuf>,

    /// File to write; standard output, if not given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// If not given, `html` of a history and `svg` of a definition
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A page with everything: graph, states, timeline, history. Of a history only
    Html,
    /// The graph, with the path taken
    Svg,
    /// The graph as a flowchart for Mermaid
    Mermaid,
    /// The graph for Graphviz
    Dot,
    /// The graph in lines of text; of a history without a definition, its timeline
    Text,
}

/// The exit code.
pub(super) fn report(arguments: &ReportArguments, console: &Console) -> u8 {
    let drawn = match draw(arguments) {
        Ok(drawn) => drawn,
        Err(why) => {
            console.fail(why);
            return MISUSED;
        }
    };
    let Some(path) = &arguments.output else {
        console.say(drawn);
        return DONE;
    };
    match fs::write(path, drawn) {
        Ok(()) => DONE,
        Err(error) => {
            console.fail(format_args!("cannot write {}: {error}", path.display()));
            FAILED
        }
    }
}

fn draw(arguments: &ReportArguments) -> Result<String, String> {
    let definition = arguments.definition.as_deref().map(Definition::read).transpose()?;
    let execution = arguments.history.as_deref().map(read_history).transpose()?;
    match (execution, definition) {
        (Some(execution), Some(definition)) => {
            let diagram = execution.diagram_of(&definition.text).map_err(|why| definition.refused(&why))?;
            let execution = execution.with_definition(&definition.text);
            Ok(draw_execution(&execution, Some(&diagram), arguments.format.unwrap_or(Format::Html)))
        }
        (Some(execution), None) => match arguments.format.unwrap_or(Format::Html) {
            Format::Svg | Format::Mermaid | Format::Dot => {
                Err("a history has no definition to draw: name its file with --definition".to_owned())
            }
            format @ (Format::Html | Format::Text) => Ok(draw_execution(&execution, None, format)),
        },
        (None, Some(definition)) => {
            let diagram = Diagram::of_definition(&definition.text).map_err(|why| definition.refused(&why))?;
            draw_definition(&diagram, arguments.format.unwrap_or(Format::Svg))
        }
        (None, None) => Err("there is nothing to draw: name a history, or a definition".to_owned()),
    }
}

fn draw_execution(execution: &Execution, diagram: Option<&Diagram>, format: Format) -> String {
    match (format, diagram) {
        (Format::Html, _) => execution.to_html(),
        (Format::Svg, Some(diagram)) => diagram.svg(),
        (Format::Mermaid, Some(diagram)) => diagram.mermaid(),
        (Format::Dot, Some(diagram)) => diagram.dot(),
        (Format::Text, Some(diagram)) => diagram.outline(),
        (Format::Svg | Format::Mermaid | Format::Dot | Format::Text, None) => execution.narrative(),
    }
}

fn draw_definition(diagram: &Diagram, format: Format) -> Result<String, String> {
    match format {
        Format::Html => {
            Err("a page tells of an execution: name its history, or ask for --format svg".to_owned())
        }
        Format::Svg => Ok(diagram.svg()),
        Format::Mermaid => Ok(diagram.mermaid()),
        Format::Dot => Ok(diagram.dot()),
        Format::Text => Ok(diagram.outline()),
    }
}

fn read_history(path: &Path) -> Result<Execution, String> {
    let file = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {file}: {error}"))?;
    Execution::from_history_json(&text).map_err(|why| format!("{file}: {why}"))
}

/// The text of a definition in JSON, and where it is from.
struct Definition<'p> {
    path: &'p Path,
    text: String,
}

impl<'p> Definition<'p> {
    fn read(path: &'p Path) -> Result<Self, String> {
        let file = path.display();
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {file}: {error}"))?;
        let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        let text = match is_yaml {
            true => yaml::parse(&text).map_err(|why| format!("{file}: {why}"))?.to_text(),
            false => text,
        };
        Ok(Self { path, text })
    }

    fn refused(&self, why: &NoGraph) -> String {
        format!("{}: {why}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use crate::cli::console::Written;

    const HISTORY: &str = r#"{"events": [
        {"id": 1, "previousEventId": 0, "timestamp": 1, "type": "ExecutionStarted",
         "executionStartedEventDetails": {"input": "{}", "roleArn": "arn:aws:iam::123456789012:role/r"}},
        {"id": 2, "previousEventId": 0, "timestamp": 1, "type": "SucceedStateEntered",
         "stateEnteredEventDetails": {"name": "Done", "input": "{}"}},
        {"id": 3, "previousEventId": 2, "timestamp": 1, "type": "SucceedStateExited",
         "stateExitedEventDetails": {"name": "Done", "output": "{}"}},
        {"id": 4, "previousEventId": 3, "timestamp": 1, "type": "ExecutionSucceeded",
         "executionSucceededEventDetails": {"output": "{}"}}
    ]}"#;
    const DEFINITION: &str = "StartAt: Done\nStates: {Done: {Type: Succeed}, No: {Type: Fail}}\n";

    /// The files `history.json`, `definition.yaml` and `broken.json`.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in
            [("history.json", HISTORY), ("definition.yaml", DEFINITION), ("broken.json", "{}")]
        {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    /// `@name` stands for a file of the folder.
    fn run(folder: &Path, arguments: &str) -> (u8, Written) {
        let place = |word: &str| match word.strip_prefix('@') {
            Some(name) => folder.join(name).display().to_string(),
            None => word.to_owned(),
        };
        let words = ["sfn-testkit", "report"].map(str::to_owned).into_iter();
        let arguments = Arguments::parse_from(words.chain(arguments.split_whitespace().map(place)));
        let Command::Report(arguments) = arguments.command else { panic!("not report") };
        let (console, written) = Console::for_test();
        (report(&arguments, &console), written)
    }

    #[track_caller]
    fn check_drawn(arguments: &str, expected: &str) {
        let folder = folder();
        let (code, written) = run(folder.path(), arguments);
        assert_eq!((code, written.err()), (DONE, String::new()));
        assert!(written.out().contains(expected), "{}", written.out());
    }

    #[track_caller]
    fn check_refused(arguments: &str, expected: &str) {
        let folder = folder();
        let (code, written) = run(folder.path(), arguments);
        let told = written.err().replace(&format!("{}/", folder.path().display()), "");
        assert_eq!((code, told), (MISUSED, format!("error: {expected}\n")));
    }

    #[test]
    fn a_history_becomes_a_page_with_or_without_its_definition() {
        check_drawn("@history.json", "The definition of this execution is not known");
        check_drawn("@history.json --definition @definition.yaml", r#"<g class="state succeed leaf taken""#);
    }

    #[test]
    fn the_graph_is_drawn_in_every_format() {
        check_drawn("@history.json --definition @definition.yaml --format svg", "<svg ");
        check_drawn("@history.json --definition @definition.yaml --format mermaid", "class s0 taken");
        check_drawn("@history.json --definition @definition.yaml --format dot", "digraph {");
        check_drawn("@history.json --definition @definition.yaml --format text", "* Done (Succeed)");
        check_drawn("@history.json --format text", "SUCCEEDED with {}");
        check_drawn("--definition @definition.yaml", "<svg ");
        check_drawn("--definition @definition.yaml --format mermaid", "flowchart TD");
        check_drawn("--definition @definition.yaml --format dot", "digraph {");
        check_drawn("--definition @definition.yaml --format text", "Start -> Done\nDone (Succeed)\n");
    }

    #[test]
    fn it_is_written_into_a_file() {
        let folder = folder();
        let (code, written) = run(folder.path(), "@history.json -o @out.html");
        assert_eq!((code, written.out(), written.err()), (DONE, String::new(), String::new()));
        assert!(fs::read_to_string(folder.path().join("out.html")).unwrap().starts_with("<!DOCTYPE html>"));
        let (code, written) = run(folder.path(), "@history.json -o @no/out.html");
        assert_eq!(code, FAILED);
        assert!(written.err().starts_with("error: cannot write "), "{}", written.err());
    }

    #[test]
    fn what_cannot_be_drawn_is_told() {
        check_refused(
            "@history.json --format svg",
            "a history has no definition to draw: name its file with --definition",
        );
        check_refused(
            "--definition @definition.yaml --format html",
            "a page tells of an execution: name its history, or ask for --format svg",
        );
        check_refused(
            "--definition @broken.json",
            "broken.json: the definition has no `States` object: add one",
        );
        check_refused("@gone.json", "cannot read gone.json: No such file or directory (os error 2)");
    }
}
