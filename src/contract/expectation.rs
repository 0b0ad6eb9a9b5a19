//! What an answer must be, and how it is not so.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assertion::diff;
use crate::endpoint::HttpResponse;
use crate::model::{Json, fold};
use crate::pattern::{Difference, Pattern};

/// How much of an answer an explanation shows.
const WIDTH: usize = 200;

/// What must come back from an exchange.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// HTTP 200, and a body that is so, if anything is said about it.
    Success(Option<Pattern>),
    Refusal(Refusal),
    Raw(Raw),
}

#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) namespace: Option<String>,
    pub(super) status: u16,
    /// The whole body, as a part.
    pub(super) body: Pattern,
}

impl Refusal {
    /// The pattern of a body that has this message and these members.
    pub(super) fn body(message: Pattern, members: Option<Pattern>) -> Pattern {
        let mut body: BTreeMap<Arc<str>, Pattern> = match members {
            Some(Pattern::Object(members)) => members,
            Some(_) | None => BTreeMap::new(),
        };
        body.insert("message".into(), message);
        Pattern::Object(body).included()
    }
}

#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, Pattern)>,
    pub(super) body: Option<Pattern>,
    pub(super) text: Option<Pattern>,
}

/// How an answer is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mismatch {
    pub(super) explanation: String,
    pub(super) diff: Option<String>,
}

impl Mismatch {
    pub(super) fn new(explanation: impl Into<String>) -> Self {
        Self { explanation: explanation.into(), diff: None }
    }
}

impl Expected {
    /// The body of the answer, if it is as expected; a body that is no JSON is a string.
    pub(super) fn check(&self, answer: &HttpResponse) -> Result<Json, Mismatch> {
        match self {
            Self::Success(pattern) => {
                let body = json_of(answer)?;
                if answer.status != 200 {
                    return Err(Mismatch::new(format!("the call was refused: {}", told(answer))));
                }
                match pattern {
                    Some(pattern) => compare(pattern, &body).map(|()| body),
                    None => Ok(body),
                }
            }
            Self::Refusal(refusal) => refusal.check(answer),
            Self::Raw(raw) => raw.check(answer),
        }
    }
}

impl Refusal {
    fn check(&self, answer: &HttpResponse) -> Result<Json, Mismatch> {
        let body = json_of(answer)?;
        let Self { code, status, .. } = self;
        if answer.status == 200 {
            let shown = fold(&body.to_text(), WIDTH);
            return Err(Mismatch::new(format!(
                "the call must be refused with {code}, but it succeeded: {shown}"
            )));
        }
        let (namespace, name) = error_name(answer, &body);
        if name != *code {
            return Err(Mismatch::new(format!(
                "the call must be refused with {code}, not with {}",
                told(answer)
            )));
        }
        if answer.status != *status {
            return Err(Mismatch::new(format!(
                "{code} must have the status {status}, not {}",
                answer.status
            )));
        }
        if let Some(expected) = &self.namespace
            && namespace.as_ref() != Some(expected)
        {
            let namespace = namespace.unwrap_or_default();
            return Err(Mismatch::new(format!("`__type` must start with `{expected}#`, not `{namespace}#`")));
        }
        compare(&self.body, &body).map(|()| body)
    }
}

impl Raw {
    fn check(&self, answer: &HttpResponse) -> Result<Json, Mismatch> {
        let text = String::from_utf8_lossy(&answer.body);
        let value = Json::parse(&text).unwrap_or_else(|_| Json::from(&*text));
        if answer.status != self.status {
            let shown = fold(&text, WIDTH);
            let reason = format!("the status must be {}, not {}: {shown}", self.status, answer.status);
            return Err(Mismatch::new(reason));
        }
        for (name, pattern) in &self.headers {
            let Some(value) = answer.header(name) else {
                return Err(Mismatch::new(format!("the header `{name}` is missing")));
            };
            if let Some(difference) = pattern.difference(&Json::from(value)) {
                return Err(Mismatch::new(format!("the header `{name}`: {}", difference.explanation)));
            }
        }
        if let Some(pattern) = &self.text {
            compare(pattern, &Json::from(&*text))?;
        }
        if let Some(pattern) = &self.body {
            compare(pattern, &value)?;
        }
        Ok(value)
    }
}

/// Compares, and explains with a diff.
pub(super) fn compare(pattern: &Pattern, actual: &Json) -> Result<(), Mismatch> {
    match pattern.difference(actual) {
        None => Ok(()),
        Some(Difference { path, explanation }) => Err(Mismatch {
            explanation: format!("{path}: {explanation}"),
            diff: diff::of_json(&pattern.resolved(actual), actual),
        }),
    }
}

fn json_of(answer: &HttpResponse) -> Result<Json, Mismatch> {
    let text = String::from_utf8_lossy(&answer.body);
    Json::parse(&text).map_err(|_| {
        let shown = fold(&text, WIDTH);
        Mismatch::new(format!("the answer, with status {}, is no JSON: {shown}", answer.status))
    })
}

/// Namespace and name of an error.
fn error_name(answer: &HttpResponse, body: &Json) -> (Option<String>, String) {
    let of_body = body.get("__type").and_then(Json::as_str);
    let whole = of_body.or_else(|| answer.header("x-amzn-errortype")).unwrap_or_default();
    match whole.rsplit_once('#') {
        Some((namespace, name)) => (Some(namespace.to_owned()), name.to_owned()),
        None => (None, whole.split(':').next().unwrap_or_default().to_owned()),
    }
}

/// `InvalidArn: Invalid Arn: '…'`.
fn told(answer: &HttpResponse) -> String {
    let body = json_of(answer).unwrap_or_else(|_| Json::empty_object());
    let (_, name) = error_name(answer, &body);
    let message = body.get("message").or_else(|| body.get("Message")).and_then(Json::as_str);
    match message {
        Some(message) => format!("{name}: {}", fold(message, WIDTH)),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> HttpResponse {
        HttpResponse { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    fn pattern(text: &str) -> Pattern {
        Pattern::read(&Json::parse(text).unwrap()).unwrap()
    }

    #[track_caller]
    fn check(expected: &Expected, answer: &HttpResponse, explanation: Option<&str>) {
        let mismatch = expected.check(answer).err().map(|mismatch| mismatch.explanation);
        assert_eq!(mismatch.as_deref(), explanation);
    }

    const REFUSED: &str = r#"{"__type":"a.b#InvalidName","message":"Invalid Name: 'x'","reason":"R"}"#;

    #[test]
    fn a_success_has_a_body_as_the_pattern_says() {
        let expected = Expected::Success(Some(pattern(r#"{"a":1}"#)));
        check(&expected, &answer(200, r#"{"a":1}"#), None);
        check(&expected, &answer(200, r#"{"a":2}"#), Some("$.a: 2 != 1"));
        check(&expected, &answer(200, "x"), Some("the answer, with status 200, is no JSON: x"));
        check(&expected, &answer(400, REFUSED), Some("the call was refused: InvalidName: Invalid Name: 'x'"));
    }

    #[test]
    fn a_refusal_has_code_status_message_and_members() {
        let refusal = |code: &str, status, namespace: Option<&str>, body: &str| {
            let namespace = namespace.map(str::to_owned);
            Expected::Refusal(Refusal {
                code: code.to_owned(),
                status,
                namespace,
                body: pattern(body).included(),
            })
        };
        let refused = answer(400, REFUSED);
        check(&refusal("InvalidName", 400, Some("a.b"), r#"{"reason":"R"}"#), &refused, None);
        check(
            &refusal("InvalidArn", 400, None, "{}"),
            &refused,
            Some("the call must be refused with InvalidArn, not with InvalidName: Invalid Name: 'x'"),
        );
        check(
            &refusal("InvalidName", 404, None, "{}"),
            &refused,
            Some("InvalidName must have the status 404, not 400"),
        );
        check(
            &refusal("InvalidName", 400, Some("c"), "{}"),
            &refused,
            Some("`__type` must start with `c#`, not `a.b#`"),
        );
        check(
            &refusal("InvalidName", 400, None, r#"{"message":{"$absent":true}}"#),
            &refused,
            Some("$.message: \"Invalid Name: 'x'\" is not absent"),
        );
        check(
            &refusal("InvalidName", 400, None, "{}"),
            &answer(200, "{}"),
            Some("the call must be refused with InvalidName, but it succeeded: {}"),
        );
    }

    #[test]
    fn bytes_are_checked_as_status_headers_and_text() {
        let expected = |status, header: &str, text: &str| {
            Expected::Raw(Raw {
                status,
                headers: vec![(header.to_owned(), pattern("\"b\""))],
                body: None,
                text: Some(pattern(text)),
            })
        };
        let mut got = answer(200, "{}");
        got.headers.push(("a".to_owned(), "b".to_owned()));
        check(&expected(200, "a", "\"{}\""), &got, None);
        check(&expected(400, "a", "\"{}\""), &got, Some("the status must be 400, not 200: {}"));
        check(&expected(200, "c", "\"{}\""), &got, Some("the header `c` is missing"));
        check(&expected(200, "a", "\"\""), &got, Some("$: \"{}\" != \"\""));
    }
}
