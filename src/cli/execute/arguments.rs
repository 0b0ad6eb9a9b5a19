//! The options of `sfn-testkit run`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::arguments::timestamp;
use crate::cli::lint::Kind;
use crate::model::Timestamp;

/// Run a definition on virtual time, print what happens, and end as the execution did
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 the execution SUCCEEDED, 1 it FAILED, TIMED_OUT or was ABORTED, 2 there was \
                        none: the definition, the input or the command is wrong. 130: --watch was ended."
)]
pub(in crate::cli) struct RunArguments {
    /// Definition in JSON, or in YAML if its name ends in .yaml or .yml
    #[arg(value_name = "DEFINITION")]
    pub(in crate::cli) definition: PathBuf,

    /// Input of the execution: a file, JSON itself, or `-` for standard input
    #[arg(long, value_name = "FILE|JSON", default_value = "{}")]
    pub(in crate::cli) input: String,

    /// Mock config file of Step Functions Local, with the answers of tasks
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) mock_config: Option<PathBuf>,

    /// Test case of the mock config file; may be left out if there is only one
    #[arg(long, value_name = "NAME", requires = "mock_config")]
    pub(in crate::cli) case: Option<String>,

    /// Name of the state machine, by which the mock config file knows it; if not given, that of the file:
    /// `pay` of `pay.asl.json`
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,

    /// Kind of state machine; if not given, EXPRESS for `*.express.asl.json`, or else STANDARD
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    pub(in crate::cli) kind: Option<Kind>,

    /// `text`: a timeline and the output; `json`: status, output, error, cause and history
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,

    /// Page to write about the execution, whatever its end: graph, states, timeline, history
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,

    /// When the execution starts, on its own clock
    #[arg(long, alias = "starts-at", value_name = "TIME", default_value = "2024-01-01T00:00:00Z", value_parser = timestamp)]
    pub(in crate::cli) start_at_time: Timestamp,

    /// Seed of all ids, tokens and random numbers
    #[arg(long, default_value_t = 0)]
    pub(in crate::cli) seed: u64,

    /// Run again whenever the definition, the input file or the mock config file changes, until Ctrl-C
    #[arg(long)]
    pub(in crate::cli) watch: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    Text,
    Json,
}
