//! What operations answer with: statuses, headers, problems.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The errors that the fixed order in front of every endpoint can answer with.
const ALWAYS: &[u16] = &[400, 403, 406, 413, 414, 431, 500, 503];

/// Every error that some operation answers with, and what it means there.
const PROBLEMS: &[(u16, &str)] = &[
    (
        400,
        "The framing, the Host header, a parameter or the JSON syntax is not acceptable.",
    ),
    (
        401,
        "There is no valid credential, and there has to be one.",
    ),
    (
        403,
        "The caller is known and is not allowed to do this, or the request came in plain HTTP.",
    ),
    (
        404,
        "There is no such resource, or the caller may not read it.",
    ),
    (
        406,
        "The service answers in JSON, which the Accept header excludes.",
    ),
    (
        409,
        "The change contradicts what is stored, or an equal request is still running.",
    ),
    (
        412,
        "The resource has changed since the version in If-Match.",
    ),
    (413, "The body is over the limit."),
    (414, "The request target is over the limit."),
    (
        415,
        "The body's media type is not one that this operation reads.",
    ),
    (
        422,
        "The body is well-formed and against the rules, or its Idempotency-Key belongs to another one.",
    ),
    (428, "If-Match is required."),
    (431, "The header section is over the limit."),
    (
        500,
        "The service failed; the request id leads its operators to the cause.",
    ),
    (
        503,
        "The service is overloaded, or something that it needs is out of reach.",
    ),
];

/// A map of answers that starts with a success and ends with the errors.
#[derive(Debug)]
pub(super) struct Answers {
    answers: Map<String, Value>,
    errors: Vec<u16>,
}

impl Answers {
    /// The errors that every operation can answer with, and no success yet.
    pub(super) fn new() -> Self {
        Self {
            answers: Map::new(),
            errors: ALWAYS.to_vec(),
        }
    }

    /// A success with a JSON body of a component schema.
    pub(super) fn body(
        self,
        status: u16,
        description: &str,
        schema: &str,
        headers: &[&str],
    ) -> Self {
        let reference = json!({ "$ref": format!("#/components/schemas/{schema}") });
        self.content(status, description, "application/json", &reference, headers)
    }

    /// A success with a body of any media type.
    pub(super) fn content(
        mut self,
        status: u16,
        description: &str,
        media_type: &str,
        schema: &Value,
        headers: &[&str],
    ) -> Self {
        let answer = json!({
            "description": description,
            "headers": header_references(headers),
            "content": { media_type: { "schema": schema } },
        });
        self.answers.insert(status.to_string(), answer);
        self
    }

    /// A success without a body.
    pub(super) fn empty(mut self, status: u16, description: &str, headers: &[&str]) -> Self {
        let answer = json!({ "description": description, "headers": header_references(headers) });
        self.answers.insert(status.to_string(), answer);
        self
    }

    /// Errors beside those that every operation can answer with.
    pub(super) fn errors(mut self, statuses: &[u16]) -> Self {
        self.errors.extend(statuses);
        self
    }

    /// Not an answer of this operation, although it is one of every other.
    pub(super) fn without(mut self, status: u16) -> Self {
        self.errors.retain(|known| *known != status);
        self
    }

    /// The finished map.
    pub(super) fn finish(mut self) -> Value {
        self.errors.sort_unstable();
        self.errors.dedup();
        for status in self.errors {
            let reference = json!({ "$ref": format!("#/components/responses/{}", name(status)) });
            self.answers.insert(status.to_string(), reference);
        }
        Value::Object(self.answers)
    }
}

fn name(status: u16) -> String {
    format!("Problem{status}")
}

fn header_references(names: &[&str]) -> Value {
    let mut headers = Map::new();
    for name in names.iter().chain(&["X-Request-Id"]) {
        headers.insert(
            (*name).to_owned(),
            json!({ "$ref": format!("#/components/headers/{name}") }),
        );
    }
    Value::Object(headers)
}

/// `components/responses`: the problems of these statuses.
pub(super) fn components(used: &BTreeSet<String>) -> Value {
    let mut responses = Map::new();
    for (status, description) in PROBLEMS {
        if !used.contains(&status.to_string()) {
            continue;
        }
        let headers: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            415 => &["Accept"],
            503 => &["Retry-After"],
            _ => &[],
        };
        let response = json!({
            "description": description,
            "headers": header_references(headers),
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        responses.insert(name(*status), response);
    }
    Value::Object(responses)
}

/// `components/headers`.
pub(super) fn headers() -> Value {
    let header =
        |description: &str, schema: Value| json!({ "description": description, "schema": schema });
    let always = |description: &str, schema: Value| json!({ "description": description, "required": true, "schema": schema });
    json!({
        "X-Request-Id": always("Names this request in the service's log.", json!({ "type": "string", "format": "uuid" })),
        "ETag": header("The version of the representation (RFC 9110, 8.8.3).", json!({ "type": "string", "pattern": "^\"[A-Za-z0-9_-]+\"$" })),
        "Location": always("Where the new resource is (RFC 9110, 10.2.2).", json!({ "type": "string", "format": "uri-reference" })),
        "Link": header("The next page, `rel=\"next\"` (RFC 8288); absent on the last.", json!({ "type": "string" })),
        "WWW-Authenticate": always("How to authenticate (RFC 6750, 3).", json!({ "type": "string" })),
        "Accept": always("The media types that the operation reads (RFC 9110, 12.5.1).", json!({ "type": "string" })),
        "Retry-After": header("Seconds to wait before the next try (RFC 9110, 10.2.3); not sent where waiting is no help.", json!({ "type": "string", "pattern": "^[0-9]+$" })),
        "Clear-Site-Data": always("What a browser is to forget of the service.", json!({ "type": "string" })),
    })
}
