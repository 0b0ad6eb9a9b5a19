//! AWS Signature Version 4 of a POST to `/`.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use std::fmt;

use sha2::{Digest, Sha256};

use super::message::HttpRequest;
use crate::model::Timestamp;

/// What requests are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
}

impl Credentials {
    /// Long-lived credentials, or temporary ones with their session token.
    #[must_use]
    pub fn new(
        access_key_id: impl Into<String>,
        secret_access_key: impl Into<String>,
        session_token: Option<String>,
    ) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token,
        }
    }
}

#[cfg(feature = "record")]
impl Credentials {
    /// What emulators take, which ask nobody for credentials but read the region out of signatures.
    pub(crate) fn stand_in() -> Self {
        Self::new("test", "test", None)
    }

    /// What must not be written anywhere.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &str> {
        [&self.access_key_id, &self.secret_access_key]
            .into_iter()
            .chain(&self.session_token)
            .map(String::as_str)
    }
}

/// The secrets stay secret.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("access_key_id", &self.access_key_id).finish_non_exhaustive()
    }
}

/// Where and when a request is made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) host: &'s str,
    pub(super) region: &'s str,
    pub(super) now: Timestamp,
}

/// Adds the headers `x-amz-date`, `x-amz-security-token` and `authorization`.
pub(super) fn sign(request: &mut HttpRequest, credentials: &Credentials, scope: Scope<'_>) {
    let moment: String = scope.now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    // 20240101T000000Z, without the milliseconds that a timestamp may have.
    let moment = format!("{}Z", moment.get(..15).unwrap_or_default());
    let date = moment.get(..8).unwrap_or_default();
    request.headers.push(("x-amz-date".to_owned(), moment.clone()));
    if let Some(token) = &credentials.session_token {
        request.headers.push(("x-amz-security-token".to_owned(), token.clone()));
    }
    let (names, canonical) = canonical_request(request, scope.host);
    let region = scope.region;
    let credential_scope = format!("{date}/{region}/states/aws4_request");
    let digest = hex(&Sha256::digest(canonical.as_bytes()));
    let to_sign = format!("AWS4-HMAC-SHA256\n{moment}\n{credential_scope}\n{digest}");
    let key = [date, region, "states", "aws4_request"]
        .into_iter()
        .fold(format!("AWS4{}", credentials.secret_access_key).into_bytes(), |key, part| {
            hmac(&key, part.as_bytes()).to_vec()
        });
    let signature = hex(&hmac(&key, to_sign.as_bytes()));
    let id = &credentials.access_key_id;
    request.headers.push((
        "authorization".to_owned(),
        format!("AWS4-HMAC-SHA256 Credential={id}/{credential_scope}, SignedHeaders={names}, Signature={signature}"),
    ));
}

/// The names of the signed headers, and what is signed.
fn canonical_request(request: &HttpRequest, host: &str) -> (String, String) {
    let mut headers: Vec<(&str, String)> =
        request.headers.iter().map(|(name, value)| (name.as_str(), with_single_spaces(value))).collect();
    headers.push(("host", host.to_owned()));
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let body = hex(&Sha256::digest(&request.body));
    (names.clone(), format!("POST\n/\n\n{lines}\n{names}\n{body}"))
}

/// As the signature sees a value: no space around it, and never two in a row.
fn with_single_spaces(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// HMAC-SHA256, RFC 2104.
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    block.resize(BLOCK, 0);
    let padded = |with: u8| block.iter().map(|byte| byte ^ with).collect::<Vec<u8>>();
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 2 and 6.
    #[test]
    fn the_code_of_a_message_is_that_of_the_standard() {
        assert_eq!(
            hex(&hmac(b"Jefe", b"what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(&hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    #[test]
    fn a_request_is_signed_for_its_region_and_moment() {
        let mut request = HttpRequest {
            headers: vec![("x-amz-target".to_owned(), "AWSStepFunctions.ListActivities".to_owned())],
            body: b"{}".to_vec(),
        };
        let credentials = Credentials::new("AKID", "secret", Some("token".to_owned()));
        let now = Timestamp::parse("2024-01-02T03:04:05.678Z").unwrap();
        sign(&mut request, &credentials, Scope { host: "localhost:1", region: "eu-west-1", now });
        assert_eq!(request.header("x-amz-date"), Some("20240102T030405Z"));
        assert_eq!(request.header("x-amz-security-token"), Some("token"));
        let authorization = request.header("authorization").unwrap();
        // As botocore signs the same request.
        let expected = "AWS4-HMAC-SHA256 Credential=AKID/20240102/eu-west-1/states/aws4_request, \
                        SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target, \
                        Signature=d63cd1c9cdf5659487fd620029f6b78b5a4369a5962e62ae7a78a66c1f0907b0";
        assert_eq!(authorization, expected);
    }

    #[test]
    fn spaces_in_headers_count_once() {
        assert_eq!(with_single_spaces("  a  b   c "), "a b c");
    }

    #[test]
    fn secrets_are_not_printed() {
        let shown = format!("{:?}", Credentials::new("AKID", "secret", Some("token".to_owned())));
        assert_eq!(shown, r#"Credentials { access_key_id: "AKID", .. }"#);
    }
}
