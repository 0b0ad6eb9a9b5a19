//! `CreateActivity`.

use std::sync::Arc;

use crate::model::{ApiError, Json, Quota, name};
use crate::service::account::Account;
use crate::service::activity::Activity;
use crate::service::call::{Answer, Call};
use crate::service::configuration::Encryption;
use crate::service::{error, tags};

struct Input<'c> {
    name: &'c str,
    encryption: Encryption,
}

impl<'c> Input<'c> {
    fn read(call: &Call<'c>) -> Result<Self, ApiError> {
        let name = call.required("name");
        if !name::is_valid(name) {
            return Err(error::invalid_name(name));
        }
        let encryption = call.member("encryptionConfiguration").map(Encryption::read).transpose()?;
        Ok(Self { name, encryption: encryption.unwrap_or_default() })
    }
}

fn answer(activity: &Activity) -> Result<Json, ApiError> {
    Answer::default()
        .with("activityArn", Arc::clone(&activity.arn))
        .with_date("creationDate", activity.creation_date)
        .done()
}

/// The same name again answers the same, whatever its tags; only another encryption is refused.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let input = Input::read(call)?;
    let arn: Arc<str> = call.caller.place.activity(input.name).into();
    let tags = tags::read(call.member("tags"), &arn, account.quota(Quota::Tags))?;
    if let Some(activity) = account.activities.get(&arn) {
        return if activity.encryption == input.encryption {
            answer(activity)
        } else {
            Err(error::activity_already_exists(&arn))
        };
    }
    let in_region =
        account.activities.values().filter(|activity| activity.place == call.caller.place).count();
    if in_region >= account.quota(Quota::Activities) {
        return Err(error::activity_limit_exceeded(account.quota(Quota::Activities)));
    }
    let activity = Activity {
        arn: Arc::clone(&arn),
        name: input.name.into(),
        place: call.caller.place.clone(),
        creation_date: call.now,
        encryption: input.encryption,
        tags,
    };
    let answer = answer(&activity);
    account.activity_arns.insert(Arc::clone(&arn));
    account.activities.insert(arn, activity);
    answer
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::model::Operation::{CreateActivity, DeleteActivity, ListActivities};
    use crate::service::fixture::Fixture;

    const CREATED: &str =
        r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a","creationDate":1700000000}"#;

    #[test]
    fn the_same_name_again_is_the_same_activity_whatever_its_tags() {
        let mut fixture = Fixture::new();
        fixture.check(CreateActivity, r#"{"name":"a"}"#, CREATED);
        fixture.advance(Duration::from_secs(60));
        fixture.check(CreateActivity, r#"{"name":"a","tags":[{"key":"k","value":"v"}]}"#, CREATED);
        let listed = fixture.ok(ListActivities, "{}");
        assert_eq!(listed.get("activities").unwrap().as_array().unwrap().len(), 1);
    }

    #[test]
    fn another_encryption_is_refused() {
        let mut fixture = Fixture::new();
        fixture.check(CreateActivity, r#"{"name":"a"}"#, CREATED);
        fixture.check(
            CreateActivity,
            r#"{"name":"a","encryptionConfiguration":{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}}"#,
            "ActivityAlreadyExists: Activity Already Exists: 'arn:aws:states:us-east-1:123456789012:activity:a'",
        );
        let same = r#"{"name":"a","encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}"#;
        fixture.check(CreateActivity, same, CREATED);
    }

    #[test]
    fn names_and_tags_are_checked() {
        let mut fixture = Fixture::new();
        fixture.check(CreateActivity, r#"{"name":"a b"}"#, "InvalidName: Invalid Name: 'a b'");
        fixture.check(
            CreateActivity,
            &format!(r#"{{"name":"{}"}}"#, "a".repeat(81)),
            &format!(
                "ValidationException: 1 validation error detected: Value '{}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80",
                "a".repeat(81)
            ),
        );
        fixture.check(
            CreateActivity,
            r#"{"name":"a","tags":[{"key":"aws:x"}]}"#,
            "ValidationException: Tag keys must not start with the reserved prefix 'aws:': 'aws:x'",
        );
    }

    #[test]
    fn a_deleted_name_is_free_again_and_deleted_activities_do_not_count() {
        let mut fixture = Fixture::new();
        fixture.lower(crate::model::Quota::Activities, 1);
        fixture.check(CreateActivity, r#"{"name":"a"}"#, CREATED);
        fixture.check(
            CreateActivity,
            r#"{"name":"b"}"#,
            "ActivityLimitExceeded: Activity Limit Exceeded: '1'",
        );
        let arn = r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a"}"#;
        fixture.check(DeleteActivity, arn, "{}");
        fixture.advance(Duration::from_secs(60));
        fixture.check(CreateActivity, r#"{"name":"a"}"#, &CREATED.replace("1700000000", "1700000060"));
    }
}
