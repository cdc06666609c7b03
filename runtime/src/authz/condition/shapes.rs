//! What the schema says of each kind of row.

use crate::authz::membership::Memberships;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The type of a value, as far as a condition has to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Long,
    String,
    Decimal,
    Datetime,
    Duration,
    Ip,
    /// The id of an entity of this kind.
    Entity(Arc<str>),
    /// A set; of anything, where nothing is in it.
    Set(Option<Box<Type>>),
}

/// One attribute.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// `None` for a type that no condition knows.
    pub(super) kind: Option<Type>,
    pub(super) optional: bool,
    /// Whether it is the membership of the row: an entity with the row's own id, which callers may be in.
    pub(super) membership: bool,
}

/// The kinds of a schema, by their names in full.
#[derive(Debug, Default)]
pub(in crate::authz) struct Shapes {
    kinds: HashMap<String, Kind>,
    context: HashMap<String, Shape>,
}

#[derive(Debug, Default)]
struct Kind {
    attributes: HashMap<String, Shape>,
    parents: Vec<String>,
}

impl Shapes {
    /// Reads them out of a schema in Cedar's JSON. What cannot be read is not there, and then nothing is said of it.
    pub(in crate::authz) fn of(tree: &Value, memberships: &Memberships) -> Self {
        let mut shapes = Self::default();
        for (namespace, declared) in tree.as_object().into_iter().flatten() {
            Namespace::of(namespace, declared).add_to(&mut shapes);
        }
        shapes.mark(memberships);
        shapes
    }

    fn mark(&mut self, memberships: &Memberships) {
        for (kind, declared) in &mut self.kinds {
            for (name, shape) in &mut declared.attributes {
                shape.membership = memberships.has(basename(kind), name);
            }
        }
    }

    /// An attribute of a kind of row.
    pub(super) fn attribute(&self, kind: &str, attribute: &str) -> Option<&Shape> {
        self.kinds.get(kind)?.attributes.get(attribute)
    }

    /// A member of the context.
    pub(super) fn context(&self, member: &str) -> Option<&Shape> {
        self.context.get(member)
    }

    /// Whether an entity of a kind can be in one of another, were it over others.
    pub(super) fn may_be_in(&self, kind: &str, parent: &str) -> bool {
        let (mut open, mut passed) = (vec![kind], HashSet::new());
        while let Some(kind) = open.pop() {
            for it in self.kinds.get(kind).iter().flat_map(|it| &it.parents) {
                if it == parent {
                    return true;
                }
                if passed.insert(it) {
                    open.push(it);
                }
            }
        }
        false
    }
}

/// One namespace of a schema in Cedar's JSON.
struct Namespace<'a> {
    name: &'a str,
    entities: Option<&'a Map<String, Value>>,
    common: Option<&'a Map<String, Value>>,
}

impl<'a> Namespace<'a> {
    fn of(name: &'a str, declared: &'a Value) -> Self {
        let map = |key: &str| declared.get(key).and_then(Value::as_object);
        Self {
            name,
            entities: map("entityTypes"),
            common: map("commonTypes"),
        }
    }

    fn add_to(&self, shapes: &mut Shapes) {
        for (name, declared) in self.entities.into_iter().flatten() {
            let parents = declared.get("memberOfTypes").and_then(Value::as_array);
            let parents = parents
                .into_iter()
                .flatten()
                .filter_map(|name| Some(self.full(name.as_str()?)));
            let kind = Kind {
                attributes: self.attributes(declared.get("shape")),
                parents: parents.collect(),
            };
            shapes.kinds.insert(self.full(name), kind);
        }
        let context = self.common.and_then(|common| common.get("RequestContext"));
        shapes.context.extend(self.attributes(context));
    }

    fn attributes(&self, record: Option<&Value>) -> HashMap<String, Shape> {
        let attributes = record
            .and_then(|record| record.get("attributes"))
            .and_then(Value::as_object);
        let shape = |(name, declared): (&String, &Value)| {
            let shape = Shape {
                kind: self.kind(declared),
                optional: declared.get("required").and_then(Value::as_bool) == Some(false),
                membership: false,
            };
            (name.clone(), shape)
        };
        attributes.into_iter().flatten().map(shape).collect()
    }

    fn kind(&self, declared: &Value) -> Option<Type> {
        let text = |key: &str| declared.get(key).and_then(Value::as_str);
        match text("type")? {
            "Set" => {
                let element = self.kind(declared.get("element")?)?;
                Some(Type::Set(Some(Box::new(element))))
            }
            "Entity" | "EntityOrCommon" | "Extension" => self.named(text("name")?),
            word => scalar(word),
        }
    }

    /// Kinds of rows are written in capitals, so no resource takes the name of an extension's type; the names of the
    /// others are reserved.
    fn named(&self, name: &str) -> Option<Type> {
        let plain = basename(name);
        let is_entity = self.entities.is_some_and(|it| it.contains_key(plain));
        match is_entity {
            true => Some(Type::Entity(self.full(plain).into())),
            false => scalar(plain),
        }
    }

    fn full(&self, name: &str) -> String {
        match (self.name, basename(name)) {
            ("", plain) => plain.to_owned(),
            (namespace, plain) => format!("{namespace}::{plain}"),
        }
    }
}

fn scalar(word: &str) -> Option<Type> {
    Some(match word {
        "Bool" | "Boolean" => Type::Bool,
        "Long" => Type::Long,
        "String" => Type::String,
        "decimal" => Type::Decimal,
        "datetime" => Type::Datetime,
        "duration" => Type::Duration,
        "ipaddr" => Type::Ip,
        _ => return None,
    })
}

/// The last part of a name.
fn basename(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "namespace App {
        type RequestContext = { mfa: Bool, at?: datetime, scopes: Set<String> };
        entity Role enum [\"user\"];
        entity User in [Role] = { id: String, age?: Long, tags: Set<decimal>, boss: User, odd: {a: Long} };
        entity Bot in [Bot, User];
        entity Anonymous enum [\"anonymous\"];
    }";

    #[test]
    fn attributes_and_parents_are_read_with_their_types() {
        let (fragment, _) = cedar_policy::SchemaFragment::from_cedarschema_str(SCHEMA).unwrap();
        let shapes = Shapes::of(&fragment.to_json_value().unwrap(), &Memberships::default());
        let kind = |name: &str| shapes.attribute("App::User", name).unwrap().kind.clone();
        assert_eq!(kind("id"), Some(Type::String));
        assert_eq!(kind("age"), Some(Type::Long));
        assert_eq!(kind("boss"), Some(Type::Entity("App::User".into())));
        assert_eq!(kind("tags"), Some(Type::Set(Some(Box::new(Type::Decimal)))));
        assert_eq!(kind("odd"), None);
        assert!(shapes.attribute("App::User", "age").unwrap().optional);
        assert!(!shapes.attribute("App::User", "id").unwrap().optional);
        assert!(shapes.attribute("App::User", "none").is_none());
        assert!(shapes.may_be_in("App::User", "App::Role"));
        assert!(!shapes.may_be_in("App::Role", "App::User"));
        assert!(shapes.may_be_in("App::Bot", "App::Role"));
        assert!(!shapes.may_be_in("App::Bot", "App::Anonymous"));
        assert_eq!(shapes.context("at").unwrap().kind, Some(Type::Datetime));
        assert!(shapes.context("at").unwrap().optional);
    }

    #[test]
    fn a_schema_that_is_none_has_no_shapes() {
        let shapes = Shapes::of(&Value::Null, &Memberships::default());
        assert!(shapes.kinds.is_empty());
    }
}
