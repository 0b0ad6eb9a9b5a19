//! Texts of files with their places: what was read, where in the file it stands, and how to show it.

mod excerpt;
mod json_tree;
mod mapped_text;
mod pointer;
mod source_file;
mod tree;
mod yaml_scalar;
mod yaml_text;
mod yaml_tree;

pub(super) use excerpt::excerpt;
pub(super) use json_tree::read_json;
pub(super) use mapped_text::MappedText;
pub(super) use pointer::locate;
pub(super) use source_file::{Notation, SourceFile};
pub(super) use tree::{Member, Node, Span, Value};
pub(super) use yaml_tree::read_yaml;
