// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `product`, each in the order in which it happens.

use super::rules::ProductRules;
use super::{Product, ProductCreate, ProductUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /products`: Cedar actions `product:list` and `product:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Product>()?;
    let query = call.list_query::<Product>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /products`: Cedar action `product:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut product, named) = ProductCreate::parse(&body)?.into_product(call.new_id(), call.now());
    let mut scope = call.write().await?;
    ProductRules::before_create(&mut scope, &mut product).await?;
    let permit = scope.permit_create(product, named).await?;
    let product = store::insert(&mut scope, permit).await?;
    ProductRules::after_create(&mut scope, &product).await?;
    let reply = scope.created(&product).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /products` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /products/{id}`: Cedar action `product:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let product = scope.authorize::<Read, Product>(stored).await?;
    scope.show(product).await
}

/// `PATCH /products/{id}`: Cedar action `product:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Product>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut product, named) = ProductUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    ProductRules::before_update(&mut scope, &stored, &mut product).await?;
    let permit = scope.permit_update(stored, product, named).await?;
    let product = store::update(&mut scope, permit).await?;
    ProductRules::after_update(&mut scope, &product).await?;
    let reply = scope.changed(&product).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /products/{id}`: Cedar action `product:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Product>(stored).await?;
    scope.precondition(&stored).await?;
    ProductRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let product = store::delete(&mut scope, permit).await?;
    ProductRules::after_delete(&mut scope, &product).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
