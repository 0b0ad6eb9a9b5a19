//! Answers calls from a cassette, in whatever order they come.

use std::collections::BTreeMap;

use super::dependency::{Concern, Dependencies};
use super::discover;
use super::effect::{Effect, effect};
use super::format::CassetteFile;
use super::interaction::Interaction;
use super::matching::{Bindings, Match, aligned, matches};
use super::miss::{self, Miss};
use super::nested;
use super::redaction::Redactor;
use crate::model::{Json, Operation};

/// An answer as it goes over the wire.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The short name of the error, for the header `x-amzn-errortype`.
    pub(crate) error: Option<String>,
    pub(crate) body: Json,
}

impl Answer {
    /// What a worker is told when a minute has passed without a task.
    pub(crate) fn no_task() -> Self {
        Self { status: 200, error: None, body: Json::from_members([("taskToken", Json::Null)]) }
    }

    /// The bytes of the body.
    pub(crate) fn body_text(&self) -> String {
        match &self.body {
            Json::Null => String::new(),
            Json::String(text) => text.to_string(),
            body @ (Json::Bool(_)
            | Json::Int(_)
            | Json::UInt(_)
            | Json::Float(_)
            | Json::Array(_)
            | Json::Object(_)) => body.to_text(),
        }
    }
}

/// A cassette that is being replayed.
#[derive(Debug, Clone)]
pub(crate) struct Replayer {
    file: CassetteFile,
    redactor: Redactor,
    bindings: Bindings,
    groups: Vec<Group>,
    order: Vec<Order>,
    /// How often each interaction was given.
    given: Vec<u64>,
}

/// The interactions with the same request.
#[derive(Debug, Clone)]
struct Group {
    operation: Operation,
    request: Json,
    members: Vec<usize>,
    /// The member that was given last, as an index into `members`.
    at: Option<usize>,
}

/// What an interaction must come after and before.
#[derive(Debug, Clone, Default)]
struct Order {
    /// Changes that were recorded before it, and that it may show.
    after: Vec<usize>,
    /// Of these one at least, if there are any: nobody knows which of them it shows.
    after_one_of: Vec<usize>,
    /// Changes that were recorded after it: then it is no longer true.
    before: Vec<usize>,
    /// So many executions must have been started, for a worker to be given a task.
    starts: usize,
}

/// What a group has to say to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Offer {
    /// The member at this index, not given so far.
    Next(usize),
    /// The last one again.
    Again(usize),
    /// Only after a change (an interaction) that was not replayed.
    Early(Option<usize>),
    /// Only before a change that was replayed already.
    Late(usize),
    /// As often as recorded.
    Spent,
}

impl Replayer {
    pub(crate) fn new(file: CassetteFile) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: BTreeMap<(Operation, String), usize> = BTreeMap::new();
        for (at, Interaction { operation, request, .. }) in file.interactions.iter().enumerate() {
            let key = (*operation, request.to_text());
            let group = *group_of.entry(key).or_insert_with(|| {
                groups.push(Group {
                    operation: *operation,
                    request: request.clone(),
                    members: Vec::new(),
                    at: None,
                });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(group) {
                group.members.push(at);
            }
        }
        let redactor = Redactor::new(file.redacted.clone());
        let (order, given) = (orders(&file.interactions), vec![0; file.interactions.len()]);
        Self { file, redactor, bindings: Bindings::default(), groups, order, given }
    }

    /// The recorded answer to this call, with the call's own names and tokens in it.
    pub(crate) fn answer(&mut self, operation: Operation, request: &Json) -> Result<Answer, Miss> {
        self.redactor.learn(request);
        let request = self.redactor.redact(request);
        let mut offers = Vec::new();
        for (at, group) in self.groups.iter().enumerate() {
            if group.operation == operation
                && let Some(found) = matches(&group.request, &request, &self.bindings, &self.file.vars)
            {
                offers.push((self.offer(group), found.strange, at, found));
            }
        }
        offers.sort_by_key(|(offer, strange, at, _)| (rank(*offer), *strange, *at));
        match offers.into_iter().next() {
            Some((Offer::Next(member) | Offer::Again(member), _, group, found)) => {
                Ok(self.give(group, member, &found))
            }
            Some((offer, _, group, _)) => Err(self.untimely(operation, offer, group)),
            None => Err(self.unknown(operation, &request)),
        }
    }

    /// The interactions that no call has asked for, counted from 1, each with its operation. Of the answers to the same
    /// question one is enough.
    pub(crate) fn unused(&self) -> Vec<(usize, Operation)> {
        let mut unused = Vec::new();
        for group in &self.groups {
            let is_elastic = |member: &usize| self.interaction(*member).is_none_or(is_elastic);
            let was_asked = group.members.iter().any(|member| self.was_given(*member));
            let missing = group
                .members
                .iter()
                .filter(|member| !(self.was_given(**member) || was_asked && is_elastic(member)));
            unused.extend(missing.map(|member| (member + 1, group.operation)));
        }
        unused.sort_unstable();
        unused
    }

    /// A call was answered by somebody else: what it made is none of what was recorded.
    pub(super) fn set_apart(&mut self, operation: Operation, request: &Json, response: &Json) {
        for (kind, value) in discover::made_by(operation, request, response) {
            self.bindings.set_apart(kind, &value);
        }
    }

    /// What variables stand for in this replay.
    pub(crate) fn values(&self) -> &BTreeMap<String, String> {
        self.bindings.values()
    }

    /// How many of the leading interactions come before every change that was not replayed yet: where an addition that
    /// was recorded now belongs.
    pub(crate) fn present(&self) -> usize {
        let is_ahead = |(at, interaction): (usize, &Interaction)| {
            effect(interaction.operation) == Effect::Change && interaction.is_success() && !self.was_given(at)
        };
        let interactions = &self.file.interactions;
        interactions.iter().enumerate().position(is_ahead).unwrap_or(interactions.len())
    }

    fn interaction(&self, at: usize) -> Option<&Interaction> {
        self.file.interactions.get(at)
    }

    fn was_given(&self, at: usize) -> bool {
        self.given.get(at).is_some_and(|times| *times > 0)
    }

    fn offer(&self, group: &Group) -> Offer {
        match effect(group.operation) {
            Effect::Read => self.offer_of_poll(group),
            Effect::TaskPoll => self.offer_of_task_poll(group),
            Effect::Run | Effect::Change => self.offer_once(group),
        }
    }

    /// One answer after the other, and the last one for ever, but none that a change has overtaken or not yet brought.
    fn offer_of_poll(&self, group: &Group) -> Offer {
        let ahead = group.at.map_or(0, |at| at + 1);
        let mut late = None;
        for (at, member) in group.members.iter().enumerate().skip(ahead) {
            match self.timeliness(*member) {
                Ok(()) => return Offer::Next(at),
                Err(early @ Offer::Early(_)) => return self.again(group).unwrap_or(early),
                Err(offer) => late = Some(offer),
            }
        }
        self.again(group).or(late).unwrap_or_else(|| self.overtaken(group))
    }

    fn again(&self, group: &Group) -> Option<Offer> {
        let at = group.at?;
        let member = group.members.get(at)?;
        self.timeliness(*member).is_ok().then_some(Offer::Again(at))
    }

    /// All answers were given, and the last one is no longer true.
    fn overtaken(&self, group: &Group) -> Offer {
        let last = group.at.and_then(|at| group.members.get(at));
        last.and_then(|member| self.timeliness(*member).err()).unwrap_or(Offer::Spent)
    }

    fn offer_of_task_poll(&self, group: &Group) -> Offer {
        let ahead = group.at.map_or(0, |at| at + 1);
        if let Some((at, member)) = group.members.iter().enumerate().nth(ahead) {
            return match self.timeliness(*member) {
                Ok(()) => Offer::Next(at),
                Err(offer) => self.again_without_task(group).unwrap_or(offer),
            };
        }
        self.again_without_task(group).unwrap_or(Offer::Early(None))
    }

    fn again_without_task(&self, group: &Group) -> Option<Offer> {
        let at = group.at?;
        let last = self.interaction(*group.members.get(at)?)?;
        is_elastic(last).then_some(Offer::Again(at))
    }

    /// Each as often as it was recorded. What clients try again on their own is an answer as often as they try.
    fn offer_once(&self, group: &Group) -> Offer {
        let mut refusal = None;
        for (at, member) in group.members.iter().enumerate() {
            let Some(interaction) = self.interaction(*member) else { continue };
            if self.given.get(*member).is_none_or(|given| *given >= interaction.times) {
                continue;
            }
            match self.timeliness(*member) {
                Ok(()) => return Offer::Next(at),
                Err(offer) => refusal = refusal.or(Some(offer)),
            }
        }
        let last = group.at.and_then(|at| Some((at, self.interaction(*group.members.get(at)?)?)));
        match last {
            Some((at, last)) if last.is_retryable() => Offer::Again(at),
            Some(_) | None => refusal.unwrap_or(Offer::Spent),
        }
    }

    fn timeliness(&self, member: usize) -> Result<(), Offer> {
        let Some(order) = self.order.get(member) else { return Ok(()) };
        if let Some(change) = order.before.iter().find(|change| self.was_given(**change)) {
            return Err(Offer::Late(*change));
        }
        if let Some(change) = order.after.iter().find(|change| !self.was_given(**change)) {
            return Err(Offer::Early(Some(*change)));
        }
        let one_of = &order.after_one_of;
        if !one_of.is_empty() && !one_of.iter().any(|change| self.was_given(*change)) {
            return Err(Offer::Early(one_of.last().copied()));
        }
        let starts = self.file.interactions.iter().enumerate().filter(|(_, start)| starts_work(start));
        if starts.clone().filter(|(at, _)| self.was_given(*at)).count() < order.starts {
            return Err(Offer::Early(starts.map(|(at, _)| at).find(|at| !self.was_given(*at))));
        }
        Ok(())
    }

    fn give(&mut self, group: usize, at: usize, found: &Match) -> Answer {
        self.bindings.take(&found.captured);
        let member = self.groups.get_mut(group).and_then(|group| {
            group.at = Some(at);
            group.members.get(at).copied()
        });
        let member = member.unwrap_or_default();
        if let Some(given) = self.given.get_mut(member) {
            *given += 1;
        }
        match self.file.interactions.get(member) {
            Some(Interaction { status, error, response, .. }) => Answer {
                status: *status,
                error: error.clone(),
                body: self.bindings.render(response, &self.file.vars),
            },
            None => Answer::no_task(),
        }
    }

    /// The call was recorded, but not for now.
    fn untimely(&self, operation: Operation, offer: Offer, group: usize) -> Miss {
        let members = self.groups.get(group).map(|group| group.members.as_slice()).unwrap_or_default();
        let change = |at: usize| {
            let operation = self.interaction(at).map(|interaction| interaction.operation.name());
            format!("{} (interaction {})", operation.unwrap_or_default(), at + 1)
        };
        let reason = match offer {
            Offer::Early(Some(at)) => {
                format!("it was recorded only after {}, which has not been replayed", change(at))
            }
            Offer::Early(None) => "every recorded task was handed out already".to_owned(),
            Offer::Late(at) => {
                format!("it was recorded only before {}, which has been replayed already", change(at))
            }
            Offer::Next(_) | Offer::Again(_) | Offer::Spent => {
                let recorded: u64 =
                    members.iter().filter_map(|member| self.interaction(*member)).map(|one| one.times).sum();
                if recorded == 1 {
                    "it was recorded once, and that was replayed already".to_owned()
                } else {
                    format!("it was recorded {recorded} times, and all of them were replayed already")
                }
            }
        };
        Miss { operation, reason, nearest: None, is_early: matches!(offer, Offer::Early(_)) }
    }

    fn unknown(&self, operation: Operation, request: &Json) -> Miss {
        let asked = nested::open(request);
        let differences = self.groups.iter().filter(|group| group.operation == operation).map(|group| {
            let recorded = aligned(&group.request, &asked, &self.bindings);
            let (distance, diff) = miss::difference(&recorded, &asked);
            (distance, group.members.first().copied().unwrap_or_default(), recorded, diff)
        });
        let (reason, nearest) = match differences.min_by_key(|(distance, first, ..)| (*distance, *first)) {
            Some((_, first, recorded, diff)) => {
                (miss::differing_members(&recorded, &asked), Some((first + 1, diff)))
            }
            None => (format!("no call of {operation} was recorded at all"), None),
        };
        Miss { operation, reason, nearest, is_early: false }
    }
}

const fn rank(offer: Offer) -> usize {
    match offer {
        Offer::Next(_) => 0,
        Offer::Again(_) => 1,
        Offer::Early(_) => 2,
        Offer::Late(_) => 3,
        Offer::Spent => 4,
    }
}

/// Whether an answer may be given more or less often than it was recorded.
fn is_elastic(interaction: &Interaction) -> bool {
    match effect(interaction.operation) {
        Effect::Read => true,
        Effect::TaskPoll => !hands_out_task(interaction),
        Effect::Run | Effect::Change => interaction.is_retryable(),
    }
}

fn hands_out_task(interaction: &Interaction) -> bool {
    interaction.operation == Operation::GetActivityTask
        && interaction.response.get("taskToken").is_some_and(|token| !token.is_null())
}

fn starts_work(interaction: &Interaction) -> bool {
    matches!(interaction.operation, Operation::StartExecution | Operation::RedriveExecution)
        && interaction.is_success()
}

fn orders(interactions: &[Interaction]) -> Vec<Order> {
    let dependencies = Dependencies::of(interactions);
    let mut orders = vec![Order::default(); interactions.len()];
    let is_change = |one: &Interaction| effect(one.operation) == Effect::Change && one.is_success();
    let changes = interactions.iter().enumerate().filter(|(_, one)| is_change(one)).map(|(at, _)| at);
    let changes: Vec<usize> = changes.collect();
    for (at, order) in orders.iter_mut().enumerate() {
        for change in changes.iter().copied() {
            match (dependencies.concern(change, at), change < at) {
                _ if change == at => {}
                (Concern::Certain, true) => order.after.push(change),
                (Concern::Certain, false) => order.before.push(change),
                (Concern::Possible, true) => order.after_one_of.push(change),
                (Concern::Possible, false) | (Concern::No, _) => {}
            }
        }
    }
    let (mut starts, mut tasks) = (0, 0);
    for (interaction, order) in interactions.iter().zip(&mut orders) {
        starts += usize::from(starts_work(interaction));
        if hands_out_task(interaction) {
            tasks += 1;
            order.starts = starts.min(tasks);
        }
    }
    orders
}
