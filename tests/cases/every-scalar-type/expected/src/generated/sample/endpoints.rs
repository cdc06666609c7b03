// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `sample`, each in the order in which it happens.

use super::rules::SampleRules;
use super::{Rules, Sample, SampleCreate, SampleUpdate, store};
use secapi_runtime::prelude::*;

/// `GET /samples`: Cedar actions `sample:list` and `sample:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Sample>()?;
    let query = call.list_query::<Sample>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /samples`: Cedar action `sample:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut sample, named) = SampleCreate::parse(&body)?.into_sample(call.new_id(), call.now());
    let mut scope = call.write().await?;
    SampleRules::before_create(&mut scope, &mut sample).await?;
    let permit = scope.permit_create(sample, named).await?;
    let sample = store::insert(&mut scope, permit).await?;
    SampleRules::after_create(&mut scope, &sample).await?;
    let reply = scope.created(&sample).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /samples/{id}`: Cedar action `sample:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let sample = scope.authorize::<Read, Sample>(stored).await?;
    scope.show(sample).await
}

/// `PATCH /samples/{id}`: Cedar action `sample:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Sample>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut sample, named) = SampleUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    SampleRules::before_update(&mut scope, &stored, &mut sample).await?;
    let permit = scope.permit_update(stored, sample, named).await?;
    let sample = store::update(&mut scope, permit).await?;
    SampleRules::after_update(&mut scope, &sample).await?;
    let reply = scope.changed(&sample).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /samples/{id}`: Cedar action `sample:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Sample>(stored).await?;
    scope.precondition(&stored).await?;
    SampleRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let sample = store::delete(&mut scope, permit).await?;
    SampleRules::after_delete(&mut scope, &sample).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
