//! The options of `sfn-testkit replay`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::region;

/// Answer clients of any language out of a recording, on this machine and without a network
///
/// A call that nothing recorded fits is refused, and told on standard error with the nearest one that was recorded.
/// Ctrl-C ends it; the exit code is 1 if there was such a call.
#[derive(Debug, Args)]
pub(in crate::cli) struct ReplayArguments {
    /// File that `sfn-testkit record` or a test has written
    #[arg(long, value_name = "FILE")]
    pub(super) cassette: PathBuf,

    /// Port to listen on; 0 is a free one
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,

    /// Region of the client, for the settings that are printed
    #[arg(long, default_value = "us-east-1", value_parser = region)]
    pub(super) region: String,

    /// Also fail if something recorded was not asked for
    #[arg(long)]
    pub(super) strict: bool,

    /// What is replaced in calls before they are compared, as it was when they were recorded, such as $.input.card
    #[arg(long = "redact", value_name = "PATH")]
    pub(super) redacted: Vec<String>,
}
