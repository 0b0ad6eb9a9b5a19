//! What can be written on the command line, and what each option means.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use clap::builder::OsStringValueParser;
use clap::{Args, Parser, Subcommand};

use super::coverage::CoverageArguments;
use super::drift::DriftArguments;
use super::execute::RunArguments;
use super::lint::LintArguments;
use super::record::RecordArguments;
use super::replay::ReplayArguments;
use super::replay_history::ReplayHistoryArguments;
use super::report::ReportArguments;
use crate::contract::Format;
use crate::mock::{FieldValidation, Time};
use crate::model::{IntoDuration, Quota, Quotas, Timestamp};

/// A test kit for AWS Step Functions
#[derive(Debug, Parser)]
#[command(name = "sfn-testkit", version)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Serve(ServeArguments),
    Env(EnvArguments),
    Verify(VerifyArguments),
    Run(RunArguments),
    Lint(LintArguments),
    Coverage(CoverageArguments),
    Record(RecordArguments),
    Replay(ReplayArguments),
    Drift(DriftArguments),
    ReplayHistory(ReplayHistoryArguments),
    Report(ReportArguments),
}

/// Serve a mock of AWS Step Functions on this machine, to AWS SDKs of any language
#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Port to listen on; 0 is a free one
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,

    /// Loopback address to listen on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = loopback)]
    pub(super) host: IpAddr,

    /// Account in which everything lives
    #[arg(long, value_name = "ID", default_value = "123456789012", value_parser = account)]
    pub(super) account: String,

    /// Region of callers that do not sign their requests, and of the definitions that are loaded
    #[arg(long, default_value = "us-east-1", value_parser = region)]
    pub(super) region: String,

    /// `skip`: real time, but waiting is jumped over 100 ms after the last call that touched an execution;
    /// `skip:1s`: the same after another while; `real`: a Wait of 5 minutes takes 5 minutes
    #[arg(long, default_value = "skip", value_parser = time)]
    pub(super) time: Time,

    /// When the mock's clock starts, such as 2024-01-01T00:00:00Z; now, if not given
    #[arg(long, value_name = "TIME", value_parser = timestamp)]
    pub(super) starts_at: Option<Timestamp>,

    /// Seed of all ids, tokens and random numbers
    #[arg(long, default_value_t = 0)]
    pub(super) seed: u64,

    /// Quota that is lower than AWS's default, such as `open-executions=5`. May be given several times
    #[arg(long = "quota", value_name = "NAME=NUMBER", value_parser = quota)]
    pub(super) quotas: Vec<(Quota, u64)>,

    /// Folder with `*.asl.json`, `*.asl.yaml` or `*.asl.yml` files, each of which becomes a state machine: `pay` of
    /// `pay.asl.json`, an EXPRESS one of `pay.express.asl.json`. May be given several times
    #[arg(long, value_name = "FOLDER")]
    pub(super) definitions: Vec<PathBuf>,

    /// Folder with a folder for each bucket, whose files Distributed Maps read; what they write stays in memory
    #[arg(long, value_name = "FOLDER")]
    pub(super) objects: Option<PathBuf>,

    /// Mock config file of Step Functions Local, with the answers of tasks
    #[arg(long, value_name = "FILE", env = "SFN_MOCK_CONFIG", value_parser = OsStringValueParser::new())]
    mock_config: Option<OsString>,

    /// How closely the answers of the mock config file are compared with what the services answer: `present`, what is
    /// there must be right; `strict`, and what is always there must be there; `none`
    #[arg(long, value_name = "MODE", default_value = "none", value_parser = validation)]
    pub(super) mock_validation: FieldValidation,

    /// Give tasks that nothing mocks a plausible answer, so that executions run to their end
    #[arg(long)]
    pub(super) auto_answer: bool,

    /// Serve a web page at the same address: follow executions, start and stop them, answer tasks that wait for a token.
    /// Such tasks then wait there, unless the mock config file answers them
    #[arg(long)]
    pub(super) ui: bool,
}

impl ServeArguments {
    /// An empty name is none: so people unset a variable where they cannot remove it.
    pub(super) fn mock_config(&self) -> Option<&Path> {
        self.mock_config.as_deref().filter(|name| !name.is_empty()).map(Path::new)
    }
}

/// Print the settings that lead AWS SDKs to a mock that is served: eval "$(sfn-testkit env --port 4566)"
#[derive(Debug, Args)]
pub(super) struct EnvArguments {
    /// Port that the mock listens on
    #[arg(long)]
    pub(super) port: u16,

    /// Loopback address that the mock listens on
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), value_parser = loopback)]
    pub(super) host: IpAddr,

    /// Region of the client
    #[arg(long, default_value = "us-east-1", value_parser = region)]
    pub(super) region: String,
}

/// Verify that an endpoint answers as AWS does, clause by clause
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Contract files, or folders of them; the bundled ones, if none are given
    pub(super) paths: Vec<PathBuf>,

    /// URL of the endpoint; without it a mock in this process is verified
    #[arg(long, value_name = "URL")]
    pub(super) endpoint: Option<String>,

    /// Profile of the AWS credentials and config files to sign requests with; without it the environment is
    /// looked at, and then the default profile. Without credentials requests are not signed
    #[arg(long)]
    pub(super) profile: Option<String>,

    /// Region that requests are signed for
    #[arg(long, value_parser = region)]
    pub(super) region: Option<String>,

    /// Role of the state machines that are created; on AWS one that Step Functions may assume
    #[arg(long, value_name = "ARN")]
    pub(super) role_arn: Option<String>,

    /// Only clauses with this text in their id or topic
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,

    /// Form of the report
    #[arg(long, default_value = "text", value_parser = format)]
    pub(super) format: Format,

    /// How many clauses run at once
    #[arg(long, default_value_t = 1)]
    pub(super) jobs: usize,

    /// How long a clause waits at the endpoint, at most, for each answer and for each thing that it awaits. Unless given,
    /// two minutes for an answer, and what the clause says for the rest, mostly one minute
    #[arg(long, value_name = "SECONDS", requires = "endpoint", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) wait: Option<u64>,

    /// Also run each clause against wrong answers, which it must notice; for authors of clauses. Needs a mock
    #[arg(long, conflicts_with = "endpoint")]
    pub(super) challenge: bool,
}

fn format(text: &str) -> Result<Format, String> {
    Format::from_name(text).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        format!("write one of {}", names.join(", "))
    })
}

fn loopback(text: &str) -> Result<IpAddr, String> {
    let address = match text {
        "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        text => text.parse().map_err(|_| "write an IP address such as 127.0.0.1".to_owned())?,
    };
    if address.is_loopback() {
        Ok(address)
    } else {
        Err("the mock asks nobody for credentials, so it only listens on loopback addresses such as 127.0.0.1".to_owned())
    }
}

pub(super) fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account id has 12 digits".to_owned())
    }
}

pub(super) fn region(text: &str) -> Result<String, String> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if text.split('-').count() >= 3 && text.split('-').all(is_part) {
        Ok(text.to_owned())
    } else {
        Err("a region is written as in us-east-1".to_owned())
    }
}

fn time(text: &str) -> Result<Time, String> {
    match text.split_once(':') {
        None if text == "skip" => Ok(Time::skip()),
        None if text == "real" => Ok(Time::Tokio),
        Some(("skip", settle)) => settle.into_duration().map(|settle| Time::Skip { settle }),
        None | Some(_) => Err("write `skip`, `skip:` and a duration such as `250ms`, or `real`".to_owned()),
    }
}

fn quota(text: &str) -> Result<(Quota, u64), String> {
    let (name, value) = text.split_once('=').ok_or("write a name and a number, as in open-executions=5")?;
    let names = || Quota::ALL.iter().map(|quota| quota.name()).collect::<Vec<_>>().join(", ");
    let quota =
        Quota::from_name(name).ok_or_else(|| format!("there is no quota `{name}`; there are {}", names()))?;
    let value = value.parse().map_err(|_| format!("`{value}` is no whole number"))?;
    Quotas::default().lower(quota, value).map(|()| (quota, value))
}

fn validation(text: &str) -> Result<FieldValidation, String> {
    match text {
        "strict" => Ok(FieldValidation::Strict),
        "present" => Ok(FieldValidation::Present),
        "none" => Ok(FieldValidation::None),
        _ => Err("write `present`, `strict` or `none`".to_owned()),
    }
}

pub(super) fn timestamp(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "write a moment as in 2024-01-01T00:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn only_loopback_addresses_are_listened_on() {
        assert_eq!(loopback("127.0.0.1"), Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert_eq!(loopback("localhost"), Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)));
        assert!(loopback("::1").unwrap().is_loopback());
        let refused = "the mock asks nobody for credentials, so it only listens on loopback addresses such as 127.0.0.1";
        for text in ["0.0.0.0", "192.168.0.1", "::"] {
            assert_eq!(loopback(text).unwrap_err(), refused);
        }
        assert_eq!(loopback("example.com").unwrap_err(), "write an IP address such as 127.0.0.1");
    }

    #[test]
    fn accounts_and_regions_have_their_form() {
        assert!(account("111111111111").is_ok());
        for text in ["1", "1111111111111", "11111111111a", ""] {
            assert_eq!(account(text).unwrap_err(), "an account id has 12 digits");
        }
        for text in ["us-east-1", "us-gov-west-1", "cn-north-1"] {
            assert!(region(text).is_ok(), "{text}");
        }
        for text in ["", "mars", "us-east", "US-EAST-1", "us--1"] {
            assert_eq!(region(text).unwrap_err(), "a region is written as in us-east-1");
        }
    }

    #[test]
    fn a_quota_is_a_known_name_and_a_number_that_lowers_it() {
        assert_eq!(quota("open-executions=5"), Ok((Quota::OpenExecutions, 5)));
        for (text, expected) in [
            ("tags", "write a name and a number, as in open-executions=5"),
            ("tags=many", "`many` is no whole number"),
            ("tags=51", "the quota `tags` cannot be 51: AWS's default is 50, and quotas can only be lowered"),
        ] {
            assert_eq!(quota(text).unwrap_err(), expected);
        }
        let unknown = quota("tag=5").unwrap_err();
        assert!(
            unknown.starts_with("there is no quota `tag`; there are state-machines, activities, "),
            "{unknown}"
        );
    }

    #[test]
    fn an_empty_name_of_a_mock_config_file_is_none() {
        let mock_config = |option: &str| {
            let arguments = Arguments::parse_from(["sfn-testkit", "serve", option]);
            let Command::Serve(arguments) = arguments.command else { panic!("not serve") };
            arguments.mock_config().map(Path::to_owned)
        };
        assert_eq!(mock_config("--mock-config="), None);
        assert_eq!(mock_config("--mock-config=a.json"), Some("a.json".into()));
    }

    #[test]
    fn answers_of_the_mock_config_file_are_checked_when_asked() {
        assert_eq!(validation("present"), Ok(FieldValidation::Present));
        assert_eq!(validation("strict"), Ok(FieldValidation::Strict));
        assert_eq!(validation("none"), Ok(FieldValidation::None));
        assert_eq!(validation("PRESENT").unwrap_err(), "write `present`, `strict` or `none`");
    }

    #[test]
    fn time_is_skipped_or_real() {
        assert_eq!(time("skip"), Ok(Time::skip()));
        assert_eq!(time("skip:250ms"), Ok(Time::Skip { settle: Duration::from_millis(250) }));
        assert_eq!(time("real"), Ok(Time::Tokio));
        for text in ["", "fast", "real:1s", "skipped"] {
            assert_eq!(
                time(text).unwrap_err(),
                "write `skip`, `skip:` and a duration such as `250ms`, or `real`"
            );
        }
        assert!(time("skip:soon").unwrap_err().starts_with("`soon` is no duration"));
    }
}
