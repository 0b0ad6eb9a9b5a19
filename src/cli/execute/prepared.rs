//! All that an execution needs, read and found good.

use std::fs;
use std::path::Path;

use super::arguments::RunArguments;
use super::input::Input;
use crate::cli::checked_definition::CheckedDefinition;
use crate::mock::mock_config::MockConfig;
use crate::model::StateMachineType;

/// What is run.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) name: String,
    pub(super) kind: StateMachineType,
    /// JSON.
    pub(super) definition: String,
    pub(super) input: String,
    pub(super) mocks: Option<Mocks>,
    /// What may be wrong with the definition, for people.
    pub(super) warnings: Vec<String>,
}

/// A test case of a mock config file.
#[derive(Debug, Clone)]
pub(super) struct Mocks {
    pub(super) file: String,
    pub(super) config: MockConfig,
    pub(super) case: String,
}

impl Prepared {
    /// The error is for people, and whole.
    pub(super) fn read(arguments: &RunArguments, input: &Input) -> Result<Self, String> {
        let definition = CheckedDefinition::read(&arguments.definition, arguments.kind.map(Into::into))?;
        let name = arguments.name.clone().unwrap_or(definition.name);
        let mocks = arguments.mock_config.as_deref();
        Ok(Self {
            definition: definition.json,
            input: input.read()?,
            mocks: mocks.map(|path| Mocks::read(path, &name, arguments.case.as_deref())).transpose()?,
            warnings: definition.warnings,
            name,
            kind: definition.kind,
        })
    }
}

impl Mocks {
    fn read(path: &Path, machine: &str, case: Option<&str>) -> Result<Self, String> {
        let file = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {file}: {error}"))?;
        let config = MockConfig::read(&text, &file).map_err(|error| error.to_string())?;
        let case = choose_case(&config, &file, machine, case)?;
        Ok(Self { file, config, case })
    }
}

fn choose_case(config: &MockConfig, file: &str, machine: &str, case: Option<&str>) -> Result<String, String> {
    let Some(cases) = config.test_cases_of(machine) else {
        let known = listed(config.state_machines());
        return Err(format!(
            "{file} has no state machine `{machine}`, only {known}; --name NAME says which one is run"
        ));
    };
    match (case, cases.as_slice()) {
        (Some(case), _) if cases.contains(&case) => Ok(case.to_owned()),
        (Some(case), _) => {
            let known = listed(cases);
            Err(format!("{file} has no test case `{case}` of state machine `{machine}`, only {known}"))
        }
        (None, [only]) => Ok((*only).to_owned()),
        (None, _) => {
            let known = listed(cases);
            Err(format!("{file} has several test cases of `{machine}`: choose with --case one of {known}"))
        }
    }
}

fn listed(names: impl IntoIterator<Item: AsRef<str>>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(machine: &str, case: Option<&str>, expected: Result<&str, &str>) {
        let config = r#"{"StateMachines": {"one": {"TestCases": {"A": {}}}, "two": {"TestCases": {"A": {}, "B": {}}}}}"#;
        let config = MockConfig::read(config, "m.json").unwrap();
        let found = choose_case(&config, "m.json", machine, case);
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn the_only_test_case_needs_no_name() {
        check("one", None, Ok("A"));
        check("two", Some("B"), Ok("B"));
        check("two", None, Err("m.json has several test cases of `two`: choose with --case one of `A`, `B`"));
    }

    #[test]
    fn what_the_file_lacks_is_told_with_what_it_has() {
        check("one", Some("C"), Err("m.json has no test case `C` of state machine `one`, only `A`"));
        check(
            "three",
            None,
            Err("m.json has no state machine `three`, only `one`, `two`; --name NAME says which one is run"),
        );
    }
}
