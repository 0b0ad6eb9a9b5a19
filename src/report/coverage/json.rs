//! Coverage for programs. The shape is that of `schema/coverage.schema.json`, which is made from the types here.

use schemars::JsonSchema;

use super::definition_coverage::{DefinitionCoverage, Share, StateSummary};
use super::point::{Category, Point, PointKind};
use super::table::total_share;
use crate::model::Json;

/// What tests took of state machine definitions, as `sfn-testkit coverage --format json` writes it.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "it is the schema; `report` writes what it says")]
struct CoverageReport {
    /// Version of this format. Members may be added to it.
    version: u32,
    covered: CoveredShare,
    definitions: Vec<DefinitionReport>,
}

/// How many points there are, and how many were taken.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct CoveredShare {
    taken: u64,
    total: u64,
    /// With one decimal, rounded down.
    percent: f64,
}

/// One definition. Definitions of the same content are one.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct DefinitionReport {
    /// The file that it is written in, or the state machines that had it.
    title: String,
    /// Hashes of the contents that were run: several where a template leaves values open.
    hashes: Vec<String>,
    /// Names of the state machines that had it.
    machines: Vec<String>,
    /// How many executions ran it, without those that Map Runs started.
    executions: u64,
    covered: CoveredShare,
    categories: Categories,
    points: Vec<PointReport>,
    states: Vec<StateReport>,
}

/// The same by what there is to take.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct Categories {
    states: CoveredShare,
    transitions: CoveredShare,
    choices: CoveredShare,
    retriers: CoveredShare,
    catchers: CoveredShare,
    timeouts: CoveredShare,
}

/// Something that a test can take or leave.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct PointReport {
    kind: Kind,
    /// Absent from what belongs to the execution as a whole.
    state: Option<String>,
    /// Place among the rules, retriers or catchers of the state, from 0.
    index: Option<u64>,
    /// The state that it leads to.
    to: Option<String>,
    /// `ErrorEquals` of a retrier or catcher, with how often each was the reason.
    errors: Option<Vec<ErrorReport>>,
    /// How often it was taken.
    hits: u64,
}

/// What a point is.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[expect(dead_code, reason = "see `CoverageReport`")]
enum Kind {
    State,
    Next,
    End,
    Rule,
    Default,
    Retrier,
    Catcher,
    Timeout,
    Heartbeat,
}

/// A name in an `ErrorEquals`.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct ErrorReport {
    name: String,
    hits: u64,
}

/// What is told of a state beside its points.
#[derive(Debug, JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "see `CoverageReport`")]
struct StateReport {
    name: String,
    #[schemars(rename = "type")]
    state_type: String,
    entered: u64,
    /// How often it failed, and nothing in it handled that.
    failed: u64,
    /// The tests that entered it: the name of the binary, `::`, and the path of the test.
    tests: Vec<String>,
}

/// The whole report.
pub(crate) fn report(definitions: &[DefinitionCoverage]) -> Json {
    Json::from_members([
        ("version", Json::from(1_u64)),
        ("covered", share(total_share(definitions))),
        ("definitions", Json::array(definitions.iter().map(definition).collect())),
    ])
}

fn share(share: Share) -> Json {
    let tenths = u32::try_from(share.permille()).unwrap_or_default();
    Json::from_members([
        ("taken", Json::from(share.taken as u64)),
        ("total", Json::from(share.total as u64)),
        ("percent", Json::from(f64::from(tenths) / 10.0)),
    ])
}

fn definition(definition: &DefinitionCoverage) -> Json {
    let categories = Category::ALL.iter().map(|one| (one.name(), share(definition.share_of(*one))));
    Json::from_members([
        ("title", Json::string(definition.title.as_str())),
        ("hashes", texts(&definition.hashes)),
        ("machines", texts(&definition.machines)),
        ("executions", Json::from(definition.executions)),
        ("covered", share(definition.share())),
        ("categories", Json::from_members(categories)),
        ("points", Json::array(definition.points.iter().map(point).collect())),
        ("states", Json::array(definition.states.iter().map(state).collect())),
    ])
}

fn texts(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Json {
    Json::array(texts.into_iter().map(|text| Json::string(text.as_ref())).collect())
}

fn point(point: &Point) -> Json {
    let (kind, index, to, errors) = match &point.kind {
        PointKind::State => ("state", None, None, None),
        PointKind::Next { to } => ("next", None, Some(to), None),
        PointKind::End => ("end", None, None, None),
        PointKind::Rule { index, to } => ("rule", Some(index), Some(to), None),
        PointKind::Default { to } => ("default", None, Some(to), None),
        PointKind::Retrier { index, errors } => ("retrier", Some(index), None, Some(errors)),
        PointKind::Catcher { index, to, errors } => ("catcher", Some(index), Some(to), Some(errors)),
        PointKind::Timeout => ("timeout", None, None, None),
        PointKind::Heartbeat => ("heartbeat", None, None, None),
    };
    let errors = errors.map(|errors| {
        let errors = errors.iter().map(|(name, hits)| {
            Json::from_members([("name", Json::string(&**name)), ("hits", Json::from(*hits))])
        });
        Json::array(errors.collect())
    });
    let members = [
        ("kind", Some(Json::from(kind))),
        ("state", point.state.as_deref().map(Json::string)),
        ("index", index.map(|index| Json::from(*index as u64))),
        ("to", to.map(|to| Json::string(&**to))),
        ("errors", errors),
        ("hits", Some(Json::from(point.hits))),
    ];
    Json::from_members(members.into_iter().filter_map(|(key, value)| Some((key, value?))))
}

fn state(state: &StateSummary) -> Json {
    Json::from_members([
        ("name", Json::string(&*state.name)),
        ("type", Json::from(state.state_type)),
        ("entered", Json::from(state.entered)),
        ("failed", Json::from(state.failed)),
        ("tests", texts(&state.tests)),
    ])
}

#[cfg(test)]
mod tests {
    use std::fs;

    use schemars::generate::SchemaSettings;

    use super::*;
    use crate::report::coverage::fixture::partly;

    /// `SFN_TESTKIT_BLESS=1` writes it.
    #[test]
    fn the_schema_file_is_fresh() {
        let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<CoverageReport>();
        let fresh = format!("{}\n", Json::from(schema.to_value()).to_pretty_text());
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/coverage.schema.json");
        if std::env::var_os("SFN_TESTKIT_BLESS").is_some() {
            fs::write(path, &fresh).unwrap();
        }
        assert!(
            fs::read_to_string(path).is_ok_and(|found| found == fresh),
            "schema/coverage.schema.json is not what the types say: run the tests with SFN_TESTKIT_BLESS=1"
        );
    }

    /// The keys of all objects in it, by the type of the schema that describes them.
    fn properties(schema: &Json, name: &str) -> Vec<String> {
        let described =
            if name.is_empty() { Some(schema) } else { schema.get("$defs").and_then(|all| all.get(name)) };
        let properties = described.and_then(|one| one.get("properties")).and_then(Json::as_object).unwrap();
        properties.keys().map(|key| (**key).to_owned()).collect()
    }

    fn keys(json: &Json) -> Vec<String> {
        json.as_object().unwrap().keys().map(|key| (**key).to_owned()).collect()
    }

    #[test]
    fn the_report_has_the_members_that_the_schema_names() {
        let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<CoverageReport>();
        let schema = Json::from(schema.to_value());
        let report = report(&[partly()]);
        assert_eq!(keys(&report), properties(&schema, ""));
        let definition = &report.get("definitions").unwrap().as_array().unwrap()[0];
        assert_eq!(keys(definition), properties(&schema, "DefinitionReport"));
        assert_eq!(keys(definition.get("covered").unwrap()), properties(&schema, "CoveredShare"));
        assert_eq!(keys(definition.get("categories").unwrap()), properties(&schema, "Categories"));
        assert_eq!(
            keys(&definition.get("states").unwrap().as_array().unwrap()[0]),
            properties(&schema, "StateReport")
        );
        let points = definition.get("points").unwrap().as_array().unwrap();
        let catcher =
            points.iter().find(|point| point.get("kind").unwrap().as_str() == Some("catcher")).unwrap();
        assert_eq!(keys(catcher), properties(&schema, "PointReport"));
    }

    #[test]
    fn points_are_written_with_what_they_have() {
        let report = report(&[partly()]);
        let definition = &report.get("definitions").unwrap().as_array().unwrap()[0];
        let points = definition.get("points").unwrap().as_array().unwrap();
        let texts: Vec<_> = points.iter().map(Json::to_text).collect();
        assert_eq!(
            texts[..8],
            [
                r#"{"kind":"timeout","hits":0}"#,
                r#"{"kind":"state","state":"Check","hits":1}"#,
                r#"{"kind":"rule","state":"Check","index":0,"to":"Pay","hits":1}"#,
                r#"{"kind":"rule","state":"Check","index":1,"to":"Pay","hits":0}"#,
                r#"{"kind":"default","state":"Check","to":"Refuse","hits":0}"#,
                r#"{"kind":"state","state":"Pay","hits":1}"#,
                r#"{"kind":"retrier","state":"Pay","index":0,"errors":[{"name":"A","hits":2},{"name":"B","hits":0}],"hits":2}"#,
                r#"{"kind":"timeout","state":"Pay","hits":0}"#,
            ]
        );
        assert_eq!(report.get("covered").unwrap().to_text(), r#"{"taken":6,"total":15,"percent":40.0}"#);
        assert_eq!(
            definition.get("states").unwrap().as_array().unwrap()[1].to_text(),
            r#"{"name":"Pay","type":"Task","entered":1,"failed":0,"tests":["it::pays"]}"#
        );
    }
}
