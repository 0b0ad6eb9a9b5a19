//! Files as `sfn-testkit lint` reads them, in JSON and in YAML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_testkit::fuzzing::lint;

fuzz_target!(|text: &str| {
    let _shown = lint(text, false);
    let _shown = lint(text, true);
});
