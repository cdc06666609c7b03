//! How each database writes tables, columns and values.

use std::fmt::Write as _;

use super::elements;
use super::kept::Kept;
use super::of_service::short_name;
use super::tables::{Column, Index, OnDelete, Reference, Storage, Table, Value};
use crate::render::sql::{quote, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The table under a name that may be another than its own for the time being, without its indexes.
    pub(super) fn create_table(self, table: &Table, name: &str) -> String {
        let columns = table.columns.iter();
        let mut lines: Vec<String> = columns
            .map(|column| format!("  {}", self.column(table, column)))
            .collect();
        if !table.primary_key.is_empty() {
            lines.push(format!("  PRIMARY KEY ({})", list(&table.primary_key)));
        }
        let end = match self {
            Dialect::Sqlite => " STRICT",
            Dialect::Postgres => "",
        };
        format!(
            "CREATE TABLE {} (\n{}\n){end};\n",
            quote(name),
            lines.join(",\n")
        )
    }

    pub(super) fn create_index(self, table: &Table, index: &Index) -> String {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let only = index.only_where_null.as_ref();
        let only = only.map_or(String::new(), |column| {
            format!(" WHERE {} IS NULL", quote(column))
        });
        format!(
            "CREATE {unique}INDEX {} ON {} ({}){only};\n",
            quote(&index.name),
            quote(&table.name),
            list(&index.columns)
        )
    }

    pub(super) fn create_indexes(self, table: &Table) -> String {
        let indexes = table.indexes.iter();
        indexes
            .map(|index| self.create_index(table, index))
            .collect()
    }

    /// A column as the definition of its table has it.
    pub(super) fn column(self, table: &Table, column: &Column) -> String {
        let mut out = format!("{} {}", quote(&column.name), self.kind(column.storage));
        if !column.nullable {
            out.push_str(" NOT NULL");
        }
        if column.name == "id" && table.primary_key.is_empty() {
            out.push_str(" PRIMARY KEY");
        }
        // Writing to a String cannot fail.
        if let Some(default) = &column.default {
            let _ = write!(out, " DEFAULT {}", self.value(default));
        }
        if let Some(check) = self.check(table, column) {
            let _ = write!(out, " {check}");
        }
        if let Some(reference) = column.references.as_ref().filter(|_| self == Self::Sqlite) {
            let _ = write!(out, " {}", references(reference));
        }
        out
    }

    /// The constraint that only some values are legal.
    pub(super) fn check(self, table: &Table, column: &Column) -> Option<String> {
        (!column.checked().is_empty()).then(|| {
            format!(
                "CONSTRAINT {} CHECK ({} IN ({}))",
                quote(&self.check_name(&table.name, &column.name)),
                quote(&column.name),
                self.values(column.checked())
            )
        })
    }

    pub(super) fn check_name(self, table: &str, column: &str) -> String {
        let name = format!("{table}_{column}_check");
        match self {
            // The names of SQLite have no limit, and files that are written stay as they are.
            Self::Sqlite => name,
            Self::Postgres => short_name(&name),
        }
    }

    /// Text sorts by its bytes in both, so that pages have one order everywhere.
    pub(super) fn kind(self, storage: Storage) -> &'static str {
        match (self, storage) {
            (Dialect::Postgres, Storage::Text) => "TEXT COLLATE \"C\"",
            _ => self.bare_kind(storage),
        }
    }

    fn bare_kind(self, storage: Storage) -> &'static str {
        match (self, storage) {
            (_, Storage::Text) => "TEXT",
            (Dialect::Sqlite, Storage::Integer) => "INTEGER",
            (Dialect::Sqlite, Storage::Real) => "REAL",
            (Dialect::Sqlite, Storage::Blob) => "BLOB",
            (Dialect::Postgres, Storage::Integer) => "BIGINT",
            (Dialect::Postgres, Storage::Real) => "DOUBLE PRECISION",
            (Dialect::Postgres, Storage::Blob) => "BYTEA",
        }
    }

    pub(super) fn cast(self, operand: &str, storage: Storage) -> String {
        format!("CAST({operand} AS {})", self.bare_kind(storage))
    }

    /// Whether a double has no digits after the point.
    pub(super) fn is_whole(self, operand: &str) -> String {
        match self {
            // Beyond 64 bits the cast ends at their end, and the double is another number.
            Self::Sqlite => format!("{operand} = {}", self.cast(operand, Storage::Integer)),
            Self::Postgres => format!("{operand} = trunc({operand})"),
        }
    }

    pub(super) fn values(self, values: &[Value]) -> String {
        let values: Vec<String> = values.iter().map(|value| self.value(value)).collect();
        values.join(", ")
    }

    pub(super) fn value(self, value: &Value) -> String {
        match value {
            Value::Text(value) => text(value),
            Value::Integer(value) => value.to_string(),
            Value::Real(value) => value.clone(),
            Value::Blob(bytes) => {
                let mut hex = String::new();
                for byte in bytes {
                    let _ = write!(hex, "{byte:02x}");
                }
                match self {
                    Dialect::Sqlite => format!("x'{hex}'"),
                    Dialect::Postgres => format!("'\\x{hex}'::bytea"),
                }
            }
        }
    }

    fn value_or_null(self, value: Option<&Value>) -> String {
        value.map_or_else(|| "NULL".to_owned(), |value| self.value(value))
    }

    /// The new value of a column, from the row as it was; `operand` is the old value in quotes, with its table in
    /// front.
    pub(super) fn rewritten(self, after: &Column, kept: &Kept, operand: &str) -> String {
        let fill = self.value_or_null(kept.fill.as_ref());
        if kept.conversion.loses_rows() {
            return self.fitted(after, kept, operand, &fill);
        }
        if after.is_list() {
            let list = elements::rewritten(self, kept, operand);
            let list = list.unwrap_or_else(|| operand.to_owned());
            return self.filled(after, kept, list, &fill);
        }
        let mut out = kept.conversion.value(self, operand);
        let gone = kept.removed.iter().map(|old| (old, fill.clone()));
        let renamed = kept.renamed.iter().map(|(old, new)| (old, self.value(new)));
        let cases: String = renamed
            .chain(gone)
            .map(|(old, new)| format!("WHEN {} THEN {new} ", self.value(old)))
            .collect();
        if !cases.is_empty() {
            out = format!("CASE {out} {cases}ELSE {out} END");
        }
        self.filled(after, kept, out, &fill)
    }

    /// The value, or what rows without one get.
    fn filled(self, after: &Column, kept: &Kept, value: String, fill: &str) -> String {
        match kept.must_fill(after) && kept.fill.is_some() {
            true => format!("coalesce({value}, {fill})"),
            false => value,
        }
    }

    /// What does not fit gets the fill; null stays null where it may.
    fn fitted(self, after: &Column, kept: &Kept, operand: &str, fill: &str) -> String {
        let value = kept.conversion.value(self, operand);
        let null = if after.nullable && kept.fill.is_some() {
            format!("WHEN {operand} IS NULL THEN NULL ")
        } else {
            String::new()
        };
        match kept.conversion.fits(self, operand) {
            Some(fits) => format!("CASE {null}WHEN {fits} THEN {value} ELSE {fill} END"),
            None if null.is_empty() => fill.to_owned(),
            None => format!("CASE {null}ELSE {fill} END"),
        }
    }
}

/// What follows a column, or the columns of a foreign key.
pub(super) fn references(Reference { table, on_delete }: &Reference) -> String {
    let on_delete = match on_delete {
        OnDelete::Restrict => "RESTRICT",
        OnDelete::Cascade => "CASCADE",
        OnDelete::SetNull => "SET NULL",
    };
    format!("REFERENCES {} (\"id\") ON DELETE {on_delete}", quote(table))
}

/// Columns, as a list in brackets names them.
fn list(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    quoted.join(", ")
}

/// A block of statements with what it is for above it.
pub(super) fn block(comments: &[String], statements: &str) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let comments: String = comments.iter().map(|line| format!("-- {line}\n")).collect();
    format!("\n{comments}{statements}")
}
