//! A cassette as a fixture of rstest.

use super::cassette::Cassette;

/// The [`Cassette`] of the running test, as a fixture of rstest: a case of a test has a file of its own.
///
/// ```
/// # fn main() {}
/// # mod orders {
/// use rstest::rstest;
/// use sfn_testkit::cassettes::cassette;
/// use sfn_testkit::prelude::*;
///
/// #[rstest]
/// #[case::gold("gold")]
/// #[case::silver("silver")]
/// #[tokio::test]
/// async fn orders_are_shipped(cassette: Cassette, #[case] tier: &str) {
///     let client = cassette.client(&aws_config::load_from_env().await);
///     // …
/// }
/// # mod aws_config { pub async fn load_from_env() -> aws_sdk_sfn::config::Builder { aws_sdk_sfn::Config::builder() } }
/// # }
/// ```
#[derive(Debug)]
#[expect(
    non_camel_case_types,
    reason = "rstest asks the type that is called like the argument for its value"
)]
pub struct cassette {}

impl cassette {
    /// What rstest calls: [`Cassette::for_test`].
    ///
    /// # Panics
    ///
    /// As [`Cassette::for_test`].
    #[track_caller]
    #[expect(clippy::should_implement_trait, reason = "the name that rstest calls it by")]
    pub fn default() -> Cassette {
        Cassette::for_test()
    }
}
