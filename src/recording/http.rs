//! The HTTP client of the AWS SDK that a cassette stands in for, or listens to.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use aws_sdk_sfn::config::{AsyncSleep, Credentials, SharedHttpClient};
use aws_smithy_runtime_api::client::auth::AuthSchemeId;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::identity::ResolveIdentity;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{GetIdentityResolver, RuntimeComponents};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use tokio::sync::Notify;

use super::mode::Plan;
use super::replayer::Answer;
use super::tape::{Step, Tape};
use crate::model::{Json, Operation};
use crate::wire::response::CONTENT_TYPE;

/// A cassette and the clients that talk to it.
#[derive(Debug)]
pub(super) struct Deck {
    tape: Mutex<Tape>,
    /// Something was answered: what waits for it may go on.
    progress: Notify,
    /// How to record what the cassette has no answer for.
    hint: String,
}

impl Deck {
    pub(super) fn new(tape: Tape, hint: String) -> Self {
        Self { tape: Mutex::new(tape), progress: Notify::new(), hint }
    }

    pub(super) fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as Step Functions holds the call of a worker when there is no task.
///
/// Source: <https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html>
const LONG_POLL: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
pub(super) struct Recorded {
    pub(super) deck: Arc<Deck>,
    /// What reaches the service.
    pub(super) inner: Option<SharedHttpClient>,
}

impl HttpClient for Recorded {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let reaches_service = self.deck.tape().plan() != Plan::Replay;
        let inner = self.inner.as_ref().filter(|_| reaches_service);
        SharedHttpConnector::new(Connector {
            deck: Arc::clone(&self.deck),
            inner: inner.map(|inner| inner.http_connector(settings, components)),
            components: components.clone(),
        })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        Some(ConnectorMetadata::new("sfn-testkit", None))
    }
}

#[derive(Debug, Clone)]
struct Connector {
    deck: Arc<Deck>,
    inner: Option<SharedHttpConnector>,
    components: RuntimeComponents,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let connector = self.clone();
        HttpConnectorFuture::new(async move { connector.answer(request).await })
    }
}

impl Connector {
    async fn answer(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        if self.deck.tape().plan() == Plan::PassOn {
            return self.inner()?.call(request).await;
        }
        let (operation, body) = call_of(&request)?;
        // A loop of polls must let others work, as it would over a network.
        yield_once().await;
        let end = self.components.sleep_impl().map(|sleep| sleep.sleep(LONG_POLL));
        let mut end = pin!(async move {
            if let Some(end) = end {
                end.await;
            }
        });
        loop {
            let mut progress = pin!(self.deck.progress.notified());
            progress.as_mut().enable();
            let step = self.deck.tape().step(operation, &body);
            match step {
                Step::Answer(answer) => {
                    self.deck.progress.notify_waiters();
                    return http_response(&answer);
                }
                Step::PassOn => return self.pass_on(operation, body, request).await,
                Step::Miss(miss) => {
                    return Err(ConnectorError::user(format!("{miss}\n{}", self.deck.hint).into()));
                }
                Step::Wait => {
                    let is_over = poll_fn(|context| match end.as_mut().poll(context) {
                        Poll::Ready(()) => Poll::Ready(true),
                        Poll::Pending => progress.as_mut().poll(context).map(|()| false),
                    });
                    if is_over.await {
                        return http_response(&Answer::no_task());
                    }
                }
            }
        }
    }

    async fn pass_on(
        &self,
        operation: Operation,
        body: Json,
        request: HttpRequest,
    ) -> Result<HttpResponse, ConnectorError> {
        let inner = self.inner()?;
        for credential in self.credentials().await {
            self.deck.tape().guard(&credential);
        }
        let mut response = inner.call(request).await?;
        let streamed = std::mem::replace(response.body_mut(), SdkBody::taken());
        let bytes = ByteStream::new(streamed).collect().await;
        let bytes = bytes.map_err(|error| ConnectorError::io(error.into()))?.into_bytes();
        let answer = body_of(&bytes, response.headers().get("x-amzn-errortype"));
        self.deck.tape().observe(operation, body, response.status().as_u16(), answer);
        self.deck.progress.notify_waiters();
        *response.body_mut() = SdkBody::from(bytes);
        Ok(response)
    }

    fn inner(&self) -> Result<&SharedHttpConnector, ConnectorError> {
        self.inner.as_ref().ok_or_else(|| {
            ConnectorError::user(
                "the configuration has no HTTP client to record through: turn on the feature `default-https-client` of aws-sdk-sfn, or give the configuration one with `http_client`"
                    .into(),
            )
        })
    }

    /// What the client signs its calls with: access key id, secret, session token.
    async fn credentials(&self) -> Vec<String> {
        let Some(resolver) = self.components.identity_resolver(AuthSchemeId::from("sigv4")) else {
            return Vec::new();
        };
        let config = ConfigBag::base();
        let Ok(identity) = resolver.resolve_identity(&self.components, &config).await else {
            return Vec::new();
        };
        let Some(credentials) = identity.data::<Credentials>() else { return Vec::new() };
        let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
        [Some(id), Some(secret), credentials.session_token()]
            .into_iter()
            .flatten()
            .map(str::to_owned)
            .collect()
    }
}

/// The call that a request makes. Its headers are of no further interest.
fn call_of(request: &HttpRequest) -> Result<(Operation, Json), ConnectorError> {
    let unusable = |why: String| ConnectorError::user(why.into());
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    let name = target.rsplit_once('.').map_or(target, |(_, name)| name);
    let operation = Operation::from_name(name).ok_or_else(|| {
        unusable(format!(
            "a cassette of Step Functions has no calls of `{target}`, which this version does not know"
        ))
    })?;
    let bytes = request.body().bytes().ok_or_else(|| unusable("a streamed body".to_owned()))?;
    let body = std::str::from_utf8(bytes).ok().and_then(|text| Json::parse(text).ok());
    Ok((operation, body.ok_or_else(|| unusable(format!("the request of {operation} is no JSON")))?))
}

/// A body as a cassette keeps it. The header says what error it is if the body does not.
fn body_of(bytes: &[u8], error_type: Option<&str>) -> Json {
    let text = String::from_utf8_lossy(bytes);
    if text.is_empty() {
        return Json::Null;
    }
    let Ok(body) = Json::parse(&text) else { return Json::from(text.as_ref()) };
    match (body.as_object(), error_type) {
        (Some(members), Some(error_type)) if !members.contains_key("__type") => {
            let mut typed = members.clone();
            typed.insert("__type".into(), Json::from(error_type));
            Json::object(typed)
        }
        (Some(_), _) => body,
        (None, _) => Json::from(text.as_ref()),
    }
}

fn http_response(answer: &Answer) -> Result<HttpResponse, ConnectorError> {
    let status =
        StatusCode::try_from(answer.status).map_err(|why| ConnectorError::other(why.into(), None))?;
    let mut http = HttpResponse::new(status, SdkBody::from(answer.body_text()));
    let headers = http.headers_mut();
    headers.insert("content-type", CONTENT_TYPE);
    if let Some(error) = &answer.error {
        headers.insert("x-amzn-errortype", error.clone());
    }
    Ok(http)
}

async fn yield_once() {
    let mut has_yielded = false;
    poll_fn(|context| {
        if has_yielded {
            return Poll::Ready(());
        }
        has_yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
