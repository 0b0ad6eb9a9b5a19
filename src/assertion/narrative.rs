//! A history as a timeline that people can read, from its events alone.

use std::collections::BTreeSet;

use super::history::{Place, Role, Visit, VisitEnd, VisitId, Visits};
use super::{telling, wording};
use crate::model::{EventDetails, ExecutionRecord, ExecutionStatus, HistoryEvent};

/// One line of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// The events it tells of: one, or the entry and the exit of a state in one.
    pub(crate) events: Vec<u64>,
    /// Since the start: `+1m30s`.
    pub(crate) offset: String,
    /// How many branches and iterations lie around it, and whether it is a detail of a state.
    pub(crate) depth: usize,
    pub(crate) text: String,
}

/// The whole timeline, one line per thing worth telling.
pub(crate) fn narrate(record: &ExecutionRecord, visits: &Visits) -> Vec<Line> {
    let mut narrator = Narrator { record, visits, told: BTreeSet::new(), speaking_of: None };
    let mut lines: Vec<_> = record.events.iter().filter_map(|event| narrator.tell(event)).collect();
    if record.status == ExecutionStatus::Running {
        let last = record.events.last().map_or(record.start_date, |event| event.timestamp);
        let offset = format!("+{}", wording::span(last.since(record.start_date)));
        lines.push(Line { events: vec![], offset, depth: 0, text: "still RUNNING".to_owned() });
    }
    lines
}

/// The lines as text, with `>` before those that tell of a guilty event.
pub(crate) fn render(lines: &[Line], guilty: &BTreeSet<u64>) -> String {
    let width = lines.iter().map(|line| line.offset.len()).max().unwrap_or(0);
    let mut text = String::new();
    for line in lines {
        let mark = if line.events.iter().any(|event| guilty.contains(event)) { '>' } else { ' ' };
        let indent = "  ".repeat(line.depth);
        text.push_str(format!("{mark} {:<width$}  {indent}{}", line.offset, line.text).trim_end());
        text.push('\n');
    }
    text
}

struct Narrator<'r> {
    record: &'r ExecutionRecord,
    visits: &'r Visits,
    /// Exits that the line of their entry told of.
    told: BTreeSet<u64>,
    /// The visit of the last line: details of another one say its name.
    speaking_of: Option<VisitId>,
}

impl<'r> Narrator<'r> {
    fn tell(&mut self, event: &'r HistoryEvent) -> Option<Line> {
        if self.told.contains(&event.id) {
            return None;
        }
        let role = Role::from(event.event_type);
        let owner = self.visits.owner(event).and_then(|id| Some((id, self.visits.get(id)?)));
        let mut events = vec![event.id];
        let (depth, text) = match (role, owner) {
            (Role::ExecutionStarted | Role::ExecutionEnded | Role::ExecutionRedriven, _) | (_, None) => {
                self.speaking_of = None;
                (0, telling::of_execution(event))
            }
            (Role::StateEntered(_), Some((id, visit))) => {
                self.speaking_of = Some(id);
                let exit = self.exit_at_once(event, visit);
                events.extend(exit);
                self.told.extend(exit);
                let text = telling::of_entry(visit, exit.is_some());
                (self.visits.depth(id), format!("{}{text}", self.label(id)))
            }
            (Role::StateExited, Some((id, visit))) => {
                self.speaking_of = Some(id);
                let text = telling::of_exit(event, visit);
                (self.visits.depth(id), format!("{}{text}", self.label(id)))
            }
            (_, Some((id, visit))) => {
                let mut text = telling::of_visit(event, role, visit)?;
                if self.speaking_of.replace(id) != Some(id) {
                    text = format!("{}{} {text}", self.label(id), visit.name);
                }
                (self.visits.depth(id) + 1, text)
            }
        };
        let offset = format!("+{}", wording::span(event.timestamp.since(self.record.start_date)));
        Some(Line { events, offset, depth, text })
    }

    /// The exit of a state that nothing happened in: the very next event.
    fn exit_at_once(&self, entry: &HistoryEvent, visit: &Visit) -> Option<u64> {
        let VisitEnd::Exited { event, .. } = visit.end else { return None };
        let same_time =
            self.record.events.iter().find(|other| other.id == event)?.timestamp == entry.timestamp;
        (event == entry.id + 1 && same_time).then_some(event)
    }

    /// `branch 0: `, from the outermost to the innermost: `item 2 > branch 0: `; nothing at the top.
    fn label(&self, id: VisitId) -> String {
        let mut places: Vec<_> = self.visits.upwards(id).filter_map(|id| self.place(id)).collect();
        places.reverse();
        if places.is_empty() { String::new() } else { format!("{}: ", places.join(" > ")) }
    }

    fn place(&self, id: VisitId) -> Option<String> {
        match self.visits.get(id)?.place {
            Place::Top => None,
            Place::Branch { index, .. } => Some(format!("branch {index}")),
            Place::Item { index, .. } => Some(format!("item {index}")),
        }
    }
}
