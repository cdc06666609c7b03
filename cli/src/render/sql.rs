//! Statements over one resource's table, as text. Values are always parameters.

use crate::model::{Field, Resource};

/// The columns that every table has, in the order in which every statement names them.
pub(crate) const FIXED: [&str; 4] = ["id", "created_at", "updated_at", "version"];

/// A name as every statement writes it: always in quotes, so that no name is ever a keyword.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A string in a statement.
pub(crate) fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// All columns of a resource, in the order in which every statement names them.
pub(crate) fn columns(resource: &Resource) -> Vec<&str> {
    let own = resource.fields.iter().map(|field| field.column.as_str());
    FIXED.into_iter().chain(own).collect()
}

/// `SELECT … FROM …`
pub(crate) fn select(resource: &Resource) -> String {
    let columns: Vec<String> = columns(resource).into_iter().map(quote).collect();
    format!(
        "SELECT {} FROM {}",
        columns.join(", "),
        quote(&resource.table)
    )
}

/// The row in which this column is `?1`.
pub(crate) fn select_by(resource: &Resource, column: &str) -> String {
    format!("{} WHERE {} = ?1", select(resource), quote(column))
}

/// Binds all columns, in order.
pub(crate) fn insert(resource: &Resource) -> String {
    let columns: Vec<String> = columns(resource).into_iter().map(quote).collect();
    let places: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
    format!(
        "INSERT INTO {} ({}) VALUES ({})",
        quote(&resource.table),
        columns.join(", "),
        places.join(", ")
    )
}

/// Binds the id, the version that was read, and then what [`changing`] names.
pub(crate) fn update(resource: &Resource) -> String {
    let own = changing(resource).map(|field| field.column.as_str());
    let columns = ["updated_at", "version"].into_iter().chain(own);
    let sets: Vec<String> = columns
        .enumerate()
        .map(|(index, column)| format!("{} = ?{}", quote(column), index + 3))
        .collect();
    format!(
        "UPDATE {} SET {} WHERE \"id\" = ?1 AND \"version\" = ?2",
        quote(&resource.table),
        sets.join(", ")
    )
}

/// The fields that may differ between two versions of a row.
pub(crate) fn changing(resource: &Resource) -> impl Iterator<Item = &Field> {
    resource.fields.iter().filter(|field| !field.immutable)
}

/// Binds the id and the version that was read.
pub(crate) fn delete(resource: &Resource) -> String {
    format!(
        "DELETE FROM {} WHERE \"id\" = ?1 AND \"version\" = ?2",
        quote(&resource.table)
    )
}

/// Several rows by their ids, which are bound as one JSON array.
pub(crate) fn select_several(resource: &Resource) -> String {
    format!(
        "{} WHERE \"id\" IN (SELECT \"value\" FROM json_each(?1))",
        select(resource)
    )
}
