// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `members`. What changes a row takes a permit, which only the runtime can make.

use super::Member;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "email", "rank" FROM "members""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("email", r#""email""#, Kind::Email),
        Column::new("rank", r#""rank""#, Kind::Choice(&["worker", "chief"]))
            .guarded()
            .role(),
    ],
    references: Member::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Member, Error> {
    Ok(Member {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        email: row.get(4)?,
        rank: row.get(5)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Member>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "email", "rank" FROM "members" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Member>,
    query: ListQuery,
) -> Result<Page<Member>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Member>,
) -> Result<Member, Error> {
    let member = permit.into_row();
    let sql = insertion(&member);
    scope.execute(sql).await?;
    Ok(member)
}

/// The statement that stores a new row.
pub(super) fn insertion(member: &Member) -> Sql {
    Sql::new(
        r#"INSERT INTO "members" ("id", "created_at", "updated_at", "version", "email", "rank") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
    )
    .bind(&member.id)
    .bind(&member.created_at)
    .bind(&member.updated_at)
    .bind(&member.version)
    .bind(&member.email)
    .bind(&member.rank)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Member>,
) -> Result<Member, Error> {
    let (member, version) = permit.into_change();
    scope.execute_one(replacement(&member, version)).await?;
    Ok(member)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(member: &Member, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "members" SET "updated_at" = ?3, "version" = ?4, "email" = ?5, "rank" = ?6 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&member.id)
    .bind(&version)
    .bind(&member.updated_at)
    .bind(&member.version)
    .bind(&member.email)
    .bind(&member.rank)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Member>,
) -> Result<Member, Error> {
    let (member, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "members" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&member.id).bind(&version))
        .await?;
    Ok(member)
}
