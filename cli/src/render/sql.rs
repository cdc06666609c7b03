//! Statements over one resource's table, as text. Values are always parameters.

use crate::model::{Field, Relation, Resource, SoftDelete};

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

/// `SELECT … FROM …`, with the sets of the row's relations behind its columns.
pub(crate) fn select(resource: &Resource) -> String {
    let columns: Vec<String> = columns(resource)
        .into_iter()
        .map(quote)
        .chain(resource.sets().map(|relation| set(resource, relation)))
        .collect();
    format!(
        "SELECT {} FROM {}",
        columns.join(", "),
        quote(&resource.table)
    )
}

/// The ids of what a row is related to, as a list is stored.
fn set(resource: &Resource, relation: &Relation) -> String {
    format!(
        "(SELECT json_group_array({}) FROM {} WHERE {} = {}.\"id\") AS {}",
        quote(Relation::TO),
        quote(&relation.table),
        quote(Relation::FROM),
        quote(&resource.table),
        quote(&relation.name)
    )
}

/// What follows is the id of a row: the ids of all that it is related to.
pub(crate) fn related_ids(relation: &Relation) -> String {
    let (own, other) = relation.columns();
    format!(
        "SELECT {} FROM {} WHERE {} =",
        quote(other),
        quote(&relation.table),
        quote(own)
    )
}

/// Relates the row `?1` to the row `?2`, where it is not yet.
pub(crate) fn relate(relation: &Relation) -> String {
    format!(
        "INSERT INTO {} ({}, {}) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        quote(&relation.table),
        quote(Relation::FROM),
        quote(Relation::TO)
    )
}

/// Ends that.
pub(crate) fn unrelate(relation: &Relation) -> String {
    format!(
        "DELETE FROM {} WHERE {} = ?1 AND {} = ?2",
        quote(&relation.table),
        quote(Relation::FROM),
        quote(Relation::TO)
    )
}

/// Counts the pairs in which this column is `?1`.
pub(crate) fn count_pairs(relation: &Relation, column: &str) -> String {
    format!(
        "SELECT count(*) FROM {} WHERE {} = ?1",
        quote(&relation.table),
        quote(column)
    )
}

/// Of each of these relations its place among them and the rows to which the account `?1` is related, `?2` at most.
pub(crate) fn memberships(relations: &[&Relation]) -> String {
    let of = |(place, relation): (usize, &&Relation)| {
        format!(
            "SELECT {place}, {} FROM {} WHERE {} = ?1",
            quote(Relation::FROM),
            quote(&relation.table),
            quote(Relation::TO)
        )
    };
    let all: Vec<String> = relations.iter().enumerate().map(of).collect();
    format!("{} LIMIT ?2", all.join(" UNION ALL "))
}

/// The rows that are not deleted, for lists. The plus keeps SQLite from looking for them in the index of when rows were deleted,
/// which is for the purge: nearly all rows stand there under NULL, and would have to be sorted for each page.
pub(crate) fn select_live(resource: &Resource) -> String {
    match live(resource) {
        Some(live) => format!("{} WHERE +{live}", select(resource)),
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
