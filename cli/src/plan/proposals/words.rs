//! Values of enums that have another name now, where policies compare with them.
//!
//! To Cedar they are strings, so a policy with the old word still fits and never holds again: its rows have the new word.
//! What a policy compares is read from its syntax tree. Where the word stands in its text is found by trying: the tree of
//! the new text has to be the one that is meant.

use cedar_policy::Policy;
use serde_json::{Map, Value};

use super::pairs;
use super::renames::{RowsOf, references_to, the_policy};
use crate::model::{Resource, Service};

/// The most places of one word in one policy that are told apart by trying.
const MOST_PLACES: usize = 6;

/// The renamed values of all fields, by the names of now.
pub(super) struct Words {
    fields: Vec<OfField>,
}

struct OfField {
    resource: String,
    field: String,
    rows: RowsOf,
    /// Whether the caller has it.
    is_callers: bool,
    /// The fields that name such rows.
    behind: Vec<String>,
    /// The old word and the new one.
    renamed: Vec<(String, String)>,
}

impl Words {
    /// The words that no value is any more. One that another value has now may be meant.
    pub(super) fn between(old: &Service, new: &Service) -> Self {
        let mut fields = Vec::new();
        for (was, is) in pairs::resources(old, new) {
            for (was_field, is_field) in pairs::fields(was, is) {
                let mut renamed = pairs::values(was_field, is_field);
                let now = is_field.kind.enumeration().map(|it| it.choices.as_slice());
                let is_word =
                    |word: &str| now.unwrap_or_default().iter().any(|it| it.value == word);
                renamed.retain(|(old, _)| !is_word(old));
                if !renamed.is_empty() {
                    fields.push(OfField::of(new, is, &is_field.name, renamed));
                }
            }
        }
        Self { fields }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The old words that a policy compares with, in words.
    pub(super) fn named_in(&self, statement: &str) -> Vec<String> {
        let Some((policy, tree)) = tree_of(statement) else {
            return Vec::new();
        };
        let mut out = Vec::new();
        for field in &self.fields {
            for (old, new) in &field.renamed {
                if field.renamed_in(&policy, &tree, old, new).is_some() {
                    let OfField {
                        resource, field, ..
                    } = field;
                    out.push(format!(
                        "the value `{old}` of `{field}` of `{resource}`, now `{new}`"
                    ));
                }
            }
        }
        out
    }

    /// The policy with the new words, as far as their places can be told.
    pub(super) fn applied(&self, statement: &str) -> String {
        let mut out = statement.to_owned();
        for field in &self.fields {
            for (old, new) in &field.renamed {
                out = field.applied(&out, old, new).unwrap_or(out);
            }
        }
        out
    }
}

impl OfField {
    fn of(
        service: &Service,
        resource: &Resource,
        field: &str,
        renamed: Vec<(String, String)>,
    ) -> Self {
        Self {
            resource: resource.name.clone(),
            field: field.to_owned(),
            rows: RowsOf::of(service, resource),
            is_callers: resource.is_identity,
            behind: references_to(service, resource),
            renamed,
        }
    }

    /// The new text; `None` where the word is not compared with, or its places cannot be told.
    fn applied(&self, statement: &str, old: &str, new: &str) -> Option<String> {
        let (policy, tree) = tree_of(statement)?;
        let wanted = self.renamed_in(&policy, &tree, old, new)?;
        let places = places(statement, old);
        let all = (1_usize << places.len().min(MOST_PLACES)) - 1;
        let mut choices = (1..=all).rev();
        choices.find_map(|chosen| {
            let is_chosen = |at: usize| places.len() > MOST_PLACES || chosen & (1 << at) != 0;
            let mut text = statement.to_owned();
            let chosen = places.iter().enumerate().rev();
            for (_, place) in chosen.filter(|(at, _)| is_chosen(*at)) {
                text.replace_range(place.clone(), &quoted(new));
            }
            let (_, tree) = tree_of(&text)?;
            (tree == wanted).then_some(text)
        })
    }

    /// The tree with the new word; `None` where the old one is not compared with.
    fn renamed_in(&self, policy: &Policy, tree: &Value, old: &str, new: &str) -> Option<Value> {
        let is_row = self.rows.concerns(policy);
        let mut renamed = tree.clone();
        self.rename(&mut renamed, is_row, &|word: &mut String| {
            if word == old {
                new.clone_into(word);
            }
        });
        (renamed != *tree).then_some(renamed)
    }

    fn rename(&self, tree: &mut Value, is_row: bool, rename: &dyn Fn(&mut String)) {
        if let Value::Object(members) = tree {
            for operator in ["==", "!=", "contains", "containsAll", "containsAny"] {
                let sides = members.get_mut(operator).and_then(Value::as_object_mut);
                if let Some(sides) = sides {
                    self.compared(sides, is_row, rename);
                }
            }
        }
        let parts: Vec<&mut Value> = match tree {
            Value::Object(members) => members.values_mut().collect(),
            Value::Array(items) => items.iter_mut().collect(),
            _ => Vec::new(),
        };
        for part in parts {
            self.rename(part, is_row, rename);
        }
    }

    fn compared(&self, sides: &mut Map<String, Value>, is_row: bool, rename: &dyn Fn(&mut String)) {
        for (this, other) in [("left", "right"), ("right", "left")] {
            let is_field = sides.get(this).is_some_and(|it| self.is_it(it, is_row));
            match sides.get_mut(other) {
                Some(other) if is_field => literals(other, rename),
                _ => {}
            }
        }
    }

    /// Whether an expression is this field.
    fn is_it(&self, expression: &Value, is_row: bool) -> bool {
        let Some((left, attribute)) = access(expression) else {
            return false;
        };
        let is_owner = match left.get("Var").and_then(Value::as_str) {
            Some("resource") => is_row,
            Some("principal") => self.is_callers,
            _ => access(left).is_some_and(|(_, name)| self.behind.iter().any(|it| it == name)),
        };
        attribute == self.field && is_owner
    }
}

/// The words of an expression that is one, or a set of them.
fn literals(expression: &mut Value, rename: &dyn Fn(&mut String)) {
    if let Some(Value::String(word)) = expression.get_mut("Value") {
        rename(word);
    }
    let set = expression.get_mut("Set").and_then(Value::as_array_mut);
    for element in set.into_iter().flatten() {
        literals(element, rename);
    }
}

/// `left.attribute`.
fn access(expression: &Value) -> Option<(&Value, &str)> {
    let access = expression.get(".")?;
    Some((access.get("left")?, access.get("attr")?.as_str()?))
}

fn tree_of(statement: &str) -> Option<(Policy, Value)> {
    let policy = the_policy(statement)?;
    let tree = policy.to_json().ok()?;
    Some((policy, tree))
}

/// Where a string stands in a policy, its quotes included.
fn places(statement: &str, word: &str) -> Vec<std::ops::Range<usize>> {
    let quoted = quoted(word);
    let found = statement.match_indices(&quoted);
    found.map(|(at, found)| at..at + found.len()).collect()
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\""))
}
