// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `kinds`. What changes a row takes a permit, which only the runtime can make.

use super::Type;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "label" FROM "kinds""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("label", r#""label""#, Kind::Text),
    ],
    references: Type::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Type, Error> {
    Ok(Type {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        label: row.get(4)?,
    })
}

/// How rows that refer to a type find it.
pub static RELATED: Related = Related::of::<Type>(
    r#"SELECT "id", "created_at", "updated_at", "version", "label" FROM "kinds" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Type>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "label" FROM "kinds" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Type>) -> Result<Type, Error> {
    let type_ = permit.into_row();
    let sql = insertion(&type_);
    scope.execute(sql).await?;
    Ok(type_)
}

/// The statement that stores a new row.
pub(super) fn insertion(type_: &Type) -> Sql {
    Sql::new(
        r#"INSERT INTO "kinds" ("id", "created_at", "updated_at", "version", "label") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&type_.id)
    .bind(&type_.created_at)
    .bind(&type_.updated_at)
    .bind(&type_.version)
    .bind(&type_.label)
}
