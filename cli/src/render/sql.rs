//! Statements over one resource's table, as text. Values are always parameters.

use crate::model::{Field, Resource, SoftDelete};

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
    let deleted = resource.soft_delete.map(|_| SoftDelete::COLUMN);
    FIXED.into_iter().chain(own).chain(deleted).collect()
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

/// The rows that are not deleted.
pub(crate) fn select_live(resource: &Resource) -> String {
    match live(resource) {
        Some(live) => format!("{} WHERE {live}", select(resource)),
        None => select(resource),
    }
}

/// The row of an id, unless it is deleted.
pub(crate) fn find(resource: &Resource) -> String {
    let found = select_by(resource, "id");
    live(resource).map_or(found.clone(), |live| format!("{found} AND {live}"))
}

/// What holds for rows that are not deleted, where a deletion can be undone.
fn live(resource: &Resource) -> Option<String> {
    let column = quote(SoftDelete::COLUMN);
    resource.soft_delete.map(|_| format!("{column} IS NULL"))
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

/// Binds the id and the version that was read, and the time where a deletion can be undone.
pub(crate) fn delete(resource: &Resource) -> String {
    if let Some(live) = live(resource) {
        return format!(
            "UPDATE {} SET {} = ?3 WHERE \"id\" = ?1 AND \"version\" = ?2 AND {live}",
            quote(&resource.table),
            quote(SoftDelete::COLUMN)
        );
    }
    format!(
        "DELETE FROM {} WHERE \"id\" = ?1 AND \"version\" = ?2",
        quote(&resource.table)
    )
}

/// Several rows by their ids, which are bound as one JSON array, those that are deleted left out.
pub(crate) fn select_several(resource: &Resource) -> String {
    let found = format!(
        "{} WHERE \"id\" IN (SELECT \"value\" FROM json_each(?1))",
        select(resource)
    );
    live(resource).map_or(found.clone(), |live| format!("{found} AND {live}"))
}

/// Brings a row back. Binds the id, the version that was read, the time and the next version.
pub(crate) fn restore(resource: &Resource) -> String {
    format!(
        "UPDATE {} SET {deleted} = NULL, \"updated_at\" = ?3, \"version\" = ?4 WHERE \"id\" = ?1 AND \"version\" = ?2 AND {deleted} IS NOT NULL",
        quote(&resource.table),
        deleted = quote(SoftDelete::COLUMN)
    )
}

/// The deleted rows whose time is over, in the order of their deletion: until `?1`, behind `?2` and `?3`, at most `?4`.
pub(crate) fn due(resource: &Resource) -> String {
    format!(
        "SELECT \"id\", {deleted} FROM {} WHERE {deleted} <= ?1 AND ({deleted}, \"id\") > (?2, ?3) ORDER BY {deleted}, \"id\" LIMIT ?4",
        quote(&resource.table),
        deleted = quote(SoftDelete::COLUMN)
    )
}

/// Removes a deleted row for good. Binds the id and the time until which it has to be deleted.
pub(crate) fn remove(resource: &Resource) -> String {
    format!(
        "DELETE FROM {} WHERE \"id\" = ?1 AND {} <= ?2",
        quote(&resource.table),
        quote(SoftDelete::COLUMN)
    )
}
