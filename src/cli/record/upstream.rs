//! The endpoint that is recorded, and what it is called with.

use super::arguments::RecordArguments;
use crate::endpoint::settings::AwsSettings;
use crate::endpoint::{Credentials, Remote};

/// The way to the upstream. Emulators take any credentials, but read the region out of them.
pub(super) fn upstream(arguments: &RecordArguments, settings: AwsSettings) -> Result<Remote, String> {
    let mut upstream = Remote::to(&arguments.upstream)?;
    let region = match upstream.is_aws() {
        true => arguments.region.clone(),
        false => arguments.region.clone().or(settings.region),
    };
    if let Some(region) = region {
        upstream.set_region(region);
    }
    match settings.credentials {
        Some(credentials) => upstream.set_credentials(credentials),
        None if upstream.is_https() => {
            return Err(format!(
                "there are no credentials to sign calls to {} with: name a profile with --profile, or set \
                 AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
                upstream.authority()
            ));
        }
        None => upstream.set_credentials(Credentials::stand_in()),
    }
    Ok(upstream)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};

    fn to(url: &str, options: &[&str], settings: AwsSettings) -> Result<(String, String), String> {
        let start = ["sfn-testkit", "record", "--cassette", "c.json", "--upstream", url];
        let arguments = Arguments::parse_from(start.iter().chain(options));
        let Command::Record(arguments) = arguments.command else { panic!("not record") };
        upstream(&arguments, settings).map(|remote| (remote.authority(), remote.region().to_owned()))
    }

    fn settings(with_credentials: bool) -> AwsSettings {
        let credentials = with_credentials.then(|| Credentials::new("a", "b", None));
        AwsSettings { credentials, region: Some("eu-west-1".to_owned()) }
    }

    #[test]
    fn the_region_is_asked_for_or_that_of_the_host_or_of_the_profile() {
        let region = |url: &str, options: &[&str]| to(url, options, settings(true)).unwrap().1;
        assert_eq!(region("http://127.0.0.1:1", &["--region", "us-west-2"]), "us-west-2");
        assert_eq!(region("http://127.0.0.1:1", &[]), "eu-west-1");
        assert_eq!(region("https://states.us-east-2.amazonaws.com", &[]), "us-east-2");
    }

    #[test]
    fn https_needs_credentials_and_http_does_not() {
        assert!(to("http://127.0.0.1:1", &[], settings(false)).is_ok());
        assert_eq!(
            to("https://states.us-east-2.amazonaws.com", &[], settings(false)).unwrap_err(),
            "there are no credentials to sign calls to states.us-east-2.amazonaws.com with: name a profile with \
             --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        );
    }
}
