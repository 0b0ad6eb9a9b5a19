//! Hash.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::arguments::Arguments;
use crate::model::{Json, SeededRandom};

/// Characters of the data.
const CHARACTERS: usize = 10_000;

pub(super) fn hash(arguments: &Arguments<'_>, _: &mut SeededRandom) -> Result<Json, String> {
    let data = arguments.text_within(1, CHARACTERS)?;
    match digest(data, arguments.text(2)?) {
        Some(digits) => Ok(Json::from(digits)),
        None => Err(arguments.must_be(2, "one of MD5, SHA-1, SHA-256, SHA-384, SHA-512")),
    }
}

/// The digest in hexadecimal digits; `None` if there is no such algorithm.
pub(in crate::query) fn digest(data: &str, algorithm: &str) -> Option<String> {
    match algorithm {
        "MD5" => Some(hex::<Md5>(data)),
        "SHA-1" => Some(hex::<Sha1>(data)),
        "SHA-256" => Some(hex::<Sha256>(data)),
        "SHA-384" => Some(hex::<Sha384>(data)),
        "SHA-512" => Some(hex::<Sha512>(data)),
        _ => None,
    }
}

fn hex<D: Digest>(data: &str) -> String {
    D::digest(data).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use crate::query::intrinsic::check::{check, check_failure};

    #[test]
    fn the_five_algorithms_give_lower_case_hexadecimals() {
        for (algorithm, hash) in [
            ("MD5", "812f45842bc6d66ee14572ce20db8e86"),
            ("SHA-1", "aaff4a450a104cd177d28d18d74485e8cae074b7"),
            ("SHA-256", "b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3"),
            (
                "SHA-384",
                "d28a7d5cf25a74f11a50a18452b75e04bb3d70c9dd0510d6123aa008c756511b87525bdc835ebb27e1fb9e9374a15562",
            ),
            (
                "SHA-512",
                "6ce4adb348546d4f449c4d25aad9a7c9cb711d9e91982d3f0b29ca2f3f47d4ce2deba23bf2954f0f1d593fc50283731a533d30d425402d4f91316d871303aac4",
            ),
        ] {
            check("{}", &format!("States.Hash('input data', '{algorithm}')"), &format!("\"{hash}\""));
        }
    }

    #[test]
    fn unknown_algorithms_and_long_or_other_data_fail() {
        check_failure(
            "{}",
            "States.Hash('x', 'sha-256')",
            "The intrinsic function States.Hash failed: argument 2 must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, but was the string \"sha-256\"",
        );
        check_failure(
            "{}",
            "States.Hash(1, 'MD5')",
            "The intrinsic function States.Hash failed: argument 1 must be a string, but was the number 1",
        );
        check_failure(
            &format!(r#"{{"s": "{}"}}"#, "a".repeat(10_001)),
            "States.Hash($.s, 'MD5')",
            "The intrinsic function States.Hash failed: argument 1 must have at most 10000 characters, but had 10001",
        );
    }
}
