//! A path field of a definition: JSONPath over the input (`$…`), the context object (`$$…`) or a variable (`$name…`).

use std::borrow::Cow;
use std::sync::Arc;

use super::compact::compact;
use super::jayway::{JsonPath, PathError, PathSyntaxError};
use super::variable_name::{is_variable_name, leading_variable};
use super::{Effort, Evaluation, SyntaxError};
use crate::model::Json;

/// The value of `InputPath`, `OutputPath`, `ItemsPath`, Variable, or a `…Path` field.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    text: Arc<str>,
    source: Source,
    path: Arc<JsonPath>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    Input,
    Context,
    Variable(Arc<str>),
}

impl Path {
    pub(crate) fn parse(text: &str) -> Result<Self, SyntaxError> {
        let (source, below) = source_of(text)?;
        let path = JsonPath::parse(&below).map_err(|error| malformed(text, error))?;
        Ok(Self { text: text.into(), source, path: Arc::new(path) })
    }

    /// The path that `text` begins with, up to a blank, comma or closing parenthesis; and what follows it.
    pub(super) fn parse_argument(text: &str) -> Result<(Self, &str), SyntaxError> {
        let (source, below) = source_of(text)?;
        let (path, rest) = JsonPath::parse_argument(&below).map_err(|error| malformed(text, error))?;
        let (own, rest) = text.split_at_checked(text.len() - rest.len()).unwrap_or((text, ""));
        Ok((Self { text: own.into(), source, path: Arc::new(path) }, rest))
    }

    /// As it stands in the definition.
    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The name of the variable that it reads: `$name…`.
    pub(crate) const fn variable(&self) -> Option<&Arc<str>> {
        match &self.source {
            Source::Variable(name) => Some(name),
            Source::Input | Source::Context => None,
        }
    }

    /// Whether it reads the document it is given: `$…`, not `$$…` and not a variable.
    pub(crate) fn reads_input(&self) -> bool {
        self.source == Source::Input
    }

    /// What it selects of a document that is no state's input, such as one that a test looks at. `Err` is Jayway's
    /// sentence, as of [`select`](Self::select).
    pub(crate) fn read(&self, document: &Json) -> Result<Json, String> {
        self.path.read_within(document, &Effort::default()).map_err(PathError::into_message)
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
        let document = self.document(evaluation)?;
        let selected = self.path.read_within(&document, &evaluation.effort);
        compact(&selected.map_err(PathError::into_message)?, &evaluation.effort)
    }

    /// The text of what the path reads. Of a variable that has no value: of the input.
    pub(super) fn document_text(&self, evaluation: &Evaluation<'_>) -> String {
        let document = self.document(evaluation).unwrap_or(Cow::Borrowed(evaluation.input));
        compact(&document, &Effort::default()).unwrap_or_else(|_| document.into_owned()).to_text()
    }

    /// What the path reads.
    fn document<'e>(&self, evaluation: &Evaluation<'e>) -> Result<Cow<'e, Json>, String> {
        match &self.source {
            Source::Input => Ok(Cow::Borrowed(evaluation.input)),
            Source::Context => Ok(Cow::Owned((evaluation.context)())),
            Source::Variable(name) => match evaluation.variables.get(name) {
                Some(value) => Ok(Cow::Borrowed(value)),
                None => Err(format!("The variable ${name} has no value")),
            },
        }
    }
}

/// What the path reads, and the path below it, starting with one `$`.
fn source_of(text: &str) -> Result<(Source, Cow<'_, str>), SyntaxError> {
    if let Some((name, below)) = leading_variable(text) {
        if !is_variable_name(name) {
            return Err(SyntaxError::malformed(format!("`{name}` is no name of a variable")));
        }
        return Ok((Source::Variable(name.into()), Cow::Owned(format!("${below}"))));
    }
    match text.strip_prefix('$') {
        Some(below) if below.starts_with('$') => Ok((Source::Context, Cow::Borrowed(below))),
        Some(_) => Ok((Source::Input, Cow::Borrowed(text))),
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
    use crate::model::{SeededRandom, Timestamp};
    use crate::query::{JsonataScope, Variables};

    const INPUT: &str = r#"{"a": {"b": [1, 2]},  "k": 1}"#;
    const CONTEXT: &str = r#"{"Execution": {"Input": {"x":  true}}, "State": {"Name": "S"}}"#;

    fn variables() -> Variables {
        let mut variables = Variables::default();
        variables.set("x".into(), Json::parse(r#"{"a": [1,  {"b": 2}]}"#).unwrap(), 0);
        variables.set("größe".into(), Json::Int(3), 0);
        variables
    }

    fn select(text: &str) -> Result<String, String> {
        let path = Path::parse(text).unwrap();
        let evaluation = Evaluation {
            input: &Json::parse(INPUT).unwrap(),
            context: &|| Json::parse(CONTEXT).unwrap(),
            variables: &variables(),
            random: &mut SeededRandom::new(1, "test"),
            effort: Effort::default(),
            jsonata: JsonataScope::at(Timestamp::from_millis(0)),
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
    fn a_name_behind_the_dollar_reads_a_variable() {
        assert_eq!(select("$x"), Ok(r#"{"a":[1,{"b":2}]}"#.to_owned()));
        assert_eq!(select("$x.a[1].b"), Ok("2".to_owned()));
        assert_eq!(select("$x['a'][*].b "), Ok("[2]".to_owned()));
        assert_eq!(select("$größe"), Ok("3".to_owned()));
        assert_eq!(select("$x.c"), Err("No results for path: $['c']".to_owned()));
        assert_eq!(select("$y.c"), Err("The variable $y has no value".to_owned()));
    }

    #[test]
    fn a_path_names_its_variable() {
        let variable = |text| Path::parse(text).unwrap().variable().map(ToString::to_string);
        assert_eq!(variable("$name.a[0]"), Some("name".to_owned()));
        assert_eq!(variable("$.name"), None);
        assert_eq!(variable("$$.name"), None);
    }

    #[test]
    fn malformed_paths_are_refused() {
        for (text, message) in [
            ("$1", "`$1` is no JSONPath: Illegal character at position 1 expected '.' or '['"),
            ("$$name", "`$$name` is no JSONPath: Illegal character at position 1 expected '.' or '['"),
            ("name", "`name` does not start with `$`"),
            ("", "`` does not start with `$`"),
            ("$.a.", "`$.a.` is no JSONPath: Path must not end with a '.' or '..'"),
            ("$x.", "`$x.` is no JSONPath: Path must not end with a '.' or '..'"),
            ("$x-y", "`$x-y` is no JSONPath: Illegal character at position 1 expected '.' or '['"),
            ("$states.input", "`states` is no name of a variable"),
        ] {
            assert_eq!(Path::parse(text).unwrap_err().0, message, "{text}");
        }
    }

    #[test]
    fn hostile_texts_are_errors_and_never_panics() {
        for part in
            ["[", "(", "$", "@", ".", "..", "'", "\\", "[?(", "[?(@.a", "é", "-", "[-", "[:", "a(", "!", "&&"]
        {
            for text in [
                format!("${part}"),
                format!("$.a{part}"),
                format!("$x{part}"),
                format!("$$.{}", part.repeat(10_000)),
            ] {
                if let Ok(path) = Path::parse(&text) {
                    let evaluation = Evaluation {
                        input: &Json::empty_object(),
                        context: &Json::empty_object,
                        variables: &variables(),
                        random: &mut SeededRandom::new(1, "test"),
                        effort: Effort::default(),
                        jsonata: JsonataScope::at(Timestamp::from_millis(0)),
                    };
                    let _outcome = path.select(&evaluation);
                }
            }
        }
    }
}
