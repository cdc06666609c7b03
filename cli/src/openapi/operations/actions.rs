//! What can be done beyond the five operations: the actions of a resource, and restoring what was deleted.

use serde_json::{Map, Value, json};

use super::Writer;
use crate::model::{Action, Method, SoftDelete};
use crate::openapi::answers::Answers;
use crate::openapi::{parameters, put};

impl Writer<'_> {
    /// Adds the paths of all of them.
    pub(super) fn add_actions(&self, paths: &mut Map<String, Value>) {
        let base = self.base_path;
        if self.resource.soft_delete.is_some() {
            let path = format!(
                "{base}{}/{{id}}/{}",
                self.resource.path,
                SoftDelete::RESTORE
            );
            put(paths, path, "post", self.restore());
        }
        for action in &self.resource.actions {
            let path = format!("{base}{}", action.path(&self.resource.path));
            put(paths, path, action.method.lower(), self.action(action));
        }
    }

    fn restore(&self) -> Value {
        let summary = format!("Bring one deleted {} back", self.resource.words);
        let answers = self
            .row_answers("Restored; as it was, where it was not deleted.")
            .errors(&self.refusals())
            .errors(&[404, 409, 412])
            .errors(&self.reused())
            .errors(self.precondition());
        let mut parameters = self.changing();
        parameters.extend(self.key());
        self.operation(SoftDelete::RESTORE, "", &summary, parameters, None, answers)
    }

    fn action(&self, action: &Action) -> Value {
        let what = match action.is_on_item() {
            true => format!("one {}", self.resource.words),
            false => self.resource.plural_words.clone(),
        };
        let summary = format!("Action `{}` on {what}", action.words);
        let body = (!action.input.is_empty()).then(|| self.input(action));
        let answers = self.answers_of(action);
        let parameters = self.parameters_of(action);
        let mut operation =
            self.operation(&action.operation, "", &summary, parameters, body, answers);
        if let Value::Object(operation) = &mut operation {
            operation.insert("description".into(), self.described(action).into());
        }
        operation
    }

    fn described(&self, action: &Action) -> String {
        let whom = match action.is_on_item() {
            true => "The policies decide who may do this, and to which rows",
            false => "Only callers may do this whom the policies would allow it on every row",
        };
        let decided = format!(
            "{whom}, by the action `{}:{}`.",
            self.resource.name, action.name
        );
        match &action.description {
            Some(description) => format!("{description} {decided}"),
            None => decided,
        }
    }

    fn input(&self, action: &Action) -> Value {
        let reference = format!("#/components/schemas/{}", action.input_type);
        json!({ "required": true, "content": { "application/json": { "schema": { "$ref": reference } } } })
    }

    fn parameters_of(&self, action: &Action) -> Vec<Value> {
        let mut parameters = match (action.is_on_item(), action.writes()) {
            (true, true) => self.changing(),
            (true, false) => vec![parameters::id()],
            (false, _) => Vec::new(),
        };
        if action.method == Method::Post {
            parameters.extend(self.key());
        }
        parameters
    }

    /// Without callers there is nobody to whom a key could belong.
    fn key(&self) -> Option<Value> {
        self.auth.map(|_| parameters::idempotency_key())
    }

    /// A key that was sent with another body.
    fn reused(&self) -> Vec<u16> {
        Vec::from_iter(self.auth.map(|_| 422))
    }

    /// A handler may refuse in its own way, with 409 and 422, whatever the method.
    fn answers_of(&self, action: &Action) -> Answers {
        let answers = match (&action.output, action.is_on_item()) {
            (Some(_), _) => self.output(action),
            (None, true) => self.row_answers("Done; the row as it is now."),
            (None, false) => Answers::new().empty(204, "Done.", &[]),
        };
        let answers = answers.errors(&self.refusals()).errors(&[409, 422]);
        let answers = match action.is_on_item() {
            true => answers.errors(&[404]),
            false => answers,
        };
        let answers = match action.is_on_item() && action.writes() {
            true => answers.errors(&[412]).errors(self.precondition()),
            false => answers,
        };
        match action.input.is_empty() {
            true => answers,
            false => answers.errors(&[413, 415]),
        }
    }

    fn output(&self, action: &Action) -> Answers {
        let answers =
            Answers::new().body(200, "What the action answers.", &action.output_type, &[]);
        match (action.method, self.auth) {
            (Method::Post, Some(_)) => answers.empty(
                204,
                "An equal request with this Idempotency-Key was carried out before; its answer is not kept.",
                &[],
            ),
            _ => answers,
        }
    }

    fn row_answers(&self, description: &str) -> Answers {
        Answers::new()
            .body(200, description, &self.resource.struct_name, &["ETag"])
            .empty(
                204,
                "Done, and the row is not readable for the caller now.",
                &[],
            )
    }
}
