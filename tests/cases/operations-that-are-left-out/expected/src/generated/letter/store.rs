// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `letters`. What changes a row takes a permit, which only the runtime can make.

use super::Letter;
use secapi_runtime::prelude::*;

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Letter, Error> {
    Ok(Letter {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        text: row.get(4)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Letter>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "text" FROM "letters" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Letter>,
) -> Result<Letter, Error> {
    let (letter, version) = permit.into_change();
    scope.execute_one(replacement(&letter, version)).await?;
    Ok(letter)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(letter: &Letter, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "letters" SET "updated_at" = ?3, "version" = ?4, "text" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&letter.id)
    .bind(&version)
    .bind(&letter.updated_at)
    .bind(&letter.version)
    .bind(&letter.text)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Letter>,
) -> Result<Letter, Error> {
    let (letter, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "letters" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&letter.id).bind(&version))
        .await?;
    Ok(letter)
}
