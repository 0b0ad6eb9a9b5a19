//! An activity: what workers ask for tasks of. Its tasks are kept apart from it, in `activity_tasks`.

use std::sync::Arc;

use super::account::Account;
use super::call::Call;
use super::configuration::Encryption;
use super::error;
use super::tags::Tags;
use crate::model::arn::{Place, StatesArn};
use crate::model::{ApiError, Timestamp};

/// An activity.
#[derive(Debug, Clone)]
pub(super) struct Activity {
    pub(super) arn: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) place: Place,
    pub(super) creation_date: Timestamp,
    pub(super) encryption: Encryption,
    pub(super) tags: Tags,
}

impl Account {
    /// The activity that an ARN names. It must live where the call is made.
    pub(super) fn named_activity(&self, call: &Call<'_>, text: &str) -> Result<&Activity, ApiError> {
        let arn = StatesArn::parse_as(text, &["activity"])?;
        self.activities
            .get(text)
            .filter(|_| arn.place == call.caller.place)
            .ok_or_else(|| error::activity_does_not_exist(text))
    }

    /// Whether anybody ever created the activity: a task of one that nobody did is likely a forgotten mock.
    pub(crate) fn knows_activity(&self, arn: &str) -> bool {
        self.activity_arns.contains(arn)
    }

    pub(super) fn is_deleted_activity(&self, arn: &str) -> bool {
        self.knows_activity(arn) && !self.activities.contains_key(arn)
    }
}
