//! `sfn-testkit serve`: a mock over HTTP until it is told to stop.

use std::net::SocketAddr;

use tokio::runtime::{self, Runtime};

use super::arguments::ServeArguments;
use super::console::Console;
use super::create::{Created, create_all};
use super::definition_files::{self, DefinitionFile};
use super::mock;
use super::sdk_settings::{ANY_KEY, SdkSettings};
use super::stop_signals::StopSignals;
use crate::mock::Server;
use crate::mock::core::Core;

/// Returns when asked to stop, and after all connections are closed.
pub(super) fn serve(arguments: &ServeArguments, console: &Console) -> Result<(), String> {
    let runtime = new_runtime()?;
    // First, so that whoever reads the address can already ask for the end.
    let signals = runtime.block_on(async { StopSignals::listen() }).map_err(|error| error.to_string())?;
    let server = start(&runtime, arguments, console)?;
    runtime.block_on(signals.received());
    drop(server);
    Ok(())
}

pub(super) fn new_runtime() -> Result<Runtime, String> {
    runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())
}

/// Starts the server when everything that was asked for is in place, and tells where it is.
fn start(runtime: &Runtime, arguments: &ServeArguments, console: &Console) -> Result<Server, String> {
    let files = definition_files::read_all(&arguments.definitions)?;
    let core = mock::build(arguments, console)?;
    let created = runtime.block_on(create_all(&core, &arguments.account, &files))?;
    let server = listen(core, arguments)?;
    announce(&server, &arguments.region, console);
    if arguments.ui {
        console.say(format_args!(
            "\nExecutions, to look at and to answer by hand, in a browser: {}/",
            server.url()
        ));
    }
    tell_created(&created, arguments, console);
    Ok(server)
}

fn listen(core: Core, arguments: &ServeArguments) -> Result<Server, String> {
    let address = SocketAddr::new(arguments.host, arguments.port);
    let started =
        if arguments.ui { Server::start_with_ui(core, address) } else { Server::start(core, address) };
    started.map_err(|error| error.to_string())
}

fn announce(server: &Server, region: &str, console: &Console) {
    console.say(format_args!("sfn-testkit serves AWS Step Functions at {}", server.url()));
    console.say("\nSettings for AWS SDKs and the AWS CLI:");
    for line in (SdkSettings { url: server.url(), region, key: ANY_KEY }).exports() {
        console.say(format_args!("  {line}"));
    }
    for line in SdkSettings::advice() {
        console.say(format_args!("  # {line}"));
    }
}

fn tell_created(created: &[Created<'_>], arguments: &ServeArguments, console: &Console) {
    if created.is_empty() {
        if !arguments.definitions.is_empty() {
            console.warn("the folders of --definitions hold no *.asl.json, *.asl.yaml or *.asl.yml");
        }
        return;
    }
    console.say("\nState machines:");
    for Created { file: DefinitionFile { path, kind, .. }, arn } in created {
        console.say(format_args!("  {arn}  {:8}  {}", kind.as_str(), path.display()));
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};
    use crate::cli::console::Written;

    fn try_start(options: &[&str]) -> (Result<Server, String>, Written) {
        let arguments = Arguments::parse_from(["sfn-testkit", "serve"].iter().chain(options));
        let Command::Serve(arguments) = arguments.command else { panic!("not serve") };
        let (console, written) = Console::for_test();
        (start(&new_runtime().unwrap(), &arguments, &console), written)
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    const PASS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;

    #[test]
    fn the_address_is_told_first_and_then_the_settings() {
        let (server, written) = try_start(&["--region", "eu-west-1"]);
        let url = server.unwrap().url().to_owned();
        let expected = format!(
            "sfn-testkit serves AWS Step Functions at {url}\n\
             \n\
             Settings for AWS SDKs and the AWS CLI:\n  \
               export AWS_ENDPOINT_URL_SFN={url}\n  \
               export AWS_DISABLE_HOST_PREFIX_INJECTION=true\n  \
               export AWS_ACCESS_KEY_ID=test\n  \
               export AWS_SECRET_ACCESS_KEY=test\n  \
               export AWS_REGION=eu-west-1\n  \
               export AWS_DEFAULT_REGION=eu-west-1\n  \
               # JavaScript ignores AWS_DISABLE_HOST_PREFIX_INJECTION: new SFNClient({{ disableHostPrefix: true }})\n  \
               # Others: give this machine the name, in its hosts file: 127.0.0.1 sync-localhost sync-127.0.0.1\n"
        );
        assert_eq!(written.out(), expected);
        assert_eq!(written.err(), "");
    }

    #[test]
    fn the_address_of_the_ui_is_told() {
        let (server, written) = try_start(&["--ui"]);
        let url = server.unwrap().url().to_owned();
        let told = format!("\n\nExecutions, to look at and to answer by hand, in a browser: {url}/\n");
        assert!(written.out().ends_with(&told), "{}", written.out());
        let (_server, written) = try_start(&[]);
        assert!(!written.out().contains("browser"), "{}", written.out());
    }

    #[test]
    fn definitions_become_state_machines_with_the_names_of_their_files() {
        let yaml = "StartAt: A\nStates: {A: {Type: Pass, End: true}}\n";
        let folder = folder(&[("pay.asl.json", PASS), ("ask.express.asl.yaml", yaml)]);
        let path = |name: &str| folder.path().join(name).display().to_string();
        let (server, written) =
            try_start(&["--account", "111111111111", "--definitions", folder.path().to_str().unwrap()]);
        drop(server.unwrap());
        let machines = "arn:aws:states:us-east-1:111111111111:stateMachine";
        let expected = format!(
            "\nState machines:\n  {machines}:ask  EXPRESS   {}\n  \
             {machines}:pay  STANDARD  {}\n",
            path("ask.express.asl.yaml"),
            path("pay.asl.json")
        );
        assert!(written.out().ends_with(&expected), "{}", written.out());
    }

    #[test]
    fn an_invalid_definition_stops_the_start_with_all_that_is_wrong_with_it() {
        let bad = r#"{"StartAt": "Bad", "States": {"Bad": {"Type": "Pass", "Next": "Gone", "Foo": 1}}}"#;
        let folder = folder(&[("bad.asl.json", bad), ("good.asl.json", PASS)]);
        let (server, written) = try_start(&["--definitions", folder.path().to_str().unwrap()]);
        let error = server.unwrap_err();
        let first = format!("{} is not a valid definition\n", folder.path().join("bad.asl.json").display());
        assert!(error.starts_with(&first), "{error}");
        assert!(
            error.contains("\n  MISSING_TRANSITION_TARGET: Missing 'Next' target: Gone at /States/Bad"),
            "{error}"
        );
        assert!(error.contains("\n  SCHEMA_VALIDATION_FAILED: "), "{error}");
        assert_eq!(written.out(), "");
    }

    #[test]
    fn a_folder_without_definitions_is_told() {
        let folder = folder(&[("pay.json", PASS)]);
        let (server, written) = try_start(&["--definitions", folder.path().to_str().unwrap()]);
        drop(server.unwrap());
        assert_eq!(
            written.err(),
            "warning: the folders of --definitions hold no *.asl.json, *.asl.yaml or *.asl.yml\n"
        );
    }

    #[test]
    fn a_taken_port_is_an_error() {
        let (server, _) = try_start(&[]);
        let port = server.as_ref().unwrap().port().to_string();
        let (second, written) = try_start(&["--port", &port]);
        let expected = format!("cannot listen on 127.0.0.1:{port}: the port is taken; port 0 is a free one");
        assert_eq!(second.unwrap_err(), expected);
        assert_eq!(written.out(), "");
    }
}
