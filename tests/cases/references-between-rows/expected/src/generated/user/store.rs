// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `users`. What changes a row takes a permit, which only the runtime can make.

use super::User;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "email", "desk" FROM "users""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("email", r#""email""#, Kind::Email),
        Column::new("desk", r#""desk""#, Kind::Reference).nullable(),
    ],
    references: User::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<User, Error> {
    Ok(User {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        email: row.get(4)?,
        desk: row.get(5)?,
    })
}

/// How rows that refer to a user find it.
pub static RELATED: Related = Related::of::<User>(
    r#"SELECT "id", "created_at", "updated_at", "version", "email", "desk" FROM "users" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<User>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "email", "desk" FROM "users" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<User>,
    query: ListQuery,
) -> Result<Page<User>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, User>) -> Result<User, Error> {
    let user = permit.into_row();
    let sql = insertion(&user);
    scope.insert(&user, sql).await?;
    Ok(user)
}

/// The statement that stores a new row.
pub(super) fn insertion(user: &User) -> Sql {
    Sql::new(
        r#"INSERT INTO "users" ("id", "created_at", "updated_at", "version", "email", "desk") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
    )
    .bind(&user.id)
    .bind(&user.created_at)
    .bind(&user.updated_at)
    .bind(&user.version)
    .bind(&user.email)
    .bind(&user.desk)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, User>) -> Result<User, Error> {
    let (user, version) = permit.into_change();
    scope.execute_one(replacement(&user, version)).await?;
    Ok(user)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(user: &User, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "users" SET "updated_at" = ?3, "version" = ?4, "email" = ?5, "desk" = ?6 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&user.id)
    .bind(&version)
    .bind(&user.updated_at)
    .bind(&user.version)
    .bind(&user.email)
    .bind(&user.desk)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, User>) -> Result<User, Error> {
    let (user, version) = permit.into_change();
    let unlink = Sql::new(
        r#"UPDATE "books" SET "donor" = NULL, "version" = "version" + 1, "updated_at" = ?2 WHERE "donor" = ?1 AND "id" <> ?1"#,
    );
    scope.unlink(unlink, user.id).await?;
    let sql = Sql::new(r#"DELETE FROM "users" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&user.id).bind(&version)).await?;
    Ok(user)
}
