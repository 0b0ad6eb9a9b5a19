//! The options of `sfn-testkit lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::model::StateMachineType;

/// Find what is wrong with definitions: files of their own, or inside templates of CloudFormation, SAM and the CDK
#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing was found, 1 something was found, 2 a file cannot be read or the \
                        command was used wrongly."
)]
pub(in crate::cli) struct LintArguments {
    /// Definitions or templates, in JSON or YAML; folders are searched for both
    #[arg(required = true, value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,

    /// How findings are written: `text` for people, `json` for programs, `sarif` (2.1.0) for code scanning
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(in crate::cli) format: Format,

    /// Kind of state machine; if not given, as the template says, EXPRESS for `*.express.asl.json`, or else STANDARD
    #[arg(long = "type", value_name = "TYPE", value_enum, ignore_case = true)]
    pub(in crate::cli) kind: Option<Kind>,

    /// Let warnings end with exit code 1 too
    #[arg(long)]
    pub(in crate::cli) deny_warnings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    Text,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Kind {
    #[value(name = "STANDARD")]
    Standard,
    #[value(name = "EXPRESS")]
    Express,
}

impl From<Kind> for StateMachineType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Standard => Self::Standard,
            Kind::Express => Self::Express,
        }
    }
}
