//! The operations of one resource: list, create, read, change, remove.

mod actions;
mod relations;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::answers::Answers;
use super::{parameters, put, row, schemas};
use crate::model::{Auth, Concurrency, Https, Operation, Resource, Service};

/// What ends the id of the operation on the caller's own row.
const OWN: &str = "Me";

/// Writes the part of one resource. It holds all that this part says, so that two of which nothing differs write the same.
#[derive(Serialize)]
pub(super) struct Writer<'a> {
    base_path: &'a str,
    auth: Option<&'a Auth>,
    pub(super) https: Https,
    pub(super) resource: &'a Resource,
    /// Where its relations lead to.
    related: Vec<&'a Resource>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(service: &'a Service, resource: &'a Resource) -> Self {
        let relations = resource.relations.iter();
        Self {
            base_path: &service.base_path,
            auth: service.auth.as_ref(),
            https: service.http.https,
            resource,
            related: relations
                .filter_map(|relation| service.resource(&relation.to))
                .collect(),
        }
    }

    /// The paths of the resource, none of which another one has.
    pub(super) fn paths(&self) -> Map<String, Value> {
        let mut paths = Map::new();
        let resource = self.resource;
        let collection = format!("{}{}", self.base_path, resource.path);
        let row = format!("{collection}/{{id}}");
        if resource.is_identity {
            put(&mut paths, format!("{collection}/me"), "get", self.me());
        }
        if resource.has(Operation::List) {
            put(&mut paths, collection.clone(), "get", self.list());
        }
        if resource.has(Operation::Create) {
            put(&mut paths, collection, "post", self.create());
        }
        if resource.has(Operation::Read) {
            put(&mut paths, row.clone(), "get", self.read());
        }
        if resource.has(Operation::Update) {
            put(&mut paths, row.clone(), "patch", self.update());
        }
        if resource.has(Operation::Delete) {
            put(&mut paths, row.clone(), "delete", self.delete());
        }
        self.add_actions(&mut paths);
        self.add_relations(&mut paths);
        if resource.is_identity {
            let at = |end: &str| format!("{row}/{end}");
            put(&mut paths, at("disable"), "post", self.disable());
            put(&mut paths, at("enable"), "post", self.enable());
            put(&mut paths, at("sessions"), "get", self.sessions());
            put(&mut paths, at("sessions"), "delete", self.end_sessions());
        }
        paths
    }

    /// The schemas of the resource.
    pub(super) fn schemas(&self) -> Map<String, Value> {
        schemas::of(self.auth, self.resource)
    }
}

impl Writer<'_> {
    fn me(&self) -> Value {
        let summary = format!("Read one's own {}", self.resource.words);
        let answers = self.item_answers(&[401, 404]);
        let mut operation = self.operation(
            "get",
            OWN,
            &summary,
            self.showing().collect(),
            None,
            answers,
        );
        if let Value::Object(operation) = &mut operation {
            // Without a credential there is nobody to read.
            operation.insert("security".into(), json!([{ "bearer": [] }]));
        }
        operation
    }

    fn list(&self) -> Value {
        let summary = format!("List {}", self.resource.plural_words);
        let schema = format!("{}List", self.resource.struct_name);
        let answers = Answers::new()
            .body(
                200,
                "A page of the rows that the caller may list and read.",
                &schema,
                &["Link"],
            )
            .errors(&self.refusals());
        self.operation(
            "list",
            "s",
            &summary,
            parameters::of_list(self.resource),
            None,
            answers,
        )
    }

    fn create(&self) -> Value {
        let summary = format!("Create one {}", self.resource.words);
        let answers = Answers::new()
            .body(
                201,
                "The new row; without a body for a caller who may not read it.",
                &self.resource.struct_name,
                &["Location", "ETag"],
            )
            .errors(&self.refusals())
            .errors(&[409, 413, 415, 422]);
        let body = self.request("Create", &["application/json"]);
        let parameters = match self.auth {
            Some(_) => vec![parameters::idempotency_key()],
            // Without callers there is nobody to whom a key could belong.
            None => Vec::new(),
        };
        self.operation("create", "", &summary, parameters, Some(body), answers)
    }

    fn read(&self) -> Value {
        let summary = format!("Read one {}", self.resource.words);
        let mut errors = self.refusals();
        errors.push(404);
        let answers = self.item_answers(&errors);
        self.operation("read", "", &summary, self.reading(), None, answers)
    }

    fn update(&self) -> Value {
        let summary = format!("Change one {}", self.resource.words);
        let answers = Answers::new()
            .body(
                200,
                "The changed row.",
                &self.resource.struct_name,
                &["ETag"],
            )
            .empty(204, "Changed, and no longer readable for the caller.", &[])
            .errors(&self.refusals())
            .errors(&[404, 409, 412, 413, 415, 422])
            .errors(self.precondition());
        let body = self.request(
            "Update",
            &["application/merge-patch+json", "application/json"],
        );
        self.operation("update", "", &summary, self.changing(), Some(body), answers)
    }

    fn delete(&self) -> Value {
        let summary = format!("Remove one {}", self.resource.words);
        let answers = Answers::new()
            .empty(204, "Removed.", &[])
            .errors(&self.refusals())
            .errors(&[404, 409, 412])
            .errors(self.precondition());
        self.operation("delete", "", &summary, self.changing(), None, answers)
    }

    fn disable(&self) -> Value {
        let summary = format!("Keep one {} from signing in", self.resource.words);
        let answers = Answers::new()
            .empty(204, "Disabled; its sessions have ended.", &[])
            .errors(&[409]);
        self.of_account("disable", &summary, answers)
    }

    fn enable(&self) -> Value {
        let summary = format!("Let one disabled {} sign in again", self.resource.words);
        let answers = Answers::new().empty(204, "Enabled; its old sessions stay ended.", &[]);
        self.of_account("enable", &summary, answers)
    }

    fn sessions(&self) -> Value {
        let summary = format!("List the sessions of one {}", self.resource.words);
        let answers = Answers::new().body(200, "Its live sessions.", "SessionList", &[]);
        self.of_account("sessionsOf", &summary, answers)
    }

    fn end_sessions(&self) -> Value {
        let summary = format!("End all sessions of one {}", self.resource.words);
        let answers = Answers::new().empty(204, "They have ended.", &[]);
        self.of_account("endSessionsOf", &summary, answers)
    }

    /// What is done to an account rather than to its row.
    fn of_account(&self, verb: &str, summary: &str, answers: Answers) -> Value {
        let answers = answers.errors(&self.refusals()).errors(&[404]);
        self.operation(verb, "", summary, vec![parameters::id()], None, answers)
    }

    fn item_answers(&self, errors: &[u16]) -> Answers {
        Answers::new()
            .body(
                200,
                "The row, with the fields that the caller may read.",
                &row::including(self.resource),
                &["ETag"],
            )
            .empty(304, "The caller has this version already.", &["ETag"])
            .errors(errors)
            .errors(&[412])
    }

    fn reading(&self) -> Vec<Value> {
        std::iter::once(parameters::id())
            .chain(self.showing())
            .collect()
    }

    /// What decides how a row is shown.
    fn showing(&self) -> impl Iterator<Item = Value> {
        let include = parameters::include(self.resource);
        include.into_iter().chain(parameters::of_reading())
    }

    fn changing(&self) -> Vec<Value> {
        let required = self.resource.concurrency == Concurrency::Required;
        vec![
            parameters::id(),
            parameters::if_match(required),
            parameters::unless_match(),
        ]
    }

    fn precondition(&self) -> &'static [u16] {
        match self.resource.concurrency {
            Concurrency::Required => &[428],
            Concurrency::Optional => &[],
        }
    }

    /// Without accounts nobody can authenticate, and everyone is answered as the anonymous: 401.
    fn refusals(&self) -> Vec<u16> {
        vec![401, 403]
    }

    /// Who may call it: the action that policies are asked about.
    fn decided(&self, verb: &str) -> String {
        let action = match verb {
            "get" => "read",
            "sessionsOf" => "sessions:read",
            "endSessionsOf" => "sessions:revoke",
            verb => verb,
        };
        format!(
            "The policies decide who may do this, and to which rows, by the action `{}:{action}`.",
            self.resource.name
        )
    }

    fn request(&self, schema: &str, media_types: &[&str]) -> Value {
        let schema = json!({ "schema": { "$ref": format!("#/components/schemas/{}{schema}", self.resource.struct_name) } });
        let content: Map<String, Value> = media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), schema.clone()))
            .collect();
        json!({ "required": true, "content": content })
    }

    fn operation(
        &self,
        verb: &str,
        suffix: &str,
        summary: &str,
        parameters: Vec<Value>,
        body: Option<Value>,
        answers: Answers,
    ) -> Value {
        let name = match suffix {
            "s" => self.resource.plural_name.clone(),
            suffix => format!("{}{suffix}", self.resource.struct_name),
        };
        let mut operation = Map::new();
        operation.insert("operationId".into(), format!("{verb}{name}").into());
        operation.insert("summary".into(), summary.into());
        operation.insert("description".into(), self.decided(verb).into());
        operation.insert("tags".into(), json!([self.resource.plural]));
        if self.auth.is_some() {
            // The empty requirement: policies may let the anonymous in, but they have no row of their own.
            let security = match suffix {
                OWN => json!([{ "bearer": [] }]),
                _ => json!([{ "bearer": [] }, {}]),
            };
            operation.insert("security".into(), security);
        }
        if !parameters.is_empty() {
            operation.insert("parameters".into(), Value::Array(parameters));
        }
        if let Some(body) = body {
            operation.insert("requestBody".into(), body);
        }
        operation.insert("responses".into(), answers.finish());
        Value::Object(operation)
    }
}
