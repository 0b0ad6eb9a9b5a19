//! The in-process door: an `HttpClient` for the AWS SDK that opens no socket.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_sfn::config::timeout::TimeoutConfig;
use aws_sdk_sfn::config::{
    AsyncSleep, BehaviorVersion, Builder, Config, Credentials, Region, SharedHttpClient, Sleep,
    StalledStreamProtectionConfig,
};
use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::core::Core;
use super::handle::MockSfn;
use crate::assertion::ClientDoor;
use crate::wire::response::CONTENT_TYPE;
use crate::wire::{Request, Response};

/// Needs the feature `sdk`, which is on by default.
impl MockSfn {
    /// A client of this mock.
    ///
    /// ```
    /// # use sfn_testkit::prelude::*;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let sfn = MockSfn::new();
    /// let billing = sfn.state_machine("billing").returns(json!({"paid": true})).create();
    /// let started = sfn.client().start_execution().state_machine_arn(&billing).send().await.unwrap();
    /// assert!(started.execution_arn().contains(":execution:billing:"));
    /// # }
    /// ```
    #[must_use]
    pub fn client(&self) -> Client {
        Client::from_conf(self.sdk_config().build())
    }

    /// A client that does not sign its requests: somewhat faster, and it needs no credentials.
    #[must_use]
    pub fn unsigned_client(&self) -> Client {
        let unsigned = [AuthSchemeId::from("noAuth")];
        Client::from_conf(self.sdk_config().allow_no_auth().auth_scheme_preference(unsigned).build())
    }

    /// The configuration of [`client`](Self::client), for code that wants to add to it.
    ///
    /// The SDK's time is the mock's: with [`Time::Tokio`](crate::Time::Tokio) its retries sleep on Tokio's clock, with
    /// [`Time::Manual`](crate::Time::Manual) until the test advances far enough, with
    /// [`Time::Skip`](crate::Time::Skip) never longer than `settle`. There are no timeouts unless you set some.
    #[must_use]
    pub fn sdk_config(&self) -> Builder {
        config_of(self.core())
    }

    /// Only the transport, for code that builds its own SDK configuration.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(InProcess(self.core().clone()))
    }
}

/// The configuration of a client of this core, in this process.
pub(super) fn config_of(core: &Core) -> Builder {
    let clock = SdkClock(core.clone());
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(core.region().to_owned()))
        .credentials_provider(Credentials::new("test", "test", None, None, "sfn-testkit"))
        .retry_config(RetryConfig::standard())
        .retry_partition(RetryPartition::new(unique_partition()))
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .sleep_impl(clock.clone())
        .time_source(clock)
        .http_client(InProcess(core.clone()))
}

/// The SDK's budget of retries belongs to the whole process: without a partition of its own a client would stop
/// retrying because of what other tests did.
fn unique_partition() -> String {
    static CLIENTS: AtomicU64 = AtomicU64::new(0);
    format!("sfn-testkit-{}", CLIENTS.fetch_add(1, Ordering::Relaxed))
}

#[derive(Debug, Clone)]
struct InProcess(Core);

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        Some(ConnectorMetadata::new("sfn-testkit", None))
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let core = self.0.clone();
        HttpConnectorFuture::new(async move {
            // The bodies of AWS JSON requests are always in memory.
            let body = request.body().bytes().unwrap_or_default();
            let request = Request {
                target: request.headers().get("x-amz-target"),
                authorization: request.headers().get("authorization"),
                trace_id: request.headers().get("x-amzn-trace-id"),
                body,
            };
            match core.answer_client(ClientDoor::Sdk, request).await {
                Some(response) => http_response(response),
                None => Err(ConnectorError::io("a fault of sfn-testkit dropped the connection".into())),
            }
        })
    }
}

fn http_response(response: Response) -> Result<HttpResponse, ConnectorError> {
    let status =
        StatusCode::try_from(response.status).map_err(|why| ConnectorError::other(why.into(), None))?;
    let mut http = HttpResponse::new(status, SdkBody::from(response.body));
    let headers = http.headers_mut();
    headers.insert("content-type", CONTENT_TYPE);
    headers.insert("x-amzn-requestid", response.request_id);
    if let Some(error_type) = response.error_type {
        headers.insert("x-amzn-errortype", error_type);
    }
    Ok(http)
}

/// The clock of the mock, for the SDK.
#[derive(Debug, Clone)]
struct SdkClock(Core);

impl AsyncSleep for SdkClock {
    fn sleep(&self, duration: Duration) -> Sleep {
        let core = self.0.clone();
        Sleep::new(async move { core.sleep(duration).await })
    }
}

impl TimeSource for SdkClock {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.0.now().as_millis()).unwrap_or_default();
        SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
    }
}
