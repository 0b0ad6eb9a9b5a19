//! `DeleteActivity`.

use crate::model::arn::StatesArn;
use crate::model::{ApiError, Json};
use crate::service::account::Account;
use crate::service::call::Call;
use crate::service::error;

/// What is not there is deleted already. Tasks of the activity that workers have can no longer be answered.
pub(in crate::service) fn run(account: &mut Account, call: &Call<'_>) -> Result<Json, ApiError> {
    let arn = StatesArn::parse_as(call.required("activityArn"), &["activity"])?;
    if arn.place == call.caller.place {
        account.activities.remove(arn.text);
    }
    Ok(error::nothing())
}

#[cfg(test)]
mod tests {
    use crate::model::Operation::{CreateActivity, DeleteActivity, DescribeActivity};
    use crate::model::arn::Place;
    use crate::service::fixture::Fixture;

    const ARN: &str = r#"{"activityArn":"arn:aws:states:us-east-1:123456789012:activity:a"}"#;

    #[test]
    fn deleting_twice_answers_the_same() {
        let mut fixture = Fixture::new();
        fixture.ok(CreateActivity, r#"{"name":"a"}"#);
        fixture.check(DeleteActivity, ARN, "{}");
        fixture.check(DeleteActivity, ARN, "{}");
        fixture.check(
            DescribeActivity,
            ARN,
            "ActivityDoesNotExist: Activity Does Not Exist: 'arn:aws:states:us-east-1:123456789012:activity:a'",
        );
    }

    #[test]
    fn another_region_deletes_nothing_here() {
        let mut fixture = Fixture::new();
        fixture.ok(CreateActivity, r#"{"name":"a"}"#);
        let here =
            std::mem::replace(&mut fixture.caller.place, Place::of_region("us-west-2", "123456789012"));
        fixture.check(DeleteActivity, ARN, "{}");
        fixture.caller.place = here;
        fixture.ok(DescribeActivity, ARN);
    }

    #[test]
    fn what_is_no_activity_is_refused() {
        Fixture::new().check(
            DeleteActivity,
            r#"{"activityArn":"a"}"#,
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: a'",
        );
    }
}
