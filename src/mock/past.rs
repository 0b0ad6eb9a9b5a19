//! What the account looked like a while ago, for reads that are to be stale. Kept only while a fault asks for it.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use crate::model::Timestamp;
use crate::service::account::Account;

/// Copies of the account, each taken right before it changed: at the moments between, it looked like the next copy.
#[derive(Default)]
pub(super) struct Past {
    /// How far back anybody looks; zero: nothing is kept.
    kept: Duration,
    /// In order of time, at most one of an instant.
    copies: VecDeque<(Timestamp, Account)>,
}

impl Past {
    /// From now on, so much of the past can be looked at. What was there before is not known.
    pub(super) fn keep(&mut self, span: Duration) {
        self.kept = self.kept.max(span);
    }

    /// The account is about to change.
    pub(super) fn remember(&mut self, account: &Account, now: Timestamp) {
        let is_known = self.copies.back().is_some_and(|(taken, _)| *taken >= now);
        if self.kept.is_zero() || is_known {
            return;
        }
        self.copies.push_back((now, account.clone()));
        let kept = self.kept;
        self.copies.retain(|(taken, _)| now.since(*taken) <= kept);
    }

    /// The account as it was `ago` before now; `None` if it has not changed since.
    pub(super) fn before(&mut self, now: Timestamp, ago: Duration) -> Option<&mut Account> {
        let is_later = |taken: Timestamp| now.since(taken) < ago;
        self.copies.iter_mut().find(|(taken, _)| is_later(*taken)).map(|(_, account)| account)
    }
}

impl fmt::Debug for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken: Vec<Timestamp> = self.copies.iter().map(|(taken, _)| *taken).collect();
        f.debug_struct("Past").field("kept", &self.kept).field("copies", &taken).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::arn::Place;
    use crate::model::{Json, Operation};
    use crate::service::account::{AccountConfig, Caller};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    /// Creates an activity, and remembers what was before.
    fn create(past: &mut Past, account: &mut Account, name: &str, now: Timestamp) {
        past.remember(account, now);
        let caller = Caller { place: Place::of_region("us-east-1", "123456789012") };
        account.call(
            &caller,
            Operation::CreateActivity,
            &Json::from_members([("name", Json::from(name))]),
            now,
        );
    }

    fn account() -> Account {
        Account::new(AccountConfig { seed: 1, skip_after: None, quotas: Arc::default(), coverage: false })
    }

    /// How often a name is in what is known of the account.
    fn has(account: &Account, name: &str) -> bool {
        format!("{account:?}").contains(&format!("activity:{name}\""))
    }

    #[test]
    fn between_two_changes_the_account_looks_as_before_the_second() {
        let (mut past, mut account) = (Past::default(), account());
        past.keep(Duration::from_secs(10));
        for (name, second) in [("a", 0), ("b", 0), ("c", 4), ("d", 8)] {
            create(&mut past, &mut account, name, at(second));
        }
        let mut seen = |ago| {
            let then = past.before(at(9), Duration::from_secs(ago));
            then.map(|then| {
                ["a", "b", "c", "d"].into_iter().filter(|name| has(then, name)).collect::<String>()
            })
        };
        assert_eq!(seen(10).as_deref(), Some(""));
        assert_eq!(seen(9).as_deref(), Some("ab"));
        assert_eq!(seen(5).as_deref(), Some("abc"));
        assert_eq!(seen(1), None);
    }

    #[test]
    fn nothing_is_kept_unless_asked_for_nor_longer_than_that() {
        let (mut past, mut account) = (Past::default(), account());
        create(&mut past, &mut account, "a", at(0));
        assert!(past.copies.is_empty());
        past.keep(Duration::from_secs(10));
        for second in 1..100 {
            create(&mut past, &mut account, &format!("n{second}"), at(second));
        }
        assert_eq!(past.copies.len(), 11);
    }
}
