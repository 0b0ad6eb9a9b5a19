//! Who may use the UI: pages of its own, at an address of this machine.

use std::net::IpAddr;

use crate::mock::server::Visit;

/// Why a request is refused; `None` if it is not.
///
/// A page of elsewhere can send requests to this machine, and a name of its own can lead here. It cannot do so without
/// an `Origin`, or with the address of this machine as `Host`, or with a header that we did not allow.
pub(super) fn refusal(visit: &Visit<'_>) -> Option<String> {
    let hosts = || visit.hosts.iter().flatten();
    if hosts().next().is_none() || !hosts().all(|host| is_here(host)) {
        return Some(
            "The UI of sfn-testkit answers only requests to 127.0.0.1 or localhost: open the URL that the server printed.\n"
                .to_owned(),
        );
    }
    if let Some(origin) = visit.origin
        && !hosts().all(|host| origin.strip_prefix("http://") == Some(*host))
    {
        return Some("The UI of sfn-testkit answers no page of another origin.\n".to_owned());
    }
    (visit.is_post && !visit.is_from_ui).then(|| {
        "A call to the UI of sfn-testkit needs the header `x-sfn-testkit-ui: 1`; SDKs send theirs to the path `/`.\n"
            .to_owned()
    })
}

/// Whether a host, with a port or without, is this machine whatever a name server says.
fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or("", |(name, _)| name),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(host: Option<&'static str>, origin: Option<&'static str>) -> Visit<'static> {
        Visit { is_post: true, path: "/", query: "", hosts: [None, host], origin, is_from_ui: true }
    }

    #[test]
    fn addresses_of_this_machine_are_here() {
        for host in ["127.0.0.1:4566", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:4566", "127.9.9.9:1"] {
            assert_eq!(refusal(&visit(Some(host), None)), None, "{host}");
        }
        for host in
            ["", "example.com", "localhost.example.com", "127.0.0.1.example.com:80", "10.0.0.1", "[", "?"]
        {
            let refused = refusal(&visit(Some(host), None));
            assert!(refused.unwrap().contains("only requests to 127.0.0.1 or localhost"), "{host}");
        }
        assert!(refusal(&visit(None, None)).is_some());
    }

    #[test]
    fn both_hosts_of_a_request_have_to_be_here() {
        let twofold = Visit { hosts: [Some("example.com"), Some("localhost")], ..visit(None, None) };
        assert!(refusal(&twofold).is_some());
    }

    #[test]
    fn only_pages_of_the_very_server_may_ask() {
        assert_eq!(refusal(&visit(Some("localhost:1"), Some("http://localhost:1"))), None);
        for origin in
            ["null", "https://localhost:1", "http://localhost:2", "http://127.0.0.1:1", "http://evil.example"]
        {
            let refused = refusal(&visit(Some("localhost:1"), Some(origin)));
            assert_eq!(refused.unwrap(), "The UI of sfn-testkit answers no page of another origin.\n");
        }
    }

    #[test]
    fn what_changes_something_needs_the_header() {
        let without = Visit { is_from_ui: false, ..visit(Some("localhost"), None) };
        assert!(refusal(&without).unwrap().contains("needs the header `x-sfn-testkit-ui: 1`"));
        assert_eq!(refusal(&Visit { is_post: false, ..without }), None);
    }
}
