//! Names that were given up in this very run, and that something else has now.
//!
//! A policy that names one is valid before and after, and means other people's rows or another role without a word of it
//! being changed. Nothing in its text tells which of the two is meant, so it stops the run. What it names is read from its
//! syntax tree; where a tree leaves open whose attribute is read, it counts as named.

use std::collections::BTreeSet;

use cedar_policy::Policy;
use serde_json::{Map, Value};

use super::gone::role_field;
use super::pairs;
use super::renames::{RowsOf, action_names};
use super::words::{access, tree_of};
use crate::model::{Relation, Resource, Service};
use crate::plan::actions::actions;

/// The names that two things have, one after the other.
pub(super) struct Taken {
    /// What had it before in words, and how a policy names it.
    names: Vec<(String, Name)>,
}

enum Name {
    /// An entity type, whatever its namespace.
    Type(String),
    Action(String),
    Role(String),
    Attribute {
        name: String,
        /// The rows that have it, by their names before and now.
        rows: [RowsOf; 2],
        /// Whether the caller has it.
        is_callers: bool,
    },
}

impl Taken {
    pub(super) fn between(old: &Service, new: &Service) -> Self {
        let mut taken = Self { names: Vec::new() };
        let (types, actions) = (types(new), actions(new));
        for (was, is) in pairs::resources(old, new) {
            taken.types(was, is, &types);
            taken.actions((old, was), (new, is), &actions);
            taken.attributes((old, was), (new, is));
        }
        taken.roles(old, new);
        taken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What a policy names of it.
    pub(super) fn named_in(&self, statement: &str) -> BTreeSet<String> {
        if self.is_empty() {
            return BTreeSet::new();
        }
        let Some((policy, mut tree)) = tree_of(statement) else {
            return BTreeSet::new();
        };
        // What stands in annotations names nothing.
        tree.as_object_mut().map(|tree| tree.remove("annotations"));
        let names = self.names.iter();
        let named = names.filter(|(_, name)| any(&tree, &|node| name.is_it(node, &policy)));
        named.map(|(words, _)| words.clone()).collect()
    }

    fn types(&mut self, was: &Resource, is: &Resource, now: &BTreeSet<&str>) {
        if was.kind != is.kind && now.contains(was.kind.as_str()) {
            let words = format!("the resource `{}`, now `{}`", was.name, is.name);
            self.names.push((words, Name::Type(was.kind.clone())));
        }
        let relations = pairs::relations(was, is);
        for relation in &was.relations {
            let Some(kind) = relation.membership() else {
                continue;
            };
            let next = relations.iter().find(|(it, _)| it.name == relation.name);
            let stays = next.is_some_and(|(_, is)| is.membership() == Some(kind));
            if !stays && now.contains(kind) {
                let words = format!("the relation `{}` of `{}`", relation.name, was.name);
                self.names.push((words, Name::Type(kind.to_owned())));
            }
        }
    }

    fn actions(
        &mut self,
        (old, was): (&Service, &Resource),
        (new, is): (&Service, &Resource),
        now: &BTreeSet<String>,
    ) {
        if was.name != is.name && new.resources.iter().any(|it| it.name == was.name) {
            let words = format!("the resource `{}`, now `{}`", was.name, is.name);
            self.names.push((words, Name::Action(was.name.clone())));
        }
        for (action, next) in action_names(old, was, is) {
            if action != next && now.contains(&action) {
                let words = format!("the action `{action}`, now `{next}`");
                self.names.push((words, Name::Action(action)));
            }
        }
    }

    fn attributes(&mut self, (old, was): (&Service, &Resource), (new, is): (&Service, &Resource)) {
        let fields = pairs::fields(was, is).into_iter();
        let fields = fields.map(|(was, is)| ("field", &was.name, &is.name));
        let relations = pairs::relations(was, is).into_iter();
        let relations = relations.map(|(was, is)| ("relation", &was.name, &is.name));
        let is_there = |name: &String| {
            let mut relations = is.relations.iter();
            is.field(name).is_some() || relations.any(|it| it.name == *name)
        };
        for (what, name, next) in fields.chain(relations) {
            if name != next && is_there(name) {
                let words = format!("the {what} `{name}` of `{}`, now `{next}`", was.name);
                let attribute = Name::Attribute {
                    name: name.clone(),
                    rows: [RowsOf::of(old, was), RowsOf::of(new, is)],
                    is_callers: was.is_identity || is.is_identity,
                };
                self.names.push((words, attribute));
            }
        }
    }

    fn roles(&mut self, old: &Service, new: &Service) {
        let Some((was, is)) = role_field(old).zip(role_field(new)) else {
            return;
        };
        let now = is.kind.enumeration().map(|it| it.choices.as_slice());
        for (role, next) in pairs::values(was, is) {
            if now
                .unwrap_or_default()
                .iter()
                .any(|choice| choice.value == role)
            {
                let words = format!("the role `{role}`, now `{next}`");
                self.names.push((words, Name::Role(role)));
            }
        }
    }
}

impl Name {
    /// Whether a part of a syntax tree names it.
    fn is_it(&self, node: &Map<String, Value>, policy: &Policy) -> bool {
        let text = |key: &str| node.get(key).and_then(Value::as_str);
        let is_entity = |kind: &str, id: &str| {
            text("type").is_some_and(|it| last(it) == kind) && text("id") == Some(id)
        };
        match self {
            Self::Type(kind) => ["type", "entity_type"]
                .into_iter()
                .any(|key| text(key).is_some_and(|it| last(it) == kind)),
            // A scope of a token names an action as text.
            Self::Action(id) => is_entity("Action", id) || text("Value") == Some(id),
            Self::Role(id) => is_entity("Role", id),
            Self::Attribute {
                name,
                rows,
                is_callers,
            } => [".", "has"].into_iter().any(|operator| {
                let Some((left, attribute)) = access(node, operator) else {
                    return false;
                };
                attribute == name
                    && match left.get("Var").and_then(Value::as_str) {
                        Some("resource") => rows.iter().any(|rows| rows.concerns(policy)),
                        Some("principal") => *is_callers,
                        Some(_) => false,
                        None => true,
                    }
            }),
        }
    }
}

/// The entity types that rows and their members have.
fn types(service: &Service) -> BTreeSet<&str> {
    let resources = service.resources.iter();
    let all = resources.flat_map(|resource| {
        let members = resource.relations.iter().filter_map(Relation::membership);
        members.chain([resource.kind.as_str()])
    });
    all.collect()
}

/// A name without its namespace.
fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Whether any part of a tree is it.
fn any(tree: &Value, is_it: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    match tree {
        Value::Object(node) => is_it(node) || node.values().any(|part| any(part, is_it)),
        Value::Array(items) => items.iter().any(|part| any(part, is_it)),
        _ => false,
    }
}
