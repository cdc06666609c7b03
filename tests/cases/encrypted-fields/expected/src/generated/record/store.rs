// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `records`. What changes a row takes a permit, which only the runtime can make.

use super::RecordItem;
use secapi_runtime::prelude::*;

/// `level`, as it stands in the database.
const ENCRYPTED_LEVEL: EncryptedField = EncryptedField {
    resource: "record",
    table: "records",
    name: "level",
};

/// `born`, as it stands in the database.
const ENCRYPTED_BORN: EncryptedField = EncryptedField {
    resource: "record",
    table: "records",
    name: "born",
};

/// `allergies`, as it stands in the database.
const ENCRYPTED_ALLERGIES: EncryptedField = EncryptedField {
    resource: "record",
    table: "records",
    name: "allergies",
};

/// `history`, as it stands in the database.
const ENCRYPTED_HISTORY: EncryptedField = EncryptedField {
    resource: "record",
    table: "records",
    name: "history",
};

/// What only the keys of the service open.
pub const ENCRYPTED: &[EncryptedField] = &[
    ENCRYPTED_LEVEL,
    ENCRYPTED_BORN,
    ENCRYPTED_ALLERGIES,
    ENCRYPTED_HISTORY,
];

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<RecordItem, Error> {
    Ok(RecordItem {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        level: row.open(4, &ENCRYPTED_LEVEL)?,
        born: row.open(5, &ENCRYPTED_BORN)?,
        allergies: row.open(6, &ENCRYPTED_ALLERGIES)?,
        history: row.open(7, &ENCRYPTED_HISTORY)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<RecordItem>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "level", "born", "allergies", "history" FROM "records" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, RecordItem>,
) -> Result<RecordItem, Error> {
    let record = permit.into_row();
    let sql = insertion(&record);
    scope.execute(sql).await?;
    Ok(record)
}

/// The statement that stores a new row.
pub(super) fn insertion(record: &RecordItem) -> Sql {
    Sql::new(
        r#"INSERT INTO "records" ("id", "created_at", "updated_at", "version", "level", "born", "allergies", "history") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"#,
    )
    .bind(&record.id)
    .bind(&record.created_at)
    .bind(&record.updated_at)
    .bind(&record.version)
    .seal(&ENCRYPTED_LEVEL, record.id, &record.level)
    .seal(&ENCRYPTED_BORN, record.id, &record.born)
    .seal(&ENCRYPTED_ALLERGIES, record.id, &record.allergies)
    .seal(&ENCRYPTED_HISTORY, record.id, &record.history)
}
