//! The one place that knows which resources have tags.

use super::account::Account;
use super::call::Call;
use super::error;
use super::tags::Tags;
use crate::model::ApiError;
use crate::model::arn::StatesArn;

impl Account {
    /// The tags of the resource that `resourceArn` names. Versions and aliases have none.
    pub(super) fn tags_of(&mut self, call: &Call<'_>) -> Result<&mut Tags, ApiError> {
        let text = call.required("resourceArn");
        let arn = StatesArn::parse_as(text, &["stateMachine", "activity"])?;
        let tags = match arn.resource_type {
            "stateMachine" => self.machines.get_mut(text).map(|machine| &mut machine.tags),
            _ => self.activities.get_mut(text).map(|activity| &mut activity.tags),
        };
        tags.filter(|_| arn.place == call.caller.place).ok_or_else(|| error::resource_not_found(text))
    }
}
