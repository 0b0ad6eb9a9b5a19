//! Changes an expression so that the engine does what version 2.0.6 does, within bounds.

use jsonata_core::ast::{AstNode, BinaryOp};
use jsonata_core::value::with_stack;

use super::overrides::name;
use super::regex_dialect;
use super::walk::children_mut;

/// Whether a call stands right of `~>`, which gives it its first argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Alone,
    Chained,
}

pub(super) fn rewrite(expression: &mut AstNode) {
    change(expression, Place::Alone);
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the other nodes stay as they are")]
fn change(node: &mut AstNode, place: Place) {
    if let AstNode::Binary { op: BinaryOp::ChainPipe, lhs, rhs } = node {
        change(lhs, Place::Alone);
        change(rhs, Place::Chained);
        return;
    }
    children_mut(node, &mut |child| with_stack(|| change(child, Place::Alone)));
    match node {
        AstNode::Regex { pattern, .. } => *pattern = regex_dialect::translated(pattern),
        AstNode::Variable(function) => {
            if let Some(ours) = ours(function) {
                ours.clone_into(function);
            }
        }
        AstNode::Binary { op: BinaryOp::Concatenate | BinaryOp::Equal | BinaryOp::NotEqual, lhs, rhs } => {
            pay(lhs);
            pay(rhs);
        }
        AstNode::Array(items) => items.iter_mut().filter(|item| !is_range(item)).for_each(pay),
        AstNode::Function { name, args, is_builtin: true } => call(name, args, place),
        _ => {}
    }
}

/// Our version of a built-in function that takes one text.
fn ours(function: &str) -> Option<&'static str> {
    match function {
        "encodeUrl" => Some(name::ENCODE_URL),
        "encodeUrlComponent" => Some(name::ENCODE_URL_COMPONENT),
        "base64encode" => Some(name::BASE64_ENCODE),
        "base64decode" => Some(name::BASE64_DECODE),
        "decodeUrl" => Some(name::DECODE_URL),
        "decodeUrlComponent" => Some(name::DECODE_URL_COMPONENT),
        _ => None,
    }
}

fn call(function: &mut String, arguments: &mut Vec<AstNode>, place: Place) {
    if let Some(ours) = ours(function) {
        // What the engine hands to our functions lacks the context value, which stands in for no argument.
        if arguments.is_empty() && place == Place::Alone {
            arguments.push(AstNode::Variable(String::new()));
        }
        ours.clone_into(function);
        return;
    }
    match function.as_str() {
        "now" if !arguments.is_empty() => {
            "fromMillis".clone_into(function);
            arguments.insert(0, builtin("millis", Vec::new()));
        }
        "fromMillis" if place == Place::Alone => {
            arguments.iter_mut().take(1).for_each(|millis| wrap(millis, name::TRUNCATED));
        }
        "reduce" if arguments.len() == 2 && place == Place::Alone => {
            arguments.iter_mut().take(1).for_each(|items| wrap(items, name::NOT_EMPTY));
        }
        "number" if place == Place::Alone => {
            arguments.iter_mut().take(1).for_each(|text| wrap(text, name::STRICT_NUMBER));
        }
        "pad" => arguments.iter_mut().filter(|argument| !is_text(argument)).for_each(|argument| {
            wrap(argument, name::BOUNDED);
        }),
        "formatInteger" if spells_out(arguments) => wrap_first(arguments, name::BOUNDED),
        "clone" if arguments.is_empty() && place == Place::Alone => {
            arguments.push(AstNode::Variable(String::new()));
        }
        "string" if place == Place::Alone => {
            wrap_first(arguments, name::PAID);
            arguments.iter_mut().take(1).for_each(|value| wrap(value, name::FIFTEEN_DIGITS));
        }
        "join" | "replace" if place == Place::Alone => wrap_first(arguments, name::PAID),
        _ => {}
    }
}

/// Whether the picture may be one of Roman numerals or words, whose length grows with the number.
fn spells_out(arguments: &[AstNode]) -> bool {
    match arguments.get(1) {
        Some(AstNode::String(picture)) => picture.contains(['I', 'i']),
        Some(_) | None => true,
    }
}

fn wrap_first(arguments: &mut [AstNode], function: &str) {
    if let Some(first) = arguments.first_mut().filter(|first| !is_small(first)) {
        wrap(first, function);
    }
}

/// Has the value of a node paid for before it becomes part of a larger one, or is compared with another.
fn pay(node: &mut AstNode) {
    if !is_small(node) {
        wrap(node, name::PAID);
    }
}

const fn is_range(node: &AstNode) -> bool {
    matches!(node, AstNode::Binary { op: BinaryOp::Range, .. })
}

fn wrap(node: &mut AstNode, function: &str) {
    let inner = std::mem::replace(node, AstNode::Null);
    *node = builtin(function, vec![inner]);
}

fn builtin(function: &str, args: Vec<AstNode>) -> AstNode {
    AstNode::Function { name: function.to_owned(), args, is_builtin: true }
}

/// What cannot grow, or has been paid for: an array literal is no larger than its items, which are looked at themselves,
/// and must stay one to be nested.
#[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here may grow")]
fn is_small(node: &AstNode) -> bool {
    match node {
        AstNode::Binary { op: BinaryOp::Concatenate, .. } => true,
        AstNode::Function { name, .. } => name == name::PAID,
        AstNode::Boolean(_) | AstNode::Null | AstNode::Array(_) | AstNode::Object(_) => true,
        _ => is_text(node),
    }
}

fn is_text(node: &AstNode) -> bool {
    matches!(node, AstNode::String(_) | AstNode::Placeholder)
}
