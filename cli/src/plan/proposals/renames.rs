//! Names that a spec says were changed, as policies write them: entity types, actions, groups, attributes and roles.
//!
//! All of them are changed in one pass over a policy, so that names which move along (`a` to `b`, and `b` to `c`) stay apart.

use std::collections::BTreeMap;
use std::ops::Range;

use cedar_policy::{ActionConstraint, EntityTypeName, Policy, ResourceConstraint};
use regex::Regex;
use secapi_runtime::authz;

use super::gone::role_field;
use super::pairs;
use crate::model::{Resource, Service};
use crate::plan::actions::actions;

/// The groups that have actions of every resource.
const COMMON_GROUPS: [&str; 5] = [
    "reads",
    "writes",
    "guarded_reads",
    "guarded_writes",
    "custom",
];

/// Every name that is another one now.
pub(super) struct Renames {
    all: Vec<Rename>,
    /// By the old name.
    actions: BTreeMap<String, String>,
}

struct Rename {
    /// What is replaced is its group `name`.
    pattern: Regex,
    text: String,
    /// The resource whose attribute it is, where a policy writes `resource.` before it.
    of: Option<RowsOf>,
}

/// The rows of one resource, by its old names.
#[derive(Clone, Debug)]
pub(super) struct RowsOf {
    name: String,
    /// With the namespace.
    kind: String,
}

impl Renames {
    pub(super) fn between(old: &Service, new: &Service) -> Self {
        let mut renames = Self {
            all: Vec::new(),
            actions: BTreeMap::new(),
        };
        let known = actions(new);
        for (was, is) in pairs::resources(old, new) {
            let actions = action_names(old, was, is).into_iter();
            let actions = actions.filter(|(was, is)| was != is && known.contains(is));
            renames.actions.extend(actions);
            renames.resource(old, was, is);
            for (was_field, is_field) in pairs::fields(was, is) {
                renames.attribute(old, was, &was_field.name, &is_field.name);
            }
            for (was_relation, is_relation) in pairs::relations(was, is) {
                renames.attribute(old, was, &was_relation.name, &is_relation.name);
                let kinds = was_relation.membership().zip(is_relation.membership());
                if let Some((was, is)) = kinds {
                    renames.kind(old, was, is);
                }
            }
        }
        for (action, now) in renames.actions.clone() {
            renames.push(
                &format!(r#""(?<name>{})""#, regex::escape(&action)),
                now,
                None,
            );
        }
        renames.roles(old, new);
        renames.namespace(old, new);
        renames
    }

    /// What an action is called now.
    pub(super) fn action(&self, old: &str) -> Option<&str> {
        self.actions.get(old).map(String::as_str)
    }

    /// Every action that is called otherwise now.
    pub(super) fn into_actions(self) -> BTreeMap<String, String> {
        self.actions
    }

    /// The policy with the new names.
    pub(super) fn applied(&self, statement: &str) -> String {
        let Some(policy) = the_policy(statement) else {
            return statement.to_owned();
        };
        let mut found: BTreeMap<usize, (Range<usize>, &str)> = BTreeMap::new();
        for rename in &self.all {
            if rename.of.as_ref().is_some_and(|of| !of.concerns(&policy)) {
                continue;
            }
            let names = rename.pattern.captures_iter(statement);
            for name in names.filter_map(|captures| captures.name("name")) {
                found.insert(name.start(), (name.range(), &rename.text));
            }
        }
        let mut out = statement.to_owned();
        for (range, text) in found.into_values().rev() {
            out.replace_range(range, text);
        }
        out
    }

    fn push(&mut self, pattern: &str, text: String, of: Option<RowsOf>) {
        let pattern = Regex::new(pattern).ok();
        self.all
            .extend(pattern.map(|pattern| Rename { pattern, text, of }));
    }

    /// The entity type and the group.
    fn resource(&mut self, old: &Service, was: &Resource, is: &Resource) {
        self.kind(old, &was.kind, &is.kind);
        if was.name != is.name {
            let (namespace, name) = (regex::escape(&old.namespace), regex::escape(&was.name));
            let group = format!(r#"\b{namespace}::Action::"(?<name>{name})""#);
            self.push(&group, is.name.clone(), None);
        }
    }

    fn namespace(&mut self, old: &Service, new: &Service) {
        if old.namespace != new.namespace {
            let was = regex::escape(&old.namespace);
            let pattern = format!(r"(?:^|[^:\w])(?<name>{was})::");
            self.push(&pattern, new.namespace.clone(), None);
        }
    }

    fn kind(&mut self, old: &Service, was: &str, is: &str) {
        if was != is {
            let (namespace, was) = (regex::escape(&old.namespace), regex::escape(was));
            let pattern = format!(r"\b{namespace}::(?<name>{was})\b");
            self.push(&pattern, is.to_owned(), None);
        }
    }

    fn attribute(&mut self, old: &Service, resource: &Resource, was: &str, is: &str) {
        if was == is {
            return;
        }
        let name = format!(
            r#"(?:\.|\s+has\s+"?|\[\s*")(?<name>{})\b"#,
            regex::escape(was)
        );
        let of = RowsOf::of(old, resource);
        self.push(&format!(r"\bresource{name}"), is.to_owned(), Some(of));
        if resource.is_identity {
            self.push(&format!(r"\bprincipal{name}"), is.to_owned(), None);
        }
        let behind = references_to(old, resource);
        if !behind.is_empty() {
            let behind = behind.join("|");
            let pattern = format!(r"\b(?:principal|resource)(?:\.\w+)*\.(?:{behind}){name}");
            self.push(&pattern, is.to_owned(), None);
        }
    }

    fn roles(&mut self, old: &Service, new: &Service) {
        let Some((was, is)) = role_field(old).zip(role_field(new)) else {
            return;
        };
        let namespace = regex::escape(&old.namespace);
        for (was, is) in pairs::values(was, is) {
            let was = regex::escape(&was);
            let pattern = format!(r#"\b{namespace}::Role::"(?<name>{was})""#);
            self.push(&pattern, is, None);
        }
    }
}

impl RowsOf {
    pub(super) fn of(service: &Service, resource: &Resource) -> Self {
        Self {
            name: resource.name.clone(),
            kind: format!("{}::{}", service.namespace, resource.kind),
        }
    }

    /// Whether `resource` may be such a row in this policy, as its scope says.
    pub(super) fn concerns(&self, policy: &Policy) -> bool {
        let is_it = |kind: &EntityTypeName| kind.to_string() == self.kind;
        match policy.resource_constraint() {
            ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => is_it(&kind),
            ResourceConstraint::Eq(row) => is_it(row.type_name()),
            ResourceConstraint::Any | ResourceConstraint::In(_) => {
                match policy.action_constraint() {
                    ActionConstraint::Any => true,
                    ActionConstraint::Eq(action) => self.has(action.id().unescaped()),
                    ActionConstraint::In(actions) => {
                        let mut actions = actions.iter();
                        actions.any(|action| self.has(action.id().unescaped()))
                    }
                }
            }
        }
    }

    /// Whether an action or a group is about such rows.
    fn has(&self, action: &str) -> bool {
        let resource = action.split(':').next();
        resource == Some(&self.name) || COMMON_GROUPS.contains(&action)
    }
}

/// The fields that name rows of a resource.
pub(super) fn references_to(service: &Service, resource: &Resource) -> Vec<String> {
    let fields = service.resources.iter().flat_map(Resource::references);
    let fields = fields.filter(|(_, reference)| reference.to == resource.name);
    fields.map(|(field, _)| field.name.clone()).collect()
}

/// The only policy of a text.
pub(super) fn the_policy(statement: &str) -> Option<Policy> {
    let set = authz::parsed(statement)?;
    set.policies().next().cloned()
}

/// The actions of a resource, as they were and as they are, whether they changed or not.
pub(super) fn action_names(old: &Service, was: &Resource, is: &Resource) -> Vec<(String, String)> {
    let mut changed: BTreeMap<&str, &str> = BTreeMap::new();
    for (was, is) in pairs::actions(was, is) {
        changed.insert(&was.name, &is.name);
    }
    for (was, is) in pairs::relations(was, is) {
        let actions = was.actions.iter().zip(&is.actions);
        changed.extend(actions.map(|(was, is)| (was.as_str(), is.as_str())));
    }
    let operations = was.decided().into_iter().map(|it| it.as_str());
    let plain = operations.chain(old.further_actions(was));
    let plain = plain.map(|action| {
        let now = changed.get(action).copied().unwrap_or(action);
        (action.to_owned(), now.to_owned())
    });
    let fields = pairs::fields(was, is).into_iter();
    let of_fields = fields.flat_map(|(was, is)| {
        ["read", "write"].map(|verb| {
            (
                format!("{verb}:{}", was.name),
                format!("{verb}:{}", is.name),
            )
        })
    });
    let named = |(old, new): (String, String)| {
        (format!("{}:{old}", was.name), format!("{}:{new}", is.name))
    };
    plain.chain(of_fields).map(named).collect()
}
