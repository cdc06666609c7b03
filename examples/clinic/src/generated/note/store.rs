// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `notes`. What changes a row takes a permit, which only the runtime can make.

use super::Note;
use secapi_runtime::prelude::*;
use std::time::Duration;

/// `text`, as it stands in the database.
const ENCRYPTED_TEXT: EncryptedField = EncryptedField {
    resource: "note",
    table: "notes",
    name: "text",
};

/// `kind`, as it stands in the database.
const ENCRYPTED_KIND: EncryptedField = EncryptedField {
    resource: "note",
    table: "notes",
    name: "kind",
};

/// What only the keys of the service open.
pub const ENCRYPTED: &[EncryptedField] = &[ENCRYPTED_TEXT, ENCRYPTED_KIND];

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "patient", "author", "text", "kind", "deleted_at" FROM "notes" WHERE +"deleted_at" IS NULL"#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("patient", r#""patient""#, Kind::Reference),
        Column::new("author", r#""author""#, Kind::Reference),
    ],
    references: Note::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Note, Error> {
    Ok(Note {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        patient: row.get(4)?,
        author: row.get(5)?,
        text: row.open(6, &ENCRYPTED_TEXT)?,
        kind: row.open(7, &ENCRYPTED_KIND)?,
        deleted_at: row.get(8)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Note>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "patient", "author", "text", "kind", "deleted_at" FROM "notes" WHERE "id" = ?1 AND "deleted_at" IS NULL"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Note>,
    query: ListQuery,
) -> Result<Page<Note>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Note>) -> Result<Note, Error> {
    let note = permit.into_row();
    let sql = insertion(&note);
    scope.insert(&note, sql).await?;
    Ok(note)
}

/// The statement that stores a new row.
pub(super) fn insertion(note: &Note) -> Sql {
    Sql::new(
        r#"INSERT INTO "notes" ("id", "created_at", "updated_at", "version", "patient", "author", "text", "kind", "deleted_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#,
    )
    .bind(&note.id)
    .bind(&note.created_at)
    .bind(&note.updated_at)
    .bind(&note.version)
    .bind(&note.patient)
    .bind(&note.author)
    .seal(&ENCRYPTED_TEXT, note.id, &note.text)
    .seal(&ENCRYPTED_KIND, note.id, &note.kind)
    .bind(&note.deleted_at)
}

/// Marks a row as deleted, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Note>) -> Result<Note, Error> {
    let (note, version) = permit.into_change();
    let sql = Sql::new(
        r#"UPDATE "notes" SET "deleted_at" = ?3 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NULL"#,
    );
    let sql = sql.bind(&note.id).bind(&version).bind(scope.now());
    scope.execute_one(sql).await?;
    Ok(note)
}

/// The row of an id, deleted or not, not yet authorized.
pub(super) async fn find_deleted(scope: &mut Scope, id: Id) -> Result<Unseen<Note>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "patient", "author", "text", "kind", "deleted_at" FROM "notes" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Brings a deleted row back, if nobody did since it was read.
pub(super) async fn restore(
    scope: &mut Scope,
    permit: Permit<Restore, Note>,
) -> Result<Note, Error> {
    let (mut note, version) = permit.into_change();
    let lost = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1) SELECT 1 FROM "secapi_gone" JOIN "notes" AS "referring" ON "referring"."id" = "secapi_gone"."id" JOIN "patients" AS "referred" ON "referred"."id" = "referring"."patient" WHERE "secapi_gone"."kind" = 0 AND "referred"."deleted_at" IS NOT NULL LIMIT 1"#,
    );
    scope.nothing_lost(lost, note.id, note.deleted_at).await?;
    let sql = Sql::new(
        r#"UPDATE "notes" SET "deleted_at" = NULL, "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NOT NULL"#,
    )
    .bind(&note.id)
    .bind(&version)
    .bind(&note.updated_at)
    .bind(&note.version);
    scope.execute_one(sql).await?;
    note.deleted_at = None;
    Ok(note)
}

/// How deleted rows go for good once their time is over.
pub const PURGE: Purge = Purge {
    resource: "note",
    after: Duration::from_secs(315_360_000),
    due: r#"SELECT "id", "deleted_at" FROM "notes" WHERE "deleted_at" <= ?1 AND ("deleted_at", "id") > (?2, ?3) ORDER BY "deleted_at", "id" LIMIT ?4"#,
    held: &[],
    remove: r#"DELETE FROM "notes" WHERE "id" = ?1 AND "deleted_at" <= ?2"#,
};
