// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `order_with_a_rather_long_names`. What changes a row takes a permit, which only the runtime can make.

use super::OrderWithARatherLongName;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "title" FROM "order_with_a_rather_long_names""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("title", r#""title""#, Kind::Text),
    ],
    references: OrderWithARatherLongName::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<OrderWithARatherLongName, Error> {
    Ok(OrderWithARatherLongName {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        title: row.get(4)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(
    scope: &mut Scope,
    id: Id,
) -> Result<Unseen<OrderWithARatherLongName>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "title" FROM "order_with_a_rather_long_names" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<OrderWithARatherLongName>,
    query: ListQuery,
) -> Result<Page<OrderWithARatherLongName>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, OrderWithARatherLongName>,
) -> Result<OrderWithARatherLongName, Error> {
    let order_with_a_rather_long_name = permit.into_row();
    let sql = insertion(&order_with_a_rather_long_name);
    scope.execute(sql).await?;
    Ok(order_with_a_rather_long_name)
}

/// The statement that stores a new row.
pub(super) fn insertion(order_with_a_rather_long_name: &OrderWithARatherLongName) -> Sql {
    Sql::new(
        r#"INSERT INTO "order_with_a_rather_long_names" ("id", "created_at", "updated_at", "version", "title") VALUES (?1, ?2, ?3, ?4, ?5)"#,
    )
    .bind(&order_with_a_rather_long_name.id)
    .bind(&order_with_a_rather_long_name.created_at)
    .bind(&order_with_a_rather_long_name.updated_at)
    .bind(&order_with_a_rather_long_name.version)
    .bind(&order_with_a_rather_long_name.title)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, OrderWithARatherLongName>,
) -> Result<OrderWithARatherLongName, Error> {
    let (order_with_a_rather_long_name, version) = permit.into_change();
    scope
        .execute_one(replacement(&order_with_a_rather_long_name, version))
        .await?;
    Ok(order_with_a_rather_long_name)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(order_with_a_rather_long_name: &OrderWithARatherLongName, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "order_with_a_rather_long_names" SET "updated_at" = ?3, "version" = ?4, "title" = ?5 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&order_with_a_rather_long_name.id)
    .bind(&version)
    .bind(&order_with_a_rather_long_name.updated_at)
    .bind(&order_with_a_rather_long_name.version)
    .bind(&order_with_a_rather_long_name.title)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, OrderWithARatherLongName>,
) -> Result<OrderWithARatherLongName, Error> {
    let (order_with_a_rather_long_name, version) = permit.into_change();
    let sql = Sql::new(
        r#"DELETE FROM "order_with_a_rather_long_names" WHERE "id" = ?1 AND "version" = ?2"#,
    );
    scope
        .execute_one(sql.bind(&order_with_a_rather_long_name.id).bind(&version))
        .await?;
    Ok(order_with_a_rather_long_name)
}
