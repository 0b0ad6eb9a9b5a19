//! What can be told of an expression before it runs: what it reads, and what version 2.0.6 would not take.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};
use jsonata_core::value::with_stack;

use super::walk::children;
use crate::query::jsonata::references::{Reads, References};

/// What an expression shows of itself.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) references: References,
    pub(super) hints: Hints,
}

/// What the engine's errors do not say, where the expression leaves no doubt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Hints {
    /// The comparison operator that it uses, if it uses only one.
    pub(super) comparison: Option<&'static str>,
    /// The built-in function that it calls, if it calls only one.
    pub(super) function: Option<&'static str>,
}

/// Goes through the whole expression. The error is JSONata's.
pub(super) fn inspect(expression: &AstNode) -> Result<Seen, String> {
    let mut inspector = Inspector::default();
    inspector.node(expression);
    if let Some(refusal) = inspector.refusal {
        return Err(refusal);
    }
    if inspector.climbs {
        // `%` may look at what is beside the way down.
        inspector.states.members.values_mut().for_each(|reads| reads.whole = true);
    }
    let (comparison, function) = (only(&inspector.comparisons), only(&inspector.called));
    let mut names = inspector.read;
    // `$` and `$states` are not the workflow's.
    names.retain(|name| !inspector.bound.contains(name) && !["", "$", "states"].contains(name));
    let shared = |names: BTreeSet<&str>| names.into_iter().map(Arc::from).collect();
    let (functions, variables) = names.into_iter().partition(|name| FUNCTIONS.contains(name));
    let (variables, functions) = (shared(variables), shared(functions));
    Ok(Seen {
        references: References { variables, functions, states: inspector.states },
        hints: Hints { comparison, function },
    })
}

fn only(names: &BTreeSet<&'static str>) -> Option<&'static str> {
    if names.len() == 1 { names.first().copied() } else { None }
}

/// The functions of JSONata and those that Step Functions adds, which are values too: `$map(list, $uppercase)`.
pub(super) const FUNCTIONS: [&str; 70] = [
    "abs",
    "append",
    "assert",
    "average",
    "base64decode",
    "base64encode",
    "boolean",
    "ceil",
    "clone",
    "contains",
    "count",
    "decodeUrl",
    "decodeUrlComponent",
    "distinct",
    "each",
    "encodeUrl",
    "encodeUrlComponent",
    "error",
    "eval",
    "exists",
    "filter",
    "floor",
    "formatBase",
    "formatInteger",
    "formatNumber",
    "fromMillis",
    "hash",
    "join",
    "keys",
    "length",
    "lookup",
    "lowercase",
    "map",
    "match",
    "max",
    "merge",
    "millis",
    "min",
    "not",
    "now",
    "number",
    "pad",
    "parse",
    "parseInteger",
    "partition",
    "power",
    "random",
    "range",
    "reduce",
    "replace",
    "reverse",
    "round",
    "shuffle",
    "sift",
    "single",
    "sort",
    "split",
    "spread",
    "sqrt",
    "string",
    "substring",
    "substringAfter",
    "substringBefore",
    "sum",
    "toMillis",
    "trim",
    "type",
    "uppercase",
    "uuid",
    "zip",
];

#[derive(Debug, Default)]
struct Inspector<'n> {
    read: BTreeSet<&'n str>,
    bound: BTreeSet<&'n str>,
    states: Reads,
    climbs: bool,
    comparisons: BTreeSet<&'static str>,
    called: BTreeSet<&'static str>,
    refusal: Option<String>,
}

impl<'n> Inspector<'n> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the other nodes read and bind nothing themselves")]
    fn node(&mut self, node: &'n AstNode) {
        match node {
            AstNode::Variable(name) if name == "states" => self.states.add(&[]),
            AstNode::Variable(name) => self.reads(name),
            AstNode::Function { name, is_builtin: true, .. } => {
                self.called.extend(FUNCTIONS.into_iter().find(|function| function == name));
                self.reads(name);
            }
            AstNode::Regex { pattern, .. } if pattern.is_empty() => {
                self.refuse("S0301: Empty regular expressions are not allowed");
            }
            AstNode::Parent(_) => self.climbs = true,
            AstNode::Lambda { params, .. } => self.bound.extend(params.iter().map(String::as_str)),
            AstNode::Binary { op, lhs, .. } => self.operator(*op, lhs),
            AstNode::Path { steps } => return self.path(steps),
            AstNode::Array(items) | AstNode::ArrayGroup(items) => return self.items(items),
            _ => {}
        }
        children(node, &mut |child| with_stack(|| self.node(child)));
    }

    fn reads(&mut self, name: &'n str) {
        self.read.insert(name);
    }

    fn operator(&mut self, op: BinaryOp, lhs: &'n AstNode) {
        match (op, lhs) {
            (BinaryOp::Coalesce, _) => {
                self.refuse("S0211: The symbol \"?\" cannot be used as a unary operator");
            }
            (BinaryOp::Default, _) => {
                self.refuse("S0211: The symbol \":\" cannot be used as a unary operator");
            }
            (BinaryOp::Range, _) => self.refuse("S0201: Syntax error: \"..\""),
            (BinaryOp::ColonEqual, AstNode::Variable(name)) => {
                self.bound.insert(name);
            }
            (BinaryOp::LessThan, _) => self.compares("<"),
            (BinaryOp::LessThanOrEqual, _) => self.compares("<="),
            (BinaryOp::GreaterThan, _) => self.compares(">"),
            (BinaryOp::GreaterThanOrEqual, _) => self.compares(">="),
            _ => {}
        }
    }

    fn compares(&mut self, operator: &'static str) {
        self.comparisons.insert(operator);
    }

    fn refuse(&mut self, why: &str) {
        self.refusal.get_or_insert_with(|| why.to_owned());
    }

    /// A range stands between brackets only.
    fn items(&mut self, items: &'n [AstNode]) {
        for item in items {
            if let AstNode::Binary { op: BinaryOp::Range, lhs, rhs } = item {
                self.node(lhs);
                self.node(rhs);
            } else {
                self.node(item);
            }
        }
    }

    /// `$states.input.a[0].b` reads `input.a` of `$states`; whether the path is one of these.
    fn way_down(&mut self, steps: &'n [PathStep]) -> bool {
        let Some((first, rest)) = steps.split_first() else { return false };
        if !matches!(&first.node, AstNode::Variable(name) if name == "states") || !is_plain(first) {
            return false;
        }
        let mut names = Vec::new();
        for step in rest {
            let AstNode::Name(name) = &step.node else { break };
            names.push(name.as_str());
            if !is_plain(step) {
                break;
            }
        }
        self.states.add(&names);
        true
    }

    fn path(&mut self, steps: &'n [PathStep]) {
        let below_states = self.way_down(steps);
        for (index, step) in steps.iter().enumerate() {
            if index > 0 || !below_states {
                self.node(&step.node);
            }
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter),
                    Stage::Index(name) => {
                        self.bound.insert(name);
                    }
                    Stage::KeepArray => {}
                }
            }
        }
        for step in steps {
            self.bound.extend(step.focus.iter().chain(&step.index_var).map(String::as_str));
        }
    }
}

/// Nothing but the step itself.
fn is_plain(step: &PathStep) -> bool {
    step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Result<Seen, String> {
        inspect(&jsonata_core::parser::parse(text).unwrap())
    }

    /// Everything that is read of `$states`, each way down with dots.
    fn ways(reads: &Reads, way: &str) -> Vec<String> {
        if reads.whole {
            return vec![way.to_owned()];
        }
        reads.members.iter().flat_map(|(name, reads)| ways(reads, &format!("{way}.{name}"))).collect()
    }

    #[track_caller]
    fn reads(text: &str, variables: &str, states: &str) {
        let references = seen(text).unwrap().references;
        let names: Vec<&str> = references.variables.iter().map(|name| &**name).collect();
        assert_eq!(names.join(" "), variables, "{text}");
        assert_eq!(ways(&references.states, "$states").join(" "), states, "{text}");
    }

    #[test]
    fn variables_that_are_read_are_those_of_the_workflow() {
        reads("$a + $b.c[$d = 1]", "a b d", "");
        reads("($x := $a; $x + $y)", "a y", "");
        reads("$map($list, function($v, $i) { $v + $i + $offset })", "list offset", "");
        reads("$map($list, $uppercase) ~> $join(', ')", "list", "");
        reads("$list@$l#$i.{'a': $l.x, 'b': $i, 'c': $k}", "k list", "");
        reads("$list^(>$.a, $by)", "by list", "");
        reads("$f(1)", "f", "");
        reads("$uuid() & $hash($a, 'MD5')", "a", "");
        reads("$$ & $", "", "");
        reads("$o ~> |$|{'a': $new}, ['b']|", "new o", "");
        reads("[1..$n]", "n", "");
    }

    #[test]
    fn what_is_read_of_states_is_known_as_far_as_it_is_named() {
        for (text, states) in [
            ("$states.input.a", "$states.input.a"),
            (
                "$states.result[0] + $states.context.Execution.Id",
                "$states.context.Execution.Id $states.result",
            ),
            ("$states.input.a.b[c = 1].d", "$states.input.a.b"),
            ("$states.`input`.(a & b)", "$states.input"),
            ("$states.input.a.*", "$states.input.a"),
            ("$states.input.a.b & $states.input.a", "$states.input.a"),
            ("$states.input.a.b.{'c': %.d}", "$states.input"),
            ("$states.input.a^(b)", "$states.input.a"),
            ("$count($states.input.a)", "$states.input.a"),
            ("$states", "$states"),
            ("$lookup($states, 'input')", "$states"),
            ("$states.*", "$states"),
            ("$states[0].input", "$states"),
            ("($s := $states; $s.input)", "$states"),
            ("$other.input", ""),
        ] {
            let references = seen(text).unwrap().references;
            assert_eq!(ways(&references.states, "$states").join(" "), states, "{text}");
        }
    }

    #[test]
    fn what_came_after_version_2_0_6_is_refused() {
        for (text, expected) in [
            ("$a ?? 1", "S0211: The symbol \"?\" cannot be used as a unary operator"),
            ("[($a ?: 1)]", "S0211: The symbol \":\" cannot be used as a unary operator"),
            ("1..3", "S0201: Syntax error: \"..\""),
            ("$sum(1..3)", "S0201: Syntax error: \"..\""),
        ] {
            assert_eq!(seen(text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn the_only_comparison_is_known() {
        for (text, expected) in [
            ("$a > 1", Some(">")),
            ("$a <= 1 and $b <= 2", Some("<=")),
            ("$a < 1 or $b > 2", None),
            ("$a = 1", None),
        ] {
            assert_eq!(seen(text).unwrap().hints.comparison, expected, "{text}");
        }
    }
}
