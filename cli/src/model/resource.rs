//! One resource: a table, a set of routes and an entity type.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Action, Field, OnDelete, Quota, Reference, Relation, SoftDelete};

/// One resource, with every name that is made from its own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resource {
    /// The name in the spec and in action names: `user`, `order_line`.
    pub name: String,
    /// The plural in the spec's case: `users`, `order_lines`.
    pub plural: String,
    /// The plural as a part of names in the API's document: `OrderLines`.
    pub plural_name: String,
    /// The name in plain words, for documentation: `order line`.
    pub words: String,
    /// The plural in plain words: `order lines`.
    pub plural_words: String,
    /// The Rust module and its file without `.rs`: `user`; `type_` where the name is a keyword.
    pub module: String,
    /// The stem of Rust type names: `User`; `OptionItem` where the plain name would hide one of Rust's own.
    pub struct_name: String,
    /// The Cedar entity type without namespace. The same word as `struct_name`.
    pub kind: String,
    /// The table's name without quotes: `users`.
    pub table: String,
    /// The table's name as SQL writes it: quoted exactly where it is a keyword.
    pub sql_table: String,
    /// What follows the base path in a route: `/users`. Words are joined by `-`: `/order-lines`.
    pub path: String,
    /// A paragraph for the documentation.
    pub description: Option<String>,
    /// The fields, in the order of the spec. `id`, `created_at`, `updated_at` and `version` are not among them.
    pub fields: Vec<Field>,
    /// Sets of columns that no two rows share, in the order of the spec; each of two columns at least.
    pub unique: Vec<Vec<String>>,
    /// The name that this resource had before.
    pub renamed_from: Option<String>,
    /// The operations that have a route.
    pub operations: BTreeSet<Operation>,
    /// What an update or deletion without `If-Match` gets.
    pub concurrency: Concurrency,
    /// What can be done beyond the operations.
    pub actions: Vec<Action>,
    /// Whether a deletion can be undone, and for how long.
    pub soft_delete: Option<SoftDelete>,
    /// The quotas that single operations have beside those of their tiers.
    pub rate_limits: BTreeMap<Operation, Quota>,
    /// Whether this resource signs in.
    pub is_identity: bool,
    /// The fields, of whatever resource, that point to its rows; in the order of the spec.
    pub referrers: Vec<Referrer>,
    /// The relations that have routes under its rows: its own, and then the inverse ones of others.
    pub relations: Vec<Relation>,
    /// What relations of any resource do with its rows.
    pub related: InRelations,
}

/// What relations of any resource do with the rows of one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InRelations {
    /// Some route lists those that another row is related to.
    pub listed: bool,
    /// Some route relates them to other rows.
    pub named: bool,
}

/// A field of some resource that points to rows of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Referrer {
    /// The resource that has the field.
    pub resource: String,
    /// Its table without quotes.
    pub table: String,
    /// The column without quotes.
    pub column: String,
    /// What happens with its rows.
    pub on_delete: OnDelete,
}

impl Resource {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that point to rows, with what they point to; in the order of the spec.
    pub fn references(&self) -> impl Iterator<Item = (&Field, &Reference)> {
        let fields = self.fields.iter();
        fields.filter_map(|field| Some((field, field.reference()?)))
    }

    /// The references whose rows an answer can carry as well: those that it shows.
    pub fn includable(&self) -> impl Iterator<Item = (&Field, &Reference)> {
        self.references().filter(|(field, _)| !field.write_only)
    }

    /// The relations whose sets its rows hold.
    pub fn sets(&self) -> impl Iterator<Item = &Relation> {
        self.relations.iter().filter(|relation| relation.is_set())
    }

    /// Whether some field is encrypted.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        self.fields.iter().any(|field| field.encrypted)
    }

    /// Whether this operation has a route.
    #[must_use]
    pub fn has(&self, operation: Operation) -> bool {
        self.operations.contains(&operation)
    }

    /// The operations that policies decide on: those that have a route, and `read` in any case, since whoever lists, changes
    /// or removes a row has to be allowed to read it; and `list` where a relation lists its rows.
    #[must_use]
    pub fn decided(&self) -> BTreeSet<Operation> {
        let mut operations = self.operations.clone();
        operations.insert(Operation::Read);
        operations.extend(self.related.listed.then_some(Operation::List));
        operations
    }

    /// Whether some action of its own changes a row.
    #[must_use]
    pub fn acts(&self) -> bool {
        let acts = |action: &Action| action.is_on_item() && action.writes();
        self.actions.iter().any(acts)
    }
}

/// One of the five operations. They are ordered as every table and route list shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// `GET /users`
    List,
    /// `GET /users/{id}`
    Read,
    /// `POST /users`
    Create,
    /// `PATCH /users/{id}`
    Update,
    /// `DELETE /users/{id}`
    Delete,
}

impl Operation {
    /// All five, in order.
    pub const ALL: [Self; 5] = [
        Self::List,
        Self::Read,
        Self::Create,
        Self::Update,
        Self::Delete,
    ];

    /// The word in the spec and in action names: `list`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// What the runtime can do with an account beside the five operations. Each has a route of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountOperation {
    /// `POST /users/{id}/disable`
    Disable,
    /// `POST /users/{id}/enable`
    Enable,
    /// `GET /users/{id}/sessions`
    ReadSessions,
    /// `DELETE /users/{id}/sessions`
    RevokeSessions,
}

impl AccountOperation {
    /// All four, in the order of every table and route list.
    pub const ALL: [Self; 4] = [
        Self::Disable,
        Self::Enable,
        Self::ReadSessions,
        Self::RevokeSessions,
    ];

    /// What follows the resource in the action's name: `sessions:read`.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::ReadSessions => "sessions:read",
            Self::RevokeSessions => "sessions:revoke",
        }
    }

    /// The method of its route.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Self::Disable | Self::Enable => "POST",
            Self::ReadSessions => "GET",
            Self::RevokeSessions => "DELETE",
        }
    }

    /// What its route ends in, after the account's own.
    #[must_use]
    pub fn end(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Enable => "enable",
            Self::ReadSessions | Self::RevokeSessions => "sessions",
        }
    }
}

/// What an update or deletion without `If-Match` gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Concurrency {
    /// It is carried out.
    Optional,
    /// It is refused with 428.
    Required,
}
