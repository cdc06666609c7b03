//! Relations: the list of what a row is related to, and the routes that add to it and remove from it.

use serde_json::{Map, Value, json};

use super::Writer;
use crate::model::{Relation, Resource};
use crate::openapi::answers::Answers;
use crate::openapi::{parameters, put};

impl Writer<'_> {
    /// Adds the paths of all of them.
    pub(super) fn add_relations(&self, paths: &mut Map<String, Value>) {
        for relation in &self.resource.relations {
            let mut others = self.related.iter();
            let Some(other) = others.find(|other| other.name == relation.to) else {
                continue;
            };
            let base = self.base_path;
            let path = format!("{base}{}", relation.path(&self.resource.path));
            put(paths, path, "get", self.related(relation, other));
            if relation.is_declared() {
                let path = format!("{base}{}", relation.item_path(&self.resource.path));
                put(paths, path.clone(), "put", self.relate(relation));
                put(paths, path, "delete", self.unrelate(relation));
            }
        }
    }

    fn related(&self, relation: &Relation, other: &Resource) -> Value {
        let summary = format!("List the {} of one {}", relation.words, self.resource.words);
        let answers = Answers::new()
            .body(
                200,
                "A page of the related rows that the caller may list and read.",
                &format!("{}List", other.struct_name),
                &["Link"],
            )
            .errors(&self.refusals())
            .errors(&[404]);
        let mut all = vec![parameters::id()];
        all.extend(parameters::of_list(other));
        let seen = format!(
            "{} It holds those rows for which the policies allow `{to}:list` and `{to}:read`.",
            self.decided_by(relation, 0),
            to = relation.to
        );
        let seen = match &relation.description {
            Some(description) => format!("{description} {seen}"),
            None => seen,
        };
        self.of_relation(relation, 0, &summary, &seen, all, answers)
    }

    fn relate(&self, relation: &Relation) -> Value {
        let summary = format!(
            "Add one {} to the {} of one {}",
            relation.to_words, relation.words, self.resource.words
        );
        let answers = Answers::new()
            .empty(204, "Added, or there already.", &[])
            .errors(&[409]);
        self.of_pair(relation, 1, &summary, answers)
    }

    fn unrelate(&self, relation: &Relation) -> Value {
        let summary = format!(
            "Remove one {} from the {} of one {}",
            relation.to_words, relation.words, self.resource.words
        );
        let answers = Answers::new().empty(204, "Removed, or not there.", &[]);
        self.of_pair(relation, 2, &summary, answers)
    }

    fn of_pair(&self, relation: &Relation, place: usize, summary: &str, answers: Answers) -> Value {
        let answers = answers.errors(&self.refusals()).errors(&[404]);
        let named = parameters::other(&relation.parameter, &relation.to_words);
        let decided = format!(
            "{} The caller has to be allowed `{}:read` on the row that is named last.",
            self.decided_by(relation, place),
            relation.to
        );
        let all = vec![parameters::id(), named];
        self.of_relation(relation, place, summary, &decided, all, answers)
    }

    fn decided_by(&self, relation: &Relation, place: usize) -> String {
        let action = relation.actions.get(place).map_or("", String::as_str);
        format!(
            "The policies decide who may do this, and with which rows, by the action `{}:{action}`.",
            self.resource.name
        )
    }

    fn of_relation(
        &self,
        relation: &Relation,
        place: usize,
        summary: &str,
        description: &str,
        parameters: Vec<Value>,
        answers: Answers,
    ) -> Value {
        let mut operation = self.operation("", "", summary, parameters, None, answers);
        if let Value::Object(operation) = &mut operation {
            let id = relation.operations.get(place).map_or("", String::as_str);
            operation.insert("operationId".into(), json!(id));
            operation.insert("description".into(), description.into());
        }
        operation
    }
}
