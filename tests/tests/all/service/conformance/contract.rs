//! Judges answers by the OpenAPI document of the service that gave them.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use secapi_runtime::testing::{Answer, Client, TestService};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What stands on every answer whoever gives it, so that no operation says it of itself: what HTTP needs, and the
/// hardening that `headers.rs` holds.
const EVERYWHERE: &[&str] = &[
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "origin-agent-cluster",
    "permissions-policy",
    "referrer-policy",
    "vary",
    "x-content-type-options",
    "x-dns-prefetch-control",
    "x-download-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    // In development alone, for the people who write the policies; no part of the interface.
    "x-policy",
    "x-xss-protection",
];

/// A document, and which of its answers were seen.
pub(super) struct Contract {
    document: Value,
    schemas: RefCell<Known>,
    seen: RefCell<BTreeSet<(String, u16)>>,
}

/// The schemas that were needed so far, by their text.
#[derive(Default)]
struct Known {
    compiled: Schemas,
    indices: BTreeMap<String, SchemaIndex>,
}

impl Known {
    fn index(&mut self, schema: &Value, components: &Value) -> SchemaIndex {
        let text = schema.to_string();
        if let Some(index) = self.indices.get(&text) {
            return *index;
        }
        let place = format!("http://schemas/{}.json", self.indices.len());
        let whole = json!({ "allOf": [schema], "components": components });
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        compiler
            .add_resource(&place, whole)
            .expect("the document is JSON");
        let index = compiler.compile(&place, &mut self.compiled);
        let index = index.expect("the document holds schemas");
        self.indices.insert(text, index);
        index
    }
}

/// An operation's own name, its path and its part of the document.
struct Operation<'a> {
    name: String,
    answers: &'a Value,
}

impl Contract {
    pub(super) fn of(service: &TestService) -> Self {
        let document = service.anonymous().get("/openapi.json").expect(200).json();
        Self {
            document,
            schemas: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// Sends a request and holds the answer to the document.
    #[track_caller]
    pub(super) fn send(
        &self,
        caller: &Client<'_>,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let answer = caller.send(method, path, headers, body);
        self.judge(method, path, &answer);
        answer
    }

    /// Holds an answer to the document.
    #[track_caller]
    pub(super) fn judge(&self, method: &str, path: &str, answer: &Answer) {
        let what = format!("{method} {path} -> {}", answer.status());
        let Some(operation) = self.operation(method, path) else {
            return self.judge_unknown(&what, path, answer);
        };
        let declared = self.resolved(&operation.answers[answer.status().to_string()]);
        assert!(
            declared.is_object(),
            "{what}: {} does not declare it",
            operation.name
        );
        self.judge_headers(&what, declared, answer);
        if method == "HEAD" {
            assert!(answer.body().is_empty(), "{what}: HEAD has a body");
        } else {
            self.judge_body(&what, declared, answer);
        }
        self.seen
            .borrow_mut()
            .insert((operation.name, answer.status()));
    }

    /// Which answers of the document were never seen, but for those that only a failing service gives.
    pub(super) fn unseen(&self) -> Vec<String> {
        let seen = self.seen.borrow();
        let mut unseen = Vec::new();
        for (path, item) in object(&self.document["paths"]) {
            for (method, operation) in object(item) {
                let name = format!("{method} {path}");
                for (status, _) in object(&operation["responses"]) {
                    let number: u16 = status.parse().expect("a status is a number");
                    if !seen.contains(&(name.clone(), number)) {
                        unseen.push(format!("{name} {status}"));
                    }
                }
            }
        }
        unseen
    }

    /// Every operation: method in upper case, path with `{id}` and the like still in it.
    pub(super) fn operations(&self) -> Vec<(String, String)> {
        let paths = object(&self.document["paths"]);
        paths
            .flat_map(|(path, item)| {
                object(item).map(move |(method, _)| (method.to_uppercase(), path.clone()))
            })
            .collect()
    }

    /// The parameters of `GET` that hold several values.
    pub(super) fn several(&self, path: &str) -> Vec<&Value> {
        let parameters = self.document["paths"][path]["get"]["parameters"].as_array();
        let several = |parameter: &&Value| parameter["schema"]["type"] == "array";
        parameters.into_iter().flatten().filter(several).collect()
    }

    /// Whether a schema of the document takes a value.
    pub(super) fn takes(&self, schema: &Value, value: &Value) -> bool {
        let mut schemas = self.schemas.borrow_mut();
        let index = schemas.index(schema, &self.document["components"]);
        schemas.compiled.validate(value, index).is_ok()
    }

    fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        let method = if method == "HEAD" { "GET" } else { method }.to_lowercase();
        let template = self.template(path)?;
        let operation = self.document["paths"][template].get(&method)?;
        Some(Operation {
            name: format!("{method} {template}"),
            answers: &operation["responses"],
        })
    }

    /// The path of the document that this one is an instance of; one without parameters wins.
    fn template(&self, path: &str) -> Option<&str> {
        let path = path.split('?').next().unwrap_or_default();
        let is_instance = |template: &&String| {
            let (mut parts, mut segments) = (template.split('/'), path.split('/'));
            loop {
                match (parts.next(), segments.next()) {
                    (None, None) => return true,
                    (Some(part), Some(segment)) if part.starts_with('{') && !segment.is_empty() => {
                    }
                    (Some(part), Some(segment)) if part == segment => {}
                    _ => return false,
                }
            }
        };
        let paths = object(&self.document["paths"]).map(|(path, _)| path);
        let found = paths.filter(is_instance);
        found
            .min_by_key(|path| path.contains('{'))
            .map(String::as_str)
    }

    /// No operation: no such route, or none of its methods.
    #[track_caller]
    fn judge_unknown(&self, what: &str, path: &str, answer: &Answer) {
        let Some(template) = self.template(path) else {
            answer.expect_problem(404, "not_found");
            return self.judge_problem(what, answer);
        };
        let methods =
            object(&self.document["paths"][template]).map(|(name, _)| name.to_uppercase());
        let mut allowed: BTreeSet<String> = methods.collect();
        if allowed.contains("GET") {
            allowed.insert("HEAD".to_owned());
        }
        allowed.insert("OPTIONS".to_owned());
        let allow: BTreeSet<String> = answer
            .header("allow")
            .split(", ")
            .map(str::to_owned)
            .collect();
        assert_eq!(allow, allowed, "{what}: Allow");
        if answer.status() != 204 {
            answer.expect_problem(405, "method_not_allowed");
            self.judge_problem(what, answer);
        }
    }

    #[track_caller]
    fn judge_headers(&self, what: &str, declared: &Value, answer: &Answer) {
        let declared: BTreeMap<String, &Value> = object(&declared["headers"])
            .map(|(name, header)| (name.to_lowercase(), self.resolved(header)))
            .collect();
        for (name, value) in answer.headers() {
            if EVERYWHERE.contains(&name.as_str()) {
                continue;
            }
            let header = declared.get(name);
            let header = header.unwrap_or_else(|| panic!("{what}: `{name}` is not declared"));
            self.validate(what, &header["schema"], &Value::from(value.as_str()));
        }
        for (name, header) in declared {
            let required = header["required"] == true;
            let sent = answer.headers().iter().any(|(known, _)| *known == name);
            assert!(sent || !required, "{what}: `{name}` is missing");
        }
    }

    #[track_caller]
    fn judge_body(&self, what: &str, declared: &Value, answer: &Answer) {
        let media_type = answer.header("content-type");
        if answer.body().is_empty() {
            assert_eq!(media_type, "", "{what}: a type of nothing");
            let bare = [201, 204, 304].contains(&answer.status());
            assert!(bare || declared["content"].is_null(), "{what}: no body");
            return;
        }
        let essence = media_type.split(';').next().unwrap_or_default();
        let content = &declared["content"][essence];
        assert!(content.is_object(), "{what}: {media_type} is not declared");
        let body = match essence {
            "text/html" => Value::from(String::from_utf8_lossy(answer.body())),
            _ => answer.json(),
        };
        self.validate(what, &content["schema"], &body);
        if essence == "application/problem+json" {
            self.judge_problem(what, answer);
        }
    }

    /// What every problem is, whoever gives it (RFC 9457).
    #[track_caller]
    fn judge_problem(&self, what: &str, answer: &Answer) {
        let body = answer.json();
        self.validate(
            what,
            &json!({ "$ref": "#/components/schemas/Problem" }),
            &body,
        );
        assert_eq!(body["status"], answer.status(), "{what}");
        assert_eq!(body["request_id"], answer.header("x-request-id"), "{what}");
        let must_have = match answer.status() {
            401 => "www-authenticate",
            405 => "allow",
            415 => "accept",
            503 => "retry-after",
            _ => "x-request-id",
        };
        assert_ne!(answer.header(must_have), "", "{what}: {must_have}");
    }

    #[track_caller]
    fn validate(&self, what: &str, schema: &Value, value: &Value) {
        let mut schemas = self.schemas.borrow_mut();
        let index = schemas.index(schema, &self.document["components"]);
        if let Err(error) = schemas.compiled.validate(value, index) {
            panic!("{what}: {error:#} in {value}");
        }
    }

    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        match pointer {
            Some(pointer) => self.document.pointer(pointer).unwrap_or(&Value::Null),
            None => value,
        }
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}
