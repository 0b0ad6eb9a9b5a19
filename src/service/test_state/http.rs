//! What `TRACE` shows of an HTTP Task: the request that would be sent, and the response that the mock stands for.

use crate::asl::resource::ResourceKind;
use crate::model::Json;
use crate::service::call::Answer;

pub(super) fn is_http(resource: Option<&ResourceKind>) -> bool {
    matches!(resource, Some(ResourceKind::Integration { service, .. }) if &**service == "http")
}

/// What `Parameters` or `Arguments` ask for.
pub(super) fn request(parameters: &Json) -> Json {
    let endpoint = parameters.get("ApiEndpoint").and_then(Json::as_str).unwrap_or_default();
    let url = match query(parameters.get("QueryParameters")) {
        query if query.is_empty() => endpoint.to_owned(),
        query => format!("{endpoint}?{query}"),
    };
    Answer::default()
        .with("protocol", protocol(endpoint))
        .with_optional("method", parameters.get("Method").cloned())
        .with("url", url)
        .with_optional("headers", parameters.get("Headers").map(headers))
        .with_optional("body", parameters.get("RequestBody").map(text))
        .into_json()
}

/// What came back.
pub(super) fn response(result: &Json) -> Json {
    Answer::default()
        .with("protocol", "https")
        .with_optional("statusCode", result.get("StatusCode").map(text))
        .with_optional("statusMessage", result.get("StatusText").map(text))
        .with_optional("headers", result.get("Headers").map(headers))
        .with_optional("body", result.get("ResponseBody").map(text))
        .into_json()
}

fn protocol(endpoint: &str) -> &str {
    endpoint.split_once("://").map_or("https", |(protocol, _)| protocol)
}

fn query(parameters: Option<&Json>) -> String {
    let members = parameters.and_then(Json::as_object).into_iter().flatten();
    let pairs = members.flat_map(|(name, value)| values(value).map(move |value| format!("{name}={value}")));
    pairs.collect::<Vec<_>>().join("&")
}

/// `[name: value, name: value]`
fn headers(given: &Json) -> String {
    let members = given.as_object().into_iter().flatten();
    let lines =
        members.map(|(name, value)| format!("{name}: {}", values(value).collect::<Vec<_>>().join(", ")));
    format!("[{}]", lines.collect::<Vec<_>>().join(", "))
}

/// One value, or each of a list.
fn values(value: &Json) -> impl Iterator<Item = String> + '_ {
    value.as_array().unwrap_or_else(|| std::slice::from_ref(value)).iter().map(text)
}

fn text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_text(), ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_put_together_from_the_parameters() {
        let parameters = Json::parse(
            r#"{"ApiEndpoint":"https://api.example.com/v1","Method":"POST","QueryParameters":{"a":[1,2],"b":"x"},"Headers":{"h":["1","2"],"Accept":"*/*"},"RequestBody":{"c":3}}"#,
        );
        assert_eq!(
            request(&parameters.unwrap()).to_text(),
            r#"{"protocol":"https","method":"POST","url":"https://api.example.com/v1?a=1&a=2&b=x","headers":"[h: 1, 2, Accept: */*]","body":"{\"c\":3}"}"#
        );
    }

    #[test]
    fn a_response_is_what_the_mock_gives() {
        let result =
            Json::parse(r#"{"StatusCode":200,"StatusText":"OK","Headers":{"h":["1"]},"ResponseBody":"b"}"#);
        assert_eq!(
            response(&result.unwrap()).to_text(),
            r#"{"protocol":"https","statusCode":"200","statusMessage":"OK","headers":"[h: 1]","body":"b"}"#
        );
    }
}
