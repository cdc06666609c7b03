//! Rows as a table might hold them: what a migration does to none says little of what it does to many.

use super::dialect::Dialect;
use super::marks;
use super::tables::{Column, Kind, Snapshot, Storage, Table, Value};
use crate::render::sql::quote;

/// How many a table gets, as far as its indexes take them beside each other.
const COUNT: i64 = 3;
/// Whole numbers are as far apart as this, in days: dates differ, and so do amounts without what is behind their point.
const APART: i64 = 10_000 * 86_400_000;

/// The statements that add them. Rows of one number refer to each other; what an index did not take is referred to no more, as far as
/// the indexes of those that do take that.
pub(super) fn inserts(snapshot: &Snapshot) -> String {
    let tables = || snapshot.tables.iter();
    let rows =
        tables().flat_map(|table| (1..=COUNT).map(move |number| insert(snapshot, table, number)));
    rows.chain(tables().flat_map(references)).collect()
}

/// References that lead nowhere lead to the first row that is there.
fn references(table: &Table) -> impl Iterator<Item = String> {
    let name = quote(&table.name);
    table.columns.iter().filter_map(move |column| {
        let to = quote(&column.references.as_ref()?.table);
        let column = quote(&column.name);
        Some(format!(
            "UPDATE OR IGNORE {name} SET {column} = (SELECT min(id) FROM {to}) WHERE {column} NOT IN (SELECT id FROM {to});\n"
        ))
    })
}

fn insert(snapshot: &Snapshot, table: &Table, number: i64) -> String {
    let columns: Vec<String> = table.columns.iter().map(|it| quote(&it.name)).collect();
    let values = table.columns.iter();
    let values: Vec<String> = values
        .map(|column| match value(snapshot, table, column, number) {
            Some(value) => Dialect::Sqlite.value(&value),
            None => "NULL".to_owned(),
        })
        .collect();
    let (name, columns, values) = (quote(&table.name), columns.join(", "), values.join(", "));
    format!("INSERT OR IGNORE INTO {name} ({columns}) VALUES ({values});\n")
}

/// Each row has a value of its own, where there are enough of them. A row that is marked as deleted is in no index of live ones.
fn value(snapshot: &Snapshot, table: &Table, column: &Column, number: i64) -> Option<Value> {
    if marks::is_mark(column) {
        return None;
    }
    if let Some(reference) = &column.references {
        return Some(id(snapshot, &reference.table, number));
    }
    if column.name == "id" {
        return Some(id(snapshot, &table.name, number));
    }
    let words = column.checked();
    if !words.is_empty() {
        let place = usize::try_from(number).ok()? % words.len();
        return words.get(place).cloned();
    }
    Some(match column.storage {
        Storage::Integer if column.kind == Some(Kind::Boolean) => Value::Integer(number % 2),
        Storage::Integer => Value::Integer(number * APART),
        Storage::Real => Value::Real(format!("{number}.5")),
        Storage::Blob => Value::Blob(vec![u8::try_from(number).unwrap_or_default()]),
        Storage::Text => Value::Text(text(column, number)),
    })
}

fn text(column: &Column, number: i64) -> String {
    match column.kind {
        _ if column.is_list() => "[]".to_owned(),
        Some(Kind::Json) => format!("{{\"n\":{number}}}"),
        Some(Kind::Time) => format!("0{number}:00:00"),
        Some(Kind::Ip) => format!("192.0.2.{number}"),
        Some(Kind::Uuid | Kind::Reference) => uuid(0xffff, number),
        _ => format!("{number} of {}", column.name),
    }
}

fn id(snapshot: &Snapshot, table: &str, number: i64) -> Value {
    let place = snapshot.tables.iter().position(|it| it.name == table);
    Value::Text(uuid(place.unwrap_or_default(), number))
}

fn uuid(table: usize, number: i64) -> String {
    format!("00000000-0000-7000-8000-{table:08x}{number:04x}")
}
