//! The template of States.Format: a text with places `{}`.

use crate::model::Json;
use crate::query::java_text::java_text;

/// The pieces of the text between the places: one more than there are places.
#[derive(Debug, Clone)]
pub(super) struct FormatTemplate {
    pieces: Vec<String>,
}

impl FormatTemplate {
    /// A template written in a definition, still with its escapes: `\{\}` is no place.
    pub(super) fn of_literal(escaped: &str) -> Self {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut rest = escaped.chars().peekable();
        while let Some(c) = rest.next() {
            if c == '\\' {
                piece.extend(rest.next());
            } else if c == '{' && rest.next_if_eq(&'}').is_some() {
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece.push(c);
            }
        }
        pieces.push(piece);
        Self { pieces }
    }

    /// A template found in data, where a backslash is a backslash.
    pub(super) fn of_data(text: &str) -> Self {
        Self { pieces: text.split("{}").map(str::to_owned).collect() }
    }

    pub(super) fn fill(&self, values: &[Json]) -> Result<Json, String> {
        let places = self.pieces.len() - 1;
        if places != values.len() {
            let places = if places == 1 { "1 place {}".to_owned() } else { format!("{places} places {{}}") };
            let values = match values.len() {
                1 => "1 value is".to_owned(),
                count => format!("{count} values are"),
            };
            return Err(format!("the template has {places} but {values} given"));
        }
        let mut out = String::new();
        let mut values = values.iter();
        for piece in &self.pieces {
            out.push_str(piece);
            out.extend(values.next().map(java_text));
        }
        Ok(Json::from(out))
    }
}
