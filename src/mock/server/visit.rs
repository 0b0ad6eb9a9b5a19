//! Requests that are for people, and the pages that answer them.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use hyper::{Method, Response, StatusCode, Uri};

/// What of a request decides about a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit<'r> {
    pub(crate) is_post: bool,
    pub(crate) path: &'r str,
    /// What stands behind the question mark, as it was sent.
    pub(crate) query: &'r str,
    /// The host and port that the client means to talk to, from the request line and from the header.
    pub(crate) hosts: [Option<&'r str>; 2],
    /// The page that sent the request, if the browser says so.
    pub(crate) origin: Option<&'r str>,
    /// Whether it has the header `x-sfn-testkit-ui: 1`, which no page of elsewhere can set unless it is let.
    pub(crate) is_from_ui: bool,
}

impl<'r> Visit<'r> {
    pub(super) fn of(method: &Method, uri: &'r Uri, headers: &'r HeaderMap) -> Self {
        // One that is no text is none of ours; it must not pass for none at all.
        let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        Self {
            is_post: *method != Method::GET && *method != Method::HEAD,
            path: uri.path(),
            query: uri.query().unwrap_or_default(),
            hosts: [uri.authority().map(hyper::http::uri::Authority::as_str), text(&HOST)],
            origin: text(&ORIGIN),
            is_from_ui: text(&HeaderName::from_static("x-sfn-testkit-ui")) == Some("1"),
        }
    }
}

/// What a browser is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    /// The header `content-security-policy`.
    pub(crate) policy: &'static str,
    pub(crate) body: String,
}

impl Page {
    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(Bytes::from(self.body)));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in [
            ("content-security-policy", self.policy),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        response
    }
}
