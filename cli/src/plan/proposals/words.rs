//! Values of enums that have another name now, where policies compare with them.
//!
//! To Cedar they are strings, so a policy with the old word still fits and never holds again: its rows have the new word.
//! What a policy compares is read from its syntax tree. Where the word stands in its text is found by trying: the tree of
//! the new text has to be the one that is meant.

use cedar_policy::Policy;
use regex::Regex;
use serde_json::{Map, Value};

use super::pairs;
use super::renames::{RowsOf, references_to, the_policy};
use crate::model::{Resource, Service};

/// The most places of one word in one policy that are told apart by trying.
const MOST_PLACES: usize = 6;

/// The operators that compare an attribute with words.
const COMPARISONS: [&str; 5] = ["==", "!=", "contains", "containsAll", "containsAny"];

/// The renamed values of all fields, by the names of now.
pub(super) struct Words {
    fields: Vec<OfField>,
}

/// Old words and new ones.
type Renamed = Vec<(String, String)>;

struct OfField {
    resource: String,
    field: String,
    rows: RowsOf,
    /// Whether the caller has it.
    is_callers: bool,
    /// The fields that name such rows.
    behind: Vec<String>,
    renamed: Renamed,
    /// Those whose old word another value has now.
    taken: Renamed,
}

impl Words {
    pub(super) fn between(old: &Service, new: &Service) -> Self {
        let mut fields = Vec::new();
        for (was, is) in pairs::resources(old, new) {
            for (was_field, is_field) in pairs::fields(was, is) {
                let [free, taken]: [Vec<_>; 2] = pairs::values_apart(was_field, is_field);
                if free.is_empty() && taken.is_empty() {
                    continue;
                }
                let both = (taken, free);
                fields.push(OfField::of(new, is, &is_field.name, both));
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
                if field.is_named(&policy, &tree, old, new) {
                    out.push(field.words(old, new));
                }
            }
        }
        out
    }

    /// The old words of a policy that looks at a field where one of them is another value's now: what it says afterwards
    /// would not tell which of the two it means.
    pub(super) fn taken_in(&self, statement: &str) -> Vec<String> {
        let mut fields = self
            .fields
            .iter()
            .filter(|it| !it.taken.is_empty())
            .peekable();
        let tree = fields.peek().and_then(|_| tree_of(statement));
        let Some((policy, tree)) = tree else {
            return Vec::new();
        };
        let words =
            fields.flat_map(|it| it.taken.iter().chain(&it.renamed).map(move |one| (it, one)));
        let named = words.filter(|(it, (old, new))| it.is_named(&policy, &tree, old, new));
        named.map(|(it, (old, new))| it.words(old, new)).collect()
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
        (taken, renamed): (Renamed, Renamed),
    ) -> Self {
        Self {
            resource: resource.name.clone(),
            field: field.to_owned(),
            rows: RowsOf::of(service, resource),
            is_callers: resource.is_identity,
            behind: references_to(service, resource),
            renamed,
            taken,
        }
    }

    fn words(&self, old: &str, new: &str) -> String {
        let Self {
            resource, field, ..
        } = self;
        format!("the value `{old}` of `{field}` of `{resource}`, now `{new}`")
    }

    /// Whether a policy compares the field with an old word, or looks at the field and holds the word in a way that may be
    /// about it.
    fn is_named(&self, policy: &Policy, tree: &Value, old: &str, new: &str) -> bool {
        let is_row = self.rows.concerns(policy);
        let holds = || self.is_looked_at(tree, is_row) && self.holds(tree, is_row, old, new);
        self.renamed_in(policy, tree, old, new).is_some() || holds()
    }

    fn is_looked_at(&self, tree: &Value, is_row: bool) -> bool {
        match tree {
            Value::Object(members) => {
                let is_field = attribute_of(tree).is_some() && !self.is_other(tree, is_row);
                is_field || members.values().any(|it| self.is_looked_at(it, is_row))
            }
            Value::Array(items) => items.iter().any(|it| self.is_looked_at(it, is_row)),
            _ => false,
        }
    }

    /// Whether a word stands in a tree and is not plainly compared with another attribute.
    fn holds(&self, tree: &Value, is_row: bool, old: &str, new: &str) -> bool {
        let part = |tree: &Value| self.holds(tree, is_row, old, new);
        match tree {
            Value::Object(members) => {
                if let Some(like) = members.get("like") {
                    let is_others = like.get("left").is_some_and(|it| self.is_other(it, is_row));
                    if !is_others && tells_apart(like, old, new) {
                        return true;
                    }
                }
                let mut operators = COMPARISONS.into_iter();
                let is_others = |sides| self.is_others(sides, is_row);
                if operators.any(|it| members.get(it).is_some_and(is_others)) {
                    return false;
                }
                let is_word = members.get("Value").and_then(Value::as_str) == Some(old);
                is_word || members.values().any(part)
            }
            Value::Array(items) => items.iter().any(part),
            _ => false,
        }
    }

    /// Whether another attribute is compared with words alone.
    fn is_others(&self, sides: &Value, is_row: bool) -> bool {
        let orders = [("left", "right"), ("right", "left")];
        orders.into_iter().any(|(this, other)| {
            let is_other = sides.get(this).is_some_and(|it| self.is_other(it, is_row));
            is_other && sides.get(other).is_some_and(are_words)
        })
    }

    /// Whether an expression is certainly another attribute than this field.
    fn is_other(&self, expression: &Value, is_row: bool) -> bool {
        let Some((left, attribute)) = attribute_of(expression) else {
            return false;
        };
        let is_plain = left.get("Var").is_some() || attribute_of(left).is_some();
        attribute != self.field || is_plain && !self.is_it(expression, is_row)
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
            for operator in COMPARISONS {
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
        let Some((left, attribute)) = attribute_of(expression) else {
            return false;
        };
        let is_owner = match left.get("Var").and_then(Value::as_str) {
            Some("resource") => is_row,
            Some("principal") => self.is_callers,
            _ => {
                attribute_of(left).is_some_and(|(_, name)| self.behind.iter().any(|it| it == name))
            }
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

/// Whether an expression is a word, or a set of nothing but words.
fn are_words(expression: &Value) -> bool {
    let set = expression.get("Set").and_then(Value::as_array);
    let is_word = |it: &Value| it.get("Value").is_some_and(Value::is_string);
    is_word(expression) || set.is_some_and(|set| set.iter().all(is_word))
}

/// Whether a pattern fits the old word and not the new one.
fn tells_apart(like: &Value, old: &str, new: &str) -> bool {
    let parts = like.get("pattern").and_then(Value::as_array);
    let part = |it: &Value| match it.get("Literal").and_then(Value::as_str) {
        Some(text) => regex::escape(text),
        None => ".*".to_owned(),
    };
    let parts: String = parts.into_iter().flatten().map(part).collect();
    // What cannot be told is for a person to look at.
    Regex::new(&format!("^(?s:{parts})$")).map_or(true, |pattern| {
        pattern.is_match(old) && !pattern.is_match(new)
    })
}

/// `left.attribute`.
fn attribute_of(expression: &Value) -> Option<(&Value, &str)> {
    access(expression.as_object()?, ".")
}

/// What an operator on an attribute is about: `left.attribute`, or `left has attribute`.
pub(super) fn access<'a>(
    node: &'a Map<String, Value>,
    operator: &str,
) -> Option<(&'a Value, &'a str)> {
    let access = node.get(operator)?;
    Some((access.get("left")?, access.get("attr")?.as_str()?))
}

pub(super) fn tree_of(statement: &str) -> Option<(Policy, Value)> {
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
