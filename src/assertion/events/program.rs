//! A sequence as a program that reads a history once, event by event, in all its readings at the same time.

use std::collections::BTreeSet;

use super::pattern::{Expected, ExpectedEvent, Repeated, Sequence};

/// A program may have so many steps: repetitions of repetitions multiply.
const MOST_STEPS: usize = 100_000;

/// Steps, the last of which is the end.
pub(super) struct Program<'s> {
    steps: Vec<Step<'s>>,
}

#[derive(Clone, Copy)]
enum Step<'s> {
    Event(&'s ExpectedEvent),
    /// Any event, of a gap.
    Any,
    /// On to the next step, and to that one as well.
    Fork(usize),
    Jump(usize),
    End,
}

/// How far a history is as the sequence says.
#[derive(Clone, Copy)]
pub(super) enum Reached<'s> {
    All,
    /// After so many events this one was expected, at once or sometime.
    Before {
        read: usize,
        expected: &'s ExpectedEvent,
        sometime: bool,
    },
    /// The sequence ended after so many events, and the history goes on.
    End {
        read: usize,
    },
    /// The sequence is too long to be read.
    TooLong,
}

impl<'s> Program<'s> {
    pub(super) fn of(sequence: &'s Sequence) -> Self {
        let mut program = Self { steps: Vec::new() };
        program.sequence(sequence);
        program.steps.push(Step::End);
        program
    }

    fn sequence(&mut self, sequence: &'s Sequence) {
        for part in &sequence.0 {
            if self.steps.len() < MOST_STEPS {
                self.repeated(part);
            }
        }
    }

    fn repeated(&mut self, part: &'s Repeated) {
        for _ in 0..part.least {
            let before = self.steps.len();
            self.once(&part.what);
            if self.steps.len() == before {
                return; // There is nothing in it, or there is no room for it.
            }
        }
        match part.most {
            None => {
                let fork = self.fork();
                self.once(&part.what);
                self.push(Step::Jump(fork));
                self.land(fork);
            }
            Some(most) => {
                for _ in part.least..most {
                    let before = self.steps.len();
                    let fork = self.fork();
                    self.once(&part.what);
                    self.land(fork);
                    if self.steps.len() <= before + 1 {
                        return;
                    }
                }
            }
        }
    }

    fn once(&mut self, what: &'s Expected) {
        match what {
            Expected::Event(event) => self.push(Step::Event(event)),
            Expected::Sequence(sequence) => self.sequence(sequence),
            Expected::Gap => {
                let fork = self.fork();
                self.push(Step::Any);
                self.push(Step::Jump(fork));
                self.land(fork);
            }
        }
    }

    fn push(&mut self, step: Step<'s>) {
        if self.steps.len() < MOST_STEPS {
            self.steps.push(step);
        }
    }

    /// A fork whose other way is set later.
    fn fork(&mut self) -> usize {
        self.push(Step::Fork(0));
        self.steps.len().saturating_sub(1)
    }

    /// The other way of a fork leads to what comes next.
    fn land(&mut self, fork: usize) {
        let here = self.steps.len();
        if let Some(Step::Fork(way)) = self.steps.get_mut(fork) {
            *way = here;
        }
    }

    /// Reads as many events as there are; `fits` says whether the event with an index is as expected.
    pub(super) fn run(&self, n_events: usize, fits: impl Fn(&ExpectedEvent, usize) -> bool) -> Reached<'s> {
        if self.steps.len() > MOST_STEPS {
            return Reached::TooLong;
        }
        let end = self.steps.len().saturating_sub(1);
        let mut live = self.closure(BTreeSet::from([0]));
        let mut furthest = self.last_of(&live, 0);
        for read in 0..n_events {
            let mut next = BTreeSet::new();
            for step in &live {
                let goes_on = match self.steps.get(*step) {
                    Some(Step::Event(expected)) => fits(expected, read),
                    Some(Step::Any) => true,
                    Some(Step::Fork(_) | Step::Jump(_) | Step::End) | None => false,
                };
                if goes_on {
                    next.insert(step + 1);
                }
            }
            let was_live = live;
            live = self.closure(next);
            if live.is_empty() {
                break;
            }
            let now = self.last_of(&live, read + 1);
            // Steps that were live before have not been reached anew, unless nothing else was.
            if now.step > furthest.step || (now.step == furthest.step && !was_live.contains(&now.step)) {
                furthest = now;
            }
            if read + 1 == n_events && live.contains(&end) {
                return Reached::All;
            }
        }
        if n_events == 0 && live.contains(&end) {
            return Reached::All;
        }
        self.told(furthest)
    }

    fn told(&self, furthest: Furthest) -> Reached<'s> {
        let read = furthest.read;
        match self.steps.get(furthest.step) {
            Some(Step::Event(expected)) => Reached::Before { read, expected, sometime: furthest.in_gap },
            Some(Step::Any | Step::Fork(_) | Step::Jump(_) | Step::End) | None => Reached::End { read },
        }
    }

    /// The furthest step that waits for a certain event, or for the end.
    fn last_of(&self, live: &BTreeSet<usize>, read: usize) -> Furthest {
        let waits = |step: &&usize| matches!(self.steps.get(**step), Some(Step::Event(_) | Step::End));
        let step = live.iter().rev().find(waits).copied().unwrap_or(0);
        let is_any = |step: usize| matches!(self.steps.get(step), Some(Step::Any));
        // A gap right before it: fork, any, jump.
        let in_gap = step.checked_sub(2).is_some_and(is_any);
        Furthest { step, read, in_gap }
    }

    /// All steps that can be reached without an event.
    fn closure(&self, from: BTreeSet<usize>) -> BTreeSet<usize> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<usize> = from.into_iter().collect();
        while let Some(step) = open.pop() {
            if !reached.insert(step) {
                continue;
            }
            match self.steps.get(step) {
                Some(Step::Fork(other)) => open.extend([step + 1, *other]),
                Some(Step::Jump(to)) => open.push(*to),
                Some(Step::Event(_) | Step::Any | Step::End) | None => {}
            }
        }
        reached
    }
}

#[derive(Clone, Copy)]
struct Furthest {
    step: usize,
    read: usize,
    in_gap: bool,
}
