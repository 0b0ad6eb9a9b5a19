//! The file of a test, by the name of the test.

use std::path::{Path, PathBuf};

/// What the running test is known as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TestName {
    /// As `cargo test` filters it: `orders::are_paid::case_1_gold`.
    pub(super) name: String,
    /// The crate of the test.
    binary: String,
}

impl TestName {
    /// Of the test on this thread: both libtest and nextest name the thread after it.
    ///
    /// # Errors
    ///
    /// A sentence, if this is no thread of a test.
    #[expect(clippy::disallowed_methods, reason = "nextest tells the name of the test in the environment")]
    pub(super) fn current() -> Result<Self, String> {
        let thread = std::thread::current();
        let nextest = std::env::var("NEXTEST_TEST_NAME").ok();
        let executable = std::env::current_exe().ok();
        Self::of(thread.name(), nextest.as_deref(), executable.as_deref())
    }

    fn of(thread: Option<&str>, nextest: Option<&str>, executable: Option<&Path>) -> Result<Self, String> {
        let is_test = |name: &&str| {
            *name != "main"
                && name.split("::").all(|part| !part.is_empty() && part.chars().all(is_identifier))
        };
        let name = thread.filter(is_test).or(nextest).ok_or_else(|| {
            format!(
                "`Cassette::for_test()` does not know which test this is: the thread is called `{}`. Call it in the body of the test and not in a task or thread that the test starts, and run tests on threads of their own, or say which file with `Cassette::at(…)`",
                thread.unwrap_or_default()
            )
        })?;
        Ok(Self { name: name.to_owned(), binary: binary(executable) })
    }

    /// `it/orders/are_paid.case_1_gold.json`
    pub(super) fn file(&self) -> PathBuf {
        let mut parts: Vec<&str> = self.name.split("::").collect();
        let last = parts.pop().unwrap_or_default();
        let file = match parts.pop() {
            // A case of rstest stands in a module that is called like the test.
            Some(test) if is_case(last) => format!("{test}.{last}.json"),
            Some(module) => {
                parts.push(module);
                format!("{last}.json")
            }
            None => format!("{last}.json"),
        };
        let folder: PathBuf =
            [self.binary.as_str()].into_iter().chain(parts).filter(|part| !part.is_empty()).collect();
        folder.join(file)
    }
}

fn is_identifier(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// `case_1`, `case_01_gold`
fn is_case(name: &str) -> bool {
    name.strip_prefix("case_").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// `it` of `target/debug/deps/it-0123456789abcdef`: what `module_path!()` begins with.
fn binary(executable: Option<&Path>) -> String {
    let stem = executable.and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_hash = |hash: &str| hash.len() == 16 && hash.chars().all(|c| c.is_ascii_hexdigit());
    let name = stem.rsplit_once('-').filter(|(_, hash)| is_hash(hash)).map_or(stem, |(name, _)| name);
    name.replace('-', "_")
}

/// The folder of the package under test: cargo and nextest tell it, else it is the folder of the process.
#[expect(clippy::disallowed_methods, reason = "cargo tells the folder of the package in the environment")]
pub(super) fn package_folder() -> PathBuf {
    std::env::var("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(thread: Option<&str>, nextest: Option<&str>) -> Result<TestName, String> {
        TestName::of(thread, nextest, Some(Path::new("target/debug/deps/my-tests-0123456789abcdef")))
    }

    fn file(thread: &str) -> PathBuf {
        of(Some(thread), None).unwrap().file()
    }

    #[test]
    fn a_test_has_the_file_of_its_path() {
        assert_eq!(file("works"), Path::new("my_tests/works.json"));
        assert_eq!(file("orders::paid::works"), Path::new("my_tests/orders/paid/works.json"));
        assert_eq!(file("case_1"), Path::new("my_tests/case_1.json"));
    }

    #[test]
    fn each_case_has_a_file_of_its_own() {
        assert_eq!(file("orders::works::case_1_gold"), Path::new("my_tests/orders/works.case_1_gold.json"));
        assert_eq!(file("works::case_02"), Path::new("my_tests/works.case_02.json"));
        assert_eq!(file("works::case_of_wine"), Path::new("my_tests/works/case_of_wine.json"));
    }

    #[test]
    fn where_the_thread_is_not_that_of_a_test_nextest_may_know() {
        for thread in [None, Some("main"), Some("tokio-runtime-worker"), Some("tokio-rt-worker")] {
            assert_eq!(of(thread, Some("orders::works")).unwrap().name, "orders::works");
        }
        assert_eq!(
            of(Some("main"), None).unwrap_err(),
            "`Cassette::for_test()` does not know which test this is: the thread is called `main`. Call it in the body of the test and not in a task or thread that the test starts, and run tests on threads of their own, or say which file with `Cassette::at(…)`"
        );
    }

    #[test]
    fn the_running_test_knows_its_name() {
        let name = TestName::current().unwrap();
        assert!(name.name.ends_with("the_running_test_knows_its_name"), "{name:?}");
        assert_eq!(name.binary, "sfn_testkit");
        assert!(package_folder().join("Cargo.toml").exists());
    }
}
