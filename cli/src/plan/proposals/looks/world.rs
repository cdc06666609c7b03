//! What a spec knows of rows and their attributes, as policies see them.

use std::collections::{BTreeMap, BTreeSet};

use secapi_runtime::authz::AttributeKind;

use crate::model::{self, Service};

/// The attributes of every kind of row, and who signs in.
pub(super) struct World {
    rows: BTreeMap<String, BTreeMap<String, Kind>>,
    identity: Option<String>,
    /// What the identity can be in, beside itself: roles and memberships.
    groups: BTreeSet<String>,
}

/// What an attribute holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A row of this kind, or a set of them, or what members are in.
    Entity(String),
    /// A value.
    Value,
}

impl World {
    pub(super) fn of(service: &Service) -> Self {
        let model = model::schema_model(service);
        let mut world = Self {
            rows: BTreeMap::new(),
            identity: model.identity.map(|identity| identity.kind),
            groups: BTreeSet::from(["Role".to_owned()]),
        };
        for resource in model.resources {
            let attributes = resource.attributes.into_iter();
            world
                .groups
                .extend(attributes.clone().filter_map(|it| match it.kind {
                    AttributeKind::Members(kind) => Some(kind),
                    _ => None,
                }));
            let attributes = attributes.map(|it| (it.name, Kind::of(&it.kind)));
            world.rows.insert(resource.kind, attributes.collect());
        }
        world
    }

    /// Who signs in.
    pub(super) fn identity(&self) -> Option<&str> {
        self.identity.as_deref()
    }

    /// Every kind of row.
    pub(super) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().map(String::as_str)
    }

    /// The attributes of a kind of row.
    pub(super) fn attributes(&self, kind: &str) -> impl Iterator<Item = (&String, &Kind)> {
        self.rows.get(kind).into_iter().flatten()
    }

    pub(super) fn attribute(&self, kind: &str, name: &str) -> Option<&Kind> {
        self.rows.get(kind)?.get(name)
    }

    /// Whether what is of the one kind can be in what is of the other.
    pub(super) fn can_be_in(&self, one: &str, other: &str) -> bool {
        one == other || (self.identity() == Some(one) && self.groups.contains(other))
    }
}

impl Kind {
    fn of(kind: &AttributeKind) -> Self {
        match kind {
            AttributeKind::Entity(kind) | AttributeKind::Members(kind) => {
                Self::Entity(kind.clone())
            }
            AttributeKind::Set(inner) => Self::of(inner),
            _ => Self::Value,
        }
    }

    /// The kind of the rows that it names.
    pub(super) fn entity(&self) -> Option<String> {
        match self {
            Self::Entity(kind) => Some(kind.clone()),
            Self::Value => None,
        }
    }

    /// Whether it is the same under the names of now. Values of two types are for the validator to tell apart.
    pub(super) fn becomes(&self, now: &Self, kinds: &BTreeMap<&str, &str>) -> bool {
        match (self, now) {
            (Self::Entity(was), Self::Entity(is)) => kinds.get(was.as_str()) == Some(&is.as_str()),
            (Self::Value, Self::Value) => true,
            _ => false,
        }
    }
}
