//! The net below redaction: a cassette with a credential in it is not written.

use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::nested::container;
use crate::model::Json;

/// Why a recording is not written. What was found is not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretFound {
    /// Such as `an access key of AWS`.
    pub(crate) what: &'static str,
    /// Such as `interaction 3, StartExecution, request, $.input.key`.
    pub(crate) place: String,
}

impl fmt::Display for SecretFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, place } = self;
        write!(
            f,
            "the cassette was not written, because it would hold {what}: {place}. Keep it out of the call, or take it out with `redact(\"$.…\")`"
        )
    }
}

/// Credentials that are known to be in use. They are looked for in every form and never shown.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InUse(Vec<String>);

/// Shorter ones are no credentials of AWS but stand-ins such as `test`, which any text may have.
const SHORTEST_CREDENTIAL: usize = 16;

impl InUse {
    /// Adds an access key id, a secret access key or a session token.
    pub(crate) fn add(&mut self, credential: &str) {
        if credential.len() >= SHORTEST_CREDENTIAL && !self.0.iter().any(|known| known == credential) {
            self.0.push(credential.to_owned());
        }
    }

    fn shows_in(&self, text: &str) -> bool {
        self.0.iter().any(|credential| text.contains(credential.as_str()))
    }
}

impl fmt::Debug for InUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InUse({} hidden)", self.0.len())
    }
}

/// Looks for credentials in a message, and says where the first one stands.
pub(super) fn find(message: &Json, in_use: &InUse) -> Option<(&'static str, String)> {
    let mut path = "$".to_owned();
    let what = in_value(message, in_use, &mut path)?;
    Some((what, path))
}

fn in_value(value: &Json, in_use: &InUse, path: &mut String) -> Option<&'static str> {
    let length = path.len();
    if let Some(text) = value.as_str() {
        return in_text(text, in_use).or_else(|| in_value(&inner(text)?, in_use, path));
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        path.extend(["[", &at.to_string(), "]"]);
        if let Some(what) = in_value(item, in_use, path) {
            return Some(what);
        }
        path.truncate(length);
    }
    for (key, member) in value.as_object().into_iter().flatten() {
        if let Some(what) = in_text(key, in_use) {
            path.push_str(".(a key)");
            return Some(what);
        }
        path.extend([".", &**key]);
        let named = member.as_str().is_some_and(|text| is_named_secret(key, text));
        if let Some(what) = in_value(member, in_use, path).or(named.then_some("a credential")) {
            return Some(what);
        }
        path.truncate(length);
    }
    None
}

/// What a string holds if it is JSON.
fn inner(text: &str) -> Option<Json> {
    container(text).or_else(|| if text.trim_start().starts_with('"') { Json::parse(text).ok() } else { None })
}

/// What a text shows, as it is or behind an encoding.
pub(super) fn in_text(text: &str, in_use: &InUse) -> Option<&'static str> {
    in_plain(text, in_use).or_else(|| {
        let unescaped = text.contains('\\').then(|| without_escapes(text));
        let percent = text.contains('%').then(|| percent_decoded(text));
        [unescaped, percent, base64_decoded(text)].iter().flatten().find_map(|text| in_plain(text, in_use))
    })
}

/// The text without the escapes of JSON, however often it was quoted.
fn without_escapes(text: &str) -> String {
    const MOST_LEVELS: usize = 8;
    let mut text = text.to_owned();
    for _ in 0..MOST_LEVELS {
        let mut plain = String::new();
        let mut rest = text.as_str();
        while let Some((before, escaped)) = rest.split_once('\\') {
            plain.push_str(before);
            let code = escaped.strip_prefix('u').and_then(|hex| hex.get(..4));
            match code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32) {
                Some(c) => {
                    plain.push(c);
                    rest = escaped.get(5..).unwrap_or_default();
                }
                None => rest = escaped,
            }
        }
        plain.push_str(rest);
        if plain == text {
            break;
        }
        text = plain;
    }
    text
}

fn in_plain(text: &str, in_use: &InUse) -> Option<&'static str> {
    if in_use.shows_in(text) {
        Some("the very credentials in use")
    } else if has_access_key(text) {
        Some("an access key of AWS")
    } else if has_jwt(text) {
        Some("a JSON Web Token")
    } else if text.contains("AWS4-HMAC-SHA256") {
        Some("a signature of AWS")
    } else if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        Some("a private key")
    } else {
        None
    }
}

/// `AKIA` or `ASIA` and 16 capitals or digits, standing alone.
fn has_access_key(text: &str) -> bool {
    let is_key_char = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    words(text, |c| c.is_ascii_alphanumeric()).any(|word| {
        word.len() == 20
            && (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.chars().all(is_key_char)
    })
}

/// Three parts of base64, the first an object of JSON.
fn has_jwt(text: &str) -> bool {
    words(text, |c| c.is_ascii_alphanumeric() || "-_.".contains(c)).any(|word| {
        let parts: Vec<&str> = word.trim_matches('.').split('.').collect();
        matches!(parts.as_slice(), [header, payload, _] if header.len() >= 12 && header.starts_with("eyJ") && payload.starts_with("eyJ"))
    })
}

fn words(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = &str> {
    text.split(move |c| !is_part(c)).filter(|word| !word.is_empty())
}

/// A member whose key says what it is, with a value that is long enough to be it.
fn is_named_secret(key: &str, text: &str) -> bool {
    let key: String =
        key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    const KEYS: [&str; 6] = [
        "awssessiontoken",
        "awssecretaccesskey",
        "secretaccesskey",
        "xamzsecuritytoken",
        "sessiontoken",
        "authorization",
    ];
    text.len() >= SHORTEST_CREDENTIAL && KEYS.contains(&key.as_str())
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let escaped = (*byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The text of a string that is base64 as a whole.
fn base64_decoded(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if text.contains(['-', '_']) { alphabet::URL_SAFE } else { alphabet::STANDARD };
    let decoded = GeneralPurpose::new(&alphabet, config).decode(text.trim()).ok()?;
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCESS_KEY: &str = concat!("AKIA", "IOSFODNN7EXAMPLE");
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn in_use() -> InUse {
        let mut in_use = InUse::default();
        in_use.add(SECRET);
        in_use.add("test");
        in_use
    }

    fn found(text: &str) -> Option<(&'static str, String)> {
        find(&Json::parse(text).unwrap(), &in_use())
    }

    #[test]
    fn credentials_are_found_wherever_they_stand() {
        let check = |text: &str, what: &str, place: &str| {
            assert_eq!(found(text).unwrap(), (what.to_owned().leak() as &str, place.to_owned()), "{text}");
        };
        check(&format!(r#"{{"input":"{{\"k\":[0,\"{ACCESS_KEY}\"]}}"}}"#), "an access key of AWS", "$.input");
        check(&format!(r#"{{"a":{{"{ACCESS_KEY}":1}}}}"#), "an access key of AWS", "$.a.(a key)");
        check(r#"{"a":["x eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln,"]}"#, "a JSON Web Token", "$.a[0]");
        check(r#"{"AWS_SESSION_TOKEN":"abcdefghijklmnopqrstuvwxyz"}"#, "a credential", "$.AWS_SESSION_TOKEN");
        check(&format!(r#"{{"a":"{SECRET}"}}"#), "the very credentials in use", "$.a");
        check(r#"{"a":"-----BEGIN RSA PRIVATE KEY-----\nMII"}"#, "a private key", "$.a");
        check(r#"{"a":"AWS4-HMAC-SHA256 Credential=x"}"#, "a signature of AWS", "$.a");
    }

    #[test]
    fn encodings_hide_nothing() {
        let engine = base64::engine::general_purpose::STANDARD;
        let escaped = SECRET.replace('/', "\\\\/");
        for text in [
            format!(r#"{{"a":"{}"}}"#, engine.encode(format!("key={SECRET}"))),
            format!(r#"{{"a":"{}"}}"#, SECRET.replace('/', "%2F")),
            format!(r#"{{"a":"{{\"b\":\"{escaped}\"}}"}}"#),
            format!(r#"{{"a":"and so \"{escaped}\" is half of JSON"}}"#),
            format!(r#"{{"a":"x \"{}\""}}"#, SECRET.replace('/', "\\\\u002F")),
        ] {
            assert_eq!(found(&text).unwrap().0, "the very credentials in use", "{text}");
        }
    }

    #[test]
    fn ordinary_texts_and_stand_ins_are_fine() {
        for text in [
            r#"{"a":"test"}"#,
            r#"{"sessionToken":"short"}"#,
            r#"{"a":"AKIAIOSFODNN7EXAMPLEX"}"#,
            r#"{"a":"version 1.2.3, eyJust.a.text"}"#,
            r#"{"definition":"{\"StartAt\":\"A\"}"}"#,
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn the_refusal_says_where_and_shows_nothing() {
        let found = SecretFound {
            what: "an access key of AWS",
            place: "interaction 1, StartExecution, request, $.input".to_owned(),
        };
        assert_eq!(
            found.to_string(),
            "the cassette was not written, because it would hold an access key of AWS: interaction 1, StartExecution, request, $.input. Keep it out of the call, or take it out with `redact(\"$.…\")`"
        );
        assert_eq!(format!("{:?}", in_use()), "InUse(1 hidden)");
    }
}
