// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `products`. What changes a row takes a permit, which only the runtime can make.

use super::Product;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "sku", "name", "description", "price", "purchase_price", "status", "homepage", "weight", "available_from" FROM "products""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("sku", r#""sku""#, Kind::Text),
        Column::new("name", r#""name""#, Kind::Text),
        Column::new("description", r#""description""#, Kind::Text)
            .nullable()
            .long(),
        Column::new("price", r#""price""#, Kind::Decimal),
        Column::new("purchase_price", r#""purchase_price""#, Kind::Decimal)
            .guarded()
            .nullable(),
        Column::new(
            "status",
            r#""status""#,
            Kind::Choice(&["draft", "published", "retired"]),
        ),
        Column::new("homepage", r#""homepage""#, Kind::Text)
            .nullable()
            .long(),
        Column::new("weight", r#""weight""#, Kind::Number).nullable(),
        Column::new("available_from", r#""available_from""#, Kind::Datetime).nullable(),
    ],
    references: Product::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Product, Error> {
    Ok(Product {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        sku: row.get(4)?,
        name: row.get(5)?,
        description: row.get(6)?,
        price: row.get(7)?,
        purchase_price: row.get(8)?,
        status: row.get(9)?,
        homepage: row.get(10)?,
        weight: row.get(11)?,
        available_from: row.get(12)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Product>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "sku", "name", "description", "price", "purchase_price", "status", "homepage", "weight", "available_from" FROM "products" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Product>,
    query: ListQuery,
) -> Result<Page<Product>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Product>,
) -> Result<Product, Error> {
    let product = permit.into_row();
    let sql = insertion(&product);
    scope.execute(sql).await?;
    Ok(product)
}

/// The statement that stores a new row.
pub(super) fn insertion(product: &Product) -> Sql {
    Sql::new(
        r#"INSERT INTO "products" ("id", "created_at", "updated_at", "version", "sku", "name", "description", "price", "purchase_price", "status", "homepage", "weight", "available_from") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"#,
    )
    .bind(&product.id)
    .bind(&product.created_at)
    .bind(&product.updated_at)
    .bind(&product.version)
    .bind(&product.sku)
    .bind(&product.name)
    .bind(&product.description)
    .bind(&product.price)
    .bind(&product.purchase_price)
    .bind(&product.status)
    .bind(&product.homepage)
    .bind(&product.weight)
    .bind(&product.available_from)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Product>,
) -> Result<Product, Error> {
    let (product, version) = permit.into_change();
    scope.execute_one(replacement(&product, version)).await?;
    Ok(product)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(product: &Product, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "products" SET "updated_at" = ?3, "version" = ?4, "name" = ?5, "description" = ?6, "price" = ?7, "purchase_price" = ?8, "status" = ?9, "homepage" = ?10, "weight" = ?11, "available_from" = ?12 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&product.id)
    .bind(&version)
    .bind(&product.updated_at)
    .bind(&product.version)
    .bind(&product.name)
    .bind(&product.description)
    .bind(&product.price)
    .bind(&product.purchase_price)
    .bind(&product.status)
    .bind(&product.homepage)
    .bind(&product.weight)
    .bind(&product.available_from)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Product>,
) -> Result<Product, Error> {
    let (product, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "products" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&product.id).bind(&version))
        .await?;
    Ok(product)
}
