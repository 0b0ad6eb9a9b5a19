//! Pages of long lists, and the opaque tokens that lead from one to the next.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::call::Call;
use super::error;
use crate::model::{ApiError, Json, Timestamp, quota};

/// What a call asks of a list: how many items, and after which one.
#[derive(Debug, Clone)]
pub(super) struct Paging {
    size: usize,
    after: Option<Json>,
    /// What a token of this list is bound to.
    binding: String,
    seed: u64,
    now: Timestamp,
}

/// Items of one page, and the token of the next.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next_token: Option<String>,
}

impl Paging {
    /// Reads `maxResults` and `nextToken`. A token is good for 24 hours, for the same call with the same other
    /// arguments; only the size of the pages may change.
    pub(super) fn read(call: &Call<'_>, seed: u64) -> Result<Self, ApiError> {
        let size =
            call.number("maxResults").and_then(|size| usize::try_from(size).ok()).filter(|size| *size > 0);
        let paging = Self {
            size: size.unwrap_or(quota::DEFAULT_PAGE),
            after: None,
            binding: binding_of(call),
            seed,
            now: call.now,
        };
        match call.text("nextToken") {
            None => Ok(paging),
            Some(token) => {
                let after = paging.open(token).ok_or_else(error::invalid_token)?;
                Ok(Self { after: Some(after), ..paging })
            }
        }
    }

    /// The position of the last item of the page before.
    pub(super) fn after(&self) -> Option<&Json> {
        self.after.as_ref()
    }

    /// The same with smaller pages.
    pub(super) fn at_most(&self, size: usize) -> Self {
        Self { size: self.size.min(size), ..self.clone() }
    }

    /// Cuts the page off a list that begins after [`after`](Self::after).
    pub(super) fn cut<T>(&self, list: impl Iterator<Item = T>, position: impl Fn(&T) -> Json) -> Page<T> {
        let mut items: Vec<T> = list.take(self.size + 1).collect();
        let more = items.len() > self.size;
        items.truncate(self.size);
        let next_token = items.last().filter(|_| more).map(|last| self.seal(&position(last)));
        Page { items, next_token }
    }

    fn seal(&self, position: &Json) -> String {
        let expires = self.now.plus(quota::PAGE_TOKEN_LIFETIME).as_millis();
        let content = Json::array(vec![expires.into(), position.clone()]).to_text();
        URL_SAFE_NO_PAD.encode(format!("{}{content}", self.signature(&content)))
    }

    fn open(&self, token: &str) -> Option<Json> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let (signature, content) = text.split_at_checked(SIGNATURE_CHARS)?;
        if signature != self.signature(content) {
            return None;
        }
        let content = Json::parse(content).ok()?;
        let [expires, position] = content.as_array()? else { return None };
        (self.now.as_millis() < expires.as_i64()?).then(|| position.clone())
    }

    fn signature(&self, content: &str) -> String {
        let digest = Sha256::new()
            .chain_update(self.seed.to_be_bytes())
            .chain_update(self.binding.as_bytes())
            .chain_update([0])
            .chain_update(content)
            .finalize();
        let mut text = URL_SAFE_NO_PAD.encode(digest);
        text.truncate(SIGNATURE_CHARS);
        text
    }
}

const SIGNATURE_CHARS: usize = 22;

fn binding_of(call: &Call<'_>) -> String {
    let mut arguments: Vec<(&str, String)> = call
        .input
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| !matches!(&***name, "nextToken" | "maxResults") && !value.is_null())
        .map(|(name, value)| (&**name, value.to_text()))
        .collect();
    arguments.sort();
    format!("{} {:?} {arguments:?}", call.operation, call.caller.place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operation;
    use crate::model::arn::Place;
    use crate::service::account::Caller;

    const DAY: i64 = 24 * 60 * 60 * 1000;

    /// The numbers 1 to 5 as the call sees them at a moment, or why not.
    fn list(operation: Operation, input: &str, now: i64) -> Result<(Vec<i64>, Option<String>), String> {
        let caller = Caller { place: Place::of_region("us-east-1", "123456789012") };
        let input = Json::parse(input).unwrap();
        let now = Timestamp::from_millis(now);
        let call = Call { caller: &caller, operation, input: &input, now, starter: None };
        let paging = Paging::read(&call, 7).map_err(|error| error.message)?;
        let after = paging.after().and_then(Json::as_i64).unwrap_or(0);
        let page = paging.cut((1..=5).filter(|number| *number > after), |number| (*number).into());
        Ok((page.items, page.next_token))
    }

    fn token() -> String {
        list(Operation::ListStateMachines, r#"{"maxResults":2,"x":"a"}"#, 0).unwrap().1.unwrap()
    }

    #[track_caller]
    fn check(operation: Operation, x: &str, now: i64, expected: Result<Vec<i64>, &str>) {
        let input = format!(r#"{{"maxResults":2,"x":"{x}","nextToken":"{}"}}"#, token());
        assert_eq!(list(operation, &input, now).map(|(items, _)| items), expected.map_err(str::to_owned));
    }

    const INVALID: &str = "Invalid Token: 'Invalid token'";

    #[test]
    fn pages_follow_each_other_and_the_last_one_has_no_token() {
        let (items, token) = list(Operation::ListStateMachines, r#"{"maxResults":3}"#, 0).unwrap();
        assert_eq!(items, [1, 2, 3]);
        let input = format!(r#"{{"maxResults":2,"nextToken":"{}"}}"#, token.unwrap());
        assert_eq!(list(Operation::ListStateMachines, &input, 0), Ok((vec![4, 5], None)));
    }

    #[test]
    fn zero_and_nothing_mean_a_hundred() {
        for input in ["{}", r#"{"maxResults":0}"#] {
            assert_eq!(list(Operation::ListStateMachines, input, 0), Ok((vec![1, 2, 3, 4, 5], None)));
        }
    }

    #[test]
    fn a_token_is_good_for_a_day_for_the_same_arguments() {
        check(Operation::ListStateMachines, "a", DAY - 1, Ok(vec![3, 4]));
        check(Operation::ListStateMachines, "a", DAY, Err(INVALID));
        check(Operation::ListStateMachines, "b", 0, Err(INVALID));
        check(Operation::ListActivities, "a", 0, Err(INVALID));
    }

    #[test]
    fn a_made_up_token_is_refused() {
        for token in ["x", "", "eyJhIjoxfQ", &token().replace(['A', 'B'], "C")] {
            let input = format!(r#"{{"nextToken":"{token}","x":"a"}}"#);
            assert_eq!(list(Operation::ListStateMachines, &input, 0), Err(INVALID.to_owned()), "{token}");
        }
    }
}
