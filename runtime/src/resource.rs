//! What the runtime has to know of a resource; the generated code says it once for each.

use crate::authz::{Attribute, Entity};
use crate::related::RelatedField;
use crate::value::{Choice, Decimal, Id, Scalar, Timestamp, decimal_json};
use serde_json::{Map, Value};

/// A stored row of one resource.
pub trait Resource: Clone + Send + Sync + 'static {
    /// The name in the spec and before the colon of its Cedar actions: `user`.
    const NAME: &'static str;
    /// The Cedar entity type without the namespace: `User`.
    const KIND: &'static str;
    /// The path under the service's base path: `/users`.
    const PATH: &'static str;
    /// The fields with read and write actions of their own.
    const GUARDED: &'static [&'static str];
    /// The fields of any JSON, into which a change is merged.
    const MERGED: &'static [&'static str] = &[];
    /// The fields that refer to rows.
    const REFERENCES: &'static [&'static RelatedField] = &[];
    /// Whether a change without `If-Match` is refused with 428.
    const PRECONDITION_REQUIRED: bool = false;

    /// Names the row.
    fn id(&self) -> Id;

    /// Counts the changes of the row.
    fn version(&self) -> i64;

    /// [`Resource::REFERENCES`], for what refers to itself in the end.
    #[must_use]
    fn references() -> &'static [&'static RelatedField] {
        Self::REFERENCES
    }

    /// The row that one of [`Resource::REFERENCES`] refers to; none where it is unset.
    fn reference(&self, _field: &str) -> Option<Id> {
        None
    }

    /// Whether the row is marked as deleted and can be restored. To whoever may not do that it is not there.
    fn is_deleted(&self) -> bool {
        false
    }

    /// Makes this row the next version of the stored one: what the server sets cannot be changed by a body or a rule.
    fn revise(&mut self, stored: &Self, now: Timestamp);

    /// What Cedar is told of the row.
    fn entity(&self) -> Entity;

    /// What a caller sees of the row.
    fn view(&self, visible: &Visible) -> Map<String, Value>;
}

/// The guarded fields of one row that one caller may read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visible {
    fields: Vec<&'static str>,
}

impl Visible {
    pub(crate) fn new(fields: Vec<&'static str>) -> Self {
        Self { fields }
    }

    /// Whether the caller may read this guarded field of this row.
    #[must_use]
    pub fn shows(&self, field: &str) -> bool {
        self.fields.contains(&field)
    }

    pub(crate) fn fields(&self) -> &[&'static str] {
        &self.fields
    }
}

/// Writes the JSON of a row, field by field.
#[derive(Debug)]
pub struct View<'a> {
    visible: &'a Visible,
    fields: Map<String, Value>,
}

impl<'a> View<'a> {
    /// An empty object for a caller with this sight.
    #[must_use]
    pub fn new(visible: &'a Visible) -> Self {
        Self {
            visible,
            fields: Map::new(),
        }
    }

    /// A field that every reader of the row sees; an unset optional is `null`.
    #[must_use]
    pub fn field(mut self, name: &str, value: &impl Scalar) -> Self {
        self.fields.insert(name.to_owned(), value.to_json());
        self
    }

    /// A guarded field: left out, never `null`, where the caller may not read it.
    #[must_use]
    pub fn guarded(self, name: &str, value: &impl Scalar) -> Self {
        if self.visible.shows(name) {
            self.field(name, value)
        } else {
            self
        }
    }

    /// A field of several decimals.
    #[must_use]
    pub fn decimals<'v>(
        mut self,
        name: &str,
        values: impl Into<Option<&'v [Decimal]>>,
        scale: usize,
    ) -> Self {
        let array = |values: &[Decimal]| {
            let written = values.iter().map(|value| decimal_json(*value, scale));
            Value::Array(written.collect())
        };
        let values = values.into().map_or(Value::Null, array);
        self.fields.insert(name.to_owned(), values);
        self
    }

    /// A guarded field of several decimals.
    #[must_use]
    pub fn guarded_decimals<'v>(
        self,
        name: &str,
        values: impl Into<Option<&'v [Decimal]>>,
        scale: usize,
    ) -> Self {
        if self.visible.shows(name) {
            self.decimals(name, values, scale)
        } else {
            self
        }
    }

    /// A decimal field, with all digits of the field's scale.
    #[must_use]
    pub fn decimal(mut self, name: &str, value: impl Into<Option<Decimal>>, scale: usize) -> Self {
        self.fields
            .insert(name.to_owned(), decimal_json(value, scale));
        self
    }

    /// A guarded decimal field.
    #[must_use]
    pub fn guarded_decimal(
        self,
        name: &str,
        value: impl Into<Option<Decimal>>,
        scale: usize,
    ) -> Self {
        if self.visible.shows(name) {
            self.decimal(name, value, scale)
        } else {
            self
        }
    }

    /// The finished object.
    #[must_use]
    pub fn finish(self) -> Map<String, Value> {
        self.fields
    }
}

/// Collects what Cedar is told of a row.
#[derive(Debug)]
pub struct Facts {
    entity: Entity,
}

impl Facts {
    /// The facts of the row of this kind and id; the id is an attribute too, so that policies can compare it.
    #[must_use]
    pub fn new(kind: &'static str, id: Id) -> Self {
        let facts = Self {
            entity: Entity {
                kind,
                id: id.to_string(),
                attributes: Vec::new(),
                parents: Vec::new(),
            },
        };
        facts.attribute("id", &id)
    }

    /// An attribute; an unset optional is no attribute.
    #[must_use]
    pub fn attribute(mut self, name: &'static str, value: &impl Scalar) -> Self {
        if let Some(value) = value.to_cedar() {
            self.entity.attributes.push((name, value));
        }
        self
    }

    /// A reference to a row of this kind; an unset optional one is no attribute.
    #[must_use]
    pub fn reference(
        mut self,
        name: &'static str,
        kind: &'static str,
        id: impl Into<Option<Id>>,
    ) -> Self {
        if let Some(id) = id.into() {
            let id = id.to_string();
            self.entity
                .attributes
                .push((name, Attribute::Entity { kind, id }));
        }
        self
    }

    /// A relation to rows of this kind, as the set of those that the row is related to.
    #[must_use]
    pub fn references(mut self, name: &'static str, kind: &'static str, ids: &[Id]) -> Self {
        let entity = |id: &Id| {
            let id = id.to_string();
            Attribute::Entity { kind, id }
        };
        let set = Attribute::Set(ids.iter().map(entity).collect());
        self.entity.attributes.push((name, set));
        self
    }

    /// A relation to accounts: what its members are in has the row's own id.
    #[must_use]
    pub fn members(mut self, name: &'static str, kind: &'static str) -> Self {
        let id = self.entity.id.clone();
        self.entity
            .attributes
            .push((name, Attribute::Entity { kind, id }));
        self
    }

    /// The role of the identity: its parent in `Role`.
    #[must_use]
    pub fn role(mut self, role: &impl Choice) -> Self {
        self.entity.parents.push(("Role", role.as_str().to_owned()));
        self
    }

    /// The finished facts.
    #[must_use]
    pub fn finish(self) -> Entity {
        self.entity
    }
}
