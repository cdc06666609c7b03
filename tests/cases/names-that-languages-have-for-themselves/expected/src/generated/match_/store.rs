// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `matches`. What changes a row takes a permit, which only the runtime can make.

use super::Match;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "group", "async" FROM "matches""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("group", r#""group""#, Kind::Date),
        Column::new("async", r#""async""#, Kind::Boolean),
    ],
    references: Match::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Match, Error> {
    Ok(Match {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        group: row.get(4)?,
        r#async: row.get(5)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Match>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "group", "async" FROM "matches" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Match>,
    query: ListQuery,
) -> Result<Page<Match>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Match>,
) -> Result<Match, Error> {
    let match_ = permit.into_row();
    let sql = insertion(&match_);
    scope.execute(sql).await?;
    Ok(match_)
}

/// The statement that stores a new row.
pub(super) fn insertion(match_: &Match) -> Sql {
    Sql::new(
        r#"INSERT INTO "matches" ("id", "created_at", "updated_at", "version", "group", "async") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
    )
    .bind(&match_.id)
    .bind(&match_.created_at)
    .bind(&match_.updated_at)
    .bind(&match_.version)
    .bind(&match_.group)
    .bind(&match_.r#async)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Match>,
) -> Result<Match, Error> {
    let (match_, version) = permit.into_change();
    scope.execute_one(replacement(&match_, version)).await?;
    Ok(match_)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(match_: &Match, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "matches" SET "updated_at" = ?3, "version" = ?4, "group" = ?5, "async" = ?6 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&match_.id)
    .bind(&version)
    .bind(&match_.updated_at)
    .bind(&match_.version)
    .bind(&match_.group)
    .bind(&match_.r#async)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Match>,
) -> Result<Match, Error> {
    let (match_, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "matches" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&match_.id).bind(&version))
        .await?;
    Ok(match_)
}
