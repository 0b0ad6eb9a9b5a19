//! `sfn-testkit env`: settings for a shell to evaluate.

use std::net::SocketAddr;

use super::arguments::EnvArguments;
use super::console::Console;
use super::sdk_settings::{ANY_KEY, SdkSettings};

pub(super) fn print(arguments: &EnvArguments, console: &Console) {
    let url = format!("http://{}", SocketAddr::new(arguments.host, arguments.port));
    for line in (SdkSettings { url: &url, region: &arguments.region, key: ANY_KEY }).exports() {
        console.say(line);
    }
    for line in SdkSettings::advice() {
        console.say(format_args!("# {line}"));
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};

    #[test]
    fn a_shell_can_evaluate_every_line() {
        let arguments = Arguments::parse_from(["sfn-testkit", "env", "--port", "4566", "--host", "::1"]);
        let Command::Env(arguments) = arguments.command else { panic!("not env") };
        let (console, written) = Console::for_test();
        print(&arguments, &console);
        assert!(
            written.out().starts_with("export AWS_ENDPOINT_URL_SFN=http://[::1]:4566\n"),
            "{}",
            written.out()
        );
        assert!(written.out().lines().all(|line| line.starts_with("export ") || line.starts_with("# ")));
    }
}
