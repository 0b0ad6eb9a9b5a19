//! A contract file and its clauses.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::members::{Flaw, Node, Read};
use super::setup::{read_faults, read_tasks};
use super::step::read_steps;
use crate::contract::clause::Clause;
use crate::contract::evidence::Evidence;
use crate::contract::need::Need;
use crate::contract::step::Step;
use crate::model::Json;

pub(in crate::contract) const FILE_KEYS: &[&str] = &["$schema", "topic", "clauses"];

pub(in crate::contract) const CLAUSE_KEYS: &[&str] = &[
    "id", "claim", "source", "evidence", "assumed", "needs", "quotas", "faults", "tasks", "objects", "steps",
];

/// The clauses of a file, in their order.
pub(in crate::contract) fn read_file(text: &str) -> Result<Vec<Clause>, Flaw> {
    let json =
        Json::parse(text).map_err(|error| Flaw { pointer: String::new(), reason: error.to_string() })?;
    let members = Node::root(&json).members(FILE_KEYS)?;
    members.may("$schema", Node::text)?;
    let topic: Arc<str> = members.need("topic")?.text()?.into();
    members.need("clauses")?.items()?.iter().map(|node| read_clause(node, &topic)).collect()
}

fn read_clause(node: &Node<'_>, topic: &Arc<str>) -> Read<Clause> {
    let members = node.members(CLAUSE_KEYS)?;
    let clause = Clause {
        id: read_id(&members.need("id")?)?,
        claim: members.need("claim")?.text()?,
        source: members.need("source")?.texts()?,
        evidence: members.need("evidence")?.one_of(&Evidence::ALL, Evidence::name)?,
        assumed: members.may("assumed", Node::text)?,
        needs: members.or_default("needs", |node| node.set_of(&Need::ALL, Need::name))?,
        quotas: members.or_default("quotas", |node| {
            node.entries()?.into_iter().map(|(name, value)| Ok((name, value.number()?))).collect()
        })?,
        faults: members.or_default("faults", read_faults)?,
        tasks: members.or_default("tasks", read_tasks)?,
        objects: members.or_default("objects", Node::json_map)?,
        steps: read_steps(&members.need("steps")?)?,
        topic: Arc::clone(topic),
    };
    if clause.source.is_empty() {
        return members.need("source")?.flaw("a claim needs at least one source");
    }
    if (clause.evidence == Evidence::Assumed) != clause.assumed.is_some() {
        return members.flaw(
            "`assumed` says what is not known: it belongs to clauses whose `evidence` is `assumed`, and only to them",
        );
    }
    check_needs(node, &clause)?;
    Ok(clause)
}

fn read_id(node: &Node<'_>) -> Read<String> {
    let id = node.text()?;
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if id.split('-').all(is_word) {
        Ok(id)
    } else {
        node.flaw(format!("`{id}` is no id: write lower-case words joined by `-`"))
    }
}

/// What the clause makes use of, it must say that it needs.
fn check_needs(node: &Node<'_>, clause: &Clause) -> Read<()> {
    let mut used = BTreeSet::new();
    let sections = [
        (!clause.quotas.is_empty(), Need::Quotas),
        (!clause.faults.is_empty(), Need::Faults),
        (!clause.tasks.is_empty(), Need::TaskMocks),
        (!clause.objects.is_empty(), Need::Objects),
    ];
    used.extend(sections.iter().filter(|(is_used, _)| *is_used).map(|(_, need)| *need));
    for step in &clause.steps {
        used.extend(needs_of(step));
    }
    match used.difference(&clause.needs).next() {
        Some(need) => node.flaw(format!("the clause makes use of `{need}`: list it in `needs`")),
        None => Ok(()),
    }
}

/// Beyond this nobody waits in real time.
const LONGEST_WAIT: std::time::Duration = std::time::Duration::from_secs(60);

fn needs_of(step: &Step) -> BTreeSet<Need> {
    let of_all = |steps: &[Step]| steps.iter().flat_map(needs_of).collect::<BTreeSet<_>>();
    match step {
        Step::Advance(advance) if advance.advance > LONGEST_WAIT => BTreeSet::from([Need::Clock]),
        Step::History(history) => {
            let events = history.events.iter().chain(&history.includes).flatten();
            events.filter(|event| event.at().is_some()).map(|_| Need::Clock).collect()
        }
        Step::Repeat(repeat) => of_all(&repeat.steps),
        Step::Parallel(parallel) => parallel.parallel.iter().flat_map(|steps| of_all(steps)).collect(),
        Step::Send(_) => BTreeSet::from([Need::RawHttp]),
        Step::Call(_) | Step::Pages(_) | Step::Await(_) | Step::Advance(_) | Step::Expect(_) => {
            BTreeSet::new()
        }
    }
}
