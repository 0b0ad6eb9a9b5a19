//! A path field of a definition: JSONPath over the input (`$…`) or over the context object (`$$…`).

use std::sync::Arc;

use super::compact::compact;
use super::jayway::{JsonPath, PathError, PathSyntaxError};
use super::syntax_error::leading_variable;
use super::{Effort, Evaluation, SyntaxError};
use crate::model::Json;

/// The value of `InputPath`, `OutputPath`, `ItemsPath`, Variable, or a `…Path` field.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    text: Arc<str>,
    source: Source,
    path: Arc<JsonPath>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Input,
    Context,
}

impl Path {
    /// Fails with [`SyntaxError::is_variable`] where the path reads a variable.
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let (source, below) = source_of(text)?;
        let path = JsonPath::parse(below).map_err(|error| malformed(text, error))?;
        Ok(Self { text: text.into(), source, path: Arc::new(path) })
    }

    /// The path that `text` begins with, up to a blank, comma or closing parenthesis; and what follows it.
    pub(super) fn parse_argument(text: &str) -> Result<(Self, &str), SyntaxError> {
        let (source, below) = source_of(text)?;
        let (path, rest) = JsonPath::parse_argument(below).map_err(|error| malformed(text, error))?;
        let own = text.strip_suffix(rest).unwrap_or(text);
        Ok((Self { text: own.into(), source, path: Arc::new(path) }, rest))
    }

    /// As it stands in the definition.
    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether it leads to one place at most. Other paths always give arrays.
    pub(crate) fn is_definite(&self) -> bool {
        self.path.is_definite()
    }

    /// Whether it reads the context object: `$$…`.
    pub(crate) fn uses_context(&self) -> bool {
        self.source == Source::Context
    }

    /// Whether it is made of names and single indexes only, as reference paths are.
    pub(crate) fn is_reference(&self) -> bool {
        self.path.steps().is_some()
    }

    /// What it selects. `Err` is Jayway's sentence, such as `No results for path: $['a']`; callers put their own
    /// words around it.
    ///
    /// The whole input (`$`) keeps the spacing it came with; everything else is written compact.
    pub(crate) fn select(&self, evaluation: &Evaluation<'_>) -> Result<Json, String> {
        if self.source == Source::Input && self.path.is_whole() {
            return Ok(evaluation.input.clone());
        }
        self.select_compact(evaluation)
    }

    /// Like [`select`](Self::select), but compact in every case.
    pub(super) fn select_compact(&self, evaluation: &Evaluation<'_>) -> Result<Json, String> {
        let selected = match self.source {
            Source::Input => self.path.read_within(evaluation.input, &evaluation.effort),
            Source::Context => self.path.read_within(&(evaluation.context)(), &evaluation.effort),
        };
        compact(&selected.map_err(PathError::into_message)?, &evaluation.effort)
    }

    /// The text of what the path reads: the input, or the context object.
    pub(super) fn document_text(&self, evaluation: &Evaluation<'_>) -> String {
        let document = match self.source {
            Source::Input => evaluation.input.clone(),
            Source::Context => (evaluation.context)(),
        };
        compact(&document, &Effort::default()).unwrap_or(document).to_text()
    }
}

/// What the path reads, and the path without the `$` that says so.
fn source_of(text: &str) -> Result<(Source, &str), SyntaxError> {
    if let Some(name) = leading_variable(text) {
        return Err(SyntaxError::variable(name));
    }
    match text.strip_prefix('$') {
        Some(below) if below.starts_with('$') => Ok((Source::Context, below)),
        Some(_) => Ok((Source::Input, text)),
        None => Err(SyntaxError::malformed(format!("`{text}` does not start with `$`"))),
    }
}

fn malformed(text: &str, error: PathSyntaxError) -> SyntaxError {
    let PathSyntaxError(reason) = error;
    SyntaxError::malformed(format!("`{text}` is no JSONPath: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SeededRandom;

    const INPUT: &str = r#"{"a": {"b": [1, 2]},  "k": 1}"#;
    const CONTEXT: &str = r#"{"Execution": {"Input": {"x":  true}}, "State": {"Name": "S"}}"#;

    fn select(text: &str) -> Result<String, String> {
        let path = Path::parse(text).unwrap();
        let evaluation = Evaluation {
            input: &Json::parse(INPUT).unwrap(),
            context: &|| Json::parse(CONTEXT).unwrap(),
            random: &mut SeededRandom::new(1, "test"),
            effort: Effort::default(),
        };
        path.select(&evaluation).map(|value| value.to_text())
    }

    #[test]
    fn one_dollar_reads_the_input_and_two_read_the_context() {
        assert_eq!(select("$.a.b[0]"), Ok("1".to_owned()));
        assert_eq!(select("$$.State.Name"), Ok(r#""S""#.to_owned()));
        assert_eq!(select("$$['State']['Name'] "), Ok(r#""S""#.to_owned()));
        assert_eq!(select("$$"), Ok(r#"{"Execution":{"Input":{"x":true}},"State":{"Name":"S"}}"#.to_owned()));
        assert_eq!(select("$$.State.Id"), Err("No results for path: $['State']['Id']".to_owned()));
    }

    #[test]
    fn the_whole_input_keeps_its_spacing_and_a_part_loses_it() {
        assert_eq!(select("$"), Ok(INPUT.to_owned()));
        assert_eq!(select("$.a"), Ok(r#"{"b":[1,2]}"#.to_owned()));
        assert_eq!(select("$['a','k']"), Ok(r#"{"a":{"b":[1,2]},"k":1}"#.to_owned()));
        assert_eq!(select("$[*]"), Ok(r#"[{"b":[1,2]},1]"#.to_owned()));
    }

    #[test]
    fn what_is_not_there_is_told_in_jayways_words() {
        assert_eq!(select("$.NoSuchInputPath"), Err("No results for path: $['NoSuchInputPath']".to_owned()));
        assert_eq!(select("$.no.such.result.path"), Err("Missing property in path $['no']".to_owned()));
        assert_eq!(select("$.no[*]"), Ok("[]".to_owned()));
    }

    #[test]
    fn a_variable_is_told_from_a_malformed_path() {
        let variable = |text| Path::parse(text).map(|path| path.text).map_err(|error| error.is_variable());
        assert_eq!(variable("$name"), Err(true));
        assert_eq!(variable("$name.a[0]"), Err(true));
        assert_eq!(variable("$1"), Err(false));
        assert_eq!(variable("$$name"), Err(false));
        assert_eq!(variable("name"), Err(false));
        assert_eq!(variable(""), Err(false));
        assert_eq!(
            Path::parse("$.a.").unwrap_err().0,
            "`$.a.` is no JSONPath: Path must not end with a '.' or '..'"
        );
    }

    #[test]
    fn paths_say_what_kind_they_are() {
        for (text, definite, context, reference) in [
            ("$", true, false, true),
            ("$$.Map.Item.Value", true, true, true),
            ("$.a['b'][0]", true, false, true),
            ("$.a[-1]", true, false, true),
            ("$.a.length()", true, false, false),
            ("$['a','b']", true, false, false),
            ("$.a[*]", false, false, false),
            ("$.a[1:]", false, false, false),
            ("$.a[0,1]", false, false, false),
            ("$..a", false, false, false),
            ("$$.a[?(@.b)]", false, true, false),
        ] {
            let path = Path::parse(text).unwrap();
            assert_eq!(
                (path.is_definite(), path.uses_context(), path.is_reference()),
                (definite, context, reference),
                "{text}"
            );
        }
    }

    #[test]
    fn hostile_texts_are_errors_and_never_panics() {
        for part in
            ["[", "(", "$", "@", ".", "..", "'", "\\", "[?(", "[?(@.a", "é", "-", "[-", "[:", "a(", "!", "&&"]
        {
            for text in [format!("${part}"), format!("$.a{part}"), format!("$$.{}", part.repeat(10_000))] {
                if let Ok(path) = Path::parse(&text) {
                    let evaluation = Evaluation {
                        input: &Json::empty_object(),
                        context: &Json::empty_object,
                        random: &mut SeededRandom::new(1, "test"),
                        effort: Effort::default(),
                    };
                    let _outcome = path.select(&evaluation);
                }
            }
        }
    }
}
