//! The tables that a service needs.

use super::content;
use super::tables::{Column, Index, Kind, OnDelete, Reference, Snapshot, Storage, Table, Value};
use crate::manifest::Hash;
use crate::model::{
    self, Field, FieldKind, Presence, Relation, Resource, Service, SoftDelete, Stored, name,
};

impl Snapshot {
    /// The tables that this service needs.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        let resources = service.resources.iter();
        // Behind those that they refer to.
        let pairs = resources.clone().flat_map(|resource| {
            let relations = resource.relations.iter();
            let declared = relations.filter(|relation| relation.is_declared());
            declared.map(|relation| pairs(resource, relation))
        });
        Self {
            tables: resources.clone().map(table).chain(pairs).collect(),
        }
    }
}

/// The pairs of rows of a relation. A pair goes with either of its rows.
fn pairs(resource: &Resource, relation: &Relation) -> Table {
    let side = |name: &str, table: &str| Column {
        name: name.to_owned(),
        kind: Some(Kind::Reference),
        storage: Storage::Text,
        nullable: false,
        default: None,
        values: Vec::new(),
        references: Some(Reference {
            table: table.to_owned(),
            on_delete: OnDelete::Cascade,
        }),
    };
    let sides = [Relation::FROM, Relation::TO];
    Table {
        of: owner(&resource.name, &relation.name),
        name: relation.table.clone(),
        columns: vec![
            side(Relation::FROM, &resource.table),
            side(Relation::TO, &relation.to_table),
        ],
        primary_key: sides.map(str::to_owned).to_vec(),
        // The primary key finds pairs by their first column.
        indexes: vec![Index {
            name: short_name(&name::index(&relation.table, Relation::TO, false)),
            columns: vec![Relation::TO.to_owned()],
            unique: false,
            only_where_null: None,
        }],
    }
}

/// What the table of a relation is known by.
pub(super) fn owner(resource: &str, relation: &str) -> String {
    format!("{resource}.{relation}")
}

fn table(resource: &Resource) -> Table {
    let fixed = [
        ("id", Storage::Text),
        ("created_at", Storage::Integer),
        ("updated_at", Storage::Integer),
        ("version", Storage::Integer),
    ];
    let fixed = fixed.map(|(name, storage)| Column {
        name: name.to_owned(),
        kind: None,
        storage,
        nullable: false,
        default: None,
        values: Vec::new(),
        references: None,
    });
    Table {
        of: resource.name.clone(),
        name: resource.table.clone(),
        columns: fixed
            .into_iter()
            .chain(resource.fields.iter().map(|field| column(resource, field)))
            .chain(resource.soft_delete.map(|_| deleted_at()))
            .collect(),
        primary_key: Vec::new(),
        indexes: resource
            .fields
            .iter()
            .filter_map(|field| index(resource, field))
            .chain(resource.unique.iter().map(|set| unique_set(resource, set)))
            .chain(resource.soft_delete.map(|_| deleted_index(resource)))
            .collect(),
    }
}

/// When a row was deleted; empty while it lives.
fn deleted_at() -> Column {
    Column {
        name: SoftDelete::COLUMN.to_owned(),
        // A field of this name has one; by that the two are told apart.
        kind: None,
        storage: Storage::Integer,
        nullable: true,
        default: None,
        values: Vec::new(),
        references: None,
    }
}

/// Finds the rows whose time is over without a look at the others.
fn deleted_index(resource: &Resource) -> Index {
    Index {
        name: short_name(&name::index(&resource.table, SoftDelete::COLUMN, false)),
        columns: vec![SoftDelete::COLUMN.to_owned()],
        unique: false,
        only_where_null: None,
    }
}

/// What is null in the rows that count for unique values, where deleted ones stay for a while.
fn live(resource: &Resource) -> Option<String> {
    let soft_delete = resource.soft_delete;
    soft_delete.map(|_| SoftDelete::COLUMN.to_owned())
}

fn column(resource: &Resource, field: &Field) -> Column {
    Column {
        name: field.column.clone(),
        kind: Some(content::of_field(field)),
        storage: if field.encrypted {
            Storage::Blob
        } else {
            storage(&field.kind)
        },
        nullable: field.is_nullable(),
        default: match &field.presence {
            // No statement seals a value: the service gives the default.
            Presence::Default(_) if field.encrypted => None,
            Presence::Default(literal) => Some(value(literal.stored())),
            Presence::Required | Presence::Optional => None,
        },
        values: values(&field.kind),
        references: field
            .reference()
            .map(|reference| self::reference(resource, reference)),
    }
}

/// Rows that are marked as deleted never hold what they refer to: it takes them along. The live ones do, and the service
/// asks for those itself, before it deletes.
fn reference(resource: &Resource, to: &model::Reference) -> Reference {
    Reference {
        table: to.table.clone(),
        on_delete: match to.on_delete {
            model::OnDelete::Restrict if resource.soft_delete.is_some() => OnDelete::Cascade,
            model::OnDelete::Restrict => OnDelete::Restrict,
            model::OnDelete::Cascade => OnDelete::Cascade,
            model::OnDelete::SetNull => OnDelete::SetNull,
        },
    }
}

fn storage(kind: &FieldKind) -> Storage {
    match kind {
        FieldKind::Text(_)
        | FieldKind::Uuid
        | FieldKind::Time(_)
        | FieldKind::Ip
        | FieldKind::Enum(_)
        | FieldKind::Reference(_)
        // As text in every database: numbers, order and escapes stay as they were sent.
        | FieldKind::List(_)
        | FieldKind::Json { .. } => Storage::Text,
        FieldKind::Integer(_)
        | FieldKind::WideInteger(_)
        | FieldKind::Decimal { .. }
        | FieldKind::Boolean
        | FieldKind::Date(_)
        | FieldKind::Datetime(_)
        | FieldKind::Duration(_) => Storage::Integer,
        FieldKind::Number(_) => Storage::Real,
        FieldKind::Bytes { .. } => Storage::Blob,
    }
}

fn values(kind: &FieldKind) -> Vec<Value> {
    match kind {
        FieldKind::Boolean => vec![Value::Integer(0), Value::Integer(1)],
        FieldKind::Enum(choices) => choices
            .choices
            .iter()
            .map(|choice| Value::Text(choice.value.clone()))
            .collect(),
        FieldKind::List(rule) if rule.of.enumeration().is_some() => values(&rule.of),
        _ => Vec::new(),
    }
}

pub(super) fn value(stored: Stored) -> Value {
    match stored {
        Stored::Integer(value) => Value::Integer(value),
        Stored::Real(value) => Value::Real(format!("{value:?}")),
        Stored::Text(value) => Value::Text(value),
        Stored::Blob(value) => Value::Blob(value),
    }
}

fn index(resource: &Resource, field: &Field) -> Option<Index> {
    // Lists are ordered by id. Policies ask most of all whose a row is: of somebody's many rows a page is found without sorting them all.
    let by_id = field.reference().is_some() && !field.unique;
    let id = by_id.then(|| "id".to_owned());
    (field.unique || field.index).then(|| Index {
        name: short_name(&name::index(&resource.table, &field.column, field.unique)),
        columns: std::iter::once(field.column.clone()).chain(id).collect(),
        unique: field.unique,
        only_where_null: live(resource).filter(|_| field.unique),
    })
}

fn unique_set(resource: &Resource, set: &[String]) -> Index {
    Index {
        name: short_name(&name::unique_set(&resource.table, set)),
        columns: set.to_vec(),
        unique: true,
        only_where_null: live(resource),
    }
}

/// PostgreSQL cuts names at 63 bytes, and two long ones could become the same.
pub(super) fn short_name(name: &str) -> String {
    const LONGEST: usize = 63;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let hash = Hash::of(name.as_bytes());
    let (start, hash) = (name.get(..LONGEST - 9), hash.as_str().get(..8));
    format!("{}_{}", start.unwrap_or(name), hash.unwrap_or_default())
}
