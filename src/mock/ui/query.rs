//! The query of a URL.

/// The value of a parameter, decoded; `None` if it is missing or empty.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
    (!value.is_empty()).then(|| decoded(value))
}

/// Text with `%` and two hexadecimal digits for a byte; what is none of these stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, after) = match (first, after) {
            (b'%', [high, low, behind @ ..]) => {
                digit(*high).zip(digit(*low)).map_or((b'%', after), |(high, low)| (high * 16 + low, behind))
            }
            (b'+', _) => (b' ', after),
            (byte, _) => (*byte, after),
        };
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded() {
        let query = "a=&arn=arn%3Aaws%3a1&text=%C3%A4+b&odd=100%&odd2=%zz";
        let value = |name| parameter(query, name);
        assert_eq!(value("arn").as_deref(), Some("arn:aws:1"));
        assert_eq!(value("text").as_deref(), Some("ä b"));
        assert_eq!(value("odd").as_deref(), Some("100%"));
        assert_eq!(value("odd2").as_deref(), Some("%zz"));
        assert_eq!((value("a"), value("b")), (None, None));
    }
}
