//! Tables as data: what a database has, apart from how one writes it.

use serde::{Deserialize, Serialize};

use super::content::{Content, Single};
use crate::manifest::Hash;

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
    /// Whose rows it holds: the name of a resource, or `resource.relation`. A table is known by it when its own name
    /// changes. Empty where an older version of the tool wrote the snapshot.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// The name.
    pub name: String,
    /// The columns, those of every table first, then in the order in which they came to the table.
    pub columns: Vec<Column>,
    /// The columns of the primary key; empty where it is `id` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primary_key: Vec<String>,
    /// The indexes, those that hold a value unique among them.
    pub indexes: Vec<Index>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The name.
    pub name: String,
    /// What its values mean, where storage alone does not say it. Absent where an older version of the tool wrote the
    /// snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What it stores.
    pub storage: Storage,
    /// Whether it may be empty.
    pub nullable: bool,
    /// What a row gets that does not name it, as the database stores it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// The only values that it may hold, where they are few; of a sealed column what the service seals there, and of a
    /// list what its elements may be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// The row of another table that it names by its `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
}

/// What a column refers to: the `id` of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The table.
    pub table: String,
    /// What happens when that row goes.
    pub on_delete: OnDelete,
}

/// What happens to a row when the one that it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The deletion is refused.
    Restrict,
    /// It is deleted too.
    Cascade,
    /// The reference becomes null.
    SetNull,
}

/// What the values of a column mean: what decides how they become those of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Characters of any shape.
    Text,
    /// A whole number within ±2^53.
    Integer,
    /// A whole number of 64 bits.
    WideInteger,
    /// A finite double.
    Number,
    /// A number times 10,000, with at most so many digits after the point.
    Decimal(u8),
    /// 0 or 1.
    Boolean,
    /// A UUID in lower case with hyphens.
    Uuid,
    /// The `id` of a row.
    Reference,
    /// Milliseconds from 1970 to the beginning of the day.
    Date,
    /// A time of day as it is written.
    Time,
    /// Milliseconds since 1970.
    Datetime,
    /// Milliseconds.
    Duration,
    /// An address as it is written.
    Ip,
    /// One of few words.
    Enum,
    /// Bytes.
    Bytes,
    /// A list, as the text of a JSON array of what its elements would be alone.
    List(Single),
    /// JSON as text.
    Json,
    /// What a key of the service seals; nothing but the service turns it into anything else.
    Sealed(Content),
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
    /// It covers only the rows in which this column is null.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_where_null: Option<String>,
}

impl Snapshot {
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

    /// Names this state of the tables: what a database can tell apart, and nothing of what only the tool knows.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut physical = self.clone();
        for table in &mut physical.tables {
            table.of.clear();
            for column in &mut table.columns {
                if column.is_list() {
                    column.values.clear();
                }
                column.kind = None;
            }
        }
        Hash::of(physical.json().as_bytes())
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}

impl Column {
    /// The values that the database itself holds the column to: it does not see what is sealed, nor into lists.
    pub(super) fn checked(&self) -> &[Value] {
        match self.is_sealed() || self.is_list() {
            true => &[],
            false => &self.values,
        }
    }

    /// Whether it holds lists, sealed or not.
    pub(super) fn is_list(&self) -> bool {
        let kind = self.kind;
        matches!(kind, Some(Kind::List(_) | Kind::Sealed(Content::List(_))))
    }

    /// Whether only a key of the service reads it.
    pub(super) fn is_sealed(&self) -> bool {
        matches!(self.kind, Some(Kind::Sealed(_)))
    }
}

impl Table {
    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl Value {
    /// As a sentence names it.
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Real(number) => number.clone(),
            Self::Blob(bytes) => format!("{} bytes", bytes.len()),
        }
    }
}

impl Kind {
    /// As a sentence names it.
    #[must_use]
    pub fn words(self) -> String {
        let word = match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::WideInteger => "wide integer",
            Self::Number => "number",
            Self::Decimal(scale) => return format!("decimal with {scale} digits"),
            Self::Boolean => "boolean",
            Self::Uuid => "uuid",
            Self::Reference => "reference",
            Self::Date => "date",
            Self::Time => "time",
            Self::Datetime => "datetime",
            Self::Duration => "duration",
            Self::Ip => "ip",
            Self::Enum => "enum",
            Self::Bytes => "bytes",
            Self::List(of) => return format!("list of {}", of.kind().words()),
            Self::Json => "json",
            Self::Sealed(content) => return format!("encrypted {}", content.kind().words()),
        };
        word.to_owned()
    }
}
