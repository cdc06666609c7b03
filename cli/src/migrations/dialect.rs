//! How each database writes a table.

use std::fmt::Write as _;

use super::tables::{Column, Index, OnDelete, Reference, Storage, Table, Value};
use crate::render::sql::{quote, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn create_table(self, table: &Table) -> String {
        let mut columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("  {}", self.column(table, column)))
            .collect();
        if !table.primary_key.is_empty() {
            columns.push(format!("  PRIMARY KEY ({})", list(&table.primary_key)));
        }
        let end = match self {
            Dialect::Sqlite => " STRICT",
            Dialect::Postgres => "",
        };
        let mut out = format!(
            "CREATE TABLE {} (\n{}\n){end};\n",
            quote(&table.name),
            columns.join(",\n")
        );
        for index in &table.indexes {
            out.push_str(&self.create_index(table, index));
        }
        out
    }

    pub(super) fn add_column(self, table: &Table, column: &Column) -> String {
        format!(
            "ALTER TABLE {} ADD COLUMN {};\n",
            quote(&table.name),
            self.column(table, column)
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

    fn column(self, table: &Table, column: &Column) -> String {
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
        if !column.values.is_empty() {
            let values: Vec<String> = column
                .values
                .iter()
                .map(|value| self.value(value))
                .collect();
            let name = quote(&format!("{}_{}_check", table.name, column.name));
            let _ = write!(
                out,
                " CONSTRAINT {name} CHECK ({} IN ({}))",
                quote(&column.name),
                values.join(", ")
            );
        }
        if let Some(Reference { table, on_delete }) = &column.references {
            let on_delete = match on_delete {
                OnDelete::Restrict => "RESTRICT",
                OnDelete::Cascade => "CASCADE",
                OnDelete::SetNull => "SET NULL",
            };
            let table = quote(table);
            let _ = write!(out, " REFERENCES {table} (\"id\") ON DELETE {on_delete}");
        }
        out
    }

    /// Text sorts by its bytes in both, so that pages have one order everywhere.
    fn kind(self, storage: Storage) -> &'static str {
        match (self, storage) {
            (Dialect::Sqlite, Storage::Text) => "TEXT",
            (Dialect::Sqlite, Storage::Integer) => "INTEGER",
            (Dialect::Sqlite, Storage::Real) => "REAL",
            (Dialect::Sqlite, Storage::Blob) => "BLOB",
            (Dialect::Postgres, Storage::Text) => "TEXT COLLATE \"C\"",
            (Dialect::Postgres, Storage::Integer) => "BIGINT",
            (Dialect::Postgres, Storage::Real) => "DOUBLE PRECISION",
            (Dialect::Postgres, Storage::Blob) => "BYTEA",
        }
    }

    fn value(self, value: &Value) -> String {
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
}

/// Columns, as a list in brackets names them.
fn list(columns: &[String]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| quote(column)).collect();
    quoted.join(", ")
}
