//! What a clause needs beyond an endpoint that answers.

use std::fmt;

use schemars::JsonSchema;

/// Something that not every target has. A clause that needs what a target lacks is not runnable there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Need {
    /// A clock that can be moved: the clause lets more time pass than anybody waits for.
    Clock,
    /// An account in which there is nothing, or exact control of it: the clause counts what a list shows.
    EmptyAccount,
    /// Quotas that can be lowered, named in `quotas`.
    Quotas,
    /// A service that can be told to refuse a call, in `faults`.
    Faults,
    /// Tasks that answer as the clause says, in `tasks`.
    TaskMocks,
    /// Objects in S3, named in `objects`.
    Objects,
    /// Calls that stay open until something happens, such as an idle `GetActivityTask`.
    LongPolls,
    /// Control of the very bytes of a request, and sight of those of the answer.
    RawHttp,
}

impl Need {
    pub(super) const ALL: [Self; 8] = [
        Self::Clock,
        Self::EmptyAccount,
        Self::Quotas,
        Self::Faults,
        Self::TaskMocks,
        Self::Objects,
        Self::LongPolls,
        Self::RawHttp,
    ];

    /// As it stands in a contract file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::EmptyAccount => "empty-account",
            Self::Quotas => "quotas",
            Self::Faults => "faults",
            Self::TaskMocks => "task-mocks",
            Self::Objects => "objects",
            Self::LongPolls => "long-polls",
            Self::RawHttp => "raw-http",
        }
    }

    /// What a target without it lacks, for people.
    pub(super) const fn phrase(self) -> &'static str {
        match self {
            Self::Clock => "a clock that can be moved",
            Self::EmptyAccount => "an account of its own",
            Self::Quotas => "quotas that can be lowered",
            Self::Faults => "a service that refuses what it is told to",
            Self::TaskMocks => "mocked tasks",
            Self::Objects => "objects in S3",
            Self::LongPolls => "calls that stay open",
            Self::RawHttp => "a raw HTTP connection",
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
