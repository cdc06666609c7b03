//! How each database writes a table.

use std::fmt::Write as _;

use super::tables::{Column, Index, Storage, Table, Value};
use crate::model::SoftDelete;
use crate::render::sql::{quote, text};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    pub(super) fn create_table(self, table: &Table) -> String {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| format!("  {}", self.column(table, column)))
            .collect();
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
        let columns: Vec<String> = index.columns.iter().map(|column| quote(column)).collect();
        let unique = if index.unique { "UNIQUE " } else { "" };
        format!(
            "CREATE {unique}INDEX {} ON {} ({}){};\n",
            quote(&index.name),
            quote(&table.name),
            columns.join(", "),
            if index.live {
                format!(" WHERE {} IS NULL", quote(SoftDelete::COLUMN))
            } else {
                String::new()
            }
        )
    }

    fn column(self, table: &Table, column: &Column) -> String {
        let mut out = format!("{} {}", quote(&column.name), self.kind(column.storage));
        if !column.nullable {
            out.push_str(" NOT NULL");
        }
        if column.name == "id" {
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
