// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `orders`. What changes a row takes a permit, which only the runtime can make.

use super::Order;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "type", "select", "self", "in", "where" FROM "orders""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new(
            "type",
            r#""type""#,
            Kind::Choice(&["match", "fn", "self", "extra-large", "3d"]),
        ),
        Column::new("select", r#""select""#, Kind::Text),
        Column::new("self", r#""self""#, Kind::Boolean),
        Column::new("in", r#""in""#, Kind::Text).nullable(),
        Column::new("where", r#""where""#, Kind::Integer).nullable(),
    ],
    references: Order::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Order, Error> {
    Ok(Order {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        r#type: row.get(4)?,
        select: row.get(5)?,
        self_: row.get(6)?,
        r#in: row.get(7)?,
        r#where: row.get(8)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Order>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "type", "select", "self", "in", "where" FROM "orders" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Order>,
    query: ListQuery,
) -> Result<Page<Order>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Order>,
) -> Result<Order, Error> {
    let order = permit.into_row();
    let sql = insertion(&order);
    scope.execute(sql).await?;
    Ok(order)
}

/// The statement that stores a new row.
pub(super) fn insertion(order: &Order) -> Sql {
    Sql::new(
        r#"INSERT INTO "orders" ("id", "created_at", "updated_at", "version", "type", "select", "self", "in", "where") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#,
    )
    .bind(&order.id)
    .bind(&order.created_at)
    .bind(&order.updated_at)
    .bind(&order.version)
    .bind(&order.r#type)
    .bind(&order.select)
    .bind(&order.self_)
    .bind(&order.r#in)
    .bind(&order.r#where)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Order>,
) -> Result<Order, Error> {
    let (order, version) = permit.into_change();
    scope.execute_one(replacement(&order, version)).await?;
    Ok(order)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(order: &Order, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "orders" SET "updated_at" = ?3, "version" = ?4, "type" = ?5, "select" = ?6, "self" = ?7, "in" = ?8, "where" = ?9 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&order.id)
    .bind(&version)
    .bind(&order.updated_at)
    .bind(&order.version)
    .bind(&order.r#type)
    .bind(&order.select)
    .bind(&order.self_)
    .bind(&order.r#in)
    .bind(&order.r#where)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Order>,
) -> Result<Order, Error> {
    let (order, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "orders" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&order.id).bind(&version))
        .await?;
    Ok(order)
}
