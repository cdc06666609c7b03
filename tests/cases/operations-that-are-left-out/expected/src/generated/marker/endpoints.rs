// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `marker`, each in the order in which it happens.

use super::rules::MarkerRules;
use super::{Marker, MarkerCreate, MarkerUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /markers`: Cedar actions `marker:list` and `marker:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Marker>()?;
    let query = call.list_query::<Marker>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /markers`: Cedar action `marker:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut marker, named) = MarkerCreate::parse(&body)?.into_marker(call.new_id(), call.now());
    let mut scope = call.write().await?;
    MarkerRules::before_create(&mut scope, &mut marker).await?;
    let permit = scope.permit_create(marker, named).await?;
    let marker = store::insert(&mut scope, permit).await?;
    MarkerRules::after_create(&mut scope, &marker).await?;
    let reply = scope.created(&marker).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /markers/{id}`: Cedar action `marker:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let marker = scope.authorize::<Read, Marker>(stored).await?;
    scope.show(marker).await
}

/// `PATCH /markers/{id}`: Cedar action `marker:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Marker>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut marker, named) = MarkerUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    MarkerRules::before_update(&mut scope, &stored, &mut marker).await?;
    let permit = scope.permit_update(stored, marker, named).await?;
    let marker = store::update(&mut scope, permit).await?;
    MarkerRules::after_update(&mut scope, &marker).await?;
    let reply = scope.changed(&marker).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /markers/{id}`: Cedar action `marker:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Marker>(stored).await?;
    scope.precondition(&stored).await?;
    MarkerRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let marker = store::delete(&mut scope, permit).await?;
    MarkerRules::after_delete(&mut scope, &marker).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
