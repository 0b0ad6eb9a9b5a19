//! `sfn-testkit record`, from its options to the written file.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::arguments::RecordArguments;
use super::gate::Gate;
use super::key::Key;
use super::proxy::Proxy;
use super::taping::Taping;
use super::upstream::upstream;
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
use crate::cli::sdk_settings::SdkSettings;
use crate::cli::serve::new_runtime;
use crate::cli::stop_signals::StopSignals;
use crate::endpoint::Remote;
use crate::endpoint::settings::{AwsSettings, Sources};
use crate::mock::server::Listener;
use crate::model::Operation;

/// How often what was recorded since is kept beside the file.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// Returns the exit code, when asked to stop and after the file is written.
pub(in crate::cli) fn record(arguments: &RecordArguments, console: &Console) -> u8 {
    let prepared = prepare(arguments, std::env::vars().collect(), console);
    let (upstream, taping) = match prepared {
        Ok(prepared) => prepared,
        Err(mistake) => {
            console.fail(mistake);
            return MISUSED;
        }
    };
    match until_stopped(arguments, upstream, &Arc::new(taping), console) {
        Ok(recorded) => {
            tell(&recorded, arguments, console);
            DONE
        }
        Err(failure) => {
            console.fail(failure);
            FAILED
        }
    }
}

/// What can be told to be wrong before anything is listened to.
fn prepare(
    arguments: &RecordArguments,
    environment: BTreeMap<String, String>,
    console: &Console,
) -> Result<(Remote, Taping), String> {
    let is_in_ci = environment.get("CI").is_some_and(|value| !value.is_empty() && value != "false");
    if is_in_ci && !arguments.in_ci {
        return Err("CI is set, and a recording is made where somebody reviews it: replay it here with \
                    `sfn-testkit replay`, or add --in-ci if it is the purpose of this job to record"
            .to_owned());
    }
    let settings = AwsSettings::find(arguments.profile.as_deref(), &Sources::of(environment))?;
    let taping = Taping::open(arguments, settings.credentials.as_ref(), console)?;
    Ok((upstream(arguments, settings)?, taping))
}

fn until_stopped(
    arguments: &RecordArguments,
    upstream: Remote,
    taping: &Arc<Taping>,
    console: &Console,
) -> Result<BTreeMap<Operation, usize>, String> {
    let runtime = new_runtime()?;
    // First, so that whoever reads the address can already ask for the end.
    let signals = runtime.block_on(async { StopSignals::listen() }).map_err(|error| error.to_string())?;
    let key = Key::draw()?;
    taping.guard(key.as_str());
    let (host, region) = (upstream.authority(), upstream.region().to_owned());
    let gate = Gate { key: key.clone(), allowed: arguments.allowed() };
    let proxy = Proxy::new(gate, upstream, Arc::clone(taping), console.clone());
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = Listener::start(proxy, address).map_err(|error| error.to_string())?;
    let url = format!("http://{}", listener.address());
    console.say(format_args!("sfn-testkit records what {host} answers, at {url}"));
    announce(&SdkSettings { url: &url, region: &region, key: key.as_str() }, arguments, console);
    runtime.block_on(keep_until(signals, taping, console));
    drop(listener);
    taping.finish()
}

fn announce(settings: &SdkSettings<'_>, arguments: &RecordArguments, console: &Console) {
    console.say("\nSettings for AWS SDKs and the AWS CLI; the key is good until the proxy ends:");
    for line in settings.exports() {
        console.say(format_args!("  {line}"));
    }
    console.say("  unset AWS_SESSION_TOKEN AWS_PROFILE");
    for line in SdkSettings::advice() {
        console.say(format_args!("  # {line}"));
    }
    console.say(format_args!("\nCtrl-C ends the recording and writes {}.", arguments.cassette.display()));
}

/// A process that is killed leaves the old file as it was, and beside it what it had recorded.
async fn keep_until(signals: StopSignals, taping: &Taping, console: &Console) {
    let mut stopped = std::pin::pin!(signals.received());
    let mut is_warned = false;
    while timeout(KEEP_EVERY, stopped.as_mut()).await.is_err() {
        if let Err(failure) = taping.keep()
            && !is_warned
        {
            console.warn(failure);
            is_warned = true;
        }
    }
}

fn tell(recorded: &BTreeMap<Operation, usize>, arguments: &RecordArguments, console: &Console) {
    let path = arguments.cassette.display();
    let calls: usize = recorded.values().sum();
    match calls {
        0 => console.say(format_args!("\nNothing was recorded; {path} was not written.")),
        1 => console.say(format_args!("\nRecorded 1 call in {path}:")),
        _ => console.say(format_args!("\nRecorded {calls} calls in {path}:")),
    }
    for (operation, count) in recorded {
        console.say(format_args!("  {count:5}  {operation}"));
    }
}
