//! The routes that every service has: health, keys, documents.

use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::put;

/// Adds their paths.
pub(super) fn add(paths: &mut Map<String, Value>) {
    let live = Answers::new().body(200, "The process answers.", "Health", &[]);
    let ready = Answers::new().body(200, "The service can do its work.", "Health", &[]);
    get(
        paths,
        "/health/live",
        "healthLive",
        "Whether the process answers",
        live,
    );
    get(
        paths,
        "/health/ready",
        "healthReady",
        "Whether the service can do its work",
        ready,
    );
    get(
        paths,
        "/.well-known/jwks.json",
        "jwks",
        "The public keys of access tokens (RFC 7517)",
        json_answer("The key set."),
    );
    get(
        paths,
        "/openapi.json",
        "openapi",
        "This document",
        json_answer("The document.").errors(&[404]),
    );
    let page = Answers::new()
        .content(
            200,
            "The page.",
            "text/html",
            &json!({ "type": "string" }),
            &[],
        )
        .errors(&[404])
        // The page is for people, whatever their browser accepts.
        .without(406);
    get(paths, "/docs", "docs", "This document as a page", page);
    let mut problem = operation(
        "explainProblem",
        "What an error code means",
        json_answer("The meaning.").errors(&[404]),
    );
    if let Value::Object(problem) = &mut problem {
        problem.insert("parameters".into(), json!([{ "name": "code", "in": "path", "required": true, "description": "The last part of an error's `type`.", "schema": { "type": "string", "pattern": "^[a-z_]+$" } }]));
    }
    put(paths, "/problems/{code}".into(), "get", problem);
}

fn get(paths: &mut Map<String, Value>, path: &str, id: &str, summary: &str, answers: Answers) {
    put(
        paths,
        path.to_owned(),
        "get",
        operation(id, summary, answers),
    );
}

fn json_answer(description: &str) -> Answers {
    Answers::new().content(
        200,
        description,
        "application/json",
        &json!({ "type": "object" }),
        &[],
    )
}

fn operation(id: &str, summary: &str, answers: Answers) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "tags": ["service"],
        "security": [],
        "responses": answers.finish(),
    })
}
