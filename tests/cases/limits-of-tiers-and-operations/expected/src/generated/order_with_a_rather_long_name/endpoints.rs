// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `order_with_a_rather_long_name`, each in the order in which it happens.

use super::rules::OrderWithARatherLongNameRules;
use super::{
    OrderWithARatherLongName, OrderWithARatherLongNameCreate, OrderWithARatherLongNameUpdate,
    Rules, store,
};
use secapi_runtime::prelude::*;

/// `GET /order-with-a-rather-long-names`: Cedar actions `order_with_a_rather_long_name:list` and `order_with_a_rather_long_name:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<OrderWithARatherLongName>()?;
    let query = call.list_query::<OrderWithARatherLongName>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /order-with-a-rather-long-names`: Cedar action `order_with_a_rather_long_name:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut order_with_a_rather_long_name, named) = OrderWithARatherLongNameCreate::parse(&body)?
        .into_order_with_a_rather_long_name(call.new_id(), call.now());
    let mut scope = call.write().await?;
    OrderWithARatherLongNameRules::before_create(&mut scope, &mut order_with_a_rather_long_name)
        .await?;
    let permit = scope
        .permit_create(order_with_a_rather_long_name, named)
        .await?;
    let order_with_a_rather_long_name = store::insert(&mut scope, permit).await?;
    OrderWithARatherLongNameRules::after_create(&mut scope, &order_with_a_rather_long_name).await?;
    let reply = scope.created(&order_with_a_rather_long_name).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /order-with-a-rather-long-names` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /order-with-a-rather-long-names/{id}`: Cedar action `order_with_a_rather_long_name:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let order_with_a_rather_long_name = scope
        .authorize::<Read, OrderWithARatherLongName>(stored)
        .await?;
    scope.show(order_with_a_rather_long_name).await
}

/// `PATCH /order-with-a-rather-long-names/{id}`: Cedar action `order_with_a_rather_long_name:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<Update, OrderWithARatherLongName>(stored)
        .await?;
    scope.precondition(&stored).await?;
    let (mut order_with_a_rather_long_name, named) =
        OrderWithARatherLongNameUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    OrderWithARatherLongNameRules::before_update(
        &mut scope,
        &stored,
        &mut order_with_a_rather_long_name,
    )
    .await?;
    let permit = scope
        .permit_update(stored, order_with_a_rather_long_name, named)
        .await?;
    let order_with_a_rather_long_name = store::update(&mut scope, permit).await?;
    OrderWithARatherLongNameRules::after_update(&mut scope, &order_with_a_rather_long_name).await?;
    let reply = scope.changed(&order_with_a_rather_long_name).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /order-with-a-rather-long-names/{id}`: Cedar action `order_with_a_rather_long_name:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<Delete, OrderWithARatherLongName>(stored)
        .await?;
    scope.precondition(&stored).await?;
    OrderWithARatherLongNameRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let order_with_a_rather_long_name = store::delete(&mut scope, permit).await?;
    OrderWithARatherLongNameRules::after_delete(&mut scope, &order_with_a_rather_long_name).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
