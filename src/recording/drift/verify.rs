//! Makes the recorded calls again, and compares.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::compare::{Difference, compare};
use super::endpoint::{LiveAnswer, LiveEndpoint};
use super::plan::{Step, is_running, plan};
use super::report::{Check, Drift, Outcome};
use super::today::Today;
use super::update;
use crate::endpoint;
use crate::model::Json;
use crate::recording::age;
use crate::recording::format::CassetteFile;
use crate::recording::interaction::Interaction;
use crate::recording::nested;
use crate::recording::redaction::Redactor;

/// What was answered to the interaction at this place.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub(super) at: usize,
    pub(super) status: u16,
    pub(super) error: Option<String>,
    /// Redacted and opened.
    pub(super) body: Json,
}

/// Between two questions after the state of what was started anew.
const PAUSE: Duration = Duration::from_millis(200);

/// Compares what a cassette says with what the endpoint answers now.
///
/// # Errors
/// A sentence that says why the endpoint could not be asked.
pub(crate) async fn verify(
    name: &str,
    file: &CassetteFile,
    endpoint: &LiveEndpoint,
) -> Result<Drift, String> {
    let now = endpoint::now();
    let seed = u64::try_from(now.as_millis()).unwrap_or_default() ^ u64::from(std::process::id());
    let mut run = Run {
        endpoint,
        today: Today::new(&file.vars, endpoint.account.as_deref(), seed),
        redactor: Redactor::new(file.redacted.clone()),
        answered: Vec::new(),
    };
    let mut checks = Vec::new();
    for (at, (interaction, step)) in
        file.interactions.iter().zip(plan(&file.interactions, endpoint.allows_writes)).enumerate()
    {
        let outcome = match step {
            Step::Superseded => continue,
            Step::Skip(reason) => Outcome::NotCompared(reason.to_owned()),
            Step::Ask => run.check(at, interaction).await?,
        };
        checks.push(Check { number: at + 1, operation: interaction.operation, outcome });
    }
    let Run { mut today, answered, .. } = run;
    let mut updated = update::updated(file, &answered, &mut today);
    let day = age::today();
    if checks.iter().all(Check::was_compared) {
        updated.recorded = Some(day.clone());
    }
    Ok(Drift {
        name: name.to_owned(),
        endpoint: endpoint.name(),
        day,
        recorded: file.clone(),
        updated,
        checks,
        in_use: endpoint.in_use(),
    })
}

struct Run<'r> {
    endpoint: &'r LiveEndpoint,
    today: Today<'r>,
    redactor: Redactor,
    answered: Vec<Answered>,
}

impl Run<'_> {
    async fn check(&mut self, at: usize, interaction: &Interaction) -> Result<Outcome, String> {
        if self.endpoint.allows_writes {
            self.today.name_anew(&interaction.request);
        }
        let request = match self.today.request(&interaction.request) {
            Ok(request) => request,
            Err(variable) => {
                let reason = format!("it needs `{variable}`, which no answer of today has told");
                return Ok(Outcome::NotCompared(reason));
            }
        };
        let (answered, differences) = self.answer_that_stays(at, interaction, &request).await?;
        if is_gone(interaction, &answered) {
            let error = answered.error.unwrap_or_default();
            let reason = format!("what it asks for was made for the recording, and today there is {error}");
            return Ok(Outcome::NotCompared(reason));
        }
        if is_running(&interaction.response)
            && answered.body.get("status").is_some()
            && !is_running(&answered.body)
        {
            let reason = "it was running when it was recorded, and has ended today";
            return Ok(Outcome::NotCompared(reason.to_owned()));
        }
        self.answered.push(answered);
        Ok(if differences.is_empty() { Outcome::Same } else { Outcome::Drifted(differences) })
    }

    /// Where calls change something, the answer may need some time to become the recorded one.
    async fn answer_that_stays(
        &mut self,
        at: usize,
        interaction: &Interaction,
        request: &Json,
    ) -> Result<(Answered, Vec<Difference>), String> {
        let may_change = self.endpoint.allows_writes && interaction.operation.only_looks();
        let asked_first = Instant::now();
        let mut stillness = Stillness::default();
        loop {
            let live = self.endpoint.ask(interaction.operation, request).await?;
            let answered = self.taken(at, live);
            let differences = self.compared(interaction, &answered);
            let has_time = may_change && asked_first.elapsed() < self.endpoint.patience;
            if differences.is_empty() || !has_time || stillness.has_come(&answered, &differences) {
                return Ok((answered, differences));
            }
            sleep(PAUSE).await;
        }
    }

    fn taken(&mut self, at: usize, live: LiveAnswer) -> Answered {
        let LiveAnswer { status, error, body } = live;
        self.redactor.learn(&body);
        Answered { at, status, error, body: nested::open(&self.redactor.redact(&body)) }
    }

    fn compared(&mut self, interaction: &Interaction, answered: &Answered) -> Vec<Difference> {
        let mut differences = Vec::new();
        if interaction.status != answered.status {
            differences.push(Difference {
                path: "status".to_owned(),
                recorded: Some(Json::Int(interaction.status.into())),
                live: Some(Json::Int(answered.status.into())),
            });
        }
        let (of_body, _) = compare(&interaction.response, &answered.body, &answered.body, &mut self.today);
        differences.extend(of_body);
        differences
    }
}

/// Whether an answer is still going to change.
#[derive(Default)]
struct Stillness {
    /// Where it differs.
    last: Vec<String>,
    repeated: u32,
}

/// After so many answers that differ in the same places, and nothing that says that something is running, no other is waited for.
const REPEATED: u32 = 5;

impl Stillness {
    fn has_come(&mut self, answered: &Answered, differences: &[Difference]) -> bool {
        if answered.body.get("status").is_some() {
            return !is_running(&answered.body);
        }
        let paths: Vec<_> = differences.iter().map(|difference| difference.path.clone()).collect();
        self.repeated = if self.last == paths { self.repeated + 1 } else { 0 };
        self.last = paths;
        self.repeated >= REPEATED
    }
}

/// Something with a name of its own was there, and is not: after 90 days no execution is.
fn is_gone(recorded: &Interaction, today: &Answered) -> bool {
    let is_missing = today
        .error
        .as_deref()
        .is_some_and(|error| error.ends_with("DoesNotExist") || error == "ResourceNotFound");
    let names_one = ["${name-", "${machine-", "${activity-"];
    let request = recorded.request.to_text();
    is_missing && recorded.is_success() && names_one.iter().any(|name| request.contains(name))
}
