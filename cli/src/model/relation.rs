//! Relations of many rows to many.

use serde::Serialize;

/// A relation as one of its two sides has it: a route under the rows of a resource, and Cedar actions of that resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relation {
    /// The name in the spec, and behind the colon of the Cedar actions: `members`.
    pub name: String,
    /// The name in plain words: `read by`.
    pub words: String,
    /// What the route ends in: `read-by`.
    pub end: String,
    /// The parameter of the path that names a row of the other side: `user_id`.
    pub parameter: String,
    /// The Rust type that stands for it: `OrganizationMembersRelation`.
    pub type_name: String,
    /// The field of a row that holds the set; another one than any field's.
    pub rust_ident: String,
    /// The names of its operations in the API's document: that of the list, and on the declaring side those of adding and
    /// of removing.
    pub operations: Vec<String>,
    /// The Cedar actions without the resource, in the same order: `members:read`.
    pub actions: Vec<String>,
    /// The other resource.
    pub to: String,
    /// Its Rust module.
    pub module: String,
    /// Its Rust type, and its Cedar entity type.
    pub kind: String,
    /// Its rows in plain words.
    pub plural_words: String,
    /// One of them.
    pub to_words: String,
    /// Its table without quotes.
    pub to_table: String,
    /// The table that holds the pairs, without quotes.
    pub table: String,
    /// Which side this is.
    pub side: Side,
    /// A sentence for the documentation.
    pub description: Option<String>,
    /// The name that it had before.
    pub renamed_from: Option<String>,
}

/// A side of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Side {
    /// The one whose resource declares it, and what policies know of it there.
    Declared(Known),
    /// The other one, which can only look.
    Inverse,
}

/// What policies know of a relation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Known {
    /// Whether the caller is in it: the entity type of what it is in.
    Members(String),
    /// The set of its rows, of which there are at most so many.
    Set(u32),
}

impl Relation {
    /// The column of a pair that names the row of the declaring side.
    pub const FROM: &'static str = "from_id";
    /// The column of a pair that names the other row.
    pub const TO: &'static str = "to_id";

    /// The column that names the row of this side, and the one that names the other row.
    #[must_use]
    pub fn columns(&self) -> (&'static str, &'static str) {
        match self.side {
            Side::Declared(_) => (Self::FROM, Self::TO),
            Side::Inverse => (Self::TO, Self::FROM),
        }
    }

    /// What policies know of it, on the side that declares it.
    #[must_use]
    pub fn known(&self) -> Option<&Known> {
        match &self.side {
            Side::Declared(known) => Some(known),
            Side::Inverse => None,
        }
    }

    /// Whether rows are added and removed on this side.
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.known().is_some()
    }

    /// Whether a row holds the set of what it is related to.
    #[must_use]
    pub fn is_set(&self) -> bool {
        matches!(self.known(), Some(Known::Set(_)))
    }

    /// The entity type of what accounts are in, where it is a relation to them.
    #[must_use]
    pub fn membership(&self) -> Option<&str> {
        match self.known() {
            Some(Known::Members(kind)) => Some(kind),
            _ => None,
        }
    }

    /// The route under a resource's own path: `/organizations/{id}/members`.
    #[must_use]
    pub fn path(&self, resource: &str) -> String {
        format!("{resource}/{{id}}/{}", self.end)
    }

    /// The route of one related row: `/organizations/{id}/members/{user_id}`.
    #[must_use]
    pub fn item_path(&self, resource: &str) -> String {
        format!("{}/{{{}}}", self.path(resource), self.parameter)
    }
}
