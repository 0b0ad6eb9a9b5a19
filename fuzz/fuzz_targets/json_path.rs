//! Paths: a line with the path, and the document that it selects from.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfn_testkit::fuzzing::evaluate;

fuzz_target!(|text: &str| {
    let (path, document) = text.split_once('\n').unwrap_or((text, "{\"a\":[1,{\"b\":\"c\"}]}"));
    for field in ["InputPath", "ResultPath", "OutputPath", "Parameters"] {
        let _told = evaluate(field, path, "JSONPath", document);
    }
});
