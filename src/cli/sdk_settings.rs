//! The settings that lead an AWS SDK to a served mock.

/// Which mock, and as whom.
#[derive(Debug)]
pub(super) struct SdkSettings<'t> {
    pub(super) url: &'t str,
    pub(super) region: &'t str,
    /// Access key id, and secret, of who calls.
    pub(super) key: &'t str,
}

/// What a mock is called with, which asks nobody for credentials.
pub(super) const ANY_KEY: &str = "test";

impl SdkSettings<'_> {
    /// Lines for a shell.
    ///
    /// boto3 and the AWS CLI read `AWS_DEFAULT_REGION`, the other SDKs `AWS_REGION`. The host prefix is what SDKs put
    /// before the host of `StartSyncExecution` and `TestState`: `sync-127.0.0.1` is no name that resolves.
    pub(super) fn exports(&self) -> Vec<String> {
        let Self { url, region, key } = self;
        [
            ("AWS_ENDPOINT_URL_SFN", *url),
            ("AWS_DISABLE_HOST_PREFIX_INJECTION", "true"),
            ("AWS_ACCESS_KEY_ID", key),
            ("AWS_SECRET_ACCESS_KEY", key),
            ("AWS_REGION", region),
            ("AWS_DEFAULT_REGION", region),
        ]
        .into_iter()
        .map(|(name, value)| format!("export {name}={value}"))
        .collect()
    }

    /// What no variable can set.
    pub(super) const fn advice() -> &'static [&'static str] {
        &[
            "JavaScript ignores AWS_DISABLE_HOST_PREFIX_INJECTION: new SFNClient({ disableHostPrefix: true })",
            "Others: give this machine the name, in its hosts file: 127.0.0.1 sync-localhost sync-127.0.0.1",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_boto3_the_cli_and_the_other_sdks_are_set() {
        let settings = SdkSettings { url: "http://127.0.0.1:4566", region: "eu-west-1", key: "test" };
        assert_eq!(
            settings.exports(),
            [
                "export AWS_ENDPOINT_URL_SFN=http://127.0.0.1:4566",
                "export AWS_DISABLE_HOST_PREFIX_INJECTION=true",
                "export AWS_ACCESS_KEY_ID=test",
                "export AWS_SECRET_ACCESS_KEY=test",
                "export AWS_REGION=eu-west-1",
                "export AWS_DEFAULT_REGION=eu-west-1",
            ]
        );
    }
}
