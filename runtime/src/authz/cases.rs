//! Policy tests: requests with the answer that the policies shall give.
//!
//! A case is a JSON file in `policies/tests/ALLOW` or `policies/tests/DENY`, named by the sentence that it proves:
//!
//! ```json
//! {
//!   "principal": "App::User::\"alice\"",
//!   "action": "App::Action::\"user:read\"",
//!   "resource": "App::User::\"alice\"",
//!   "context": {},
//!   "entities": [{"uid": {"type": "App::User", "id": "alice"}, "attrs": {}, "parents": []}],
//!   "policies": ["user-read-self"]
//! }
//! ```
//!
//! An entity is also accepted as `{"type": …, "id": …}`. `entities` is Cedar's own JSON and has to fit the schema.
//! What `context` leaves out is an ordinary request: a password session in scope, without a second factor.

use super::decision::Decision;
use super::engine::Engine;
use cedar_policy::{Context, Entities, EntityUid, Request};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::str::FromStr;

/// What a case expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// The case is in `ALLOW`.
    Allow,
    /// The case is in `DENY`.
    Deny,
}

/// One request and the answer that the policies shall give.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    principal: Value,
    action: Value,
    resource: Value,
    #[serde(default)]
    context: Map<String, Value>,
    entities: Value,
    policies: Vec<String>,
}

/// How a case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// What the policies answered.
    pub decision: Decision,
    /// In what the answer differs from the expected one; nothing where the case holds.
    pub failures: Vec<String>,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// When the text is not a case, in one sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Puts the case to the policies and compares decision, deciding policies and errors (there shall be none).
    ///
    /// # Errors
    /// When the case does not fit the schema, in one sentence.
    pub fn run(&self, engine: &Engine, expected: Expected) -> Result<CaseResult, String> {
        let decision = self.decide(engine)?;
        let mut failures = Vec::new();
        if decision.allowed != (expected == Expected::Allow) {
            let answer = if decision.allowed {
                "allowed"
            } else {
                "denied"
            };
            failures.push(format!("the request is {answer}"));
        }
        let mut policies = self.policies.clone();
        policies.sort();
        if decision.policies != policies {
            failures.push(format!(
                "decided by {:?} instead of {policies:?}",
                decision.policies
            ));
        }
        failures.extend(
            decision
                .errors
                .iter()
                .map(|error| format!("an error: {error}")),
        );
        Ok(CaseResult { decision, failures })
    }

    fn decide(&self, engine: &Engine) -> Result<Decision, String> {
        let schema = engine.schema();
        let principal = uid(&self.principal)?;
        let action = uid(&self.action)?;
        let context = Value::Object(self.full_context(&principal));
        let context = Context::from_json_value(context, Some((schema, &action))).map_err(text)?;
        let entities =
            Entities::from_json_value(self.entities.clone(), Some(schema)).map_err(text)?;
        let request = Request::new(
            principal,
            action,
            uid(&self.resource)?,
            context,
            Some(schema),
        )
        .map_err(text)?;
        engine.decide_request(&request, &entities).map_err(text)
    }

    /// The context with what the case leaves out.
    fn full_context(&self, principal: &EntityUid) -> Map<String, Value> {
        let is_anonymous = principal.type_name().basename() == "Anonymous";
        let ordinary = json!({
            "ip": "192.0.2.1",
            "now": "2026-01-02T03:04:05.678Z",
            "mfa": false,
            "credential": if is_anonymous { "none" } else { "password" },
            "scopes": [],
            "in_scope": true,
        });
        let mut context = self.context.clone();
        for (key, value) in ordinary.as_object().into_iter().flatten() {
            context.entry(key).or_insert_with(|| value.clone());
        }
        context
    }
}

/// An entity in Cedar's notation, or as an object of type and id.
fn uid(value: &Value) -> Result<EntityUid, String> {
    match value {
        Value::String(notation) => EntityUid::from_str(notation).map_err(text),
        other => EntityUid::from_json(other.clone()).map_err(text),
    }
}

/// An error and its causes in one line.
fn text(error: impl std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        line = format!("{line}: {inner}");
        cause = inner.source();
    }
    line
}
