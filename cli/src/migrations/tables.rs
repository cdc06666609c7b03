//! Tables as data: what the spec asks of a database, apart from how one writes it.

use serde::{Deserialize, Serialize};

use crate::manifest::Hash;
use crate::model::{Field, FieldKind, Presence, Resource, Service, Stored, name};

/// All tables of a service at one time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// In the order of the spec.
    pub tables: Vec<Table>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// The name.
    pub name: String,
    /// The columns, those of every table first.
    pub columns: Vec<Column>,
    /// The indexes, those that hold a value unique among them.
    pub indexes: Vec<Index>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The name.
    pub name: String,
    /// What it stores.
    pub storage: Storage,
    /// Whether it may be empty.
    pub nullable: bool,
    /// What a row gets that does not name it, as the database stores it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The only values that it may hold, where they are few.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

/// What a column stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Storage {
    /// Characters.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A double.
    Real,
    /// Bytes.
    Blob,
}

/// A value as the database stores it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Characters.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A double, as it is written: so that it is read back as it was.
    Real(String),
    /// Bytes.
    Blob(Vec<u8>),
}

/// One index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The name, unique in the database.
    pub name: String,
    /// What it covers.
    pub columns: Vec<String>,
    /// Whether no two rows may agree in it.
    pub unique: bool,
}

impl Snapshot {
    /// The tables that this service needs.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        Self {
            tables: service.resources.iter().map(table).collect(),
        }
    }

    /// Reads what [`Snapshot::json`] gave.
    ///
    /// # Errors
    /// Where it is no snapshot.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// As it is kept in the project.
    #[must_use]
    pub fn json(&self) -> String {
        // INVARIANT: strings, numbers and lists can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Names this state of the tables.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.json().as_bytes())
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
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
        storage,
        nullable: false,
        default: None,
        values: Vec::new(),
    });
    Table {
        name: resource.table.clone(),
        columns: fixed
            .into_iter()
            .chain(resource.fields.iter().map(column))
            .collect(),
        indexes: resource
            .fields
            .iter()
            .filter_map(|field| index(resource, field))
            .collect(),
    }
}

fn column(field: &Field) -> Column {
    Column {
        name: field.column.clone(),
        storage: storage(&field.kind),
        nullable: field.is_nullable(),
        default: match &field.presence {
            Presence::Default(literal) => Some(value(literal.stored())),
            Presence::Required | Presence::Optional => None,
        },
        values: values(&field.kind),
    }
}

fn storage(kind: &FieldKind) -> Storage {
    match kind {
        FieldKind::Text(_)
        | FieldKind::Uuid
        | FieldKind::Time(_)
        | FieldKind::Ip
        | FieldKind::Enum(_)
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
        _ => Vec::new(),
    }
}

fn value(stored: Stored) -> Value {
    match stored {
        Stored::Integer(value) => Value::Integer(value),
        Stored::Real(value) => Value::Real(format!("{value:?}")),
        Stored::Text(value) => Value::Text(value),
        Stored::Blob(value) => Value::Blob(value),
    }
}

fn index(resource: &Resource, field: &Field) -> Option<Index> {
    (field.unique || field.index).then(|| Index {
        name: index_name(&name::index(&resource.table, &field.column, field.unique)),
        columns: vec![field.column.clone()],
        unique: field.unique,
    })
}

/// PostgreSQL cuts names at 63 bytes, and two long ones could become the same.
fn index_name(name: &str) -> String {
    const LONGEST: usize = 63;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let hash = Hash::of(name.as_bytes());
    let (start, hash) = (name.get(..LONGEST - 9), hash.as_str().get(..8));
    format!("{}_{}", start.unwrap_or(name), hash.unwrap_or_default())
}
