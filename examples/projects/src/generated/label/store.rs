// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `labels`. What changes a row takes a permit, which only the runtime can make.

use super::Label;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "name" FROM "labels""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("name", r#""name""#, Kind::Text),
    ],
    references: Label::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Label, Error> {
    Ok(Label {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        name: row.get(4)?,
    })
}

/// How rows that refer to a label find it.
pub static RELATED: Related = Related::of::<Label>(
    r#"SELECT "id", "created_at", "updated_at", "version", "name" FROM "labels" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Label>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "name" FROM "labels" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub async fn page(
    scope: &mut Scope,
    permit: ListPermit<Label>,
    query: ListQuery,
) -> Result<Page<Label>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Label>,
) -> Result<Label, Error> {
    let label = permit.into_row();
    let sql = insertion(&label);
    scope.execute(sql).await?;
    Ok(label)
}

/// The statement that stores a new row.
pub(super) fn insertion(label: &Label) -> Sql {
    Sql::new(
        r#"INSERT INTO "labels" ("id", "created_at", "updated_at", "version", "name") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&label.id)
    .bind(&label.created_at)
    .bind(&label.updated_at)
    .bind(&label.version)
    .bind(&label.name)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Label>,
) -> Result<Label, Error> {
    let (label, version) = permit.into_change();
    scope.execute_one(replacement(&label, version)).await?;
    Ok(label)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(label: &Label, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "labels" SET "updated_at" = ?3, "version" = ?4, "name" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&label.id)
    .bind(&version)
    .bind(&label.updated_at)
    .bind(&label.version)
    .bind(&label.name)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Label>,
) -> Result<Label, Error> {
    let (label, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "labels" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&label.id).bind(&version))
        .await?;
    Ok(label)
}
