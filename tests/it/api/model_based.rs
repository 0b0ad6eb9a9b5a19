//! Random actions on state machines, versions, aliases, tags and executions: after each, what the service says is what
//! the reference says.

#![expect(clippy::indexing_slicing, reason = "a member that is missing fails the test")]

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::door::{Door, WAIT};
use super::reference::{
    Action, Alias, AliasChange, By, Content, Execution, Machine, Name, Reference, Routes,
};
use super::requests::runner;

const MACHINES: [Name; 2] = ["a", "b"];
const EXECUTIONS: [Name; 3] = ["x", "y", "z"];
const ALIASES: [Name; 2] = ["p", "q"];

/// The moment at which a mock begins, in seconds.
const BEGINNING: u64 = 1_704_067_200;

#[test]
fn the_service_says_what_the_reference_says_after_every_action() {
    runner(40)
        .run(&vec(action(), 1..50), |actions| {
            let mut compared = Compared::new();
            actions.iter().for_each(|action| compared.step(action));
            Ok(())
        })
        .unwrap_or_else(|why| panic!("{why}"));
}

fn action() -> impl Strategy<Value = Action> {
    let machine = || prop_oneof![3 => Just("a"), 1 => Just("b")];
    let alias = || select(&ALIASES[..]);
    let key = || select(&["k", "l"][..]);
    let description = || option::weighted(0.3, select(&["one", "two"][..]));
    let content = (0..2_u8, 0..2_u8).prop_map(|(definition, role)| Content { definition, role });
    let by = prop_oneof![
        3 => Just(By::Machine),
        1 => (1..4_u64).prop_map(By::Version),
        2 => alias().prop_map(By::Alias),
    ];
    let change = prop_oneof![
        4 => (routes(), description()).prop_map(|(routes, description)| AliasChange::Create(routes, description)),
        2 => (option::of(routes()), description())
            .prop_map(|(routes, description)| AliasChange::Update(routes, description)),
        1 => Just(AliasChange::Delete),
    ];
    prop_oneof![
        6 => (machine(), content, any::<bool>(), option::of((key(), key())))
            .prop_map(|(machine, content, publish, tag)| Action::CreateMachine { machine, content, publish, tag }),
        4 => (machine(), option::of(0..2_u8), option::of(0..2_u8), any::<bool>()).prop_map(
            |(machine, definition, role, publish)| Action::UpdateMachine { machine, definition, role, publish }
        ),
        1 => machine().prop_map(|machine| Action::DeleteMachine { machine }),
        3 => (machine(), description()).prop_map(|(machine, description)| Action::Publish { machine, description }),
        1 => (machine(), 1..4_u64).prop_map(|(machine, version)| Action::DeleteVersion { machine, version }),
        7 => (machine(), alias(), change)
            .prop_map(|(machine, alias, change)| Action::Alias { machine, alias, change }),
        2 => (machine(), key(), key()).prop_map(|(machine, key, value)| Action::Tag { machine, key, value }),
        1 => (machine(), key()).prop_map(|(machine, key)| Action::Untag { machine, key }),
        6 => (machine(), by, select(&EXECUTIONS[..]), select(&["1", "[2]"][..]))
            .prop_map(|(machine, by, name, input)| Action::Start { machine, by, name, input }),
        2 => (machine(), select(&EXECUTIONS[..])).prop_map(|(machine, name)| Action::Stop { machine, name }),
        2 => select(&[1_u64, 1800, 3599, 3600, 90_000][..]).prop_map(|seconds| Action::Pass { seconds }),
    ]
}

fn routes() -> impl Strategy<Value = Routes> {
    prop_oneof![
        (1..4_u64).prop_map(|version| vec![(version, 100)]),
        (1..4_u64, 1..3_u64, 0..=100_u64).prop_map(|(one, step, weight)| {
            // Another version than the first.
            vec![(one, weight), ((one + step - 1) % 3 + 1, 100 - weight)]
        }),
    ]
}

struct Compared {
    door: Door,
    reference: Reference,
    /// The id of each revision that was seen.
    revisions: BTreeMap<(u64, u64), Value>,
}

impl Compared {
    fn new() -> Self {
        Self { door: Door::to_nothing(), reference: Reference::default(), revisions: BTreeMap::new() }
    }

    fn step(&mut self, action: &Action) {
        let expected = self.reference.apply(action);
        assert_eq!(self.perform(action), expected.map_err(str::to_owned), "{action:?}");
        self.compare_lists();
        for name in MACHINES {
            self.compare_machine(name);
        }
        for execution in self.reference.executions.clone() {
            self.compare_execution(&execution);
        }
    }

    fn perform(&mut self, action: &Action) -> Result<(), String> {
        let (operation, input) = request(action);
        if let Action::Pass { seconds } = action {
            self.door.advance(Duration::from_secs(*seconds));
            return Ok(());
        }
        let answer = self.door.call(operation, &input);
        answer.error_type.map_or(Ok(()), Err)
    }

    fn ask(&mut self, operation: &str, input: &Value) -> Value {
        let answer = self.door.call(operation, input);
        answer.error_type.map_or(answer.body, Value::from)
    }

    /// All items of a list, two at a time.
    fn list(&mut self, operation: &str, input: &Value, items: &str) -> Vec<Value> {
        let mut input = input.clone();
        let mut all = Vec::new();
        loop {
            input["maxResults"] = json!(2);
            let page = self.ask(operation, &input);
            let found =
                page.get(items).and_then(Value::as_array).unwrap_or_else(|| panic!("{operation}: {page}"));
            all.extend(found.iter().cloned());
            match page.get("nextToken") {
                Some(token) => input["nextToken"] = token.clone(),
                None => return all,
            }
        }
    }

    fn compare_lists(&mut self) {
        let listed = self.list("ListStateMachines", &json!({}), "stateMachines");
        let there = self.reference.machines.iter().filter(|(_, machine)| !machine.deleting);
        let expected: Vec<_> = there
            .map(|(name, machine)| {
                let date = date(machine.created);
                json!({"stateMachineArn": arn(name), "name": name, "type": "STANDARD", "creationDate": date})
            })
            .collect();
        assert_eq!(listed, expected);
    }

    fn compare_machine(&mut self, name: Name) {
        let described = self.ask("DescribeStateMachine", &json!({"stateMachineArn": arn(name)}));
        let tags = self.ask("ListTagsForResource", &json!({"resourceArn": arn(name)}));
        let Some(machine) = self.reference.machines.get(name) else {
            assert_eq!((described, tags), (json!("StateMachineDoesNotExist"), json!("ResourceNotFound")));
            return;
        };
        let status = if machine.deleting { "DELETING" } else { "ACTIVE" };
        assert_eq!(described["status"], status, "{described}");
        assert_content(&described, machine.content, machine.created);
        let revision = (machine.generation, machine.revision);
        let id = self.revisions.entry(revision).or_insert_with(|| described["revisionId"].clone());
        assert_eq!(
            (&described["revisionId"], described["revisionId"].is_null()),
            (&*id, machine.revision == 0)
        );
        let ids = self.revisions.values().filter(|id| !id.is_null());
        assert_eq!(
            ids.clone().count(),
            ids.map(Value::to_string).collect::<std::collections::BTreeSet<_>>().len()
        );
        let expected: Vec<_> =
            machine.tags.iter().map(|(key, value)| json!({"key": key, "value": value})).collect();
        assert_eq!(tags, json!({"tags": expected}));
        if !machine.deleting {
            self.compare_versions(name);
            self.compare_aliases(name);
        }
        self.compare_executions(name);
    }

    fn compare_versions(&mut self, name: Name) {
        let machine = json!({"stateMachineArn": arn(name)});
        let listed = self.list("ListStateMachineVersions", &machine, "stateMachineVersions");
        let versions = &self.reference.machines[name].versions;
        let newest_first = versions.iter().rev().map(|(number, version)| (*number, version.created));
        let expected: Vec<_> = newest_first
            .map(|(number, created)| json!({"stateMachineVersionArn": version_arn(name, number), "creationDate": date(created)}))
            .collect();
        assert_eq!(listed, expected);
        for number in 1..4 {
            let arn = version_arn(name, number);
            let described = self.ask("DescribeStateMachine", &json!({"stateMachineArn": arn}));
            match self.reference.machines[name].versions.get(&number) {
                None => assert_eq!(described, "StateMachineDoesNotExist"),
                Some(version) => {
                    assert_eq!(described["stateMachineArn"], arn);
                    assert_eq!(described.get("description"), version.description.map(Value::from).as_ref());
                    assert_content(&described, version.content, version.created);
                }
            }
        }
    }

    fn compare_aliases(&mut self, name: Name) {
        let machine = json!({"stateMachineArn": arn(name)});
        let listed = self.list("ListStateMachineAliases", &machine, "stateMachineAliases");
        let aliases = &self.reference.machines[name].aliases;
        let expected: Vec<_> = aliases
            .iter()
            .map(|(alias, there)| json!({"stateMachineAliasArn": alias_arn(name, alias), "creationDate": date(there.created)}))
            .collect();
        assert_eq!(listed, expected);
        for alias in ALIASES {
            let arn = alias_arn(name, alias);
            let described = self.ask("DescribeStateMachineAlias", &json!({"stateMachineAliasArn": arn}));
            let there = self.reference.machines[name].aliases.get(alias);
            assert_eq!(
                described,
                there.map_or(json!("ResourceNotFound"), |there| described_alias(name, alias, there))
            );
        }
    }

    /// The running ones by their start, the ended ones by their end; the newest first.
    fn compare_executions(&mut self, name: Name) {
        let by = [By::Machine].into_iter().chain((1..4).map(By::Version)).chain(ALIASES.map(By::Alias));
        for by in by {
            let arn = started_by(name, by);
            let machine = &self.reference.machines[name];
            if !exists(machine, by) {
                let listed = self.ask("ListExecutions", &json!({"stateMachineArn": arn}));
                assert_eq!(listed, "StateMachineDoesNotExist");
                continue;
            }
            // Which version an alias chose, only the execution says.
            let own = |execution: &&Execution| {
                execution.machine == name
                    && execution.generation == machine.generation
                    && (by == By::Machine || execution.by == by)
            };
            let mut expected: Vec<&Execution> = self.reference.executions.iter().filter(own).collect();
            expected.reverse();
            expected.sort_by_key(|execution| {
                std::cmp::Reverse(execution.ended.map_or(execution.started, |(ended, _)| ended))
            });
            let mut expected: Vec<_> = expected.into_iter().map(|execution| execution.name).collect();
            let listed = self.list("ListExecutions", &json!({"stateMachineArn": arn}), "executions");
            let mut names: Vec<_> = listed.iter().map(|item| item["name"].as_str().unwrap()).collect();
            if let By::Version(number) = by {
                // Those that an alias routed here are listed too.
                let version = version_arn(name, number);
                assert!(listed.iter().all(|item| item["stateMachineVersionArn"] == version), "{listed:?}");
                names.retain(|name| expected.contains(name));
                expected.retain(|name| names.contains(name));
            }
            assert_eq!(names, expected, "{by:?} of {name}");
        }
    }

    fn compare_execution(&mut self, execution: &Execution) {
        let arn = arn(execution.machine).replace(":stateMachine:", ":execution:") + ":" + execution.name;
        let described = self.ask("DescribeExecution", &json!({"executionArn": arn}));
        let status = execution.ended.map_or("RUNNING", |(_, status)| status);
        assert_eq!(described["status"], status, "{execution:?}");
        assert_eq!(described["input"], execution.input);
        assert_eq!(described["startDate"], date(execution.started));
        assert_eq!(described.get("stopDate"), execution.ended.map(|(ended, _)| date(ended)).as_ref());
        let alias =
            matches!(execution.by, By::Alias(_)).then(|| json!(started_by(execution.machine, execution.by)));
        assert_eq!(described.get("stateMachineAliasArn"), alias.as_ref());
        let version = described.get("stateMachineVersionArn");
        match execution.by {
            By::Machine => assert_eq!(version, None),
            By::Version(number) => assert_eq!(version, Some(&json!(version_arn(execution.machine, number)))),
            By::Alias(_) => assert!(version.is_some()),
        }
        let output = (status == "SUCCEEDED").then(|| json!(execution.input));
        assert_eq!(described.get("output"), output.as_ref());
    }
}

fn request(action: &Action) -> (&'static str, Value) {
    match action {
        Action::CreateMachine { machine, content, publish, tag } => {
            let mut input = json!({
                "name": machine, "definition": definition(content.definition), "roleArn": role(content.role),
                "publish": publish,
            });
            if let Some((key, value)) = tag {
                input["tags"] = json!([{"key": key, "value": value}]);
            }
            ("CreateStateMachine", input)
        }
        Action::UpdateMachine { machine, definition: text, role: arn_of, publish } => {
            let mut input = json!({"stateMachineArn": arn(machine), "publish": publish});
            put(&mut input, "definition", text.map(definition));
            put(&mut input, "roleArn", arn_of.map(role));
            ("UpdateStateMachine", input)
        }
        Action::DeleteMachine { machine } => ("DeleteStateMachine", json!({"stateMachineArn": arn(machine)})),
        Action::Publish { machine, description } => {
            let mut input = json!({"stateMachineArn": arn(machine)});
            put(&mut input, "description", *description);
            ("PublishStateMachineVersion", input)
        }
        Action::DeleteVersion { machine, version } => {
            ("DeleteStateMachineVersion", json!({"stateMachineVersionArn": version_arn(machine, *version)}))
        }
        Action::Tag { machine, key, value } => {
            ("TagResource", json!({"resourceArn": arn(machine), "tags": [{"key": key, "value": value}]}))
        }
        Action::Untag { machine, key } => {
            ("UntagResource", json!({"resourceArn": arn(machine), "tagKeys": [key]}))
        }
        Action::Start { machine, by, name, input } => (
            "StartExecution",
            json!({"stateMachineArn": started_by(machine, *by), "name": name, "input": input}),
        ),
        Action::Stop { machine, name } => {
            let arn = arn(machine).replace(":stateMachine:", ":execution:");
            ("StopExecution", json!({"executionArn": format!("{arn}:{name}")}))
        }
        Action::Alias { machine, alias, change } => alias_request(machine, alias, change),
        Action::Pass { .. } => ("", Value::Null),
    }
}

fn alias_request(machine: &str, alias: &str, change: &AliasChange) -> (&'static str, Value) {
    match change {
        AliasChange::Create(routes, description) => {
            let mut input = json!({"name": alias, "routingConfiguration": routing(machine, routes)});
            put(&mut input, "description", *description);
            ("CreateStateMachineAlias", input)
        }
        AliasChange::Update(routes, description) => {
            let mut input = json!({"stateMachineAliasArn": alias_arn(machine, alias)});
            put(&mut input, "routingConfiguration", routes.as_ref().map(|routes| routing(machine, routes)));
            put(&mut input, "description", *description);
            ("UpdateStateMachineAlias", input)
        }
        AliasChange::Delete => {
            ("DeleteStateMachineAlias", json!({"stateMachineAliasArn": alias_arn(machine, alias)}))
        }
    }
}

fn put(input: &mut Value, member: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        input[member] = value.into();
    }
}

fn exists(machine: &Machine, by: By) -> bool {
    match by {
        By::Machine => true,
        By::Version(number) => machine.versions.contains_key(&number),
        By::Alias(alias) => machine.aliases.contains_key(alias),
    }
}

fn assert_content(described: &Value, content: Content, created: u64) {
    assert_eq!(described["definition"], definition(content.definition));
    assert_eq!(described["roleArn"], role(content.role));
    assert_eq!(described["creationDate"], date(created));
}

fn described_alias(machine: &str, alias: &str, there: &Alias) -> Value {
    let mut described = Map::new();
    described.insert("stateMachineAliasArn".into(), json!(alias_arn(machine, alias)));
    described.insert("name".into(), json!(alias));
    described.insert("routingConfiguration".into(), routing(machine, &there.routes));
    described.insert("creationDate".into(), date(there.created));
    described.insert("updateDate".into(), date(there.updated));
    if let Some(description) = there.description {
        described.insert("description".into(), json!(description));
    }
    Value::Object(described)
}

fn routing(machine: &str, routes: &Routes) -> Value {
    let route = |(version, weight): &(u64, u64)| json!({"stateMachineVersionArn": version_arn(machine, *version), "weight": weight});
    routes.iter().map(route).collect()
}

fn arn(machine: &str) -> String {
    format!("arn:aws:states:us-east-1:123456789012:stateMachine:{machine}")
}

fn version_arn(machine: &str, version: u64) -> String {
    format!("{}:{version}", arn(machine))
}

fn alias_arn(machine: &str, alias: &str) -> String {
    format!("{}:{alias}", arn(machine))
}

fn started_by(machine: &str, by: By) -> String {
    match by {
        By::Machine => arn(machine),
        By::Version(number) => version_arn(machine, number),
        By::Alias(alias) => alias_arn(machine, alias),
    }
}

/// Definitions that differ in their text alone.
fn definition(number: u8) -> String {
    if number == 0 { WAIT.to_owned() } else { WAIT.replace(':', ": ") }
}

fn role(number: u8) -> String {
    format!("arn:aws:iam::123456789012:role/r{number}")
}

fn date(seconds: u64) -> Value {
    json!(BEGINNING + seconds)
}
