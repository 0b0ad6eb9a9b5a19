//! The files of this repository that have to do with cassettes.

use std::fs;
use std::path::Path;

use sfn_testkit::cassettes;

#[test]
fn the_schema_file_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/cassette.schema.json");
    let expected = cassettes::json_schema();
    if std::env::var_os("SFN_TESTKIT_BLESS").is_some() {
        fs::write(&file, &expected).unwrap();
    }
    assert!(
        fs::read_to_string(&file).is_ok_and(|text| text == expected),
        "schema/cassette.schema.json is out of date: run `SFN_TESTKIT_BLESS=1 cargo test --all-features --test it recordings`"
    );
}

/// What must be in no recording of ours: what a call is signed with, and where we were.
#[test]
fn our_recordings_show_no_headers_and_no_addresses() {
    for name in ["own-server", "moto"] {
        let path = format!("recordings/{name}.json");
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        for secret in ["uthorization", "AWS4-HMAC", "x-amz", "user-agent", "127.0.0.1", "localhost"] {
            assert!(!text.contains(secret), "{name} shows `{secret}`");
        }
        assert!(text.starts_with("{\n  \"format\": \"sfn-cassette/1\",\n"), "{name}");
    }
}

#[cfg(feature = "schema")]
#[test]
fn our_recordings_are_as_the_schema_says() {
    let schema = serde_json::from_str(&cassettes::json_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let cases = folder.join("it/recordings/cases");
    let files =
        [folder, cases].map(|folder| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let files: Vec<_> =
        files.into_iter().flatten().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    assert!(files.len() >= 6, "{files:?}");
    for file in files {
        let mut cassette: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert!(validator.is_valid(&cassette), "{}", file.display());
        cassette["interactions"][0]["headers"] = serde_json::json!({});
        assert!(!validator.is_valid(&cassette), "headers would be allowed in {}", file.display());
    }
}
