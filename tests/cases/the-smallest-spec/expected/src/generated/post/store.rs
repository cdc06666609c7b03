// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `posts`. What changes a row takes a permit, which only the runtime can make.

use super::Post;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "title" FROM "posts""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("title", r#""title""#, Kind::Text),
    ],
    references: Post::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Post, Error> {
    Ok(Post {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        title: row.get(4)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Post>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "title" FROM "posts" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Post>,
    query: ListQuery,
) -> Result<Page<Post>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Post>) -> Result<Post, Error> {
    let post = permit.into_row();
    let sql = insertion(&post);
    scope.execute(sql).await?;
    Ok(post)
}

/// The statement that stores a new row.
pub(super) fn insertion(post: &Post) -> Sql {
    Sql::new(
        r#"INSERT INTO "posts" ("id", "created_at", "updated_at", "version", "title") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&post.id)
    .bind(&post.created_at)
    .bind(&post.updated_at)
    .bind(&post.version)
    .bind(&post.title)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Post>) -> Result<Post, Error> {
    let (post, version) = permit.into_change();
    scope.execute_one(replacement(&post, version)).await?;
    Ok(post)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(post: &Post, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "posts" SET "updated_at" = ?3, "version" = ?4, "title" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&post.id)
    .bind(&version)
    .bind(&post.updated_at)
    .bind(&post.version)
    .bind(&post.title)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Post>) -> Result<Post, Error> {
    let (post, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "posts" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&post.id).bind(&version)).await?;
    Ok(post)
}
