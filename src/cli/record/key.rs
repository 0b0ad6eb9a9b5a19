//! The one-time key: who has it may use the credentials that the proxy lends.

use std::fmt;

use tokio_rustls::rustls::crypto::ring;

/// Drawn when the proxy starts, printed once, and gone with it.
#[derive(Clone)]
pub(super) struct Key(String);

const RANDOM_BYTES: usize = 20;

impl Key {
    /// From the random numbers that also protect TLS.
    pub(super) fn draw() -> Result<Self, String> {
        let mut bytes = [0_u8; RANDOM_BYTES];
        ring::default_provider()
            .secure_random
            .fill(&mut bytes)
            .map_err(|_| "this machine gives no random numbers, so there can be no key".to_owned())?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!("record{digits}")))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the key. How long it takes does not tell how much of it was right.
    pub(super) fn is(&self, presented: &str) -> bool {
        let differing =
            self.0.bytes().zip(presented.bytes()).fold(0, |all, (left, right)| all | (left ^ right));
        self.0.len() == presented.len() && differing == 0
    }
}

/// Whoever reads a log shall not have it.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_key_opens() {
        let key = Key::draw().unwrap();
        let text = key.as_str().to_owned();
        assert!(key.is(&text));
        for wrong in
            ["", "test", text.trim_start_matches('r'), &format!("{text}0"), &text.replace("record", "Record")]
        {
            assert!(!key.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn keys_are_drawn_anew_and_not_shown() {
        let [one, two] = [Key::draw().unwrap(), Key::draw().unwrap()];
        assert_ne!(one.as_str(), two.as_str());
        assert_eq!(one.as_str().len(), "record".len() + 2 * RANDOM_BYTES);
        assert_eq!(format!("{one:?}"), "Key");
    }
}
