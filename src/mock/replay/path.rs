//! Which states were entered where, in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Kind, NOTHING};
use crate::assertion::Execution;
use crate::assertion::history::{Visit, VisitEnd, VisitId, Visits};
use crate::model::StatePlace;
use crate::model::state_place::PlaceStep;

/// The visits of an execution by their places, each in the order of entry.
pub(super) struct Paths<'e> {
    visits: &'e Visits,
    pub(super) by_place: BTreeMap<StatePlace, Vec<(VisitId, &'e Visit)>>,
}

/// A visit, and the one of the recording that it stands for.
pub(super) struct Pair<'e> {
    pub(super) place: String,
    pub(super) recorded: &'e Visit,
    pub(super) now: &'e Visit,
}

impl<'e> Paths<'e> {
    pub(super) fn of(execution: &'e Execution) -> Self {
        let visits = execution.visits();
        let mut by_place: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (id, visit) in visits.numbered() {
            by_place.entry(visits.state_place(id)).or_default().push((id, visit));
        }
        Self { visits, by_place }
    }

    fn at(&self, place: &StatePlace) -> &[(VisitId, &'e Visit)] {
        self.by_place.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether something around a place was cut short: how far a branch came by then is a matter of milliseconds.
    fn was_cut_short(&self, place: &StatePlace) -> bool {
        let Some((id, _)) = self.at(place).first() else { return false };
        self.visits
            .upwards(*id)
            .skip(1)
            .filter_map(|id| self.visits.get(id))
            .any(|around| around.failure.is_some() || !matches!(around.end, VisitEnd::Exited { .. }))
    }

    fn has(&self, place: &StatePlace, state: &str) -> bool {
        self.at(place).iter().any(|(_, visit)| &*visit.name == state)
    }
}

/// The visits that correspond to each other, and where the paths part.
pub(super) fn compare<'e>(recorded: &Paths<'e>, now: &Paths<'e>) -> (Vec<Pair<'e>>, Vec<Difference>) {
    let places: BTreeSet<&StatePlace> = recorded.by_place.keys().chain(now.by_place.keys()).collect();
    let (mut pairs, mut differences) = (Vec::new(), Vec::new());
    for place in places {
        let (before, after) = (recorded.at(place), now.at(place));
        let common = before.iter().zip(after).take_while(|((_, one), (_, other))| one.name == other.name);
        let common: Vec<_> = common.map(|((_, recorded), (_, now))| (*recorded, *now)).collect();
        let both_end = before.len() == common.len() && after.len() == common.len();
        let one_ends = before.len() == common.len() || after.len() == common.len();
        let by_chance = one_ends && (recorded.was_cut_short(place) || now.was_cut_short(place));
        if !both_end && !by_chance && is_reached_by_both(place, recorded, now) {
            differences.push(parting(place, before, after, common.len()));
        }
        let place = place.to_string();
        pairs.extend(common.into_iter().map(|(recorded, now)| Pair { place: place.clone(), recorded, now }));
    }
    (pairs, differences)
}

/// If only one of them comes to the state around a place, this is told of that state's own place.
fn is_reached_by_both(place: &StatePlace, recorded: &Paths<'_>, now: &Paths<'_>) -> bool {
    let Some((PlaceStep { state, .. }, around)) = place.steps.split_last() else { return true };
    let around = StatePlace { steps: around.to_vec() };
    recorded.has(&around, state) && now.has(&around, state)
}

fn parting(
    place: &StatePlace,
    recorded: &[(VisitId, &Visit)],
    now: &[(VisitId, &Visit)],
    common: usize,
) -> Difference {
    let last = common.checked_sub(1).and_then(|last| recorded.get(last)).map(|(_, visit)| *visit);
    let next = |visits: &[(VisitId, &Visit)]| match visits.get(common) {
        Some((_, visit)) => format!("`{}`", visit.name),
        None if last.is_none() => NOTHING.to_owned(),
        None => "the end".to_owned(),
    };
    let event = recorded.get(common).map(|(_, visit)| visit.entered);
    Difference {
        kind: Kind::Path,
        place: place.to_string(),
        state: last.map(|visit| visit.name.to_string()),
        at: None,
        recorded: next(recorded),
        now: next(now),
        event: event.or_else(|| last.map(|visit| visit.entered + 1)).unwrap_or_default(),
    }
}
