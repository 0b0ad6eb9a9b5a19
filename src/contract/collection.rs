//! Clauses, from files, to be chosen from and verified.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use super::clause::Clause;
use super::read::{Flaw, read_file};
use super::report::Report;
use super::run::{Hook, Run};
use super::target::Target;
use super::verdict::Verdict;

/// Clauses to verify: the [`bundled`](super::bundled()) ones, or your own.
///
/// ```
/// use sfn_testkit::contracts::{Contracts, Target};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let contracts = Contracts::read("mine.json", r#"{
///     "topic": "What we rely on",
///     "clauses": [{
///         "id": "no-such-activity",
///         "claim": "An activity that is not there is told by name.",
///         "source": ["https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeActivity.html"],
///         "evidence": "documented",
///         "steps": [{
///             "call": "DescribeActivity",
///             "with": {"activityArn": "arn:aws:states:${region}:${account}:activity:${name:none}"},
///             "fails": {"code": "ActivityDoesNotExist", "message": {"$matches": "^Activity Does Not Exist: "}}
///         }]
///     }]
/// }"#).unwrap();
/// contracts.verify(&Target::in_process()).await.assert_upheld();
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Contracts {
    clauses: Vec<Clause>,
}

/// A contract file that cannot be read: which, where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidContract {
    file: String,
    pointer: String,
    reason: String,
}

/// `mine.json: /clauses/0/steps/1/call: "StartExecutions" is no operation`, the name between backticks.
impl fmt::Display for InvalidContract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.pointer {
            "" => write!(f, "{}: {}", self.file, self.reason),
            pointer => write!(f, "{}: {pointer}: {}", self.file, self.reason),
        }
    }
}

impl std::error::Error for InvalidContract {}

impl Contracts {
    /// Reads the text of a contract file; `file` is its name in errors.
    ///
    /// # Errors
    /// The text is no contract: the error says where, as a JSON pointer, and what to write.
    pub fn read(file: &str, text: &str) -> Result<Self, InvalidContract> {
        Self::read_all([(file, text)])
    }

    /// Reads several files, given as name and text.
    ///
    /// # Errors
    /// As of [`read`](Self::read), and if two clauses have one id.
    pub fn read_all<'f>(
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<Self, InvalidContract> {
        let mut clauses = Vec::new();
        let mut homes: BTreeMap<String, &str> = BTreeMap::new();
        for (file, text) in files {
            let invalid =
                |pointer: String, reason| InvalidContract { file: file.to_owned(), pointer, reason };
            let read = read_file(text).map_err(|Flaw { pointer, reason }| invalid(pointer, reason))?;
            for (position, clause) in read.iter().enumerate() {
                if let Some(home) = homes.insert(clause.id().to_owned(), file) {
                    let reason = format!("`{}` is the id of a clause in {home} already", clause.id());
                    return Err(invalid(format!("/clauses/{position}/id"), reason));
                }
            }
            clauses.extend(read);
        }
        Ok(Self { clauses })
    }

    /// Only the clauses whose id or topic contains the text.
    #[must_use]
    pub fn about(&self, text: &str) -> Self {
        self.filter(|clause| clause.id().contains(text) || clause.topic().contains(text))
    }

    /// Only the clauses that fulfil the condition.
    #[must_use]
    pub fn filter(&self, mut condition: impl FnMut(&Clause) -> bool) -> Self {
        Self { clauses: self.clauses.iter().filter(|clause| condition(clause)).cloned().collect() }
    }

    /// The clauses, in the order of their files.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter()
    }

    /// The names of the operations that the clauses call.
    #[must_use]
    pub fn operations(&self) -> BTreeSet<&'static str> {
        self.clauses.iter().flat_map(Clause::operations).map(|operation| operation.name()).collect()
    }

    /// The codes of the refusals that the clauses expect.
    #[must_use]
    pub fn error_codes(&self) -> BTreeSet<&str> {
        self.clauses.iter().flat_map(Clause::error_codes).collect()
    }

    /// Verifies all of them, as many at once as the target says.
    pub async fn verify(&self, target: &Target) -> Report {
        self.verify_telling(target, |_| {}).await
    }

    /// The same, and tells each verdict as soon as it is there.
    pub async fn verify_telling(&self, target: &Target, mut tell: impl FnMut(&Verdict)) -> Report {
        let mut verdicts: BTreeMap<usize, Verdict> = BTreeMap::new();
        let mut waiting = self.clauses.iter().enumerate();
        let mut running: Vec<Running<'_>> = Vec::new();
        poll_fn(|context| {
            loop {
                while running.len() < target.jobs {
                    let Some((position, clause)) = waiting.next() else { break };
                    running.push(run(position, clause, target));
                }
                let before = running.len();
                running.retain_mut(|run| match run.as_mut().poll(context) {
                    Poll::Pending => true,
                    Poll::Ready((position, verdict)) => {
                        tell(&verdict);
                        verdicts.insert(position, verdict);
                        false
                    }
                });
                if running.is_empty() && waiting.len() == 0 {
                    return Poll::Ready(());
                }
                if running.len() == before {
                    return Poll::Pending;
                }
            }
        })
        .await;
        Report::new(target.name(), verdicts.into_values().collect())
    }
}

type Running<'r> = Pin<Box<dyn Future<Output = (usize, Verdict)> + Send + 'r>>;

fn run<'r>(position: usize, clause: &'r Clause, target: &'r Target) -> Running<'r> {
    Box::pin(async move {
        let outcome = Run::clause(clause, target, &Hook::Nothing).await;
        (position, Verdict { clause: clause.clone(), outcome })
    })
}

impl Target {
    /// Deletes what clauses created at an endpoint and have not deleted yet, because their verification was given up.
    pub async fn clean_up(&self) {
        self.tidy_up(None).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAUSE: &str =
        r#"{"id":"a","claim":"c","source":["s"],"evidence":"recorded","steps":[{"call":"ListActivities"}]}"#;

    fn file(clauses: &str) -> String {
        format!(r#"{{"topic":"t","clauses":[{clauses}]}}"#)
    }

    #[track_caller]
    fn check_refused(clauses: &str, expected: &str) {
        let refused = Contracts::read("f.json", &file(clauses)).unwrap_err().to_string();
        assert_eq!(refused, expected);
    }

    #[test]
    fn a_flaw_is_told_with_file_and_pointer() {
        assert_eq!(
            Contracts::read("f.json", "{").unwrap_err().to_string(),
            "f.json: Unexpected end-of-input within/between Object entries"
        );
        check_refused(
            &CLAUSE.replace("ListActivities", "ListActivity"),
            "f.json: /clauses/0/steps/0/call: `ListActivity` is no operation",
        );
        check_refused(
            &CLAUSE.replace("\"claim\"", "\"clam\""),
            "f.json: /clauses/0/clam: `clam` is not known here; there are `id`, `claim`, `source`, `evidence`, \
             `assumed`, `needs`, `quotas`, `faults`, `tasks`, `objects`, `steps`",
        );
        check_refused(
            &CLAUSE.replace("recorded", "guessed"),
            "f.json: /clauses/0/evidence: `guessed` is none of `recorded`, `documented`, `assumed`",
        );
        check_refused(
            &CLAUSE.replace("recorded", "assumed"),
            "f.json: /clauses/0: `assumed` says what is not known: it belongs to clauses whose `evidence` is \
             `assumed`, and only to them",
        );
        check_refused(
            &CLAUSE.replace(r#"{"call":"ListActivities"}"#, r#"{"advance":"1d"}"#),
            "f.json: /clauses/0: the clause makes use of `clock`: list it in `needs`",
        );
        check_refused(
            &CLAUSE.replace(r#"{"call":"ListActivities"}"#, r#"{"calls":"ListActivities"}"#),
            "f.json: /clauses/0/steps/0: a step starts with one of the keys `call`, `send`, `pages`, `history`, \
             `await`, `advance`, `repeat`, `parallel` and `expect`",
        );
        check_refused(
            &CLAUSE.replace(r#"s"],"#, r#"s"],"needs":["time"],"#),
            "f.json: /clauses/0/needs/0: `time` is none of `clock`, `empty-account`, `quotas`, `faults`, \
             `task-mocks`, `objects`, `long-polls`, `raw-http`",
        );
    }

    #[test]
    fn faults_are_errors_of_the_service_and_needed() {
        let with = |faults: &str| CLAUSE.replace(r#"s"],"#, &format!(r#"s"],{faults},"#));
        let fault = r#""faults":[{"operation":"ListActivities","code":"KmsInvalidStateException","message":"m","members":{"kmsKeyState":"DISABLED"},"times":1}]"#;
        check_refused(
            &with(fault),
            "f.json: /clauses/0: the clause makes use of `faults`: list it in `needs`",
        );
        let needed = with(&format!(r#""needs":["faults"],{fault}"#));
        assert!(Contracts::read("f.json", &file(&needed)).is_ok());
        check_refused(
            &with(&fault.replace("KmsInvalidStateException", "KmsException")),
            "f.json: /clauses/0/faults/0/code: Step Functions has no error `KmsException`",
        );
        check_refused(
            &with(&fault.replace("kmsKeyState", "keyState")),
            "f.json: /clauses/0/faults/0/members/keyState: `keyState` is not known here; there are `kmsKeyState`, \
             `resourceName`, `reason`",
        );
    }

    #[test]
    fn ids_are_words_and_unique() {
        check_refused(
            &CLAUSE.replace(r#""a""#, r#""A b""#),
            "f.json: /clauses/0/id: `A b` is no id: write lower-case words joined by `-`",
        );
        check_refused(
            &format!("{CLAUSE},{CLAUSE}"),
            "f.json: /clauses/1/id: `a` is the id of a clause in f.json already",
        );
    }
}
