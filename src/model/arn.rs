//! Amazon Resource Names of Step Functions resources.

use std::fmt;
use std::sync::Arc;

use super::api_error::{ApiError, ApiErrorKind};

/// Partition, region and account: where resources live.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) partition: Arc<str>,
    pub(crate) region: Arc<str>,
    pub(crate) account: Arc<str>,
}

impl Place {
    /// The place of a region, in the partition that the region belongs to.
    pub(crate) fn of_region(region: &str, account: &str) -> Self {
        Self { partition: partition_of(region).into(), region: region.into(), account: account.into() }
    }

    pub(crate) fn state_machine(&self, name: &str) -> String {
        self.arn(format_args!("stateMachine:{name}"))
    }

    pub(crate) fn execution(&self, state_machine: &str, name: &str) -> String {
        self.arn(format_args!("execution:{state_machine}:{name}"))
    }

    /// Executions of EXPRESS state machines have a unique last part.
    pub(crate) fn express(&self, state_machine: &str, name: &str, uuid: &str) -> String {
        self.arn(format_args!("express:{state_machine}:{name}:{uuid}"))
    }

    /// What `TestState` calls the execution of a state.
    pub(crate) fn test_execution(&self, state_machine: &str, name: &str) -> String {
        self.arn(format_args!("express:{state_machine}:{name}"))
    }

    /// `state_machine` is the name of the machine without a label.
    pub(crate) fn map_run(&self, state_machine: &str, label: &str, uuid: &str) -> String {
        self.arn(format_args!("mapRun:{state_machine}/{label}:{uuid}"))
    }

    pub(crate) fn activity(&self, name: &str) -> String {
        self.arn(format_args!("activity:{name}"))
    }

    fn arn(&self, resource: fmt::Arguments<'_>) -> String {
        format!("arn:{}:states:{}:{}:{resource}", self.partition, self.region, self.account)
    }
}

/// The partition of a region, by its prefix.
fn partition_of(region: &str) -> &'static str {
    const BY_PREFIX: &[(&str, &str)] = &[
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-iso-", "aws-iso"),
        ("us-isof-", "aws-iso-f"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ];
    BY_PREFIX.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

/// An ARN of the service `states`, taken apart: `arn:P:states:R:A:<resource type>:<parts…>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatesArn<'t> {
    pub(crate) text: &'t str,
    pub(crate) place: Place,
    /// `stateMachine`, `execution`, `express`, `activity`, `mapRun`.
    pub(crate) resource_type: &'t str,
    /// What follows the resource type, split at colons: name, then qualifier or execution name, …
    pub(crate) parts: Vec<&'t str>,
}

impl<'t> StatesArn<'t> {
    /// Takes the text apart, or says in AWS's words why it is no ARN.
    pub(crate) fn parse(text: &'t str) -> Result<Self, ApiError> {
        let Some(rest) = text.strip_prefix("arn:") else {
            return Err(invalid(format!("Invalid ARN prefix: {text}")));
        };
        let mut parts = rest.splitn(6, ':');
        let (Some(partition), Some(service), Some(region), Some(account), Some(resource_type)) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(invalid(format!("Malformed ARN: {text}")));
        };
        if service != "states" {
            return Err(invalid(format!("ARN's service is not supported: {service}")));
        }
        let parts: Vec<_> = parts.next().map(|tail| tail.split(':').collect()).unwrap_or_default();
        if parts.first().is_none_or(|name| name.is_empty()) {
            return Err(invalid(format!("Malformed ARN: {text}")));
        }
        let place = Place { partition: partition.into(), region: region.into(), account: account.into() };
        Ok(Self { text, place, resource_type, parts })
    }

    /// The same, for a call that takes only some resource types.
    pub(crate) fn parse_as(text: &'t str, allowed: &[&str]) -> Result<Self, ApiError> {
        let arn = Self::parse(text)?;
        if allowed.contains(&arn.resource_type) {
            Ok(arn)
        } else {
            let kind = arn.resource_type;
            Err(invalid(format!("Resource type not valid in this context: {kind}")))
        }
    }

    /// The name of the resource, or of the state machine that an execution belongs to.
    pub(crate) fn name(&self) -> &'t str {
        self.parts.first().copied().unwrap_or_default()
    }

    /// Of a state machine ARN: the version number or alias name after the machine's name.
    pub(crate) fn qualifier(&self) -> Option<&'t str> {
        self.parts.get(1).copied()
    }

    /// Whether a state machine ARN names a Distributed Map state: `…:stateMachine:name/label`.
    pub(crate) fn is_labelled(&self) -> bool {
        self.name().contains('/')
    }
}

pub(crate) fn invalid(why: impl fmt::Display) -> ApiError {
    ApiError::new(ApiErrorKind::InvalidArn, format!("Invalid Arn: '{why}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_machine_arn_comes_apart() {
        let arn =
            StatesArn::parse("arn:aws-cn:states:cn-north-1:123456789012:stateMachine:orders:3").unwrap();
        assert_eq!((arn.resource_type, arn.name(), arn.qualifier()), ("stateMachine", "orders", Some("3")));
        assert_eq!(&*arn.place.partition, "aws-cn");
    }

    #[test]
    fn errors_are_worded_as_recorded() {
        let message = |result: Result<StatesArn<'_>, ApiError>| result.unwrap_err().message;
        assert_eq!(message(StatesArn::parse("not_an_arn")), "Invalid Arn: 'Invalid ARN prefix: not_an_arn'");
        let express = "arn:aws:states:us-east-1:123456789012:express:m:n:u";
        assert_eq!(
            message(StatesArn::parse_as(express, &["execution"])),
            "Invalid Arn: 'Resource type not valid in this context: express'"
        );
    }

    #[test]
    fn short_and_foreign_arns_are_errors() {
        for text in ["arn:", "arn:aws:states", "arn:aws:states:r:a:stateMachine", "arn:aws:iam::1:role/x", ""]
        {
            assert!(StatesArn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_partition_follows_the_region() {
        for (region, partition) in [
            ("us-east-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-gov-west-1", "aws-us-gov"),
        ] {
            assert_eq!(&*Place::of_region(region, "1").partition, partition);
        }
    }
}
