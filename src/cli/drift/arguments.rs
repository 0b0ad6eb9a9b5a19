//! The options of `sfn-testkit drift`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::{account, region};
use crate::recording::DriftFormat;

/// Compare recordings with what an endpoint answers today
///
/// The recorded calls are made again, with the names, tokens and dates of today. Only calls that change nothing are made,
/// unless --allow-writes is given. The exit code is 1 if an answer differs, and 2 if a file cannot be read or the
/// endpoint cannot be asked.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(in crate::cli) struct DriftArguments {
    /// Files of recordings, or folders of them
    #[arg(value_name = "FILES", required = true)]
    pub(super) paths: Vec<PathBuf>,

    /// URL of the endpoint to ask: that of AWS in your region, or of an emulator
    #[arg(long, value_name = "URL")]
    pub(super) endpoint: String,

    /// Profile of the AWS credentials and config files to sign calls with; without it the environment is looked at,
    /// and then the default profile
    #[arg(long)]
    pub(super) profile: Option<String>,

    /// Region that calls are signed for; that of an AWS host name, or of the profile, if not given
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,

    /// Account that the ARNs in calls name, since recordings do not tell theirs; that of emulators, if not given
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(super) account: Option<String>,

    /// Also make calls that change something: executions are started anew, under new names
    #[arg(long)]
    pub(super) allow_writes: bool,

    /// Form of the report: `text`, `json` or `junit`
    #[arg(long, default_value = "text", value_parser = format)]
    pub(super) format: DriftFormat,

    /// Write the answers of today into the files, after showing what changes
    #[arg(long)]
    pub(super) update: bool,

    /// Do not ask before a file is written
    #[arg(long, requires = "update")]
    pub(super) yes: bool,
}

fn format(text: &str) -> Result<DriftFormat, String> {
    match text {
        "text" => Ok(DriftFormat::Text),
        "json" => Ok(DriftFormat::Json),
        "junit" => Ok(DriftFormat::Junit),
        _ => Err("write `text`, `json` or `junit`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_have_three_forms() {
        assert_eq!(format("json"), Ok(DriftFormat::Json));
        assert_eq!(format("junit"), Ok(DriftFormat::Junit));
        assert_eq!(format("xml").unwrap_err(), "write `text`, `json` or `junit`");
    }
}
