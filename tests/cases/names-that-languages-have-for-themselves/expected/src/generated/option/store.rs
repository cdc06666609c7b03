// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `options`. What changes a row takes a permit, which only the runtime can make.

use super::OptionItem;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "string" FROM "options""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("string", r#""string""#, Kind::Text),
    ],
    references: OptionItem::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<OptionItem, Error> {
    Ok(OptionItem {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        string: row.get(4)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<OptionItem>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "string" FROM "options" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<OptionItem>,
    query: ListQuery,
) -> Result<Page<OptionItem>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, OptionItem>,
) -> Result<OptionItem, Error> {
    let option = permit.into_row();
    let sql = insertion(&option);
    scope.execute(sql).await?;
    Ok(option)
}

/// The statement that stores a new row.
pub(super) fn insertion(option: &OptionItem) -> Sql {
    Sql::new(
        r#"INSERT INTO "options" ("id", "created_at", "updated_at", "version", "string") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&option.id)
    .bind(&option.created_at)
    .bind(&option.updated_at)
    .bind(&option.version)
    .bind(&option.string)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, OptionItem>,
) -> Result<OptionItem, Error> {
    let (option, version) = permit.into_change();
    scope.execute_one(replacement(&option, version)).await?;
    Ok(option)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(option: &OptionItem, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "options" SET "updated_at" = ?3, "version" = ?4, "string" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&option.id)
    .bind(&version)
    .bind(&option.updated_at)
    .bind(&option.version)
    .bind(&option.string)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, OptionItem>,
) -> Result<OptionItem, Error> {
    let (option, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "options" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&option.id).bind(&version))
        .await?;
    Ok(option)
}
