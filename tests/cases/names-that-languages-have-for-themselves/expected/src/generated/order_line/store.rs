// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `order_lines`. What changes a row takes a permit, which only the runtime can make.

use super::OrderLine;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "table" FROM "order_lines""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("table", r#""table""#, Kind::Integer),
    ],
    references: OrderLine::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<OrderLine, Error> {
    Ok(OrderLine {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        table: row.get(4)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<OrderLine>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "table" FROM "order_lines" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<OrderLine>,
    query: ListQuery,
) -> Result<Page<OrderLine>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, OrderLine>,
) -> Result<OrderLine, Error> {
    let order_line = permit.into_row();
    let sql = insertion(&order_line);
    scope.execute(sql).await?;
    Ok(order_line)
}

/// The statement that stores a new row.
pub(super) fn insertion(order_line: &OrderLine) -> Sql {
    Sql::new(
        r#"INSERT INTO "order_lines" ("id", "created_at", "updated_at", "version", "table") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&order_line.id)
    .bind(&order_line.created_at)
    .bind(&order_line.updated_at)
    .bind(&order_line.version)
    .bind(&order_line.table)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, OrderLine>,
) -> Result<OrderLine, Error> {
    let (order_line, version) = permit.into_change();
    scope.execute_one(replacement(&order_line, version)).await?;
    Ok(order_line)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(order_line: &OrderLine, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "order_lines" SET "updated_at" = ?3, "version" = ?4, "table" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&order_line.id)
    .bind(&version)
    .bind(&order_line.updated_at)
    .bind(&order_line.version)
    .bind(&order_line.table)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, OrderLine>,
) -> Result<OrderLine, Error> {
    let (order_line, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "order_lines" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&order_line.id).bind(&version))
        .await?;
    Ok(order_line)
}
