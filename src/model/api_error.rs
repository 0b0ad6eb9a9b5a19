//! What an AWS caller sees when a call is refused.

use super::Json;

/// An error answer of the service.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) kind: ApiErrorKind,
    pub(crate) message: String,
    /// Modelled members beside `message`: `reason` of a `ValidationException`, `resourceName` of `ResourceNotFound`.
    pub(crate) members: Vec<(&'static str, Json)>,
}

macro_rules! api_error_kinds {
    ($($name:ident: $namespace:expr, $status:expr;)*) => {
        /// The kinds of error answers, named after their shapes. Those that we never give ourselves are there for
        /// faults.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum ApiErrorKind { $($name),* }

        impl ApiErrorKind {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The error of that name; names are case-sensitive.
            pub(crate) fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }

            const fn variant(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// What stands before `#` in `__type`; empty for errors of the protocol itself.
            pub(crate) const fn namespace(self) -> &'static str {
                match self { $(Self::$name => $namespace),* }
            }

            pub(crate) const fn http_status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }
        }
    };
}

const SERVICE: &str = "com.amazonaws.swf.service.v2.model";
const CONSTRAINT: &str = "com.amazon.coral.validate";
const PROTOCOL: &str = "";

api_error_kinds! {
    ActivityAlreadyExists: SERVICE, 400;
    ActivityDoesNotExist: SERVICE, 400;
    ActivityLimitExceeded: SERVICE, 400;
    ActivityWorkerLimitExceeded: SERVICE, 400;
    ConflictException: SERVICE, 400;
    ExecutionAlreadyExists: SERVICE, 400;
    ExecutionDoesNotExist: SERVICE, 400;
    ExecutionLimitExceeded: SERVICE, 400;
    ExecutionNotRedrivable: SERVICE, 400;
    InvalidArn: SERVICE, 400;
    InvalidDefinition: SERVICE, 400;
    InvalidEncryptionConfiguration: SERVICE, 400;
    InvalidExecutionInput: SERVICE, 400;
    InvalidLoggingConfiguration: SERVICE, 400;
    InvalidName: SERVICE, 400;
    InvalidOutput: SERVICE, 400;
    InvalidToken: SERVICE, 400;
    InvalidTracingConfiguration: SERVICE, 400;
    KmsAccessDeniedException: SERVICE, 400;
    KmsInvalidStateException: SERVICE, 400;
    KmsThrottlingException: SERVICE, 400;
    MissingRequiredParameter: SERVICE, 400;
    ResourceNotFound: SERVICE, 400;
    ServiceQuotaExceededException: SERVICE, 400;
    StateMachineAlreadyExists: SERVICE, 400;
    StateMachineDeleting: SERVICE, 400;
    StateMachineDoesNotExist: SERVICE, 400;
    StateMachineLimitExceeded: SERVICE, 400;
    StateMachineTypeNotSupported: SERVICE, 400;
    TaskDoesNotExist: SERVICE, 400;
    TaskTimedOut: SERVICE, 400;
    TooManyTags: SERVICE, 400;
    // The service's own checks and the model's constraints share a shape; AWS tells them apart by namespace.
    ValidationException: SERVICE, 400;
    ConstraintViolation: CONSTRAINT, 400;
    AccessDeniedException: PROTOCOL, 400;
    ExpiredTokenException: PROTOCOL, 400;
    IncompleteSignature: PROTOCOL, 400;
    InternalFailure: PROTOCOL, 500;
    MissingAuthenticationTokenException: PROTOCOL, 400;
    NotAuthorized: PROTOCOL, 400;
    OptInRequired: PROTOCOL, 403;
    RequestTimeoutException: PROTOCOL, 408;
    ServiceUnavailable: PROTOCOL, 503;
    ThrottlingException: PROTOCOL, 400;
    UnrecognizedClientException: PROTOCOL, 400;
    SerializationException: PROTOCOL, 400;
    UnknownOperationException: PROTOCOL, 404;
    RequestEntityTooLargeException: PROTOCOL, 413;
    // Ours, and loud: the operation or feature is not emulated here.
    NotEmulated: PROTOCOL, 501;
}

impl ApiErrorKind {
    /// The shape name.
    pub(crate) const fn name(self) -> &'static str {
        if matches!(self, Self::ConstraintViolation) {
            return Self::ValidationException.variant();
        }
        self.variant()
    }
}

impl ApiError {
    pub(crate) fn new(kind: ApiErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), members: Vec::new() }
    }

    pub(crate) fn with(mut self, member: &'static str, value: impl Into<Json>) -> Self {
        self.members.push((member, value.into()));
        self
    }

    /// `what` names the operation or feature, as in "JSONata".
    pub(crate) fn not_emulated(what: impl std::fmt::Display) -> Self {
        Self::new(ApiErrorKind::NotEmulated, format!("sfn-testkit does not emulate {what} yet"))
    }

    /// The `__type` of the error body.
    pub(crate) fn wire_type(&self) -> String {
        match self.kind.namespace() {
            "" => self.kind.name().to_owned(),
            namespace => format!("{namespace}#{}", self.kind.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_type_carries_the_namespace_measured_on_aws() {
        let wire_type = |kind| ApiError::new(kind, "").wire_type();
        assert_eq!(wire_type(ApiErrorKind::InvalidToken), "com.amazonaws.swf.service.v2.model#InvalidToken");
        assert_eq!(
            wire_type(ApiErrorKind::ValidationException),
            "com.amazonaws.swf.service.v2.model#ValidationException"
        );
        assert_eq!(
            wire_type(ApiErrorKind::ConstraintViolation),
            "com.amazon.coral.validate#ValidationException"
        );
        assert_eq!(wire_type(ApiErrorKind::SerializationException), "SerializationException");
    }
}
