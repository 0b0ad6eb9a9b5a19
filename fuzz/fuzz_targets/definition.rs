//! Definitions: judged, and run twice if they are good ones.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_testkit::fuzzing::execute;

fuzz_target!(|definition: &str| {
    let input = r#"{"a": [1, {"b": "c"}], "n": 3, "t": "2024-01-01T00:00:00Z"}"#;
    assert_eq!(execute(definition, input), execute(definition, input));
});
