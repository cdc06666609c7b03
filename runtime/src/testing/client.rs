//! An HTTP/1.1 client that hides nothing: one connection a request, the answer as it came.

use super::TestService;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// One caller of a service: anonymous, or with an access token.
#[derive(Debug)]
pub struct Client<'a> {
    pub(super) service: &'a TestService,
    pub(super) token: Option<String>,
}

impl Client<'_> {
    /// The access token, for requests that are written by hand.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `GET`. The path stands under the base path, or starts with it.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], None)
    }

    /// `POST` of a JSON body.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, &[], Some(body))
    }

    /// `PATCH` of a JSON Merge Patch.
    #[must_use]
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, &[], Some(body))
    }

    /// `DELETE`.
    #[must_use]
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &[], None)
    }

    /// Any method, with headers of one's own.
    #[must_use]
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let Some(body) = body.map(Value::to_string) else {
            return self.send_bytes(method, path, headers, b"");
        };
        let mut headers = headers.to_vec();
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        {
            headers.push(("Content-Type", "application/json"));
        }
        self.send_bytes(method, path, &headers, body.as_bytes())
    }

    /// Any method, with a body that need not be JSON, and without a `Content-Type` of its own accord.
    #[must_use]
    pub fn send_bytes(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let mut head = format!(
            "{method} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
            self.service.path(path)
        );
        if let Some(token) = &self.token {
            head.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        let request = [head.as_bytes(), b"\r\n", body].concat();
        exchange(self.service.address(), &request)
    }

    /// How many rows of a list this caller sees.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        let answer = self.get(&format!("{path}?limit=100"));
        answer.expect(200);
        answer
            .json()
            .get("data")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    }
}

/// Sends bytes as they are and reads the answer to its end.
pub(super) fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).expect("the service accepts connections");
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .expect("a timeout can be set");
    stream.write_all(request).expect("the request can be sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("the service answers");
    Answer::parse(&bytes)
}

/// What a service answered.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        let parsed = head.parse(bytes).expect("the answer is HTTP");
        let httparse::Status::Complete(length) = parsed else {
            panic!(
                "the answer ends in its head: {}",
                String::from_utf8_lossy(bytes)
            );
        };
        let headers = head.headers.iter().map(|header| {
            (
                header.name.to_ascii_lowercase(),
                String::from_utf8_lossy(header.value).into_owned(),
            )
        });
        Self {
            status: head.code.unwrap_or_default(),
            headers: headers.collect(),
            body: bytes.get(length..).unwrap_or_default().to_vec(),
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body as it came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Every header line, names in lower case, in the order in which they came.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// A header's value, by its name in lower case; empty if it is not there.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON, `null` if there is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// `Location`: where the new row is.
    #[must_use]
    pub fn location(&self) -> String {
        self.expect(201);
        self.header("location").to_owned()
    }

    /// The id of the new row: the last part of `Location`.
    #[must_use]
    pub fn id(&self) -> String {
        let location = self.location();
        location.rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// Fails the test unless the status is this one.
    pub fn expect(&self, status: u16) -> &Self {
        assert_eq!(
            self.status,
            status,
            "the body was {}",
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    /// Fails the test unless the caller and the input were good enough for the project's own action: it was carried out, or
    /// a rule of the project refused it.
    pub fn expect_handled(&self) -> &Self {
        assert!(
            matches!(self.status, 200 | 204 | 409 | 422),
            "the status was {}, the body {}",
            self.status,
            String::from_utf8_lossy(&self.body)
        );
        self
    }

    /// Fails the test unless this is a problem (RFC 9457) of this status and code.
    pub fn expect_problem(&self, status: u16, code: &str) -> &Self {
        self.expect(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.json().get("code").and_then(Value::as_str), Some(code));
        self
    }
}
