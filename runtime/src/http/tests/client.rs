//! Bytes out, an answer in.

use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// An answer as it came over the wire.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// Sends bytes and reads until the service closes the connection.
pub(super) async fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A service that has already refused may close before all is sent; what it said counts.
    let _ = stream.write_all(bytes).await;
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    parse(&String::from_utf8_lossy(&received))
}

fn parse(text: &str) -> Answer {
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default().split(' ').nth(1);
    Answer {
        status: status.and_then(|status| status.parse().ok()).unwrap_or(0),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

impl Answer {
    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.all(name).first().copied()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Asserts a problem document of this status and code, whole and with nothing internal in it.
    pub(super) fn expect_problem(&self, status: u16, code: &str) -> &Self {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{self:?}"
        );
        let document = self.json();
        assert_eq!(document["code"], code);
        assert_eq!(document["type"], format!("/problems/{code}"));
        assert_eq!(document["status"], status);
        assert_eq!(document["request_id"].as_str(), self.header("x-request-id"));
        for internal in ["secret", "salvo", "panic", ".rs", "src/"] {
            assert!(!self.body.contains(internal), "{internal}: {self:?}");
        }
        self
    }

    /// Asserts the headers of every answer.
    pub(super) fn expect_hardened(&self) -> &Self {
        for (name, value) in crate::http::headers::ALWAYS {
            let own_policy = *name == "content-security-policy"
                && self.header("content-type") == Some("text/html; charset=utf-8");
            if !own_policy {
                assert_eq!(self.all(name), [*value], "{name}: {self:?}");
            }
        }
        assert!(
            self.header("x-request-id").is_some_and(|id| id.len() == 36),
            "{self:?}"
        );
        for unwanted in ["server", "x-powered-by", "strict-transport-security"] {
            assert_eq!(self.header(unwanted), None, "{unwanted}");
        }
        self
    }
}
