//! Intrinsic functions: a line with the call, and the input that it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_testkit::fuzzing::evaluate;

fuzz_target!(|text: &str| {
    let (call, input) = text.split_once('\n').unwrap_or((text, "{\"a\":[1,{\"b\":\"c\"}]}"));
    let _told = evaluate("Parameters", call, "JSONPath", input);
});
