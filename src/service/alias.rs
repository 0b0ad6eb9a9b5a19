//! An alias: one name for one or two versions of a state machine, and how executions are split between them.

use std::fmt::Display;
use std::sync::Arc;

use super::account::Account;
use super::call::{self, Answer, Call};
use super::error;
use super::state_machine::StateMachine;
use crate::model::arn::{self, StatesArn};
use crate::model::{ApiError, Json, SeededRandom, Timestamp};

/// An alias of a state machine.
#[derive(Debug, Clone)]
pub(super) struct Alias {
    pub(super) description: Option<Arc<str>>,
    pub(super) routes: Vec<Route>,
    pub(super) creation_date: Timestamp,
    pub(super) update_date: Timestamp,
    /// Decides which version runs an execution.
    pub(super) random: SeededRandom,
}

/// A version, and how many of a hundred executions it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) version: u64,
    pub(super) weight: u64,
}

impl Alias {
    pub(super) fn leads_to(&self, version: u64) -> bool {
        self.routes.iter().any(|route| route.version == version)
    }

    /// The version that gets the most executions; the first of two that get as many.
    pub(super) fn main_version(&self) -> Option<u64> {
        self.routes.iter().rev().max_by_key(|route| route.weight).map(|route| route.version)
    }

    /// The version that the next execution runs.
    pub(super) fn draw(&mut self) -> Option<u64> {
        let mut point = self.random.next_u64() % WHOLE;
        for route in &self.routes {
            match point.checked_sub(route.weight) {
                None => return Some(route.version),
                Some(rest) => point = rest,
            }
        }
        None
    }

    /// As `routingConfiguration` shows them.
    pub(super) fn routes_of(&self, machine: &StateMachine) -> Json {
        let route = |route: &Route| {
            Answer::default()
                .with("stateMachineVersionArn", machine.version_arn(route.version))
                .with("weight", route.weight)
                .into_json()
        };
        Json::array(self.routes.iter().map(route).collect())
    }
}

/// What the weights of an alias add up to.
const WHOLE: u64 = 100;

/// The `routingConfiguration` of a call, right in itself.
#[derive(Debug)]
pub(super) struct Routing<'c> {
    /// The ARN of one of its versions: all are of one state machine.
    version_arn: StatesArn<'c>,
    pub(super) routes: Vec<Route>,
}

impl<'c> Routing<'c> {
    /// Reads one or two items; the constraints have seen to their number.
    pub(super) fn read(given: &'c Json) -> Result<Self, ApiError> {
        let items = given.as_array().unwrap_or_default();
        let mut arns = Vec::new();
        let mut weights = Vec::new();
        for item in items {
            let text = item.get("stateMachineVersionArn").and_then(Json::as_str).unwrap_or_default();
            arns.push(StatesArn::parse_as(text, &["stateMachine"])?);
            let weight = item.get("weight").and_then(call::integer).unwrap_or_default();
            weights.push(u64::try_from(weight).unwrap_or_default());
        }
        let Some(versions) = arns.iter().map(version_of).collect::<Option<Vec<u64>>>() else {
            return Err(refused("must contain state machine version ARNs", &texts(&arns)));
        };
        let Some(first) = arns.first().cloned() else {
            return Err(refused("must contain state machine version ARNs", &texts(&arns)));
        };
        check_together(&arns, &weights)?;
        let routes =
            versions.into_iter().zip(weights).map(|(version, weight)| Route { version, weight }).collect();
        Ok(Self { version_arn: first, routes })
    }
}

impl Routing<'_> {
    /// Refuses versions of another state machine, and those that do not exist.
    pub(super) fn check_within(&self, machine: &StateMachine) -> Result<(), ApiError> {
        let arn = &self.version_arn;
        if arn.place.state_machine(arn.name()) != *machine.arn {
            return Err(refused("must contain versions of one state machine", &[arn.text]));
        }
        if self.exists_in(machine) { Ok(()) } else { Err(error::missing_reference()) }
    }

    fn exists_in(&self, machine: &StateMachine) -> bool {
        self.routes.iter().all(|route| machine.versions.contains_key(&route.version))
    }
}

/// What must hold between the items.
fn check_together(arns: &[StatesArn<'_>], weights: &[u64]) -> Result<(), ApiError> {
    if let [one, other] = arns {
        if one.text == other.text {
            return Err(refused("must contain distinct state machine version ARNs", &texts(arns)));
        }
        if (&one.place, one.name()) != (&other.place, other.name()) {
            return Err(refused("must contain versions of one state machine", &texts(arns)));
        }
    }
    if weights.iter().sum::<u64>() != WHOLE {
        let message =
            format!("Sum of routing configuration weights must equal {WHOLE}. Received: {}", listed(weights));
        return Err(invalid_routing(message));
    }
    Ok(())
}

/// The number of a version ARN.
pub(super) fn version_of(arn: &StatesArn<'_>) -> Option<u64> {
    let [_, qualifier] = arn.parts.as_slice() else { return None };
    let number: u64 = qualifier.parse().ok()?;
    (number > 0 && number.to_string() == *qualifier).then_some(number)
}

fn refused(rule: &str, arns: &[&str]) -> ApiError {
    invalid_routing(format!("Routing configuration {rule}. Received: {}", listed(arns)))
}

fn invalid_routing(message: String) -> ApiError {
    error::validation(message).with("reason", "INVALID_ROUTING_CONFIGURATION")
}

fn texts<'t>(arns: &[StatesArn<'t>]) -> Vec<&'t str> {
    arns.iter().map(|arn| arn.text).collect()
}

/// `[a, b]`, as Java writes a list.
fn listed(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

impl Account {
    /// The state machine whose versions a routing names; all of them exist.
    pub(super) fn routed(
        &mut self,
        call: &Call<'_>,
        routing: &Routing<'_>,
    ) -> Result<&mut StateMachine, ApiError> {
        let arn = &routing.version_arn;
        self.machines
            .get_mut(arn.place.state_machine(arn.name()).as_str())
            .filter(|machine| machine.place == call.caller.place)
            .filter(|machine| routing.exists_in(machine))
            .ok_or_else(error::missing_reference)
    }

    /// The state machine that an alias ARN belongs to, if it has such an alias, and the name of the alias.
    pub(super) fn machine_of_alias<'t>(
        &mut self,
        call: &Call<'_>,
        text: &'t str,
    ) -> Result<Option<(&mut StateMachine, &'t str)>, ApiError> {
        let arn = StatesArn::parse_as(text, &["stateMachine"])?;
        if arn.is_labelled() {
            return Err(error::labelled_arn(text));
        }
        let (&[_, name], None) = (arn.parts.as_slice(), version_of(&arn)) else {
            return Err(arn::invalid(format_args!("Malformed ARN: {text}")));
        };
        let machine = self
            .machines
            .get_mut(arn.place.state_machine(arn.name()).as_str())
            .filter(|machine| machine.place == call.caller.place && machine.aliases.contains_key(name));
        Ok(machine.map(|machine| (machine, name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const M: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:m";

    fn routing(items: &[(&str, i64)]) -> Json {
        let item = |(arn, weight): &(&str, i64)| {
            Json::from_members([
                ("stateMachineVersionArn", Json::string(*arn)),
                ("weight", Json::Int(*weight)),
            ])
        };
        Json::array(items.iter().map(item).collect())
    }

    #[track_caller]
    fn check(items: &[(&str, i64)], expected: Result<&[(u64, u64)], &str>) {
        let items: Vec<(String, i64)> =
            items.iter().map(|(suffix, weight)| (suffix.replace('~', M), *weight)).collect();
        let items: Vec<(&str, i64)> = items.iter().map(|(arn, weight)| (arn.as_str(), *weight)).collect();
        let given = routing(&items);
        let found = Routing::read(&given).map(|routing| {
            routing.routes.iter().map(|route| (route.version, route.weight)).collect::<Vec<_>>()
        });
        let found = found.map_err(|error| error.message.replace(M, "~"));
        assert_eq!(found, expected.map(<[_]>::to_vec).map_err(str::to_owned));
    }

    #[test]
    fn one_or_two_versions_share_a_hundred() {
        check(&[("~:1", 100)], Ok(&[(1, 100)]));
        check(&[("~:2", 30), ("~:1", 70)], Ok(&[(2, 30), (1, 70)]));
        check(&[("~:2", 0), ("~:1", 100)], Ok(&[(2, 0), (1, 100)]));
    }

    #[test]
    fn the_recorded_refusals_come_out_word_for_word() {
        check(
            &[("~:1", 70), ("~:2", 29)],
            Err("Sum of routing configuration weights must equal 100. Received: [70, 29]"),
        );
        check(
            &[("~:1", 50), ("~:1", 50)],
            Err(
                "Routing configuration must contain distinct state machine version ARNs. Received: [~:1, ~:1]",
            ),
        );
        check(
            &[("~", 100)],
            Err("Routing configuration must contain state machine version ARNs. Received: [~]"),
        );
        check(&[("m", 100)], Err("Invalid Arn: 'Invalid ARN prefix: m'"));
    }

    #[test]
    fn an_alias_leads_to_no_alias_and_to_one_machine() {
        for arn in ["~:live", "~:01", "~:0", "~:1:1"] {
            check(
                &[(arn, 100)],
                Err(&format!(
                    "Routing configuration must contain state machine version ARNs. Received: [{arn}]"
                )),
            );
        }
        check(
            &[("~:1", 50), ("~x:1", 50)],
            Err("Routing configuration must contain versions of one state machine. Received: [~:1, ~x:1]"),
        );
    }

    #[test]
    fn every_refusal_of_a_routing_has_a_reason() {
        let given = routing(&[(M, 100)]);
        let error = Routing::read(&given).unwrap_err();
        assert_eq!(error.members, [("reason", Json::string("INVALID_ROUTING_CONFIGURATION"))]);
    }

    fn alias(routes: &[(u64, u64)]) -> Alias {
        let now = Timestamp::from_millis(0);
        Alias {
            description: None,
            routes: routes
                .iter()
                .map(|(version, weight)| Route { version: *version, weight: *weight })
                .collect(),
            creation_date: now,
            update_date: now,
            random: SeededRandom::new(1, "alias"),
        }
    }

    #[test]
    fn executions_are_split_by_weight_and_equally_in_every_run() {
        let draw = |routes: &[(u64, u64)]| {
            let mut alias = alias(routes);
            (0..1000).map(|_| alias.draw().unwrap()).collect::<Vec<_>>()
        };
        let drawn = draw(&[(1, 80), (2, 20)]);
        let first = drawn.iter().filter(|version| **version == 1).count();
        assert!((760..840).contains(&first), "{first}");
        assert_eq!(drawn, draw(&[(1, 80), (2, 20)]));
        assert!(draw(&[(1, 100), (2, 0)]).iter().all(|version| *version == 1));
        assert!(draw(&[(1, 0), (2, 100)]).iter().all(|version| *version == 2));
    }

    #[test]
    fn the_main_version_is_the_one_with_the_most_executions() {
        assert_eq!(alias(&[(1, 20), (2, 80)]).main_version(), Some(2));
        assert_eq!(alias(&[(3, 50), (2, 50)]).main_version(), Some(3));
    }
}
