//! Over the network, to an endpoint that is there already.

use std::time::SystemTime;

use tokio::net::TcpStream;

use super::address::Address;
use super::http;
use super::message::{HttpRequest, HttpResponse};
use super::signature::{Credentials, Scope, sign};
#[cfg(feature = "cli")]
use super::tls::Tls;
use crate::model::Timestamp;

/// The operations that AWS serves at another host.
const ELSEWHERE: [&str; 2] = ["AWSStepFunctions.StartSyncExecution", "AWSStepFunctions.TestState"];

/// A way to an endpoint, with a connection for every call.
#[derive(Clone)]
pub(crate) struct Remote {
    address: Address,
    region: String,
    credentials: Option<Credentials>,
    #[cfg(feature = "cli")]
    tls: Option<Tls>,
}

impl Remote {
    /// Unless something else is set, it signs nothing, and its region is that of an AWS host name, or `us-east-1`.
    pub(crate) fn to(url: &str) -> Result<Self, String> {
        let address = Address::parse(url)?;
        #[cfg(feature = "cli")]
        let tls = address.is_https.then(Tls::new).transpose()?;
        #[cfg(not(feature = "cli"))]
        if address.is_https {
            return Err("https endpoints need the feature `cli` of sfn-testkit".to_owned());
        }
        let region = address.region().unwrap_or("us-east-1").to_owned();
        Ok(Self {
            address,
            region,
            credentials: None,
            #[cfg(feature = "cli")]
            tls,
        })
    }

    /// The region that requests are signed for.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    pub(crate) fn set_region(&mut self, region: impl Into<String>) {
        self.region = region.into();
    }

    /// Signs the requests from here on.
    pub(crate) fn set_credentials(&mut self, credentials: Credentials) {
        self.credentials = Some(credentials);
    }

    /// Host and port, as in the header `Host`.
    pub(crate) fn authority(&self) -> String {
        self.address.authority()
    }

    #[cfg(feature = "cli")]
    pub(crate) const fn is_https(&self) -> bool {
        self.address.is_https
    }

    /// Whether its host name says where it is.
    #[cfg(feature = "cli")]
    pub(crate) fn is_aws(&self) -> bool {
        self.address.is_aws()
    }

    /// Sends a request and waits for its answer, however long that takes; a request that has a signature keeps it.
    pub(crate) async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, String> {
        let address = address_for(&self.address, request.header("x-amz-target"));
        let authority = address.authority();
        if let Some(credentials) = &self.credentials
            && request.header("authorization").is_none()
        {
            sign(&mut request, credentials, Scope { host: &authority, region: &self.region, now: now() });
        }
        let stream = TcpStream::connect((address.host.as_str(), address.port))
            .await
            .map_err(|error| format!("cannot connect to {authority}: {error}"))?;
        #[cfg(feature = "cli")]
        if let Some(tls) = &self.tls {
            let stream = tls.connect(&address.host, stream).await?;
            return http::exchange(stream, &authority, request).await;
        }
        http::exchange(stream, &authority, request).await
    }
}

/// Where the call is to be made.
fn address_for(endpoint: &Address, target: Option<&str>) -> Address {
    let mut address = endpoint.clone();
    if address.is_aws() && target.is_some_and(|target| ELSEWHERE.contains(&target)) {
        address.host = format!("sync-{}", address.host);
    }
    address
}

#[expect(clippy::disallowed_methods, reason = "a signature is good for some minutes of real time")]
pub(crate) fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(0).plus(since_epoch)
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote")
            .field("address", &self.address)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_aws_serves_some_operations_at_another_host() {
        let aws = Address::parse("https://states.us-east-1.amazonaws.com").unwrap();
        let local = Address::parse("http://localhost:4566").unwrap();
        let host = |endpoint: &Address, operation: &str| {
            address_for(endpoint, Some(&format!("AWSStepFunctions.{operation}"))).host
        };
        assert_eq!(host(&aws, "StartSyncExecution"), "sync-states.us-east-1.amazonaws.com");
        assert_eq!(host(&aws, "TestState"), "sync-states.us-east-1.amazonaws.com");
        assert_eq!(host(&aws, "StartExecution"), "states.us-east-1.amazonaws.com");
        assert_eq!(host(&local, "StartSyncExecution"), "localhost");
        for elsewhere in ["states-fips.us-east-1.amazonaws.com", "states.cn-north-1.amazonaws.com.cn"] {
            let endpoint = Address::parse(&format!("https://{elsewhere}")).unwrap();
            assert_eq!(host(&endpoint, "TestState"), format!("sync-{elsewhere}"));
        }
    }
}
