// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `desks`. What changes a row takes a permit, which only the runtime can make.

use super::Desk;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "keeper" FROM "desks""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("keeper", r#""keeper""#, Kind::Reference),
    ],
    references: Desk::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Desk, Error> {
    Ok(Desk {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        keeper: row.get(4)?,
    })
}

/// How rows that refer to a desk find it.
pub static RELATED: Related = Related::of::<Desk>(
    r#"SELECT "id", "created_at", "updated_at", "version", "keeper" FROM "desks" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Desk>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "keeper" FROM "desks" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Desk>,
    query: ListQuery,
) -> Result<Page<Desk>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Desk>) -> Result<Desk, Error> {
    let desk = permit.into_row();
    let sql = insertion(&desk);
    scope.insert(&desk, sql).await?;
    Ok(desk)
}

/// The statement that stores a new row.
pub(super) fn insertion(desk: &Desk) -> Sql {
    Sql::new(
        r#"INSERT INTO "desks" ("id", "created_at", "updated_at", "version", "keeper") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&desk.id)
    .bind(&desk.created_at)
    .bind(&desk.updated_at)
    .bind(&desk.version)
    .bind(&desk.keeper)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Desk>) -> Result<Desk, Error> {
    let (desk, version) = permit.into_change();
    scope.execute_one(replacement(&desk, version)).await?;
    Ok(desk)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(desk: &Desk, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "desks" SET "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&desk.id)
    .bind(&version)
    .bind(&desk.updated_at)
    .bind(&desk.version)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Desk>) -> Result<Desk, Error> {
    let (desk, version) = permit.into_change();
    let unlink = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "books"."id" FROM "secapi_gone" JOIN "books" ON "books"."desk" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 UNION SELECT 2, "loans"."id" FROM "secapi_gone" JOIN "loans" ON "loans"."book" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 1) UPDATE "users" SET "desk" = NULL, "version" = "version" + 1, "updated_at" = ?2 WHERE "desk" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 0) AND "id" <> ?1"#,
    );
    scope.unlink(unlink, desk.id).await?;
    let unlink = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "books"."id" FROM "secapi_gone" JOIN "books" ON "books"."desk" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 UNION SELECT 2, "loans"."id" FROM "secapi_gone" JOIN "loans" ON "loans"."book" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 1) UPDATE "books" SET "previous" = NULL, "version" = "version" + 1, "updated_at" = ?2 WHERE "previous" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 1) AND "id" <> ?1"#,
    );
    scope.unlink(unlink, desk.id).await?;
    let sql = Sql::new(r#"DELETE FROM "desks" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&desk.id).bind(&version)).await?;
    Ok(desk)
}
