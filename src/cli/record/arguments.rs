//! The options of `sfn-testkit record`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;

use crate::cli::arguments::region;
use crate::model::Operation;

/// Record what AWS or another endpoint answers to clients of any language, through a proxy on this machine
///
/// The proxy listens on 127.0.0.1 only. It signs each call with your credentials, so callers need the key that is
/// printed at the start: the settings that are printed hand it over as the AWS access key id. Ctrl-C ends the
/// recording and writes the file; until then a recording on its way is kept beside it, in FILE.partial.
#[derive(Debug, Args)]
pub(in crate::cli) struct RecordArguments {
    /// URL of the endpoint whose answers are recorded: that of AWS in your region, or of an emulator
    #[arg(long, value_name = "URL")]
    pub(super) upstream: String,

    /// File that the recording is written to
    #[arg(long, value_name = "FILE")]
    pub(super) cassette: PathBuf,

    /// Which calls reach the upstream: `all` records anew; `new` answers what is recorded already from the file, and
    /// adds the rest; `once` records only if there is no such file
    #[arg(long, default_value = "all", value_parser = mode)]
    pub(super) mode: RecordMode,

    /// Profile of the AWS credentials and config files to sign calls with; without it the environment is looked at,
    /// and then the default profile
    #[arg(long)]
    pub(super) profile: Option<String>,

    /// Region that calls are signed for; that of an AWS host name, or of the profile, if not given
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,

    /// Port to listen on; 0 is a free one
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,

    /// Operation that callers may call, such as `DescribeExecution`. May be given several times; all, if not given
    #[arg(long = "allow", value_name = "OPERATION", num_args = 1.., value_parser = operation)]
    allowed: Vec<Operation>,

    /// Allow only operations that leave everything as it is: those that describe, list and validate, histories, and
    /// what --allow names
    #[arg(long)]
    read_only: bool,

    /// What is replaced before anything is written, such as $.input.card. May be given several times
    #[arg(long = "redact", value_name = "PATH")]
    pub(super) redacted: Vec<String>,

    /// Record although the variable CI is set
    #[arg(long)]
    pub(super) in_ci: bool,
}

/// Which calls reach the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordMode {
    Once,
    New,
    All,
}

impl RecordArguments {
    /// What callers may call.
    pub(super) fn allowed(&self) -> BTreeSet<Operation> {
        let all = Operation::ALL.iter().copied();
        match (self.read_only, self.allowed.as_slice()) {
            (false, []) => all.collect(),
            (false, allowed) => allowed.iter().copied().collect(),
            (true, allowed) => {
                all.filter(|operation| operation.only_looks()).chain(allowed.iter().copied()).collect()
            }
        }
    }
}

fn mode(text: &str) -> Result<RecordMode, String> {
    match text {
        "once" => Ok(RecordMode::Once),
        "new" => Ok(RecordMode::New),
        "all" => Ok(RecordMode::All),
        _ => Err("write `once`, `new` or `all`".to_owned()),
    }
}

fn operation(text: &str) -> Result<Operation, String> {
    Operation::from_name(text).ok_or_else(|| {
        format!("`{text}` is no operation of AWS Step Functions; they are written as in DescribeExecution")
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};

    fn allowed(options: &[&str]) -> BTreeSet<Operation> {
        let start = ["sfn-testkit", "record", "--upstream", "http://127.0.0.1:1", "--cassette", "c.json"];
        let arguments = Arguments::parse_from(start.iter().chain(options));
        let Command::Record(arguments) = arguments.command else { panic!("not record") };
        arguments.allowed()
    }

    #[test]
    fn everything_is_allowed_unless_some_operations_are() {
        assert_eq!(allowed(&[]).len(), 37);
        let two = BTreeSet::from([Operation::StartExecution, Operation::DescribeExecution]);
        assert_eq!(allowed(&["--allow", "StartExecution", "DescribeExecution"]), two);
        assert_eq!(allowed(&["--allow", "StartExecution", "--allow", "DescribeExecution"]), two);
    }

    #[test]
    fn read_only_allows_what_leaves_everything_as_it_is() {
        let names: Vec<_> = allowed(&["--read-only"]).iter().map(|operation| operation.name()).collect();
        let expected = [
            "DescribeActivity",
            "DescribeExecution",
            "DescribeMapRun",
            "DescribeStateMachine",
            "DescribeStateMachineAlias",
            "DescribeStateMachineForExecution",
            "GetExecutionHistory",
            "ListActivities",
            "ListExecutions",
            "ListMapRuns",
            "ListStateMachineAliases",
            "ListStateMachineVersions",
            "ListStateMachines",
            "ListTagsForResource",
            "ValidateStateMachineDefinition",
        ];
        assert_eq!(names, expected);
        assert!(allowed(&["--read-only", "--allow", "StartExecution"]).contains(&Operation::StartExecution));
    }

    #[test]
    fn modes_and_operations_have_their_names() {
        assert_eq!(mode("new"), Ok(RecordMode::New));
        assert_eq!(mode("none").unwrap_err(), "write `once`, `new` or `all`");
        assert_eq!(operation("StopExecution"), Ok(Operation::StopExecution));
        assert_eq!(
            operation("stop-execution").unwrap_err(),
            "`stop-execution` is no operation of AWS Step Functions; they are written as in DescribeExecution"
        );
    }
}
