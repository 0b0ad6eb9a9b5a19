//! JSONata: a line with the expression, and the input that it reads.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_testkit::fuzzing::evaluate;

fuzz_target!(|text: &str| {
    let (expression, input) = text.split_once('\n').unwrap_or((text, "{\"a\":[1,{\"b\":\"c\"}]}"));
    let _told = evaluate("Output", &format!("{{% {expression} %}}"), "JSONata", input);
});
