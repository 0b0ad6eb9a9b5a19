//! How sure we are that a clause is true.

use std::fmt;

use schemars::JsonSchema;

/// What a clause rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum Evidence {
    /// AWS was seen to behave so.
    Recorded,
    /// AWS documents it.
    Documented,
    /// Neither: the likeliest behaviour, to be mended when somebody knows better.
    Assumed,
}

impl Evidence {
    pub(super) const ALL: [Self; 3] = [Self::Recorded, Self::Documented, Self::Assumed];

    /// As it stands in a contract file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Documented => "documented",
            Self::Assumed => "assumed",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
