//! Ids, jitter and random numbers that come out the same in every run with the same seed.

use sha2::{Digest, Sha256};

/// A stream of pseudo-random bytes, stable across versions and platforms: SHA-256 of the seed, a label and a counter.
///
/// Two streams with different labels are independent, so that what one execution draws cannot move the ids
/// of another.
#[derive(Debug, Clone)]
pub(crate) struct SeededRandom {
    key: [u8; 32],
    drawn: u64,
}

impl SeededRandom {
    pub(crate) fn new(seed: u64, label: &str) -> Self {
        let key = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(label).finalize();
        Self { key: key.into(), drawn: 0 }
    }

    fn next_block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new().chain_update(self.key).chain_update(self.drawn.to_be_bytes()).finalize().into()
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        let block = self.next_block();
        block.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
    }

    /// Uniform in `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub(crate) fn next_fraction(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A version 4 UUID.
    pub(crate) fn next_uuid(&mut self) -> String {
        let block = self.next_block();
        let mut hex: Vec<char> =
            block.iter().take(16).flat_map(|byte| [byte >> 4, byte & 0xF]).map(hex_digit).collect();
        if let Some(version) = hex.get_mut(12) {
            *version = '4';
        }
        if let Some(variant) = hex.get_mut(16) {
            *variant = hex_digit(8 | (block.get(8).copied().unwrap_or(0) >> 4 & 0b11));
        }
        let text: String = hex.into_iter().collect();
        let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
        format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
    }
}

fn hex_digit(nibble: u8) -> char {
    char::from_digit(u32::from(nibble & 0xF), 16).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_give_equal_streams_and_labels_part_them() {
        let draw = |seed, label: &str| SeededRandom::new(seed, label).next_uuid();
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
    }

    #[test]
    fn uuids_have_version_4_and_the_rfc_variant() {
        let mut random = SeededRandom::new(7, "ids");
        for _ in 0..50 {
            let uuid = random.next_uuid();
            assert_eq!(uuid.len(), 36);
            assert_eq!(uuid.chars().nth(14), Some('4'));
            assert!(matches!(uuid.chars().nth(19), Some('8' | '9' | 'a' | 'b')), "{uuid}");
        }
    }

    #[test]
    fn fractions_stay_below_one() {
        let mut random = SeededRandom::new(7, "jitter");
        assert!((0..1000).map(|_| random.next_fraction()).all(|f| (0.0..1.0).contains(&f)));
    }
}
