//! Writes the pages. What cannot be written fails no test.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::setting::{Reports, VARIABLE, When};
use crate::assertion::{Execution, Onlooker};
use crate::mock::artifact_folder::{ArtifactFolder, test_name};
use crate::mock::core::Core;
use crate::report::page;

/// The most pages that the end of one mock writes.
const MOST: usize = 20;

/// Writes pages for one mock.
#[derive(Debug)]
pub(crate) struct Reporter {
    reports: Reports,
    /// The ARNs of the executions that have their page.
    written: Mutex<BTreeSet<Arc<str>>>,
}

impl Reporter {
    /// As the environment says, unless something was chosen.
    pub(in crate::mock) fn new(chosen: Option<Reports>) -> Self {
        let reports = chosen.unwrap_or_else(|| Reports::read(std::env::var_os(VARIABLE).as_deref()));
        Self { reports, written: Mutex::default() }
    }

    fn write(&self, execution: &Execution, failed_assertion: Option<&str>) {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).insert(execution.arn().into());
        let folder = match &self.reports.folder {
            Some(folder) => Some(ArtifactFolder::at(folder)),
            None => ArtifactFolder::of_this_process(),
        };
        let name = format!("{}-{}.html", test_name(), execution.name());
        let page = page::html(execution, failed_assertion);
        if let Some(path) = folder.and_then(|folder| folder.write(&name, page.as_bytes())) {
            name_page(&path);
        }
    }

    fn has_written(&self, arn: &str) -> bool {
        self.written.lock().unwrap_or_else(PoisonError::into_inner).contains(arn)
    }
}

impl Onlooker for Reporter {
    fn assertion_failed(&self, execution: &Execution, text: &str) {
        if self.reports.when != When::Never {
            self.write(execution, Some(text));
        }
    }
}

/// Among what the test harness shows of a failed test.
#[expect(clippy::print_stderr, reason = "the harness captures it, and shows it only of tests that fail")]
fn name_page(path: &Path) {
    let working_folder = std::env::current_dir().unwrap_or_default();
    eprintln!(
        "the whole story of the execution: {}",
        path.strip_prefix(working_folder).unwrap_or(path).display()
    );
}

impl Core {
    /// At the end of a mock: pages about the executions that have none yet, if somebody may want them.
    pub(in crate::mock) fn write_pages(&self, has_failed: bool) {
        let reporter = &self.shared.reporter;
        let is_wanted = match reporter.reports.when {
            When::Never => false,
            When::Failed => has_failed,
            When::Always => true,
        };
        if !is_wanted {
            return;
        }
        let records: Vec<_> = {
            let state = self.lock();
            let without = state.started.iter().filter(|arn| !reporter.has_written(arn));
            without.filter_map(|arn| state.account.execution(arn)).take(MOST).collect()
        };
        for record in records {
            reporter.write(&Execution::new(record), None);
        }
    }
}

impl Execution {
    /// Writes [the page](Self::to_html) into a file, and makes the folders around it.
    ///
    /// ```
    /// use sfn_testkit::prelude::*;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let folder = std::env::temp_dir().join(format!("sfn-testkit-page-{}", std::process::id()));
    /// let sfn = MockSfn::builder().time(Time::Manual).build();
    /// let machine = sfn.state_machine("orders").returns(json!({"paid": true})).create();
    /// let arn = sfn.start_execution(&machine, json!({}));
    /// sfn.execution(&arn).now().write_html(folder.join("orders.html"))?;
    /// # std::fs::remove_dir_all(folder)
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the file system.
    pub fn write_html(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let path: PathBuf = path.as_ref().into();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, self.to_html())
    }
}
