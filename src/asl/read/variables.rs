//! `Assign`, and which variables a scope may assign.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cursor::{Cursor, Fields};
use super::field;
use super::jsonata::{self, Site};
use super::report::Language;
use super::scope::ScopeReader;
use crate::model::Json;
use crate::model::json::Map;
use crate::query::{PayloadTemplate, is_variable_name};

/// The variables that the states of a scope assign, and those of the scopes around it.
#[derive(Debug)]
pub(super) struct Assigned<'j> {
    names: BTreeSet<&'j str>,
    outer: Option<Rc<Self>>,
}

impl<'j> Assigned<'j> {
    /// Read ahead of the states themselves: what comes later in a scope counts for what is within it.
    pub(super) fn by(states: &'j Map, outer: Option<Rc<Self>>) -> Self {
        let names = states.values().flat_map(assignments).flat_map(Map::keys);
        Self { names: names.map(|name| without_suffix(name)).collect(), outer }
    }

    fn is_outer(&self, name: &str) -> bool {
        let mut scope = self.outer.as_deref();
        while let Some(assigned) = scope {
            if assigned.names.contains(name) {
                return true;
            }
            scope = assigned.outer.as_deref();
        }
        false
    }
}

/// The `Assign` of a state and those of its choice rules. AWS accepts within a Parallel what only its catchers assign,
/// as recorded, so that those of catchers do not count.
fn assignments(state: &Json) -> impl Iterator<Item = &Map> {
    let rules = state.get("Choices").and_then(Json::as_array).unwrap_or_default();
    let holders = std::iter::once(state).chain(rules);
    holders.filter_map(|holder| holder.get("Assign")?.as_object())
}

fn without_suffix(key: &str) -> &str {
    key.strip_suffix(".$").unwrap_or(key)
}

/// `Assign`, of a state, a choice rule or a catcher.
pub(super) fn assign(
    fields: &mut Fields<'_>,
    scope: &ScopeReader<'_>,
    site: &Site,
) -> Option<PayloadTemplate> {
    let cursor = fields.take("Assign")?;
    for key in cursor.fields()?.members().keys() {
        let name = match site.language {
            Language::JsonPath => without_suffix(key),
            Language::Jsonata => key,
        };
        check_name(name, &cursor, scope);
    }
    match site.language {
        Language::JsonPath => field::template(&cursor),
        Language::Jsonata => jsonata::template(&cursor, &format!("{}Assign", site.prefix), site.members),
    }
}

fn check_name(name: &str, cursor: &Cursor<'_>, scope: &ScopeReader<'_>) {
    if !is_variable_name(name) {
        cursor.invalid(format!("'{name}' is not a valid variable name"));
    } else if scope.assigned.is_outer(name) {
        cursor.invalid(format!("The variable '{name}' is already assigned in an outer scope"));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::asl::read::tests::{check, check_state, machine_of, read};

    fn pass(assign: &str) -> String {
        format!(r#"{{"Type":"Pass","End":true,"Assign":{assign}}}"#)
    }

    #[test]
    fn variables_have_names_like_those_of_programs() {
        for name in ["x", "x.$", "größe_2", &"a".repeat(80)] {
            check_state(&pass(&format!(r#"{{"{name}":"$.a"}}"#)), &[]);
        }
        for name in ["", "1x", "_x", "a-b", "x.y", "x[0]", "$x", "states", &"a".repeat(81)] {
            let message =
                format!("SCHEMA_VALIDATION_FAILED: '{name}' is not a valid variable name at ~/Assign");
            check_state(&pass(&format!(r#"{{"{name}":1}}"#)), &[&message]);
        }
    }

    #[test]
    fn assign_is_a_template() {
        check_state(&pass("{}"), &[]);
        check_state(&pass(r#"{"x":{"y.$":"States.Array($x, $.a)"}}"#), &[]);
        check_state(&pass("[]"), &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at ~/Assign"]);
        check_state(
            &pass(r#"{"x":{"y.$":"no path"},"z.$":1}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The value for the field 'z.$' must be a valid JSONPath or a valid intrinsic function call at ~/Assign",
                "SCHEMA_VALIDATION_FAILED: The value for the field 'y.$' must be a valid JSONPath or a valid intrinsic function call at ~/Assign/x",
            ],
        );
        check_state(
            &pass(r#"{"x":1,"x.$":"$.a"}"#),
            &["SCHEMA_VALIDATION_FAILED: The fields 'x' and 'x.$' both set 'x' at ~/Assign"],
        );
    }

    #[test]
    fn succeed_and_fail_assign_nothing() {
        for state in [r#"{"Type":"Succeed","Assign":{}}"#, r#"{"Type":"Fail","Assign":{}}"#] {
            check_state(state, &["SCHEMA_VALIDATION_FAILED: Field 'Assign' is not supported at ~"]);
        }
    }

    /// A Parallel whose branches, and a Map whose processor, assign `inner`, in a scope that assigns `outer`.
    fn check_scopes(outer: &str, inner: &str, expected: &[&str]) {
        let branch = |name: &str| format!(r#"{{"StartAt":"{name}","States":{{"{name}":{}}}}}"#, pass(inner));
        let definition = format!(
            r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","Branches":[{},{}],"Next":"M"}},"M":{{"Type":"Map","ItemProcessor":{},"Next":"C"}},{outer},"E":{{"Type":"Succeed"}}}}}}"#,
            branch("B1"),
            branch("B2"),
            branch("I"),
        );
        check(&definition, expected);
    }

    #[test]
    fn inner_scopes_read_but_do_not_assign_the_variables_of_outer_ones() {
        let test = r#""Variable":"$.a","IsNull":true,"Next":"E""#;
        let refused = [
            "SCHEMA_VALIDATION_FAILED: The variable 'x' is already assigned in an outer scope at /States/P/Branches[0]/States/B1/Assign",
            "SCHEMA_VALIDATION_FAILED: The variable 'x' is already assigned in an outer scope at /States/P/Branches[1]/States/B2/Assign",
            "SCHEMA_VALIDATION_FAILED: The variable 'x' is already assigned in an outer scope at /States/M/ItemProcessor/States/I/Assign",
        ];
        for outer in [
            format!(r#""C":{{"Type":"Choice","Choices":[{{{test}}}],"Default":"E","Assign":{{"x":1}}}}"#),
            format!(
                r#""C":{{"Type":"Choice","Choices":[{{{test},"Assign":{{"x.$":"$.a"}}}}],"Default":"E"}}"#
            ),
        ] {
            check_scopes(&outer, r#"{"x.$":"$x"}"#, &refused);
            check_scopes(&outer, r#"{"y.$":"$x"}"#, &[]);
        }
        let catcher = r#""C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,"Catch":[{"ErrorEquals":["E"],"Next":"E","Assign":{"x":1}}]}"#;
        check_scopes(catcher, r#"{"x.$":"$x"}"#, &[]);
    }

    #[test]
    fn catchers_and_rules_of_inner_scopes_do_not_assign_outer_variables() {
        for (inner, location) in [
            (
                r#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Next":"E","Catch":[{"ErrorEquals":["E"],"Next":"E","Assign":{"x":1}}]}"#,
                "Catch[0]",
            ),
            (
                r#"{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"E","Assign":{"x":1}}]}"#,
                "Choices[0]",
            ),
        ] {
            let definition = format!(
                r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","Assign":{{"x":1}},"End":true,"Branches":[{{"StartAt":"S","States":{{"S":{inner},"E":{{"Type":"Succeed"}}}}}}]}}}}}}"#
            );
            let message = format!(
                "SCHEMA_VALIDATION_FAILED: The variable 'x' is already assigned in an outer scope at /States/P/Branches[0]/States/S/{location}/Assign"
            );
            check(&definition, &[&message]);
        }
    }

    /// The variables that each state of the machine reads: `S: a b, T: c`.
    fn references(definition: &str) -> String {
        let of_state = |(state, names): (_, BTreeSet<_>)| {
            format!("{state}: {}", names.into_iter().collect::<Vec<_>>().join(" "))
        };
        let references = read(definition).variable_references;
        references.into_iter().map(of_state).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn every_field_that_reads_a_variable_counts() {
        let task = r#""Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage""#;
        for (state, expected) in [
            (r#"{"Type":"Pass","InputPath":"$b","OutputPath":"$a[0]","End":true}"#, "S: a b"),
            (r#"{"Type":"Pass","Parameters":{"x.$":"$a","y":"$no"},"End":true}"#, "S: a"),
            (r#"{"Type":"Pass","Assign":{"no.$":"States.Array($b, $a)"},"End":true}"#, "S: a b"),
            (r#"{TASK,"TimeoutSecondsPath":"$t","HeartbeatSecondsPath":"$h","End":true}"#, "S: h t"),
            (r#"{TASK,"Credentials":{"RoleArn.$":"$c"},"ResultSelector":{"x.$":"$r"},"End":true}"#, "S: c r"),
            (
                r#"{TASK,"Catch":[{"ErrorEquals":["E"],"Next":"S","Assign":{"no.$":"$e"}}],"End":true}"#,
                "S: e",
            ),
            (r#"{"Type":"Wait","SecondsPath":"$a","End":true}"#, "S: a"),
            (r#"{"Type":"Wait","TimestampPath":"$a","End":true}"#, "S: a"),
            (r#"{"Type":"Fail","ErrorPath":"$a","CausePath":"States.Format('{}', $b)"}"#, "S: a b"),
            (r#"{"Type":"Pass","Result":{"x.$":"$no"},"End":true}"#, ""),
        ] {
            assert_eq!(references(&machine_of(&state.replace("TASK", task))), expected, "{state}");
        }
    }

    #[test]
    fn a_variable_is_read_by_the_innermost_state() {
        let inner = |name: &str| {
            format!(
                r#"{{"StartAt":"{name}","States":{{"{name}":{{"Type":"Succeed","InputPath":"$in{name}"}}}}}}"#
            )
        };
        let rule = r#"{"Variable":"$v.x","StringEqualsPath":"$w","Assign":{"no.$":"$a"},"Next":"P"}"#;
        let definition = format!(
            r#"{{"StartAt":"C","States":{{
                "C":{{"Type":"Choice","Choices":[{rule}],"Default":"M","Assign":{{"no.$":"$d"}}}},
                "P":{{"Type":"Parallel","Branches":[{},{}],"ResultSelector":{{"x.$":"$r"}},"End":true}},
                "M":{{"Type":"Map","ItemProcessor":{},"ItemsPath":"$i","ItemSelector":{{"x.$":"$s"}},"MaxConcurrencyPath":"$c","End":true}}
            }}}}"#,
            inner("B1"),
            inner("B2"),
            inner("I"),
        );
        assert_eq!(references(&definition), "B1: inB1, B2: inB2, C: a d v w, I: inI, M: c i s, P: r");
    }

    #[test]
    fn the_scopes_of_two_levels_count() {
        let inner = format!(r#"{{"StartAt":"I","States":{{"I":{}}}}}"#, pass(r#"{"x":1,"y":1,"z":1}"#));
        let middle = format!(
            r#"{{"StartAt":"M","States":{{"M":{{"Type":"Map","ItemProcessor":{inner},"Assign":{{"y":1}},"End":true}}}}}}"#
        );
        let definition = format!(
            r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","Branches":[{middle}],"Assign":{{"x":1}},"End":true}}}}}}"#
        );
        check(
            &definition,
            &[
                "SCHEMA_VALIDATION_FAILED: The variable 'x' is already assigned in an outer scope at /States/P/Branches[0]/States/M/ItemProcessor/States/I/Assign",
                "SCHEMA_VALIDATION_FAILED: The variable 'y' is already assigned in an outer scope at /States/P/Branches[0]/States/M/ItemProcessor/States/I/Assign",
            ],
        );
    }
}
