// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `label`, each in the order in which it happens.

use super::rules::LabelRules;
use super::{Label, LabelCreate, LabelUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /labels`: Cedar actions `label:list` and `label:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Label>()?;
    let query = call.list_query::<Label>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /labels`: Cedar action `label:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut label, named) = LabelCreate::parse(&body)?.into_label(call.new_id(), call.now());
    let mut scope = call.write().await?;
    LabelRules::before_create(&mut scope, &mut label).await?;
    let permit = scope.permit_create(label, named).await?;
    let label = store::insert(&mut scope, permit).await?;
    LabelRules::after_create(&mut scope, &label).await?;
    let reply = scope.created(&label).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /labels` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /labels/{id}`: Cedar action `label:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let label = scope.authorize::<Read, Label>(stored).await?;
    scope.show(label).await
}

/// `PATCH /labels/{id}`: Cedar action `label:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Label>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut label, named) = LabelUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    LabelRules::before_update(&mut scope, &stored, &mut label).await?;
    let permit = scope.permit_update(stored, label, named).await?;
    let label = store::update(&mut scope, permit).await?;
    LabelRules::after_update(&mut scope, &label).await?;
    let reply = scope.changed(&label).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /labels/{id}`: Cedar action `label:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Label>(stored).await?;
    scope.precondition(&stored).await?;
    LabelRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let label = store::delete(&mut scope, permit).await?;
    LabelRules::after_delete(&mut scope, &label).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
