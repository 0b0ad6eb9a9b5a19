//! What the page asks for once a second: state machines, executions and open tasks, as JSON.

use std::sync::Arc;

use super::query::parameter;
use crate::mock::core::Core;
use crate::model::Json;
use crate::service::overview::{ExecutionInShort, MachineInShort, OpenTask};

/// So many executions are listed, the latest ones of those that are asked for.
const MOST_EXECUTIONS: usize = 500;

/// So many open tasks are listed, the oldest ones.
const MOST_TASKS: usize = 100;

/// What the list is narrowed to. Nothing narrows it to everything.
#[derive(Debug, Default)]
struct Filter {
    /// Words that the name, the machine, the status or the ARN contains, whatever their case.
    words: Vec<String>,
    machine: Option<String>,
    status: Option<String>,
}

impl Filter {
    fn of(query: &str) -> Self {
        let words = parameter(query, "text").unwrap_or_default().to_lowercase();
        Self {
            words: words.split_whitespace().map(str::to_owned).collect(),
            machine: parameter(query, "machine"),
            status: parameter(query, "status"),
        }
    }

    fn lets_through(&self, execution: &ExecutionInShort) -> bool {
        let is = |wanted: &Option<String>, has: &str| wanted.as_ref().is_none_or(|wanted| wanted == has);
        is(&self.machine, &execution.machine_name)
            && is(&self.status, execution.status.as_str())
            && (self.words.is_empty() || {
                let text = format!("{} {} {}", execution.name, execution.status.as_str(), execution.arn);
                let text = text.to_lowercase();
                self.words.iter().all(|word| text.contains(word.as_str()))
            })
    }
}

/// The overview. What is due happens first; nothing else does.
pub(super) fn overview(core: &Core, query: &str) -> Json {
    core.drive();
    core.pump();
    let filter = Filter::of(query);
    let account = &core.lock().account;
    let arns = account.execution_arns();
    let executions = || arns.iter().rev().filter_map(|arn| account.execution_in_short(arn));
    let mut machine_names: Vec<Arc<str>> = executions().map(|execution| execution.machine_name).collect();
    machine_names.sort_unstable();
    machine_names.dedup();
    let shown: Vec<_> = executions().filter(|execution| filter.lets_through(execution)).collect();
    let tasks = account.open_tasks();
    let opened = parameter(query, "arn").and_then(|arn| account.execution_in_short(&arn));
    Json::from_members([
        ("machines", list(account.machines_in_short().iter().map(machine))),
        ("machineNames", list(machine_names.iter().map(|name| Json::from(&**name)))),
        ("executions", list(shown.iter().take(MOST_EXECUTIONS).map(execution))),
        ("found", Json::from(shown.len())),
        ("total", Json::from(arns.len())),
        ("opened", opened.as_ref().map_or(Json::Null, execution)),
        ("tasks", list(tasks.iter().take(MOST_TASKS).map(task))),
        ("openTasks", Json::from(tasks.len())),
    ])
}

fn list(items: impl Iterator<Item = Json>) -> Json {
    Json::array(items.collect())
}

fn machine(machine: &MachineInShort) -> Json {
    Json::from_members([
        ("arn", Json::from(&*machine.arn)),
        ("name", Json::from(&*machine.name)),
        ("type", Json::from(machine.machine_type)),
    ])
}

fn execution(execution: &ExecutionInShort) -> Json {
    let took = execution.stop_date.map(|stop| stop.as_millis() - execution.start_date.as_millis());
    Json::from_members([
        ("arn", Json::from(&*execution.arn)),
        ("name", Json::from(&*execution.name)),
        ("machine", Json::from(&*execution.machine_name)),
        ("status", Json::from(execution.status.as_str())),
        ("startDate", Json::from(execution.start_date.to_string())),
        ("tookMillis", took.map_or(Json::Null, Json::from)),
        ("events", Json::from(execution.events)),
    ])
}

fn task(task: &OpenTask) -> Json {
    let activity = task.activity.as_deref().map_or(Json::Null, Json::from);
    Json::from_members([
        ("token", Json::from(&*task.token)),
        ("state", Json::from(&*task.state)),
        ("input", Json::from(task.input.to_text())),
        ("executionArn", Json::from(&*task.execution_arn)),
        ("activityArn", activity),
        ("isQueued", Json::Bool(task.is_queued)),
    ])
}
