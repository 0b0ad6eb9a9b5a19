//! Recordings of a tour through two services, replayed in every order that chance makes.
//!
//! `recordings/README.md` says how to make them anew.

use std::sync::Arc;
use std::time::Duration;

use sfn_testkit::Cassette;

use super::tour::{Chance, Tour};
use super::upstream;

const REPLAYS: u64 = 200;

/// The address of the service to record, such as `127.0.0.1:5000`.
const UPSTREAM: &str = "SFN_TESTKIT_UPSTREAM";

fn tour(file: &str, seed: u64, has_activities: bool) {
    let address = std::env::var_os(UPSTREAM).map(|address| address.into_string().unwrap());
    let (mut runtime, pause) = match address {
        Some(_) => (tokio::runtime::Builder::new_multi_thread(), Duration::from_millis(500)),
        None => (tokio::runtime::Builder::new_current_thread(), Duration::from_secs(30)),
    };
    let is_paused = address.is_none();
    runtime.enable_time().start_paused(is_paused).build().unwrap().block_on(async {
        let cassette = Cassette::at(file);
        let client = cassette.client(upstream::config(address));
        let role = "arn:aws:iam::123456789012:role/orders";
        let chance = Chance::new(seed);
        Arc::new(Tour { client, chance, role, pause, has_activities }).take().await;
    });
}

fn tours(file: &str, has_activities: bool) {
    let is_recorded = std::env::var_os(UPSTREAM).is_some();
    for seed in 1..=if is_recorded { 1 } else { REPLAYS } {
        tour(file, seed, has_activities);
    }
}

#[test]
fn a_recording_of_our_own_server_replays_in_any_order() {
    tours("recordings/own-server.json", true);
}

#[test]
fn a_recording_of_moto_replays_in_any_order() {
    tours("recordings/moto.json", false);
}
