//! Logging, tracing and encryption of a state machine: their defaults and what AWS refuses.

use std::sync::Arc;

use super::call::Answer;
use crate::model::api_error::ApiErrorKind;
use crate::model::{ApiError, Json};

/// Where, and how much, executions would be logged. Nothing is logged here; the setting is kept and answered.
#[derive(Debug, Clone)]
pub(super) struct Logging {
    level: Arc<str>,
    include_execution_data: bool,
    /// ARNs of log groups; `None` for a destination that names none. AWS gives an empty list back as one.
    destinations: Option<Vec<Option<Arc<str>>>>,
}

impl Default for Logging {
    fn default() -> Self {
        Self { level: "OFF".into(), include_execution_data: false, destinations: None }
    }
}

/// No destinations and an empty list of them are the same.
impl PartialEq for Logging {
    fn eq(&self, other: &Self) -> bool {
        self.level == other.level
            && self.include_execution_data == other.include_execution_data
            && self.destinations() == other.destinations()
    }
}

impl Logging {
    pub(super) fn read(given: &Json) -> Result<Self, ApiError> {
        let default = Self::default();
        let group_of = |destination: &Json| {
            Some(destination.get("cloudWatchLogsLogGroup")?.get("logGroupArn")?.as_str()?.into())
        };
        let logging = Self {
            level: given.get("level").and_then(Json::as_str).map_or(default.level, Arc::from),
            include_execution_data: given
                .get("includeExecutionData")
                .and_then(Json::as_bool)
                .unwrap_or_default(),
            destinations: given
                .get("destinations")
                .and_then(Json::as_array)
                .map(|all| all.iter().map(group_of).collect()),
        };
        logging.check()?;
        Ok(logging)
    }

    fn destinations(&self) -> &[Option<Arc<str>>] {
        self.destinations.as_deref().unwrap_or_default()
    }

    fn check(&self) -> Result<(), ApiError> {
        let refused = |why: &str| {
            let message = format!("Invalid Logging Configuration: {why}");
            Err(ApiError::new(ApiErrorKind::InvalidLoggingConfiguration, message))
        };
        let one_is_named = matches!(self.destinations(), [Some(_)]);
        if &*self.level != "OFF" && !one_is_named {
            return refused("Must specify exactly one Log Destination.");
        }
        if self.destinations().iter().flatten().any(|arn| !is_log_group(arn)) {
            return refused("Log Destination not found.");
        }
        Ok(())
    }

    pub(super) fn to_json(&self) -> Json {
        let destination = |arn: &Option<Arc<str>>| {
            let group = Answer::default().with_optional("logGroupArn", arn.clone()).into_json();
            Json::from_members([("cloudWatchLogsLogGroup", group)])
        };
        let destinations =
            self.destinations.as_ref().map(|all| Json::array(all.iter().map(destination).collect()));
        Answer::default()
            .with("level", Arc::clone(&self.level))
            .with("includeExecutionData", self.include_execution_data)
            .with_optional("destinations", destinations)
            .into_json()
    }
}

/// `arn:aws:logs:us-east-1:123456789012:log-group:name:*`
fn is_log_group(arn: &str) -> bool {
    let mut parts = arn.split(':');
    let is_right =
        parts.next() == Some("arn") && parts.nth(1) == Some("logs") && parts.nth(2) == Some("log-group");
    is_right
        && parts.next().is_some_and(|name| !name.is_empty())
        && parts.next() == Some("*")
        && parts.next().is_none()
}

/// Whether X-Ray would trace executions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tracing {
    enabled: bool,
}

impl Tracing {
    pub(super) fn read(given: &Json) -> Result<Self, ApiError> {
        match given.get("enabled").and_then(Json::as_bool) {
            Some(enabled) => Ok(Self { enabled }),
            None => Err(ApiError::new(
                ApiErrorKind::InvalidTracingConfiguration,
                "Invalid Tracing Configuration: 'enabled' must be set to true or false.",
            )),
        }
    }

    pub(super) fn to_json(self) -> Json {
        Json::from_members([("enabled", Json::Bool(self.enabled))])
    }
}

/// Whose key would protect definitions and payloads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Encryption {
    #[default]
    AwsOwnedKey,
    CustomerManagedKey {
        key: Arc<str>,
        reuse_seconds: i64,
    },
}

/// How long AWS reuses a data key when nothing is said.
const DEFAULT_REUSE_SECONDS: i64 = 300;

impl Encryption {
    pub(super) fn read(given: &Json) -> Result<Self, ApiError> {
        let refused = |why: &str| {
            let message = format!("Invalid Encryption Configuration: {why}");
            Err(ApiError::new(ApiErrorKind::InvalidEncryptionConfiguration, message))
        };
        let key = given.get("kmsKeyId").and_then(Json::as_str);
        let reuse = given.get("kmsDataKeyReusePeriodSeconds").and_then(Json::as_i64);
        let customer_managed = given.get("type").and_then(Json::as_str) == Some("CUSTOMER_MANAGED_KMS_KEY");
        match (customer_managed, key) {
            (true, Some(key)) if is_key_of_another_service(key) => {
                refused("The kmsKeyId must be a key id, an alias, or the ARN of one of them.")
            }
            (true, Some(key)) => Ok(Self::CustomerManagedKey {
                key: key.into(),
                reuse_seconds: reuse.unwrap_or(DEFAULT_REUSE_SECONDS),
            }),
            (true, None) => refused("A KMS key must be specified when the type is CUSTOMER_MANAGED_KMS_KEY."),
            (false, None) if reuse.is_none() => Ok(Self::AwsOwnedKey),
            (false, _) => {
                refused("A KMS key and its reuse period can not be specified when the type is AWS_OWNED_KEY.")
            }
        }
    }

    pub(super) fn to_json(&self) -> Json {
        match self {
            Self::AwsOwnedKey => Json::from_members([("type", Json::string("AWS_OWNED_KEY"))]),
            Self::CustomerManagedKey { key, reuse_seconds } => Answer::default()
                .with("kmsKeyId", Arc::clone(key))
                .with("kmsDataKeyReusePeriodSeconds", *reuse_seconds)
                .with("type", "CUSTOMER_MANAGED_KMS_KEY")
                .into_json(),
        }
    }
}

/// An ARN that cannot name a key: of something else than KMS.
fn is_key_of_another_service(key: &str) -> bool {
    let mut parts = key.split(':');
    parts.next() == Some("arn") && parts.nth(1) != Some("kms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_logging(given: &str, expected: &str) {
        let found = Logging::read(&Json::parse(given).unwrap());
        assert_eq!(found.map_or_else(|error| error.message, |logging| logging.to_json().to_text()), expected);
    }

    #[track_caller]
    fn check_encryption(given: &str, expected: &str) {
        let found = Encryption::read(&Json::parse(given).unwrap());
        assert_eq!(
            found.map_or_else(|error| error.message, |encryption| encryption.to_json().to_text()),
            expected
        );
    }

    const ONE: &str = "Invalid Logging Configuration: Must specify exactly one Log Destination.";

    #[test]
    fn logging_is_off_unless_said_otherwise() {
        check_logging("{}", r#"{"level":"OFF","includeExecutionData":false}"#);
        check_logging(r#"{"includeExecutionData":true}"#, r#"{"level":"OFF","includeExecutionData":true}"#);
    }

    #[test]
    fn an_empty_list_of_destinations_is_given_back_and_means_none() {
        check_logging(
            r#"{"destinations":[]}"#,
            r#"{"level":"OFF","includeExecutionData":false,"destinations":[]}"#,
        );
        let empty = Json::parse(r#"{"destinations":[]}"#).unwrap();
        assert_eq!(Logging::read(&empty).unwrap(), Logging::default());
    }

    #[test]
    fn logging_needs_exactly_one_destination() {
        let group = r#"{"cloudWatchLogsLogGroup":{"logGroupArn":"arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}"#;
        check_logging(
            &format!(r#"{{"level":"ALL","destinations":[{group}]}}"#),
            &format!(r#"{{"level":"ALL","includeExecutionData":false,"destinations":[{group}]}}"#),
        );
        check_logging(r#"{"level":"ALL"}"#, ONE);
        check_logging(r#"{"level":"ERROR","destinations":[]}"#, ONE);
        check_logging(r#"{"level":"ERROR","destinations":[{}]}"#, ONE);
        check_logging(r#"{"level":"ERROR","destinations":[{"cloudWatchLogsLogGroup":{}}]}"#, ONE);
        check_logging(&format!(r#"{{"level":"FATAL","destinations":[{group},{group}]}}"#), ONE);
    }

    #[test]
    fn the_arn_of_a_log_group_is_one_of_logs_and_ends_with_a_star() {
        for arn in [
            "arn:aws:logs:r:1:log-group:g",
            "arn:aws:logs:r:1:log-group::*",
            "arn:aws:logs:r:1:log-group:g:stream:*",
            "arn:aws:s3:r:1:log-group:g:*",
            "g:*",
        ] {
            check_logging(
                &format!(
                    r#"{{"level":"ALL","destinations":[{{"cloudWatchLogsLogGroup":{{"logGroupArn":"{arn}"}}}}]}}"#
                ),
                "Invalid Logging Configuration: Log Destination not found.",
            );
        }
    }

    #[test]
    fn tracing_is_on_or_off_but_not_unsaid() {
        let read = |given: &str| Tracing::read(&Json::parse(given).unwrap());
        assert_eq!(read(r#"{"enabled":true}"#), Ok(Tracing { enabled: true }));
        for unsaid in ["{}", r#"{"enable":true}"#] {
            let refusal = read(unsaid).unwrap_err();
            assert_eq!(refusal.kind, ApiErrorKind::InvalidTracingConfiguration);
            assert_eq!(
                refusal.message,
                "Invalid Tracing Configuration: 'enabled' must be set to true or false."
            );
        }
    }

    #[test]
    fn a_key_is_not_the_arn_of_something_else() {
        for key in ["1234", "alias/mine", "arn:aws:kms:us-east-1:123456789012:key/1234"] {
            check_encryption(
                &format!(r#"{{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"{key}"}}"#),
                &format!(
                    r#"{{"kmsKeyId":"{key}","kmsDataKeyReusePeriodSeconds":300,"type":"CUSTOMER_MANAGED_KMS_KEY"}}"#
                ),
            );
        }
        check_encryption(
            r#"{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"arn:aws:iam::123456789012:role/r"}"#,
            "Invalid Encryption Configuration: The kmsKeyId must be a key id, an alias, or the ARN of one of them.",
        );
    }

    #[test]
    fn a_customer_managed_key_is_named_and_reused_for_five_minutes() {
        check_encryption(r#"{"type":"AWS_OWNED_KEY"}"#, r#"{"type":"AWS_OWNED_KEY"}"#);
        check_encryption(
            r#"{"type":"CUSTOMER_MANAGED_KMS_KEY","kmsKeyId":"k"}"#,
            r#"{"kmsKeyId":"k","kmsDataKeyReusePeriodSeconds":300,"type":"CUSTOMER_MANAGED_KMS_KEY"}"#,
        );
        check_encryption(
            r#"{"type":"CUSTOMER_MANAGED_KMS_KEY"}"#,
            "Invalid Encryption Configuration: A KMS key must be specified when the type is CUSTOMER_MANAGED_KMS_KEY.",
        );
        check_encryption(
            r#"{"type":"AWS_OWNED_KEY","kmsKeyId":"k"}"#,
            "Invalid Encryption Configuration: A KMS key and its reuse period can not be specified when the type is AWS_OWNED_KEY.",
        );
    }
}
