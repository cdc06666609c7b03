//! The routes that every service has: health, keys, documents.

use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::put;
use crate::model::Docs;

/// Adds their paths.
pub(super) fn add(docs: Docs, paths: &mut Map<String, Value>) {
    let live = Answers::unlimited().body(200, "The process answers.", "Health", &[]);
    let ready = Answers::unlimited().body(200, "The service can do its work.", "Health", &[]);
    get(
        paths,
        "/health/live",
        "healthLive",
        "Whether the process answers",
        "For a supervisor that restarts what does not answer; it asks nothing but the process itself.",
        live,
    );
    get(
        paths,
        "/health/ready",
        "healthReady",
        "Whether the service can do its work",
        "For a load balancer; it asks for all that requests need, and names what is missing.",
        ready,
    );
    get(
        paths,
        "/.well-known/jwks.json",
        "jwks",
        "The public keys of access tokens (RFC 7517)",
        "What other services verify access tokens with; empty where the keys are symmetric.",
        json_answer("The key set."),
    );
    if docs != Docs::Never {
        documents(paths);
    }
    let mut problem = operation(
        "explainProblem",
        "What an error code means",
        "The `type` of every error leads here.",
        json_answer("The meaning.").errors(&[404]),
    );
    if let Value::Object(problem) = &mut problem {
        problem.insert("parameters".into(), json!([{ "name": "code", "in": "path", "required": true, "description": "The last part of an error's `type`.", "schema": { "type": "string", "pattern": "^[a-z_]+$" } }]));
    }
    put(paths, "/problems/{code}".into(), "get", problem);
}

/// The document, and it as a page.
fn documents(paths: &mut Map<String, Value>) {
    get(
        paths,
        "/openapi.json",
        "openapi",
        "This document",
        "In production only where the spec says so.",
        json_answer("The document.").errors(&[404]),
    );
    let page = Answers::unlimited()
        .content(
            200,
            "The page.",
            "text/html",
            &json!({ "type": "string", "format": "html" }),
            &[],
        )
        .errors(&[404])
        // The page is for people, whatever their browser accepts.
        .without(406);
    get(
        paths,
        "/docs",
        "docs",
        "This document as a page",
        "In production only where the spec says so. It takes nothing from other hosts.",
        page,
    );
}

fn get(
    paths: &mut Map<String, Value>,
    path: &str,
    id: &str,
    summary: &str,
    description: &str,
    answers: Answers,
) {
    put(
        paths,
        path.to_owned(),
        "get",
        operation(id, summary, description, answers),
    );
}

fn json_answer(description: &str) -> Answers {
    Answers::unlimited().content(
        200,
        description,
        "application/json",
        &json!({ "type": "object" }),
        &[],
    )
}

fn operation(id: &str, summary: &str, description: &str, answers: Answers) -> Value {
    json!({
        "operationId": id,
        "summary": summary,
        "description": description,
        "tags": ["service"],
        "security": [],
        "responses": answers.finish(),
    })
}
