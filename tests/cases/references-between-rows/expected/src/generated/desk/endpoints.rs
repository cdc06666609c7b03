// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `desk`, each in the order in which it happens.

use super::rules::DeskRules;
use super::{Desk, DeskCreate, DeskUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /desks`: Cedar actions `desk:list` and `desk:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Desk>()?;
    let query = call.list_query::<Desk>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /desks`: Cedar action `desk:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut desk, named) = DeskCreate::parse(&body)?.into_desk(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&desk, named).await?;
    DeskRules::before_create(&mut scope, &mut desk).await?;
    let permit = scope.permit_create(desk, named).await?;
    let desk = store::insert(&mut scope, permit).await?;
    DeskRules::after_create(&mut scope, &desk).await?;
    let reply = scope.created(&desk).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /desks` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /desks/{id}`: Cedar action `desk:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Desk>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let desk = scope.authorize::<Read, Desk>(stored).await?;
    scope.show_including(desk, &include).await
}

/// `PATCH /desks/{id}`: Cedar action `desk:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Desk>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut desk, named) = DeskUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    DeskRules::before_update(&mut scope, &stored, &mut desk).await?;
    let permit = scope.permit_update(stored, desk, named).await?;
    let desk = store::update(&mut scope, permit).await?;
    DeskRules::after_update(&mut scope, &desk).await?;
    let reply = scope.changed(&desk).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /desks/{id}`: Cedar action `desk:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Desk>(stored).await?;
    scope.precondition(&stored).await?;
    DeskRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let desk = store::delete(&mut scope, permit).await?;
    DeskRules::after_delete(&mut scope, &desk).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
