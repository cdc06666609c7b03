// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `option`, each in the order in which it happens.

use super::rules::OptionItemRules;
use super::{OptionItem, OptionItemCreate, OptionItemUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /options`: Cedar actions `option:list` and `option:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<OptionItem>()?;
    let query = call.list_query::<OptionItem>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /options`: Cedar action `option:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut option, named) =
        OptionItemCreate::parse(&body)?.into_option(call.new_id(), call.now());
    let mut scope = call.write().await?;
    OptionItemRules::before_create(&mut scope, &mut option).await?;
    let permit = scope.permit_create(option, named).await?;
    let option = store::insert(&mut scope, permit).await?;
    OptionItemRules::after_create(&mut scope, &option).await?;
    let reply = scope.created(&option).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /options/{id}`: Cedar action `option:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let option = scope.authorize::<Read, OptionItem>(stored).await?;
    scope.show(option).await
}

/// `PATCH /options/{id}`: Cedar action `option:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, OptionItem>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut option, named) = OptionItemUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    OptionItemRules::before_update(&mut scope, &stored, &mut option).await?;
    let permit = scope.permit_update(stored, option, named).await?;
    let option = store::update(&mut scope, permit).await?;
    OptionItemRules::after_update(&mut scope, &option).await?;
    let reply = scope.changed(&option).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /options/{id}`: Cedar action `option:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, OptionItem>(stored).await?;
    scope.precondition(&stored).await?;
    OptionItemRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let option = store::delete(&mut scope, permit).await?;
    OptionItemRules::after_delete(&mut scope, &option).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
