// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `notes`. What changes a row takes a permit, which only the runtime can make.

use super::Note;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "price", "pin", "stage", "seen", "diary" FROM "notes""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("owner", r#""owner""#, Kind::Uuid),
        Column::new("title", r#""title""#, Kind::Text),
        Column::new("price", r#""price""#, Kind::Decimal)
            .guarded()
            .nullable(),
        Column::new("stage", r#""stage""#, Kind::Text),
        Column::new("seen", r#""seen""#, Kind::Datetime).nullable(),
        Column::new("diary", r#""diary""#, Kind::Text)
            .nullable()
            .long()
            .hidden(),
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
        owner: row.get(4)?,
        title: row.get(5)?,
        price: row.get(6)?,
        pin: row.get(7)?,
        stage: row.get(8)?,
        seen: row.get(9)?,
        diary: row.get(10)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Note>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "price", "pin", "stage", "seen", "diary" FROM "notes" WHERE "id" = ?1"#,
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
    scope.execute(sql).await?;
    Ok(note)
}

/// The statement that stores a new row.
pub(super) fn insertion(note: &Note) -> Sql {
    Sql::new(
        r#"INSERT INTO "notes" ("id", "created_at", "updated_at", "version", "owner", "title", "price", "pin", "stage", "seen", "diary") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"#,
    )
    .bind(&note.id)
    .bind(&note.created_at)
    .bind(&note.updated_at)
    .bind(&note.version)
    .bind(&note.owner)
    .bind(&note.title)
    .bind(&note.price)
    .bind(&note.pin)
    .bind(&note.stage)
    .bind(&note.seen)
    .bind(&note.diary)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Note>) -> Result<Note, Error> {
    let (note, version) = permit.into_change();
    scope.execute_one(replacement(&note, version)).await?;
    Ok(note)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(note: &Note, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "notes" SET "updated_at" = ?3, "version" = ?4, "title" = ?5, "price" = ?6, "pin" = ?7, "stage" = ?8, "seen" = ?9, "diary" = ?10 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&note.id)
    .bind(&version)
    .bind(&note.updated_at)
    .bind(&note.version)
    .bind(&note.title)
    .bind(&note.price)
    .bind(&note.pin)
    .bind(&note.stage)
    .bind(&note.seen)
    .bind(&note.diary)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Note>) -> Result<Note, Error> {
    let (note, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "notes" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&note.id).bind(&version)).await?;
    Ok(note)
}
