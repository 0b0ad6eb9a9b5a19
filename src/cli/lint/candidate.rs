//! A definition that was found, ready to be judged.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::finding::{Finding, Rule};
use super::flatten::{self, Substitution};
use crate::cli::source::{MappedText, Node, Notation, SourceFile, Span, read_json, read_yaml};
use crate::cli::yaml;
use crate::model::StateMachineType;

/// The text of a definition, with placeholders for what is substituted, and where it comes from.
#[derive(Debug)]
pub(in crate::cli) struct Candidate {
    pub(super) file: Rc<SourceFile>,
    /// The logical id in a template.
    pub(super) machine: Option<String>,
    pub(super) kind: StateMachineType,
    pub(super) content: Content,
    pub(super) substitutions: Vec<Substitution>,
    /// The names that a template gives values to; `None` where nobody says which there are.
    pub(super) defined: Option<BTreeSet<String>>,
}

#[derive(Debug)]
pub(super) enum Content {
    /// JSON that stands in the file as text, perhaps in pieces.
    Text(MappedText),
    /// An object of the file.
    Tree(Node),
}

impl Candidate {
    /// The definition that a whole file is, as it is.
    pub(in crate::cli) fn verbatim(file: &Rc<SourceFile>, kind: StateMachineType) -> Result<Self, Finding> {
        let content = match file.notation {
            Notation::Json => Content::Text(MappedText::of_file(&file.text)),
            Notation::Yaml => Content::Tree(yaml_tree(file)?),
        };
        let file = Rc::clone(file);
        Ok(Self { file, machine: None, kind, content, substitutions: Vec::new(), defined: None })
    }

    /// The definition that a whole file is, with placeholders for `${…}`.
    pub(super) fn of_file(file: &Rc<SourceFile>, kind: StateMachineType) -> Result<Self, Finding> {
        let plain = Self::verbatim(file, kind)?;
        let (content, substitutions) = match plain.content {
            Content::Text(text) => {
                let (text, substitutions) = flatten::text(&text);
                (Content::Text(text), substitutions)
            }
            Content::Tree(tree) => {
                let (tree, substitutions) = flatten::tree(tree);
                (Content::Tree(tree), substitutions)
            }
        };
        Ok(Self { content, substitutions, ..plain })
    }

    /// Its JSON text.
    pub(in crate::cli) fn json_text(&self) -> String {
        match &self.content {
            Content::Text(text) => text.as_str().to_owned(),
            Content::Tree(tree) => tree.to_json().to_text(),
        }
    }

    /// The file that it stands in.
    pub(in crate::cli) const fn file(&self) -> &Rc<SourceFile> {
        &self.file
    }

    /// What messages call it: its file, and which state machine of a template it is.
    pub(in crate::cli) fn title(&self) -> String {
        match &self.machine {
            Some(machine) => format!("{} ({machine})", self.file.name),
            None => self.file.name.clone(),
        }
    }

    pub(in crate::cli) const fn kind(&self) -> StateMachineType {
        self.kind
    }

    /// Whether a deployment fills something in.
    pub(in crate::cli) const fn is_template(&self) -> bool {
        !self.substitutions.is_empty()
    }

    /// Its JSON text, and its tree if the text is JSON.
    pub(in crate::cli) fn read(&self) -> (String, Option<Node>) {
        let tree = match &self.content {
            Content::Text(text) => read_json(text.as_str()).map(|tree| tree.mapped(text)),
            Content::Tree(tree) => Some(tree.clone()),
        };
        (self.json_text(), tree)
    }
}

/// The tree of a YAML definition, if `run` and `serve` can read it too.
fn yaml_tree(file: &Rc<SourceFile>) -> Result<Node, Finding> {
    let tree = read_yaml(file).map_err(|error| Rule::InvalidYaml.finding(error.message, file, error.span))?;
    match yaml::parse(&file.text) {
        Ok(_) => Ok(tree),
        Err(message) => {
            let span = tag_in(&message, &file.text).unwrap_or(tree.span.start..tree.span.start);
            Err(Rule::InvalidYaml.finding(message, file, span))
        }
    }
}

/// Where the tag stands that a message is about, if it is about one.
fn tag_in(message: &str, text: &str) -> Option<Span> {
    let tag = message.split(' ').find(|word| word.starts_with('!'))?;
    text.find(tag).map(|start| start..start + tag.len())
}
