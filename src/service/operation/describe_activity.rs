//! `DescribeActivity`.

use std::sync::Arc;

use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::{Answer, Call};

pub(in crate::service) fn run(account: &Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let activity = account.named_activity(call, call.required("activityArn"))?;
    Answer::default()
        .with("activityArn", Arc::clone(&activity.arn))
        .with("name", Arc::clone(&activity.name))
        .with_date("creationDate", activity.creation_date)
        .with("encryptionConfiguration", activity.encryption.to_json())
        .done()
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{CreateActivity, DescribeActivity};
    use crate::model::arn::Place;
    use crate::service::fixture::Fixture;

    const ARN: &str = r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a"}"#;

    const MISSING: &str =
        "ActivityDoesNotExist: Activity Does Not Exist: 'arn:aws:states:us-east-1:123456789012:activity:a'";

    #[test]
    fn an_activity_is_described_with_its_encryption() {
        let mut fixture = Fixture::new();
        fixture.check(DescribeActivity, ARN, MISSING);
        fixture.ok(CreateActivity, r#"{"name":"a"}"#);
        fixture.check(
            DescribeActivity,
            ARN,
            r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a","name":"a","creationDate":1700000000,"encryptionConfiguration":{"type":"AWS_OWNED_KEY"}}"#,
        );
        fixture.caller.place = Place::of_region("us-west-2", "123456789012");
        fixture.check(DescribeActivity, ARN, MISSING);
    }

    #[test]
    fn what_is_no_activity_is_refused_in_the_words_recorded() {
        let mut fixture = Fixture::new();
        fixture.check(
            DescribeActivity,
            r#"{"activityArn":"no_an_activity_arn"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: no_an_activity_arn'",
        );
        fixture.check(
            DescribeActivity,
            r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:stateMachine:a"}"#,
            "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'",
        );
    }
}
