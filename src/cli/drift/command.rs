//! `sfn-testkit drift`, from its options to the report.

use super::arguments::DriftArguments;
use super::collect::{Collected, collect};
use super::updating;
use crate::cli::aws_settings;
use crate::cli::console::Console;
use crate::cli::exit_code::{DONE, FAILED, MISUSED};
use crate::cli::serve::new_runtime;
use crate::endpoint::settings::AwsSettings;
use crate::recording::{Drift, LiveEndpoint, render_all, verify};

/// Returns the exit code.
pub(in crate::cli) fn drift(arguments: &DriftArguments, console: &Console) -> u8 {
    match verified(arguments, console) {
        Ok((recordings, drifts)) => {
            console.say(render_all(&drifts, arguments.format));
            let drifted = drifts.iter().any(Drift::has_drifted);
            match arguments.update {
                true => updating::update(&recordings, &drifts, arguments, console),
                false if drifted => FAILED,
                false => DONE,
            }
        }
        Err(mistake) => {
            console.forget_progress();
            console.fail(mistake);
            MISUSED
        }
    }
}

fn verified(arguments: &DriftArguments, console: &Console) -> Result<(Vec<Collected>, Vec<Drift>), String> {
    updating::check(arguments)?;
    let recordings = collect(&arguments.paths)?;
    let endpoint = endpoint(arguments, aws_settings::find(arguments.profile.as_deref())?)?;
    let runtime = new_runtime()?;
    let mut drifts = Vec::new();
    for (at, Collected { path, file }) in recordings.iter().enumerate() {
        let name = path.display().to_string();
        console.progress(format_args!("{}/{} {name}", at + 1, recordings.len()));
        let drift = runtime.block_on(verify(&name, file, &endpoint));
        drifts.push(drift.map_err(|error| format!("{name}: {error}"))?);
    }
    console.forget_progress();
    Ok((recordings, drifts))
}

fn endpoint(arguments: &DriftArguments, settings: AwsSettings) -> Result<LiveEndpoint, String> {
    let mut endpoint = LiveEndpoint::at(&arguments.endpoint)?;
    let of_profile = settings.region.filter(|_| !endpoint.is_aws());
    if let Some(region) = arguments.region.clone().or(of_profile) {
        endpoint = endpoint.region(region);
    }
    if let Some(credentials) = settings.credentials {
        endpoint = endpoint.credentials(credentials);
    }
    if let Some(account) = &arguments.account {
        endpoint = endpoint.account(account.as_str());
    }
    if arguments.allow_writes {
        endpoint = endpoint.allow_writes();
    }
    Ok(endpoint)
}
