//! JSON texts one after another: the pages of a long history are often kept in one file.

/// Cuts a text into the JSON documents in it, whether lines, blanks or nothing lies between them. Where the text is no
/// JSON the pieces are not either, which their reader will say.
pub(crate) fn documents(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    while !rest.is_empty() {
        let (document, after) = rest.split_at(end_of_first(rest));
        found.push(document);
        rest = after.trim_start();
    }
    found
}

/// Where the first document ends: behind the bracket that closes it. One that is no object or array has no end before
/// that of the text.
fn end_of_first(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 1 => return at + 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_end_where_their_bracket_closes() {
        let text = "\u{feff}{\"a\": [1, \"}\\\"{\"]}\n [2]{\"b\":{}}\n";
        assert_eq!(documents(text), ["{\"a\": [1, \"}\\\"{\"]}", "[2]", "{\"b\":{}}"]);
    }

    #[test]
    fn what_is_no_document_is_left_to_the_reader() {
        assert_eq!(documents("nonsense [1"), ["nonsense [1"]);
        assert_eq!(documents("]] [1]"), ["]] [1]"]);
        assert!(documents(" \n").is_empty());
    }
}
