//! What operations answer with: statuses, headers, problems.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The errors that the fixed order in front of every endpoint can answer with.
const ALWAYS: &[u16] = &[400, 403, 406, 413, 414, 431, 500, 503];

/// Headers that every answer can carry.
const ALWAYS_SENT: &[&str] = &["X-Request-Id", "Access-Control-Allow-Origin"];

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
    (
        429,
        "The quota is used up; Retry-After says when there is room again.",
    ),
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
    /// Headers of every answer.
    common: &'static [&'static str],
}

/// On every answer of a limited operation (draft-ietf-httpapi-ratelimit-headers).
const LIMITED: &[&str] = &["RateLimit-Policy", "RateLimit"];

impl Answers {
    /// Of an operation without a rate limit: the errors that every operation can answer with, and no success yet.
    pub(super) fn unlimited() -> Self {
        Self {
            answers: Map::new(),
            errors: ALWAYS.to_vec(),
            common: &[],
        }
    }

    /// Of an operation with a rate limit.
    pub(super) fn new() -> Self {
        Self {
            common: LIMITED,
            ..Self::unlimited().errors(&[429])
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
            "headers": header_references(headers.iter().chain(self.common)),
            "content": { media_type: { "schema": schema } },
        });
        self.answers.insert(status.to_string(), answer);
        self
    }

    /// A success without a body.
    pub(super) fn empty(mut self, status: u16, description: &str, headers: &[&str]) -> Self {
        let headers = header_references(headers.iter().chain(self.common));
        let answer = json!({ "description": description, "headers": headers });
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

fn header_references<'a>(names: impl Iterator<Item = &'a &'a str>) -> Value {
    let mut headers = Map::new();
    for name in names.chain(ALWAYS_SENT) {
        headers.insert(
            (*name).to_owned(),
            json!({ "$ref": format!("#/components/headers/{name}") }),
        );
    }
    Value::Object(headers)
}

/// Where plain HTTP is sent to its own address.
const REDIRECT: u16 = 308;

/// Adds the answer that plain HTTP gets to all operations that only read, but for health probes, which are exempt.
pub(super) fn redirect(paths: &mut Map<String, Value>) {
    let exempt = |path: &str| path.starts_with("/health/");
    let items = paths.iter_mut().filter(|(path, _)| !exempt(path));
    let answers = items.filter_map(|(_, item)| item.get_mut("get")?.get_mut("responses"));
    for answers in answers.filter_map(Value::as_object_mut) {
        let reference = json!({ "$ref": "#/components/responses/Redirect" });
        let status = REDIRECT.to_string();
        let place = answers.keys().position(|other| *other > status);
        answers.shift_insert(place.unwrap_or(answers.len()), status, reference);
    }
}

/// The errors that some operation of these paths answers with, and the redirection.
pub(super) fn used(paths: &Map<String, Value>) -> BTreeSet<u16> {
    let items = paths.values().filter_map(Value::as_object);
    let operations = items.flat_map(Map::values);
    let answers = operations.filter_map(|operation| operation.get("responses")?.as_object());
    let is_error = |answer: &Value| answer.get("$ref").is_some();
    answers
        .flatten()
        .filter(|(_, answer)| is_error(answer))
        .filter_map(|(status, _)| status.parse().ok())
        .collect()
}

/// `components/responses`: those of these statuses.
pub(super) fn components(used: &BTreeSet<u16>) -> Value {
    let mut responses = Map::new();
    if used.contains(&REDIRECT) {
        let mut headers = header_references(std::iter::empty());
        let place = json!({
            "description": "The same at the service's own address (RFC 9110, 10.2.2).",
            "required": true,
            "schema": { "type": "string", "format": "uri" },
        });
        headers["Location"] = place;
        let response = json!({
            "description": "The request came in plain HTTP, and nothing in it was secret; with a credential it is 403.",
            "headers": headers,
        });
        responses.insert("Redirect".to_owned(), response);
    }
    for (status, description) in PROBLEMS.iter().filter(|(status, _)| used.contains(status)) {
        let headers: &[&str] = match status {
            401 => &["WWW-Authenticate"],
            415 => &["Accept"],
            429 | 503 => &["Retry-After"],
            _ => &[],
        };
        let response = json!({
            "description": description,
            "headers": header_references(headers.iter().chain(LIMITED)),
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
        "Access-Control-Allow-Origin": header("The origin of the page that asked, if it is one of those that may (Fetch, 3.3.3); else absent.", json!({ "type": "string", "format": "uri" })),
        "ETag": header("The version of the representation (RFC 9110, 8.8.3).", json!({ "type": "string", "pattern": "^\"[A-Za-z0-9_-]+\"$" })),
        "Location": always("Where the new resource is (RFC 9110, 10.2.2).", json!({ "type": "string", "format": "uri-reference" })),
        "Link": header("The next page, `rel=\"next\"` (RFC 8288); absent on the last.", json!({ "type": "string" })),
        "WWW-Authenticate": always("How to authenticate (RFC 6750, 3).", json!({ "type": "string" })),
        "Accept": always("The media types that the operation reads (RFC 9110, 12.5.1).", json!({ "type": "string" })),
        "Retry-After": header("Seconds to wait before the next try (RFC 9110, 10.2.3); not sent where waiting is no help.", json!({ "type": "string", "pattern": "^[0-9]+$" })),
        "RateLimit-Policy": header("The quotas that hold for the caller: a list of names with `q`, requests, and `w`, seconds (draft-ietf-httpapi-ratelimit-headers). Absent where the operation is not limited.", json!({ "type": "string" })),
        "RateLimit": header("What is left of each quota: `r`, requests, and `t`, seconds until there is one more (draft-ietf-httpapi-ratelimit-headers). Absent where the operation is not limited.", json!({ "type": "string" })),
        "Clear-Site-Data": always("What a browser is to forget of the service.", json!({ "type": "string" })),
    })
}
