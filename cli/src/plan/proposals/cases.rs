//! Tests of policies (`policies/tests/**/*.json`) that name what is called otherwise now.
//!
//! A case is read as what it is: entity types and ids, attributes and their values. Where a name stands in its text is known
//! by counting the strings, so nothing else of the text changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use secapi_runtime::authz::PolicySource;
use secapi_runtime::authz::cases::{Case, Expected};
use serde_json::{Map, Value};

use super::pairs;
use super::patch_of;
use super::renames::Renames;
use crate::model::Service;
use crate::plan::Policies;

/// What one case needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseProposal {
    /// The file, in the project.
    pub file: String,
    /// What it names, with what that is called now.
    pub names: Vec<String>,
    /// The difference that brings the new names, in unified form.
    pub patch: String,
}

/// Whether a case may name anything that is called otherwise now.
#[must_use]
pub fn may_rename_cases(old: &Service, new: &Service) -> bool {
    !Names::between(old, new).is_empty()
}

/// The cases that fitted `old` and name what `new` calls otherwise, each with a patch that makes it fit. What fits no spec,
/// or cannot be made to fit by names alone, is somebody's to look at and gets none.
#[must_use]
pub fn case_proposals(old: &Service, new: &Service, cases: &[PolicySource]) -> Vec<CaseProposal> {
    let names = Names::between(old, new);
    if names.is_empty() || cases.is_empty() {
        return Vec::new();
    }
    let both = [old, new].map(|service| Policies::load(service, &[]).ok());
    let [Some(before), Some(after)] = both else {
        return Vec::new();
    };
    let proposed = |source: &PolicySource| {
        let fits_now = fits(&after, &source.text);
        // What fits already has the new names. Its values are strings to Cedar, old or new.
        let (text, named) = names.applied(&source.text, fits_now)?;
        let is_mended = fits(&after, &text) && (fits_now || fits(&before, &source.text));
        (is_mended && text != source.text).then(|| CaseProposal {
            patch: patch_of(&source.file, &source.text, &text),
            file: source.file.clone(),
            names: named.into_iter().collect(),
        })
    };
    cases.iter().filter_map(proposed).collect()
}

/// Whether a case can be put to policies.
fn fits(policies: &Policies, text: &str) -> bool {
    let case = Case::parse(text).ok();
    case.is_some_and(|case| case.run(&policies.engine, Expected::Deny).is_ok())
}

/// An old name, and the new one.
type Renamed = BTreeMap<String, String>;

/// Everything that a case may name otherwise, by the names of before.
#[derive(Default)]
struct Names {
    /// The namespaces, where they differ.
    namespaces: Option<[String; 2]>,
    /// The types of entities, without the namespace.
    kinds: Renamed,
    actions: Renamed,
    roles: Renamed,
    /// Of a type: its attributes.
    attributes: BTreeMap<String, Renamed>,
    /// Of a type and an attribute: its values. Those whose old word another value has now are told apart.
    values: BTreeMap<(String, String), [Renamed; 2]>,
}

impl Names {
    fn between(old: &Service, new: &Service) -> Self {
        let mut names = Self::default();
        if old.namespace != new.namespace {
            names.namespaces = Some([old.namespace.clone(), new.namespace.clone()]);
        }
        for (was, is) in pairs::resources(old, new) {
            insert(&mut names.kinds, &was.kind, &is.kind);
            let mut attributes = Renamed::new();
            for (was_field, is_field) in pairs::fields(was, is) {
                insert(&mut attributes, &was_field.name, &is_field.name);
                let values = pairs::values_apart(was_field, is_field);
                if values.iter().all(BTreeMap::is_empty) {
                    continue;
                }
                let place = (was.kind.clone(), was_field.name.clone());
                names.values.insert(place, values);
                let is_role = old.auth.as_ref().and_then(|auth| auth.role_field.as_ref());
                if was.is_identity && is_role == Some(&was_field.name) {
                    names.roles.extend(pairs::values(was_field, is_field));
                }
            }
            for (was_relation, is_relation) in pairs::relations(was, is) {
                insert(&mut attributes, &was_relation.name, &is_relation.name);
                let kinds = was_relation.membership().zip(is_relation.membership());
                if let Some((was, is)) = kinds {
                    insert(&mut names.kinds, was, is);
                }
            }
            if !attributes.is_empty() {
                names.attributes.insert(was.kind.clone(), attributes);
            }
        }
        names.actions = Renames::between(old, new).into_actions();
        names
    }

    fn is_empty(&self) -> bool {
        let Self {
            namespaces,
            kinds,
            actions,
            roles,
            attributes,
            values,
        } = self;
        namespaces.is_none()
            && [kinds, actions, roles].iter().all(|it| it.is_empty())
            && attributes.is_empty()
            && values.is_empty()
    }

    /// A case with the new names, and which ones it has; of one that fits already, with the new words alone. `None` for what
    /// is no case.
    fn applied(&self, text: &str, fits_now: bool) -> Option<(String, BTreeSet<String>)> {
        let case: Value = serde_json::from_str(text).ok()?;
        let mut reader = Reader {
            names: self,
            fits_now,
            out: Vec::new(),
            named: BTreeSet::new(),
        };
        reader.case(&case);
        let places = strings(text);
        // A key that stands there twice is read once.
        if places.len() != reader.out.len() {
            return None;
        }
        let mut out = text.to_owned();
        for (place, new) in places.into_iter().zip(reader.out).rev() {
            if let Some(new) = new {
                out.replace_range(place, &Value::from(new).to_string());
            }
        }
        Some((out, reader.named))
    }

    /// The type of an entity, with its namespace.
    fn kind(&self, written: &str) -> Option<String> {
        let (namespace, name) = written.rsplit_once("::")?;
        let own = self.kinds.get(name).map_or(name, String::as_str);
        let now = match &self.namespaces {
            Some([was, is]) if was == namespace => is,
            _ => namespace,
        };
        let now = format!("{now}::{own}");
        (now != written).then_some(now)
    }

    /// The id of an entity, where the spec gives it.
    fn id(&self, kind: &str, id: &str) -> Option<&String> {
        match last(kind) {
            "Action" => self.actions.get(id),
            "Role" => self.roles.get(id),
            _ => None,
        }
    }
}

fn insert(renamed: &mut Renamed, was: &str, is: &str) {
    if was != is {
        renamed.insert(was.to_owned(), is.to_owned());
    }
}

/// Reads a case, and gives for each of its strings, in their order, what it is to be instead.
struct Reader<'a> {
    names: &'a Names,
    fits_now: bool,
    out: Vec<Option<String>>,
    named: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn case(&mut self, case: &Value) {
        let Value::Object(members) = case else {
            return self.other(case);
        };
        for (key, value) in members {
            self.out.push(None);
            match (key.as_str(), value) {
                ("principal" | "action" | "resource", _) => self.uid(value),
                ("context", Value::Object(context)) => self.context(context),
                ("entities", Value::Array(entities)) => {
                    entities.iter().for_each(|entity| self.entity(entity));
                }
                _ => self.other(value),
            }
        }
    }

    /// Strings that stay.
    fn other(&mut self, value: &Value) {
        match value {
            Value::String(_) => self.out.push(None),
            Value::Array(items) => items.iter().for_each(|item| self.other(item)),
            Value::Object(members) => {
                for value in members.values() {
                    self.out.push(None);
                    self.other(value);
                }
            }
            _ => {}
        }
    }

    /// A name that may have a new one.
    fn name(&mut self, old: &str, new: Option<String>) {
        let new = new.filter(|_| !self.fits_now);
        self.word(old, new);
    }

    fn word(&mut self, old: &str, new: Option<String>) {
        if let Some(new) = &new {
            self.named.insert(format!("`{old}`, now `{new}`"));
        }
        self.out.push(new);
    }

    /// `Shop::User::"alice"`, or `{"type": …, "id": …}`.
    fn uid(&mut self, uid: &Value) {
        match uid {
            Value::String(written) => {
                let now = written.split_once("::\"").and_then(|(kind, rest)| {
                    let id = rest.strip_suffix('"')?;
                    let new_kind = self.names.kind(kind);
                    let new_id = self.names.id(kind, id);
                    let is_new = new_kind.is_some() || new_id.is_some();
                    let kind = new_kind.as_deref().unwrap_or(kind);
                    let id = new_id.map_or(id, String::as_str);
                    is_new.then(|| format!("{kind}::\"{id}\""))
                });
                self.name(written, now);
            }
            Value::Object(members) => {
                let kind = text(members, "type");
                for (key, value) in members {
                    self.out.push(None);
                    match (key.as_str(), value) {
                        ("type", Value::String(kind)) => self.name(kind, self.names.kind(kind)),
                        ("id", Value::String(id)) => {
                            self.name(id, self.names.id(kind, id).cloned())
                        }
                        ("__entity", _) => self.uid(value),
                        _ => self.other(value),
                    }
                }
            }
            _ => self.other(uid),
        }
    }

    fn entity(&mut self, entity: &Value) {
        let Value::Object(members) = entity else {
            return self.other(entity);
        };
        let uid = members.get("uid").and_then(Value::as_object);
        let inner = uid.and_then(|uid| uid.get("__entity")?.as_object());
        let kind = inner.or(uid).map_or("", |uid| last(text(uid, "type")));
        for (key, value) in members {
            self.out.push(None);
            match (key.as_str(), value) {
                ("uid", _) => self.uid(value),
                ("parents", Value::Array(parents)) => {
                    parents.iter().for_each(|parent| self.uid(parent));
                }
                ("attrs", Value::Object(attributes)) => self.attributes(attributes, kind),
                _ => self.other(value),
            }
        }
    }

    fn attributes(&mut self, attributes: &Map<String, Value>, kind: &str) {
        let renamed = self.names.attributes.get(kind);
        for (name, value) in attributes {
            self.name(name, renamed.and_then(|renamed| renamed.get(name).cloned()));
            let place = (kind.to_owned(), name.clone());
            let words = self.names.values.get(&place);
            self.value(value, words);
        }
    }

    fn value(&mut self, value: &Value, words: Option<&'a [Renamed; 2]>) {
        match value {
            Value::String(word) => {
                let now = words.and_then(|[free, taken]| {
                    let taken = taken.get(word).filter(|_| !self.fits_now);
                    free.get(word).or(taken).cloned()
                });
                self.word(word, now);
            }
            Value::Array(items) => items.iter().for_each(|item| self.value(item, words)),
            Value::Object(members) => {
                for (key, value) in members {
                    self.out.push(None);
                    match key.as_str() {
                        "__entity" => self.uid(value),
                        _ => self.value(value, None),
                    }
                }
            }
            _ => {}
        }
    }

    /// The scopes of a credential name actions.
    fn context(&mut self, context: &Map<String, Value>) {
        for (key, value) in context {
            self.out.push(None);
            match (key.as_str(), value) {
                ("scopes", Value::Array(scopes)) => {
                    for scope in scopes {
                        match scope {
                            Value::String(action) => {
                                let now = self.names.actions.get(action).cloned();
                                self.name(action, now);
                            }
                            _ => self.other(scope),
                        }
                    }
                }
                _ => self.value(value, None),
            }
        }
    }
}

fn text<'v>(members: &'v Map<String, Value>, key: &str) -> &'v str {
    members.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// A name without its namespace.
fn last(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

/// Where the strings of a JSON text stand, their quotes included.
fn strings(text: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match (start, byte) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some(_), b'\\') => is_escaped = true,
            (Some(from), b'"') => {
                out.push(from..at + 1);
                start = None;
            }
            (None, b'"') => start = Some(at),
            _ => {}
        }
    }
    out
}
