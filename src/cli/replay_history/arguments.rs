//! The options of `sfn-testkit replay-history`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::partition::Partition;
use crate::cli::lint::Kind as MachineKind;
use crate::mock::replay::Kind;

/// Run recorded executions against a definition, and say which would now go another way
///
/// Each execution is run again on virtual time, with the input, name and start of its recording; its tasks are answered
/// as they were then. Reported are executions that take another path, call a task with another input, more or less often
/// or without a recorded answer, or end otherwise.
///
/// Fetch histories with the AWS CLI:
///
///   aws stepfunctions get-execution-history --include-execution-data --execution-arn ARN > histories/NAME.json
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 every execution goes as recorded, 1 at least one does not, 2 a history, the definition \
                        or the command is wrong. 130: ended by Ctrl-C, after the report on what was run until then."
)]
pub(in crate::cli) struct ReplayHistoryArguments {
    /// Recorded histories: files, folders of `*.json`, `*.jsonl` and `*.ndjson`, or `-` for JSON lines on standard
    /// input. A line of a JSON lines file is an execution: `{"executionArn": …, "events": […]}` or `[…]`; or an event
    /// of an EXPRESS execution, as CloudWatch Logs has it. A JSON file
    /// holds one execution, its pages one after another, and the histories of its Distributed Maps' child executions
    #[arg(value_name = "HISTORY", required = true)]
    pub(in crate::cli) histories: Vec<PathBuf>,

    /// Definition in JSON, or in YAML if its name ends in .yaml or .yml
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) definition: PathBuf,

    /// Kind of state machine; if not given, EXPRESS for `*.express.asl.json`, or else STANDARD
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    pub(in crate::cli) kind: Option<MachineKind>,

    /// Differences that do not count: unanswered-task, path, attempts, task-input, end, output, cause; several with
    /// commas between them
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = difference)]
    pub(in crate::cli) ignore: Vec<Kind>,

    /// Member of inputs and outputs, at any depth, that does not count, such as a random number. May be given several
    /// times
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) ignore_member: Vec<String>,

    /// Only this part of the histories, for a CI matrix: `3/16` is the third of sixteen. The parts are about equal, and
    /// the same each time
    #[arg(long, value_name = "PART/PARTS")]
    pub(in crate::cli) partition: Option<Partition>,

    /// How many executions are run at once; if not given, as many as the machine has cores
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(in crate::cli) jobs: Option<u16>,

    /// `text`: a summary and the executions that differ; `json`: one document; `jsonl`: a line per execution, as soon as
    /// it is known; `junit`: XML for CI servers
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,

    /// How many executions that differ the text shows; 0: all
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    pub(in crate::cli) limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    Text,
    Json,
    Jsonl,
    Junit,
}

fn difference(text: &str) -> Result<Kind, String> {
    let known = Kind::ALL.into_iter().find(|kind| kind.as_str() == text);
    known.ok_or_else(|| {
        let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        format!("write one of {}", names.join(", "))
    })
}
