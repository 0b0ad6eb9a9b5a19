//! JSONPath with the semantics and the sentences of Jayway's Java library, which Step Functions runs, and with
//! AWS's own override of it.
//!
//! Jayway's manual: <https://github.com/json-path/JsonPath#readme>. What AWS does beyond it is recorded behaviour.
//! This module knows nothing of `$$` and of variables: see `query::path`.

mod arguments;
mod bracket;
mod cursor;
mod evaluate;
mod filter;
mod filter_evaluate;
mod filter_parser;
mod function;
mod items;
mod json_path;
mod literal;
mod operator;
mod path_parser;
mod pattern;
mod place;
mod scan;
mod token;

#[cfg(test)]
mod corpus_test;

pub(super) use json_path::{JsonPath, PathError, PathSyntaxError, Step};
