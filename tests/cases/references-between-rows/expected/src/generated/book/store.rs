// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `books`. What changes a row takes a permit, which only the runtime can make.

use super::Book;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "desk", "type", "previous", "donor" FROM "books""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("desk", r#""desk""#, Kind::Reference),
        Column::new("type", r#""type""#, Kind::Reference).nullable(),
        Column::new("previous", r#""previous""#, Kind::Reference)
            .guarded()
            .nullable(),
    ],
    references: Book::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Book, Error> {
    Ok(Book {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        desk: row.get(4)?,
        r#type: row.get(5)?,
        previous: row.get(6)?,
        donor: row.get(7)?,
    })
}

/// How rows that refer to a book find it.
pub static RELATED: Related = Related::of::<Book>(
    r#"SELECT "id", "created_at", "updated_at", "version", "desk", "type", "previous", "donor" FROM "books" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Book>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "desk", "type", "previous", "donor" FROM "books" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Book>,
    query: ListQuery,
) -> Result<Page<Book>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Book>) -> Result<Book, Error> {
    let book = permit.into_row();
    let sql = insertion(&book);
    scope.insert(&book, sql).await?;
    Ok(book)
}

/// The statement that stores a new row.
pub(super) fn insertion(book: &Book) -> Sql {
    Sql::new(
        r#"INSERT INTO "books" ("id", "created_at", "updated_at", "version", "desk", "type", "previous", "donor") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"#,
    )
    .bind(&book.id)
    .bind(&book.created_at)
    .bind(&book.updated_at)
    .bind(&book.version)
    .bind(&book.desk)
    .bind(&book.r#type)
    .bind(&book.previous)
    .bind(&book.donor)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Book>) -> Result<Book, Error> {
    let (book, version) = permit.into_change();
    scope.execute_one(replacement(&book, version)).await?;
    Ok(book)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(book: &Book, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "books" SET "updated_at" = ?3, "version" = ?4, "desk" = ?5, "type" = ?6, "previous" = ?7, "donor" = ?8 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&book.id)
    .bind(&version)
    .bind(&book.updated_at)
    .bind(&book.version)
    .bind(&book.desk)
    .bind(&book.r#type)
    .bind(&book.previous)
    .bind(&book.donor)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Book>) -> Result<Book, Error> {
    let (book, version) = permit.into_change();
    let unlink = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "loans"."id" FROM "secapi_gone" JOIN "loans" ON "loans"."book" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0) UPDATE "books" SET "previous" = NULL, "version" = "version" + 1, "updated_at" = ?2 WHERE "previous" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 0) AND "id" <> ?1"#,
    );
    scope.unlink(unlink, book.id).await?;
    let sql = Sql::new(r#"DELETE FROM "books" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&book.id).bind(&version)).await?;
    Ok(book)
}
