//! The state machines in a template of CloudFormation, SAM or the CDK.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use super::candidate::{Candidate, Content};
use super::finding::{Finding, Rule};
use super::flatten;
use crate::cli::source::{Member, Node, SourceFile, Value};
use crate::model::StateMachineType;

const STATE_MACHINES: [&str; 2] = ["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// What a template has to be judged, and what is wrong with it before that.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    pub(super) findings: Vec<Finding>,
}

/// Whether a document is a template; others are definitions.
pub(super) fn is_template(document: &Node) -> bool {
    document.get("Resources").is_some_and(|resources| matches!(resources.value, Value::Object(_)))
        && document.get("States").is_none()
}

/// All state machines of the template. `kind` overrides what it says of them.
pub(super) fn state_machines(
    file: &Rc<SourceFile>,
    template: &Node,
    kind: Option<StateMachineType>,
) -> Found {
    let mut found = Found::default();
    for resource in template.get("Resources").map(Node::members).unwrap_or_default() {
        let is_machine = resource.value.get("Type").and_then(Node::as_str);
        if is_machine.is_some_and(|kind| STATE_MACHINES.contains(&kind)) {
            Reader { file, resource, kind, found: &mut found }.read();
        }
    }
    found
}

struct Reader<'a> {
    file: &'a Rc<SourceFile>,
    resource: &'a Member,
    kind: Option<StateMachineType>,
    found: &'a mut Found,
}

impl Reader<'_> {
    fn property(&self, name: &str) -> Option<&Member> {
        self.resource.value.get("Properties")?.member(name)
    }

    fn read(&mut self) {
        if let Some(Member { value, .. }) = self.property("DefinitionString").cloned() {
            match value.get("Fn::ToJsonString") {
                Some(object) => self.add_object(object.clone()),
                None => self.add_string(&value),
            }
        } else if let Some(Member { value, .. }) = self.property("Definition").cloned() {
            self.add_object(value);
        } else if let Some(Member { key_span, value, .. }) =
            self.property("DefinitionUri").or_else(|| self.property("DefinitionS3Location")).cloned()
        {
            match value.as_str().filter(|uri| !uri.starts_with("s3://")) {
                Some(path) => self.add_file(path, &value),
                None => {
                    let message = "The definition lies in S3 and was not checked".to_owned();
                    self.report(Rule::NotChecked, message, key_span);
                }
            }
        } else {
            let message = "This state machine has no definition: it needs DefinitionString, Definition or DefinitionUri";
            self.report(Rule::NoDefinition, message.to_owned(), self.resource.key_span.clone());
        }
    }

    fn add_string(&mut self, node: &Node) {
        if self.is_opaque(node) {
            return;
        }
        let (text, substitutions) = flatten::string(node);
        let candidate = self.candidate(Content::Text(text));
        self.found.candidates.push(Candidate { substitutions, ..candidate });
    }

    fn add_object(&mut self, node: Node) {
        if self.is_opaque(&node) {
            return;
        }
        let (tree, substitutions) = flatten::tree(node);
        let candidate = self.candidate(Content::Tree(tree));
        self.found.candidates.push(Candidate { substitutions, ..candidate });
    }

    /// Whether only a deployment knows the definition; says so.
    fn is_opaque(&mut self, node: &Node) -> bool {
        let Some(function) = flatten::opaque_function(node) else { return false };
        let message = format!("The definition comes from {function} and was not checked");
        self.report(Rule::NotChecked, message, node.span.clone());
        true
    }

    /// A file that the template names, from the template's folder.
    fn add_file(&mut self, path: &str, node: &Node) {
        let folder = Path::new(&self.file.name).parent().unwrap_or(Path::new(""));
        let file = match SourceFile::read(&folder.join(path)) {
            Ok(file) => Rc::new(file),
            Err(message) => {
                return self.report(Rule::UnreadableDefinition, message, node.span.clone());
            }
        };
        match Candidate::of_file(&file, self.machine_type()) {
            Ok(read) => {
                let named = self.candidate(read.content);
                self.found.candidates.push(Candidate { file, substitutions: read.substitutions, ..named });
            }
            Err(finding) => {
                let machine = Some(self.resource.key.clone());
                self.found.findings.push(Finding { machine, ..finding });
            }
        }
    }

    fn candidate(&self, content: Content) -> Candidate {
        Candidate {
            file: Rc::clone(self.file),
            machine: Some(self.resource.key.clone()),
            kind: self.machine_type(),
            content,
            substitutions: Vec::new(),
            defined: self.substitutions(),
        }
    }

    /// The names in `DefinitionSubstitutions`; `None` if they are not written down there.
    fn substitutions(&self) -> Option<BTreeSet<String>> {
        let Some(Member { value, .. }) = self.property("DefinitionSubstitutions") else {
            return Some(BTreeSet::new());
        };
        let is_listed = matches!(value.value, Value::Object(_))
            && !value.members().iter().any(|member| member.key.starts_with("Fn::"));
        is_listed.then(|| value.members().iter().map(|member| member.key.clone()).collect())
    }

    fn machine_type(&self) -> StateMachineType {
        let written = self.property("StateMachineType").or_else(|| self.property("Type"));
        let is_express = written.is_some_and(|member| member.value.as_str() == Some("EXPRESS"));
        let said = if is_express { StateMachineType::Express } else { StateMachineType::Standard };
        self.kind.unwrap_or(said)
    }

    fn report(&mut self, rule: Rule, message: String, span: crate::cli::source::Span) {
        let machine = Some(self.resource.key.clone());
        self.found.findings.push(Finding { machine, ..rule.finding(message, self.file, span) });
    }
}
