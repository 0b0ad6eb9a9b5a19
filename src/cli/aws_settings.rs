//! The AWS settings of whoever runs the command.

use crate::endpoint::settings::{AwsSettings, Sources};

/// Those of the profile that is asked for, or what the environment of this process leads to.
pub(super) fn find(profile: Option<&str>) -> Result<AwsSettings, String> {
    AwsSettings::find(profile, &Sources::of(std::env::vars().collect()))
}
