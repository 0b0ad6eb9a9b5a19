//! The payloads of a page: each text once, long ones cut, and no more in all than a browser likes to load.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Json;

/// Of a longer text only the beginning is kept.
pub(super) const LONGEST: usize = 16 * 1024;
/// When all kept texts together are longer, further ones are cut to [`SHORT`].
const MOST: usize = 8 * 1024 * 1024;
const SHORT: usize = 256;

/// Texts by their number.
#[derive(Debug, Default)]
pub(super) struct Texts {
    kept: Vec<Json>,
    numbers: BTreeMap<Arc<str>, usize>,
    bytes: usize,
}

impl Texts {
    /// The number of this text.
    pub(super) fn number(&mut self, text: &Arc<str>) -> Json {
        if let Some(number) = self.numbers.get(text) {
            return Json::from(*number);
        }
        let most = if self.bytes > MOST { SHORT } else { LONGEST };
        let kept = if text.len() > most { cut(text, most) } else { Json::String(Arc::clone(text)) };
        self.bytes += text.len().min(most);
        let number = self.kept.len();
        self.kept.push(kept);
        self.numbers.insert(Arc::clone(text), number);
        Json::from(number)
    }

    pub(super) fn optional(&mut self, text: Option<&Arc<str>>) -> Json {
        text.map_or(Json::Null, |text| self.number(text))
    }

    /// All texts in the order of their numbers: strings, or `{"start": …, "length": …}` of those that were cut.
    pub(super) fn into_json(self) -> Json {
        Json::array(self.kept)
    }
}

fn cut(text: &str, most: usize) -> Json {
    let end = text.floor_char_boundary(most);
    let start = text.split_at_checked(end).map_or(text, |(start, _)| start);
    Json::from_members([("start", Json::from(start)), ("length", Json::from(text.len()))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_kept_once() {
        let mut texts = Texts::default();
        let numbers = ["{}", "[]", "{}"].map(|text| texts.number(&text.into()).to_text());
        assert_eq!(numbers, ["0", "1", "0"]);
        assert_eq!(texts.into_json().to_text(), r#"["{}","[]"]"#);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        let mut texts = Texts::default();
        let long = format!("x{}", "ä".repeat(LONGEST));
        texts.number(&long.as_str().into());
        let json = texts.into_json();
        let text = json.as_array().unwrap()[0].clone();
        assert_eq!(text.get("length").unwrap().as_i64(), Some(long.len() as i64));
        assert_eq!(text.get("start").unwrap().as_str().unwrap().len(), LONGEST - 1);
    }

    #[test]
    fn many_long_texts_do_not_add_up_without_end() {
        let mut texts = Texts::default();
        for n in 0..2000 {
            texts.number(&format!("{n}{}", "x".repeat(LONGEST - 10)).into());
        }
        assert!(texts.into_json().to_text().len() < MOST + 2 * 1024 * 1024);
    }
}
