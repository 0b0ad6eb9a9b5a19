//! Requests: a line each, the operation and the body.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|requests: &[u8]| sfn_testkit::fuzzing::exchange(requests));
