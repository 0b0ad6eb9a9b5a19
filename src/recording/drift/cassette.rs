//! A cassette of the Rust client, verified against a live endpoint.

use super::endpoint::LiveEndpoint;
use super::report::Drift;
use super::verify::verify;
use crate::recording::Cassette;
use crate::recording::storage;

impl Cassette {
    /// Makes the recorded calls again, at a live endpoint, and compares its answers of today with the recorded ones. Names,
    /// tokens, ids and dates are bound anew, and are never a difference.
    ///
    /// Only calls that change nothing are made, unless the endpoint is told to
    /// [`allow_writes`](LiveEndpoint::allow_writes). The file stays as it is: `sfn-testkit drift --update` changes it.
    ///
    /// ```
    /// use sfn_testkit::cassettes::LiveEndpoint;
    /// use sfn_testkit::prelude::*;
    ///
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("orders.json");
    /// # std::fs::write(&path, r#"{"format": "sfn-cassette/1", "interactions": [{"op": "ListStateMachines",
    /// #     "request": {}, "status": 200, "response": {"stateMachines": []}}]}"#).unwrap();
    /// # let sfn = MockSfn::builder().time(Time::skip()).build();
    /// # let server = sfn.serve();
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let endpoint = LiveEndpoint::at(server.url())?;         // or `https://states.eu-west-1.amazonaws.com`
    /// let drift = Cassette::at(path).verify_against(&endpoint).await?;
    /// drift.assert_none();
    /// # Ok::<(), String>(())
    /// # }).unwrap();
    /// ```
    ///
    /// # Errors
    ///
    /// A sentence, if there is no file, if it is no cassette, or if the endpoint cannot be asked.
    pub async fn verify_against(&self, endpoint: &LiveEndpoint) -> Result<Drift, String> {
        let shown = self.shown_path();
        let file = storage::load(self.path())?.ok_or_else(|| format!("there is no cassette {shown}"))?;
        verify(&shown, &file, endpoint).await
    }
}
