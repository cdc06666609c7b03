//! Rows of other resources that a row refers to: the generated code says once for each resource how they are found.

use crate::authz::Entity;
use crate::error::Error;
use crate::list::Listing;
use crate::resource::{Resource, Visible};
use crate::store::Row;
use crate::value::Id;
use serde_json::{Map, Value};
use std::fmt::{self, Debug, Formatter};

/// A resource as others refer to it.
#[derive(Debug)]
pub struct Related {
    /// Before the colon of its Cedar actions: `user`.
    pub(crate) resource: &'static str,
    /// The Cedar entity type without the namespace: `User`.
    pub(crate) kind: &'static str,
    /// Its guarded fields.
    pub(crate) guarded: &'static [&'static str],
    /// Selects rows by a JSON array of ids.
    pub(crate) by_ids: &'static str,
    /// Reads one row of that select.
    pub(crate) read: fn(&Row) -> Result<RelatedRow, Error>,
    /// The same rows as a list has them.
    pub(crate) listing: &'static Listing,
}

/// The fields of a resource that refer to rows. A function, because what they refer to may refer back.
pub type References = fn() -> &'static [&'static RelatedField];

impl Related {
    /// How rows of `R` are found: a select in which `?1` is a JSON array of ids, how a row of it is read, and how a list has
    /// them. Both know the same rows: what is deleted and can come back is in neither.
    #[must_use]
    pub const fn of<R: Resource>(
        by_ids: &'static str,
        read: fn(&Row) -> Result<RelatedRow, Error>,
        listing: &'static Listing,
    ) -> Self {
        Self {
            resource: R::NAME,
            kind: R::KIND,
            guarded: R::GUARDED,
            by_ids,
            read,
            listing,
        }
    }

    /// How rows of a kind are found that are referred to from these fields, or from what they refer to.
    pub(crate) fn of_kind(kind: &str, references: References) -> Option<&'static Self> {
        let mut looked_at: Vec<&str> = Vec::new();
        let mut fields = references().to_vec();
        while let Some(field) = fields.pop() {
            let related = field.related;
            if related.kind == kind {
                return Some(related);
            }
            if !looked_at.contains(&related.kind) {
                looked_at.push(related.kind);
                fields.extend((related.listing.references)());
            }
        }
        None
    }
}

/// A row as somebody with this sight is answered.
type View = dyn Fn(&Visible) -> Map<String, Value> + Send + Sync;

/// A row of a resource that another one refers to. Nobody has decided on it yet.
pub struct RelatedRow {
    pub(crate) id: Id,
    pub(crate) version: i64,
    pub(crate) entity: Entity,
    view: Box<View>,
}

impl RelatedRow {
    /// Of a row of the resource itself.
    #[must_use]
    pub fn of<R: Resource>(row: R) -> Self {
        Self {
            id: row.id(),
            version: row.version(),
            entity: row.entity(),
            view: Box::new(move |visible| row.view(visible)),
        }
    }

    pub(crate) fn view(&self, visible: &Visible) -> Map<String, Value> {
        (self.view)(visible)
    }
}

/// Rows hold personal data, so their values stay out of logs.
impl Debug for RelatedRow {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "RelatedRow({})", self.id)
    }
}

/// A field that refers to a row.
#[derive(Debug)]
pub struct RelatedField {
    pub(crate) name: &'static str,
    pub(crate) related: &'static Related,
    pub(crate) guarded: bool,
    pub(crate) write_only: bool,
}

impl RelatedField {
    /// A field that every reader of the row sees.
    #[must_use]
    pub const fn new(name: &'static str, related: &'static Related) -> Self {
        Self {
            name,
            related,
            guarded: false,
            write_only: false,
        }
    }

    /// A guarded field.
    #[must_use]
    pub const fn guarded(name: &'static str, related: &'static Related) -> Self {
        Self {
            guarded: true,
            ..Self::new(name, related)
        }
    }

    /// A field that is never returned, and nothing that it refers to either.
    #[must_use]
    pub const fn write_only(name: &'static str, related: &'static Related) -> Self {
        Self {
            write_only: true,
            ..Self::new(name, related)
        }
    }
}
