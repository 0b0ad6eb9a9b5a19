//! The URL of an endpoint.

/// `http://127.0.0.1:4566` or `https://states.us-east-1.amazonaws.com`, in its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) is_https: bool,
    pub(super) host: String,
    pub(super) port: u16,
}

impl Address {
    /// A path is of no use: all calls are made to `/`.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let refused = || format!("`{url}` is no endpoint: write it as in http://127.0.0.1:4566");
        let (scheme, rest) = url.split_once("://").ok_or_else(refused)?;
        let (is_https, port) = match scheme {
            "http" => (false, 80),
            "https" => (true, 443),
            _ => return Err(refused()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().map_err(|_| refused())?),
            Some(_) | None => (authority, port),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() || host.contains('@') {
            return Err(refused());
        }
        Ok(Self { is_https, host: host.to_owned(), port })
    }

    /// AWS's own endpoints, where some operations live at `sync-…`.
    pub(super) fn is_aws(&self) -> bool {
        let starts = ["states.", "states-fips."];
        let ends = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
        starts.iter().any(|start| self.host.starts_with(start))
            && ends.iter().any(|end| self.host.ends_with(end))
    }

    /// `us-east-1` of `states.us-east-1.amazonaws.com`.
    pub(super) fn region(&self) -> Option<&str> {
        self.is_aws().then(|| self.host.split('.').nth(1)).flatten()
    }

    /// The value of the header `Host`.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.is_https, self.port) {
            (false, 80) | (true, 443) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_and_port_are_read() {
        for (url, expected) in [
            ("http://127.0.0.1:4566", "127.0.0.1:4566"),
            ("http://localhost/", "localhost"),
            ("https://[::1]:8443/x", "[::1]:8443"),
            ("https://states.eu-west-1.amazonaws.com", "states.eu-west-1.amazonaws.com"),
        ] {
            assert_eq!(Address::parse(url).unwrap().authority(), expected);
        }
        let aws = Address::parse("https://states.eu-west-1.amazonaws.com").unwrap();
        assert_eq!((aws.is_https, aws.port, aws.region()), (true, 443, Some("eu-west-1")));
        assert_eq!(Address::parse("http://localhost:1").unwrap().region(), None);
    }

    #[test]
    fn what_is_no_endpoint_is_refused() {
        for url in ["", "localhost:4566", "ftp://a", "http://", "http://a:b", "http://user@host"] {
            let refused = format!("`{url}` is no endpoint: write it as in http://127.0.0.1:4566");
            assert_eq!(Address::parse(url).unwrap_err(), refused);
        }
    }
}
