//! `sfn-testkit replay`, from its options to what was missed.

use std::net::{Ipv4Addr, SocketAddr};

use super::arguments::ReplayArguments;
use super::player::Player;
use crate::cli::cassette_file;
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
use crate::cli::sdk_settings::{ANY_KEY, SdkSettings};
use crate::cli::serve::new_runtime;
use crate::cli::stop_signals::StopSignals;
use crate::mock::server::Listener;
use crate::recording::{CassetteFile, Redaction, Replayer};

/// Returns the exit code, when asked to stop.
pub(in crate::cli) fn replay(arguments: &ReplayArguments, console: &Console) -> u8 {
    let file = match read(arguments) {
        Ok(file) => file,
        Err(mistake) => {
            console.fail(mistake);
            return MISUSED;
        }
    };
    let player = Player::new(Replayer::new(file), console.clone());
    match until_stopped(arguments, &player, console) {
        Ok(()) => tell(&player, arguments, console),
        Err(failure) => {
            console.fail(failure);
            FAILED
        }
    }
}

/// What was redacted in the recording is redacted in calls as well: the file knows its paths, and more can be given.
fn read(arguments: &ReplayArguments) -> Result<CassetteFile, String> {
    let mut file = cassette_file::read(&arguments.cassette)?;
    for path in &arguments.redacted {
        let redaction = Redaction::parse(path)?;
        if !file.redacted.contains(&redaction) {
            file.redacted.push(redaction);
        }
    }
    Ok(file)
}

fn until_stopped(arguments: &ReplayArguments, player: &Player, console: &Console) -> Result<(), String> {
    let runtime = new_runtime()?;
    // First, so that whoever reads the address can already ask for the end.
    let signals = runtime.block_on(async { StopSignals::listen() }).map_err(|error| error.to_string())?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = Listener::start(player.clone(), address).map_err(|error| error.to_string())?;
    let url = format!("http://{}", listener.address());
    console.say(format_args!("sfn-testkit replays {} at {url}", arguments.cassette.display()));
    console.say("\nSettings for AWS SDKs and the AWS CLI:");
    let settings = SdkSettings { url: &url, region: &arguments.region, key: ANY_KEY };
    for line in settings.exports() {
        console.say(format_args!("  {line}"));
    }
    for line in SdkSettings::advice() {
        console.say(format_args!("  # {line}"));
    }
    console.say("\nCtrl-C ends it, and tells what was not asked for.");
    runtime.block_on(signals.received());
    drop(listener);
    Ok(())
}

fn tell(player: &Player, arguments: &ReplayArguments, console: &Console) -> u8 {
    let unused = player.unused();
    match unused.is_empty() {
        true => console.say("\nEverything that was recorded was asked for."),
        false => console.say("\nRecorded, but not asked for:"),
    }
    for (number, operation) in &unused {
        console.say(format_args!("  interaction {number}, {operation}"));
    }
    match player.misses() {
        0 if unused.is_empty() || !arguments.strict => return DONE,
        0 => console.fail("with --strict everything that was recorded must be asked for"),
        1 => console.fail("1 call had no recorded answer"),
        misses => console.fail(format_args!("{misses} calls had no recorded answer")),
    }
    FAILED
}
