// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `markers`. What changes a row takes a permit, which only the runtime can make.

use super::Marker;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version" FROM "markers""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
    ],
    references: Marker::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Marker, Error> {
    Ok(Marker {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Marker>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version" FROM "markers" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Marker>,
    query: ListQuery,
) -> Result<Page<Marker>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Marker>,
) -> Result<Marker, Error> {
    let marker = permit.into_row();
    let sql = insertion(&marker);
    scope.execute(sql).await?;
    Ok(marker)
}

/// The statement that stores a new row.
pub(super) fn insertion(marker: &Marker) -> Sql {
    Sql::new(
        r#"INSERT INTO "markers" ("id", "created_at", "updated_at", "version") VALUES (?1, ?2, ?3, ?4)"#,
    )
    .bind(&marker.id)
    .bind(&marker.created_at)
    .bind(&marker.updated_at)
    .bind(&marker.version)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Marker>,
) -> Result<Marker, Error> {
    let (marker, version) = permit.into_change();
    scope.execute_one(replacement(&marker, version)).await?;
    Ok(marker)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(marker: &Marker, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "markers" SET "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&marker.id)
    .bind(&version)
    .bind(&marker.updated_at)
    .bind(&marker.version)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Marker>,
) -> Result<Marker, Error> {
    let (marker, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "markers" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&marker.id).bind(&version))
        .await?;
    Ok(marker)
}
