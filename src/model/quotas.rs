//! The quotas that a test can lower, so that it reaches them with a handful of calls.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::quota;

macro_rules! quotas {
    ($($(#[doc = $doc:expr])+ $name:ident $text:literal = $default:expr, least $least:literal;)*) => {
        /// A quota of AWS Step Functions that the mock enforces: for
        /// [`MockSfnBuilder::quota`](crate::MockSfnBuilder::quota).
        ///
        /// Each has AWS's default until a test lowers it. Names in code style are those of
        /// `sfn-testkit serve --quota`.
        ///
        /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Quota {
            $(
                $(#[doc = $doc])+
                #[doc = concat!("\n\nOn the command line: `", $text, "`.")]
                $name,
            )*
        }

        impl Quota {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// AWS's default.
            #[must_use]
            pub const fn default_value(self) -> u64 {
                match self { $(Self::$name => $default),* }
            }

            /// The name on the command line, such as `open-executions`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The smallest number that makes sense.
            const fn least(self) -> u64 {
                match self { $(Self::$name => $least),* }
            }
        }
    };
}

quotas! {
    /// State machines of one account and region: 100,000. One more is refused with `StateMachineLimitExceeded`.
    StateMachines "state-machines" = 100_000, least 0;
    /// Activities of one account and region: 100,000. One more is refused with `ActivityLimitExceeded`.
    Activities "activities" = 100_000, least 0;
    /// STANDARD executions of one account and region that have not ended: 1,000,000. To start or redrive one more is
    /// refused with `ExecutionLimitExceeded`.
    OpenExecutions "open-executions" = 1_000_000, least 0;
    /// Versions of one state machine: 1,000. To publish one more is refused with `ServiceQuotaExceededException`.
    Versions "versions" = 1_000, least 0;
    /// Aliases of one state machine: 100. One more is refused with `ServiceQuotaExceededException`.
    Aliases "aliases" = 100, least 0;
    /// Workers that wait for tasks of one activity at once: 1,000. One more is refused with
    /// `ActivityWorkerLimitExceeded`.
    ActivityPollers "activity-pollers" = 1_000, least 0;
    /// Tags of one resource: 50. More are refused with `TooManyTags`.
    Tags "tags" = 50, least 0;
    /// Events in the history of a STANDARD execution: 25,000. The last of them is the failure that says so, and an
    /// execution that has used up all but one cannot be redriven. At least 3.
    HistoryEvents "history-events" = 25_000, least 3;
    /// Bytes of an input, an output, a task's payload, a result or a variable: 262,144. A call with more is refused
    /// with `ValidationException`; a state with more fails with `States.DataLimitExceeded`. At least 2.
    PayloadBytes "payload-bytes" = quota::PAYLOAD_BYTES as u64, least 2;
    /// Bytes of all variables of an execution: 10,485,760. More fail it with `States.DataLimitExceeded`.
    VariablesBytes "variables-bytes" = 10_485_760, least 0;
    /// Seconds that a STANDARD execution may run: 31,536,000, which is a year. Then it ends as `TIMED_OUT`, and can
    /// no longer be redriven. At least 1.
    ExecutionSeconds "execution-seconds" = 31_536_000, least 1;
    /// Seconds that an EXPRESS execution may run: 300. Then it ends as `TIMED_OUT`. At least 1.
    ExpressExecutionSeconds "express-execution-seconds" = 300, least 1;
    /// Seconds that a closed execution is kept, and its name taken: 7,776,000, which is 90 days. At least 1.
    RetentionSeconds "retention-seconds" = 7_776_000, least 1;
    /// Seconds after its end in which an execution can be redriven: 1,209,600, which is 14 days. Later that is refused
    /// with `ExecutionNotRedrivable`.
    RedrivableSeconds "redrivable-seconds" = 1_209_600, least 0;
}

impl Quota {
    /// The quota of that name; `None` if there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|quota| quota.name() == name)
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The values of all quotas: AWS's defaults, but for those that were lowered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Quotas {
    lowered: BTreeMap<Quota, u64>,
}

impl Quotas {
    pub(crate) fn get(&self, quota: Quota) -> u64 {
        self.lowered.get(&quota).copied().unwrap_or_else(|| quota.default_value())
    }

    /// Of things or bytes.
    pub(crate) fn count(&self, quota: Quota) -> usize {
        usize::try_from(self.get(quota)).unwrap_or(usize::MAX)
    }

    /// Of seconds.
    pub(crate) fn duration(&self, quota: Quota) -> Duration {
        Duration::from_secs(self.get(quota))
    }

    /// Sets a quota, or says in a sentence why it cannot be that.
    pub(crate) fn lower(&mut self, quota: Quota, value: u64) -> Result<(), String> {
        let (most, least) = (quota.default_value(), quota.least());
        if value > most {
            return Err(format!(
                "the quota `{quota}` cannot be {value}: AWS's default is {most}, and quotas can only be lowered"
            ));
        }
        if value < least {
            return Err(format!(
                "the quota `{quota}` cannot be {value}: the least that makes sense is {least}"
            ));
        }
        self.lowered.insert(quota, value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_quotas() {
        for quota in Quota::ALL {
            assert_eq!(Quota::from_name(quota.name()), Some(*quota));
        }
        assert_eq!(Quota::from_name("open executions"), None);
    }

    #[test]
    fn a_quota_has_its_default_until_it_is_lowered() {
        let mut quotas = Quotas::default();
        assert_eq!(quotas.get(Quota::Tags), 50);
        assert_eq!(quotas.lower(Quota::Tags, 2), Ok(()));
        assert_eq!((quotas.count(Quota::Tags), quotas.count(Quota::Aliases)), (2, 100));
        assert_eq!(quotas.duration(Quota::ExpressExecutionSeconds), Duration::from_secs(300));
    }

    #[test]
    fn a_quota_is_neither_raised_nor_lowered_beyond_sense() {
        let mut quotas = Quotas::default();
        assert_eq!(
            quotas.lower(Quota::OpenExecutions, 1_000_001).unwrap_err(),
            "the quota `open-executions` cannot be 1000001: AWS's default is 1000000, and quotas can only be lowered"
        );
        assert_eq!(
            quotas.lower(Quota::HistoryEvents, 2).unwrap_err(),
            "the quota `history-events` cannot be 2: the least that makes sense is 3"
        );
        assert_eq!(quotas, Quotas::default());
    }
}
