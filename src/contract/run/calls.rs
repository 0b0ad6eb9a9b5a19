//! Steps that call: once, page by page, or byte for byte.

use super::hook::Observed;
use super::steps::{At, Run};
use crate::contract::expectation::{Expected, Mismatch, Raw, Refusal, compare};
use crate::contract::step::{AwaitStep, CallStep, Fails, PagesStep, SendStep};
use crate::endpoint::HttpRequest;
use crate::model::json::Map;
use crate::model::{Json, Operation};
use crate::pattern::Pattern;

/// More pages than any clause makes: the target repeats itself.
const MOST_PAGES: usize = 1000;

impl Run<'_> {
    pub(super) async fn call(&self, step: &CallStep, at: &At) -> Result<(), Mismatch> {
        let with = self.filled(&step.with, at)?;
        let expected = self.expected(step, at)?;
        let answer = self.exchange(HttpRequest::of(step.call, with.to_text().into_bytes()), at).await?;
        if step.answers.is_some() || step.fails.is_some() {
            self.hook.note(&at.pointer, || Observed::Answer {
                expected: expected.clone(),
                answer: answer.clone(),
            });
        }
        let checked = expected.check(&answer);
        // Created all the same, whether expected or not.
        if answer.status == 200
            && let Ok(body) = Expected::Success(None).check(&answer)
        {
            self.ledger.note(self.clause.id(), step.call, &body);
        }
        self.names.save(&step.save, &checked?)
    }

    fn expected(&self, step: &CallStep, at: &At) -> Result<Expected, Mismatch> {
        match (&step.answers, &step.fails) {
            (_, Some(fails)) => self.refusal(fails, at).map(Expected::Refusal),
            (Some(answers), None) => Ok(Expected::Success(Some(self.pattern(answers, at)?))),
            (None, None) => Ok(Expected::Success(None)),
        }
    }

    fn refusal(&self, fails: &Fails, at: &At) -> Result<Refusal, Mismatch> {
        let message = self.pattern(&fails.message, at)?;
        let members = fails.members.as_ref().map(|members| self.pattern(members, at)).transpose()?;
        Ok(Refusal {
            code: fails.code.clone(),
            namespace: fails.namespace.clone(),
            status: fails.status,
            body: Refusal::body(message, members),
        })
    }

    pub(super) async fn send(&self, step: &SendStep, at: &At) -> Result<(), Mismatch> {
        let body = self.filled(&step.send.body, at)?;
        let body = body.as_str().map_or_else(|| body.to_text(), str::to_owned);
        let mut headers: Vec<_> = step
            .send
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        headers.extend(step.send.target.iter().map(|target| ("x-amz-target".to_owned(), target.clone())));
        let headers_expected = step.gets.headers.iter();
        let expected = Expected::Raw(Raw {
            status: step.gets.status,
            headers: headers_expected
                .map(|(name, value)| Ok((name.clone(), self.pattern(value, at)?)))
                .collect::<Result<_, Mismatch>>()?,
            body: step.gets.body.as_ref().map(|body| self.pattern(body, at)).transpose()?,
            text: step.gets.text.as_ref().map(|text| self.pattern(text, at)).transpose()?,
        });
        let answer = self.exchange(HttpRequest { headers, body: body.into_bytes() }, at).await?;
        self.hook
            .note(&at.pointer, || Observed::Answer { expected: expected.clone(), answer: answer.clone() });
        let body = expected.check(&answer)?;
        let operation = step.send.target.as_deref().and_then(|target| target.rsplit('.').next());
        if let Some(operation) = operation.and_then(Operation::from_name) {
            self.ledger.note(self.clause.id(), operation, &body);
        }
        self.names.save(&step.save, &body)
    }

    /// The body of an answer, and whether it has what is waited for; a refusal ends the waiting.
    pub(super) async fn look(
        &self,
        step: &AwaitStep,
        until: &Pattern,
        at: &At,
    ) -> Result<(Json, bool), Mismatch> {
        let with = self.filled(&step.with, at)?;
        let answer = self.exchange(HttpRequest::of(step.operation, with.to_text().into_bytes()), at).await?;
        let body = Expected::Success(None).check(&answer)?;
        let is_found = until.difference(&body).is_none();
        if is_found {
            let expected = Expected::Success(Some(until.clone()));
            self.hook.note(&at.pointer, || Observed::Answer { expected, answer });
        }
        Ok((body, is_found))
    }

    pub(super) async fn pages(&self, step: &PagesStep, at: &At) -> Result<(), Mismatch> {
        let with = self.filled(&step.with, at)?;
        let pages = self.read_pages(step.pages, &with, &step.items, at).await?;
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        let items = Json::array(pages.into_iter().flatten().collect());
        let expected = step.answers.as_ref().map(|answers| self.pattern(answers, at)).transpose()?;
        self.hook.note(&at.pointer, || Observed::Pages {
            member: step.items.clone(),
            items: items.clone(),
            expected: expected.clone(),
            are_sizes_checked: step.sizes.is_some(),
        });
        if let Some(wanted) = &step.sizes
            && *wanted != sizes
        {
            return Err(Mismatch::new(format!("the pages must have {wanted:?} items, not {sizes:?}")));
        }
        if let Some(expected) = &expected {
            compare(expected, &items)?;
        }
        self.names.save(&step.save, &items)
    }

    /// The items of each page.
    pub(super) async fn read_pages(
        &self,
        operation: Operation,
        with: &Json,
        member: &str,
        at: &At,
    ) -> Result<Vec<Vec<Json>>, Mismatch> {
        let mut members: Map = with.as_object().cloned().unwrap_or_default();
        let mut pages = Vec::new();
        while pages.len() < MOST_PAGES {
            let body = Json::object(members.clone()).to_text().into_bytes();
            let answer = self.exchange(HttpRequest::of(operation, body), at).await?;
            let answer = Expected::Success(None).check(&answer)?;
            let items = answer.get(member).and_then(Json::as_array);
            let missing = || Mismatch::new(format!("the answer has no array `{member}`: {answer}"));
            pages.push(items.ok_or_else(missing)?.to_vec());
            match answer.get("nextToken") {
                Some(token) if !token.is_null() => members.insert("nextToken".into(), token.clone()),
                Some(_) | None => return Ok(pages),
            };
        }
        Err(Mismatch::new(format!("there are more than {MOST_PAGES} pages")))
    }
}
