//! An upstream for tests: it recomputes the signature of every call and refuses those whose signature is wrong.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::message::HttpRequest;
use super::signature::{Credentials, Scope, sign};
use crate::model::Timestamp;

/// Serves at a free port for as long as the runtime lives.
#[derive(Clone)]
pub(crate) struct CheckingUpstream {
    address: SocketAddr,
    credentials: Credentials,
    seen: Arc<Mutex<Vec<HttpRequest>>>,
    /// What it answers to calls that are signed well.
    answer: (u16, &'static str),
}

impl CheckingUpstream {
    pub(crate) async fn start(credentials: Credentials, answer: (u16, &'static str)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream =
            Self { address: listener.local_addr().unwrap(), credentials, seen: Arc::default(), answer };
        let serving = upstream.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let serving = serving.clone();
                let service = service_fn(move |request| serving.clone().respond(request));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        upstream
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it was sent, signed well or not.
    pub(crate) fn seen(&self) -> Vec<HttpRequest> {
        self.seen.lock().unwrap().clone()
    }

    async fn respond(self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let headers = head.headers.iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        let request = HttpRequest { headers: headers.collect(), body };
        self.seen.lock().unwrap().push(request.clone());
        let (status, body) = match self.is_signed_well(&request) {
            true => self.answer,
            false => (403, r#"{"__type":"InvalidSignatureException"}"#),
        };
        let response = Response::builder().status(status).header("x-amzn-requestid", "upstream-1");
        Ok(response.body(Full::from(body)).unwrap())
    }

    fn is_signed_well(&self, request: &HttpRequest) -> bool {
        let Some(authorization) = request.header("authorization") else { return false };
        let region = authorization.split('/').nth(2).unwrap();
        let names = authorization.split_once("SignedHeaders=").unwrap().1.split_once(", ").unwrap().0;
        let ours = ["host", "x-amz-date", "x-amz-security-token"];
        let signed = names.split(';').filter(|name| !ours.contains(name));
        let signed = signed.map(|name| (name.to_owned(), request.header(name).unwrap().to_owned()));
        let mut again = HttpRequest { headers: signed.collect(), body: request.body.clone() };
        let scope = Scope {
            host: request.header("host").unwrap(),
            region,
            now: moment(request.header("x-amz-date").unwrap()),
        };
        sign(&mut again, &self.credentials, scope);
        again.header("authorization") == Some(authorization)
            && again.header("x-amz-security-token") == request.header("x-amz-security-token")
    }
}

/// `20240102T030405Z` as a moment.
fn moment(text: &str) -> Timestamp {
    let part = |from: usize, to: usize| text.get(from..to).unwrap();
    let day = [part(0, 4), part(4, 6), part(6, 8)].join("-");
    let time = [part(9, 11), part(11, 13), part(13, 15)].join(":");
    Timestamp::parse(&format!("{day}T{time}Z")).unwrap()
}
