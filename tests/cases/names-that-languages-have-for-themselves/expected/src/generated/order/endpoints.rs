// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `order`, each in the order in which it happens.

use super::rules::OrderRules;
use super::{Order, OrderCreate, OrderUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /orders`: Cedar actions `order:list` and `order:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Order>()?;
    let query = call.list_query::<Order>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /orders`: Cedar action `order:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut order, named) = OrderCreate::parse(&body)?.into_order(call.new_id(), call.now());
    let mut scope = call.write().await?;
    OrderRules::before_create(&mut scope, &mut order).await?;
    let permit = scope.permit_create(order, named).await?;
    let order = store::insert(&mut scope, permit).await?;
    OrderRules::after_create(&mut scope, &order).await?;
    let reply = scope.created(&order).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /orders/{id}`: Cedar action `order:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let order = scope.authorize::<Read, Order>(stored).await?;
    scope.show(order).await
}

/// `PATCH /orders/{id}`: Cedar action `order:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Order>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut order, named) = OrderUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    OrderRules::before_update(&mut scope, &stored, &mut order).await?;
    let permit = scope.permit_update(stored, order, named).await?;
    let order = store::update(&mut scope, permit).await?;
    OrderRules::after_update(&mut scope, &order).await?;
    let reply = scope.changed(&order).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /orders/{id}`: Cedar action `order:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Order>(stored).await?;
    scope.precondition(&stored).await?;
    OrderRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let order = store::delete(&mut scope, permit).await?;
    OrderRules::after_delete(&mut scope, &order).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
