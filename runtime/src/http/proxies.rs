//! Whose word counts about the client's address and scheme.
//!
//! Only a peer within `SECAPI_TRUSTED_PROXIES` is believed. Its header is read from the right, because every proxy
//! appends on the right: the first address that is not itself a trusted proxy is the client.

use std::net::IpAddr;

use ipnet::IpNet;
use salvo::http::HeaderMap;

/// The networks whose `X-Forwarded-*` and `Forwarded` headers are believed.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// Trusts exactly these networks.
    #[must_use]
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks)
    }

    /// True if no proxy is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is the address of a trusted proxy.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The client's address, given the peer's.
    ///
    /// A hop that cannot be read ends the walk at the proxy that passed it on. `None`, where both headers are sent and
    /// name different clients: the client wrote one of them, and whatever address stood for it, a policy might trust.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return Some(peer);
        }
        let forwarded_for = values(headers, "x-forwarded-for");
        let forwarded = parameters(headers, "for");
        match (forwarded_for.is_empty(), forwarded.is_empty()) {
            (true, true) => Some(peer),
            (false, true) => Some(self.walk(peer, &forwarded_for)),
            (true, false) => Some(self.walk(peer, &forwarded)),
            (false, false) => {
                let client = self.walk(peer, &forwarded_for);
                (client == self.walk(peer, &forwarded)).then_some(client)
            }
        }
    }

    fn walk(&self, peer: IpAddr, hops: &[String]) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            let Some(address) = address(hop) else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }

    /// True if the peer is a trusted proxy that received the request over TLS.
    ///
    /// The nearest proxy's word is the last one; where both headers are sent, both must say https.
    #[must_use]
    pub fn says_https(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        if !self.trusts(peer.to_canonical()) {
            return false;
        }
        let proto = values(headers, "x-forwarded-proto");
        let forwarded = parameters(headers, "proto");
        let mut said = proto.last().into_iter().chain(forwarded.last()).peekable();
        said.peek().is_some() && said.all(|scheme| scheme.eq_ignore_ascii_case("https"))
    }
}

/// The comma-separated members of a header over all its lines, in order. Cut before it is decoded: one byte that a client
/// sends must not make unreadable what a proxy has written behind it on the same line.
fn values(headers: &HeaderMap, name: &str) -> Vec<String> {
    headers
        .get_all(name)
        .iter()
        .flat_map(|line| line.as_bytes().split(|byte| *byte == b','))
        .map(|member| str::from_utf8(member).unwrap_or("?").trim().to_owned())
        .collect()
}

/// One parameter of every `Forwarded` element (RFC 7239), in order; an element without it counts as unreadable.
fn parameters(headers: &HeaderMap, name: &str) -> Vec<String> {
    values(headers, "forwarded")
        .iter()
        .map(|element| parameter(element, name).unwrap_or_default())
        .collect()
}

fn parameter(element: &str, name: &str) -> Option<String> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// `192.0.2.1`, `192.0.2.1:8080`, `2001:db8::1`, `[2001:db8::1]` and `[2001:db8::1]:8080`.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = match hop.strip_prefix('[') {
        Some(rest) => {
            let (inside, port) = rest.split_once(']')?;
            is_port(port).then_some(inside)?
        }
        None => match hop.split_once(':') {
            Some((host, port)) if !port.contains(':') => {
                port.parse::<u16>().ok()?;
                host
            }
            _ => hop,
        },
    };
    bare.parse::<IpAddr>()
        .ok()
        .map(|found| found.to_canonical())
}

fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|digits| digits.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies() -> TrustedProxies {
        TrustedProxies::new(vec![
            "10.0.0.0/8".parse().unwrap(),
            "fd00::/8".parse().unwrap(),
        ])
    }

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
        proxies()
            .client(peer.parse().unwrap(), &map(headers))
            .map_or("nobody".to_owned(), |client| client.to_string())
    }

    fn map(headers: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        map
    }

    #[test]
    fn a_byte_of_the_client_hides_nothing_that_a_proxy_wrote_behind_it() {
        let mut headers = HeaderMap::new();
        let line = salvo::http::HeaderValue::from_bytes(b"\xff, 203.0.113.7").unwrap();
        headers.insert("x-forwarded-for", line);
        let peer = "10.0.0.1".parse().unwrap();
        let client = proxies().client(peer, &headers);
        assert_eq!(client, Some("203.0.113.7".parse().unwrap()));
        let mut headers = HeaderMap::new();
        let line = salvo::http::HeaderValue::from_bytes(b"for=\xff, for=203.0.113.7").unwrap();
        headers.insert("forwarded", line);
        let client = proxies().client(peer, &headers);
        assert_eq!(client, Some("203.0.113.7".parse().unwrap()));
    }

    #[test]
    fn a_stranger_is_never_believed() {
        assert_eq!(
            client("192.0.2.1", &[("x-forwarded-for", "1.1.1.1")]),
            "192.0.2.1"
        );
        assert!(!proxies().says_https(
            "192.0.2.1".parse().unwrap(),
            &map(&[("x-forwarded-proto", "https")])
        ));
    }

    #[test]
    fn the_rightmost_untrusted_hop_is_the_client() {
        let chain = [("x-forwarded-for", "6.6.6.6, 192.0.2.7, 10.1.1.1")];
        assert_eq!(client("10.0.0.1", &chain), "192.0.2.7");
        let lines = [
            ("x-forwarded-for", "6.6.6.6"),
            ("x-forwarded-for", "192.0.2.7"),
        ];
        assert_eq!(client("10.0.0.1", &lines), "192.0.2.7");
        let spoofed = [("x-forwarded-for", "10.9.9.9, 192.0.2.7")];
        assert_eq!(client("10.0.0.1", &spoofed), "192.0.2.7");
    }

    #[test]
    fn a_hop_that_cannot_be_read_ends_the_walk() {
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "1.1.1.1, nonsense")]),
            "10.0.0.1"
        );
        assert_eq!(
            client(
                "10.0.0.1",
                &[("x-forwarded-for", "1.1.1.1, unknown, 10.2.2.2")]
            ),
            "10.2.2.2"
        );
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "")]), "10.0.0.1");
        assert_eq!(
            client("10.0.0.1", &[("forwarded", "for=1.1.1.1, by=10.2.2.2")]),
            "10.0.0.1"
        );
    }

    #[test]
    fn forwarded_is_read_in_all_its_forms() {
        assert_eq!(
            client("10.0.0.1", &[("forwarded", "for=192.0.2.7;proto=https")]),
            "192.0.2.7"
        );
        let six = r#"for="[2001:db8::1]:4711";proto=http"#;
        assert_eq!(client("10.0.0.1", &[("forwarded", six)]), "2001:db8::1");
        assert_eq!(
            client("10.0.0.1", &[("forwarded", "FOR=\"192.0.2.7:99\"")]),
            "192.0.2.7"
        );
        assert_eq!(
            client("10.0.0.1", &[("forwarded", "for=_hidden")]),
            "10.0.0.1"
        );
    }

    #[test]
    fn two_headers_that_disagree_prove_nothing() {
        let both = |one, other| [("x-forwarded-for", one), ("forwarded", other)];
        assert_eq!(
            client("10.0.0.1", &both("192.0.2.7", "for=192.0.2.7")),
            "192.0.2.7"
        );
        assert_eq!(
            client("10.0.0.1", &both("192.0.2.7", "for=6.6.6.6")),
            "nobody"
        );
    }

    #[test]
    fn mapped_addresses_are_the_ipv4_that_they_carry() {
        assert_eq!(
            client(
                "::ffff:10.0.0.1",
                &[("x-forwarded-for", "::ffff:192.0.2.7")]
            ),
            "192.0.2.7"
        );
    }

    #[test]
    fn https_is_the_nearest_proxys_word() {
        let said = |headers: &[(&'static str, &str)]| {
            proxies().says_https("10.0.0.1".parse().unwrap(), &map(headers))
        };
        assert!(said(&[("x-forwarded-proto", "https")]));
        assert!(said(&[("forwarded", "for=1.1.1.1;proto=https")]));
        assert!(!said(&[("x-forwarded-proto", "https, http")]));
        assert!(!said(&[
            ("x-forwarded-proto", "https"),
            ("forwarded", "proto=http")
        ]));
        assert!(!said(&[
            ("x-forwarded-proto", "https"),
            ("forwarded", "for=1.1.1.1")
        ]));
        assert!(!said(&[]));
    }
}
