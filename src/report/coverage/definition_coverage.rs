//! A definition and what was taken of it: every point, with its count.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::counts::{Counts, StateCounts};
use super::point::{Category, Point, PointKind};
use crate::asl::definition::{Definition, Scope, State, StateIndex, StateKind, Transition};
use crate::asl::way::Way;

/// The coverage of one definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefinitionCoverage {
    /// What it is called: the file that it was found in, or the state machines that had it.
    pub(crate) title: String,
    /// The definition itself.
    pub(crate) text: String,
    /// Those of its contents that tests ran.
    pub(crate) hashes: Vec<String>,
    pub(crate) machines: BTreeSet<String>,
    pub(crate) executions: u64,
    /// Of the execution first, then by state in the order of the definition.
    pub(crate) points: Vec<Point>,
    /// In the order of the definition.
    pub(crate) states: Vec<StateSummary>,
}

/// What is told of a state beside its points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StateSummary {
    pub(crate) name: Arc<str>,
    pub(crate) state_type: &'static str,
    pub(crate) entered: u64,
    /// How often it failed, and nothing in it handled that.
    pub(crate) failed: u64,
    /// The tests that entered it.
    pub(crate) tests: BTreeSet<String>,
}

/// How many points there are, and how many were taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) taken: usize,
    pub(crate) total: usize,
}

impl Share {
    /// Of points, of each of which it is known whether it was taken.
    pub(crate) fn of(points: impl Iterator<Item = bool>) -> Self {
        points.fold(Self::default(), |share, is_taken| Self {
            taken: share.taken + usize::from(is_taken),
            total: share.total + 1,
        })
    }

    pub(crate) const fn plus(self, other: Self) -> Self {
        Self { taken: self.taken + other.taken, total: self.total + other.total }
    }

    /// In tenths of a percent, rounded down, so that only what is complete is 100 %. Nothing to take is all taken.
    pub(crate) const fn permille(self) -> usize {
        match (self.taken * 1000).checked_div(self.total) {
            Some(permille) => permille,
            None => 1000,
        }
    }

    /// Such as `66.6 %`.
    pub(crate) fn percent(self) -> String {
        let permille = self.permille();
        match (permille / 10, permille % 10) {
            (whole, 0) => format!("{whole} %"),
            (whole, tenths) => format!("{whole}.{tenths} %"),
        }
    }
}

impl DefinitionCoverage {
    pub(crate) fn new((title, text): (String, String), definition: &Definition, counts: Counts) -> Self {
        let mut points = Vec::new();
        if definition.timeout_seconds.is_some() {
            points.push(Point { state: None, kind: PointKind::Timeout, hits: counts.timed_out });
        }
        let mut states = Vec::new();
        add_scope(&definition.scope, &counts, &mut points, &mut states);
        Self {
            title,
            text,
            hashes: Vec::new(),
            machines: counts.machines,
            executions: counts.executions,
            points,
            states,
        }
    }

    pub(crate) fn share(&self) -> Share {
        Share::of(self.points.iter().map(Point::is_taken))
    }

    pub(crate) fn share_of(&self, category: Category) -> Share {
        let points = self.points.iter().filter(|point| point.category() == category);
        Share::of(points.map(Point::is_taken))
    }

    /// What was never taken, in words. Of a state that was never entered nothing more is told.
    pub(crate) fn gaps(&self) -> Vec<String> {
        let unentered: BTreeSet<_> = self.states.iter().filter(|s| s.entered == 0).map(|s| &s.name).collect();
        let is_implied = |point: &&Point| {
            point.kind != PointKind::State
                && point.state.as_ref().is_some_and(|state| unentered.contains(state))
        };
        let gaps = self.points.iter().filter(|point| !point.is_taken() && !is_implied(point));
        gaps.map(Point::never).collect()
    }

    /// What each retrier and catcher that was taken has never seen.
    pub(crate) fn unseen_errors(&self) -> Vec<String> {
        self.points.iter().filter_map(Point::unseen_errors).collect()
    }

    /// What it has to take, whatever was taken: two definitions of which this is the same differ in nothing that
    /// coverage knows.
    pub(crate) fn shape(&self) -> Vec<String> {
        let types = self.states.iter().map(|state| format!("{} is a {}", state.name, state.state_type));
        types.chain(self.points.iter().map(Point::label)).collect()
    }
}

fn add_scope(scope: &Arc<Scope>, counts: &Counts, points: &mut Vec<Point>, states: &mut Vec<StateSummary>) {
    let none = StateCounts::default();
    for state in &scope.states {
        let counted = counts.states.get(&*state.name).unwrap_or(&none);
        let reader = StateReader { scope, state, counts: counted };
        points.extend(reader.points());
        states.push(reader.summary());
        for inner in state.inner_scopes() {
            add_scope(inner, counts, points, states);
        }
    }
}

/// A state with its counts.
struct StateReader<'d> {
    scope: &'d Scope,
    state: &'d State,
    counts: &'d StateCounts,
}

impl StateReader<'_> {
    fn hits(&self, way: Way) -> u64 {
        self.counts.at(self.state.place_of(way))
    }

    fn name_of(&self, index: StateIndex) -> Arc<str> {
        self.scope.state(index).map_or_else(|| "".into(), |state| Arc::clone(&state.name))
    }

    fn point(&self, kind: PointKind, hits: u64) -> Point {
        Point { state: Some(Arc::clone(&self.state.name)), kind, hits }
    }

    fn summary(&self) -> StateSummary {
        StateSummary {
            name: Arc::clone(&self.state.name),
            state_type: type_name(&self.state.kind),
            entered: self.hits(Way::Entered),
            failed: self.hits(Way::Failed),
            tests: self.counts.tests.clone(),
        }
    }

    fn points(&self) -> Vec<Point> {
        let mut points = vec![self.point(PointKind::State, self.hits(Way::Entered))];
        points.extend(self.choices());
        points.extend(self.retriers());
        points.extend(self.timeouts());
        points.extend(self.catchers());
        points.extend(self.transition());
        points
    }

    fn choices(&self) -> Vec<Point> {
        let StateKind::Choice(choice) = &self.state.kind else { return Vec::new() };
        let rules = choice.rules.iter().enumerate().map(|(index, rule)| {
            let kind = PointKind::Rule { index, to: self.name_of(rule.next) };
            self.point(kind, self.hits(Way::Rule(index)))
        });
        let default = choice.default.map(|default| {
            self.point(PointKind::Default { to: self.name_of(default) }, self.hits(Way::Left))
        });
        rules.chain(default).collect()
    }

    fn retriers(&self) -> Vec<Point> {
        let retriers = self.state.work().map_or(&[][..], |work| &work.retry);
        let retriers = retriers.iter().enumerate().map(|(index, retrier)| {
            let errors = self.errors(&retrier.error_equals, |error| Way::Retrier { index, error });
            let hits = errors.iter().map(|(_, hits)| hits).sum();
            self.point(PointKind::Retrier { index, errors }, hits)
        });
        retriers.collect()
    }

    fn catchers(&self) -> Vec<Point> {
        let catchers = self.state.work().map_or(&[][..], |work| &work.catch);
        let catchers = catchers.iter().enumerate().map(|(index, catcher)| {
            let errors = self.errors(&catcher.error_equals, |error| Way::Catcher { index, error });
            let hits = errors.iter().map(|(_, hits)| hits).sum();
            self.point(PointKind::Catcher { index, to: self.name_of(catcher.next), errors }, hits)
        });
        catchers.collect()
    }

    fn errors(&self, names: &[Arc<str>], way: impl Fn(usize) -> Way) -> Vec<(Arc<str>, u64)> {
        let errors = names.iter().enumerate();
        errors.map(|(error, name)| (Arc::clone(name), self.hits(way(error)))).collect()
    }

    fn timeouts(&self) -> Vec<Point> {
        let StateKind::Task(task) = &self.state.kind else { return Vec::new() };
        let timeout = task.timeout.as_ref().map(|_| self.point(PointKind::Timeout, self.hits(Way::TimedOut)));
        let heartbeat = task
            .heartbeat
            .as_ref()
            .map(|_| self.point(PointKind::Heartbeat, self.hits(Way::MissedHeartbeat)));
        timeout.into_iter().chain(heartbeat).collect()
    }

    /// A Succeed and a Fail end by being entered.
    fn transition(&self) -> Option<Point> {
        let transition = match &self.state.kind {
            StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_) => self.state.work()?.transition,
            StateKind::Pass(pass) => pass.transition,
            StateKind::Wait(wait) => wait.transition,
            StateKind::Choice(_) | StateKind::Succeed | StateKind::Fail(_) => return None,
        };
        let kind = match transition {
            Transition::Next(next) => PointKind::Next { to: self.name_of(next) },
            Transition::End => PointKind::End,
        };
        Some(self.point(kind, self.hits(Way::Left)))
    }
}

const fn type_name(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(_) => "Task",
        StateKind::Pass(_) => "Pass",
        StateKind::Choice(_) => "Choice",
        StateKind::Wait(_) => "Wait",
        StateKind::Succeed => "Succeed",
        StateKind::Fail(_) => "Fail",
        StateKind::Parallel(_) => "Parallel",
        StateKind::Map(_) => "Map",
    }
}
