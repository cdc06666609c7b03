// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `order_line`, each in the order in which it happens.

use super::rules::OrderLineRules;
use super::{OrderLine, OrderLineCreate, OrderLineUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /order-lines`: Cedar actions `order_line:list` and `order_line:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<OrderLine>()?;
    let query = call.list_query::<OrderLine>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /order-lines`: Cedar action `order_line:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut order_line, named) =
        OrderLineCreate::parse(&body)?.into_order_line(call.new_id(), call.now());
    let mut scope = call.write().await?;
    OrderLineRules::before_create(&mut scope, &mut order_line).await?;
    let permit = scope.permit_create(order_line, named).await?;
    let order_line = store::insert(&mut scope, permit).await?;
    OrderLineRules::after_create(&mut scope, &order_line).await?;
    let reply = scope.created(&order_line).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /order-lines/{id}`: Cedar action `order_line:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let order_line = scope.authorize::<Read, OrderLine>(stored).await?;
    scope.show(order_line).await
}

/// `PATCH /order-lines/{id}`: Cedar action `order_line:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, OrderLine>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut order_line, named) = OrderLineUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    OrderLineRules::before_update(&mut scope, &stored, &mut order_line).await?;
    let permit = scope.permit_update(stored, order_line, named).await?;
    let order_line = store::update(&mut scope, permit).await?;
    OrderLineRules::after_update(&mut scope, &order_line).await?;
    let reply = scope.changed(&order_line).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /order-lines/{id}`: Cedar action `order_line:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, OrderLine>(stored).await?;
    scope.precondition(&stored).await?;
    OrderLineRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let order_line = store::delete(&mut scope, permit).await?;
    OrderLineRules::after_delete(&mut scope, &order_line).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
