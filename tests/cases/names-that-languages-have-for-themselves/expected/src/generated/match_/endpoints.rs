// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `match`, each in the order in which it happens.

use super::rules::MatchRules;
use super::{Match, MatchCreate, MatchUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /matches`: Cedar actions `match:list` and `match:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Match>()?;
    let query = call.list_query::<Match>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /matches`: Cedar action `match:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut match_, named) = MatchCreate::parse(&body)?.into_match(call.new_id(), call.now());
    let mut scope = call.write().await?;
    MatchRules::before_create(&mut scope, &mut match_).await?;
    let permit = scope.permit_create(match_, named).await?;
    let match_ = store::insert(&mut scope, permit).await?;
    MatchRules::after_create(&mut scope, &match_).await?;
    let reply = scope.created(&match_).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /matches/{id}`: Cedar action `match:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let match_ = scope.authorize::<Read, Match>(stored).await?;
    scope.show(match_).await
}

/// `PATCH /matches/{id}`: Cedar action `match:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Match>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut match_, named) = MatchUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    MatchRules::before_update(&mut scope, &stored, &mut match_).await?;
    let permit = scope.permit_update(stored, match_, named).await?;
    let match_ = store::update(&mut scope, permit).await?;
    MatchRules::after_update(&mut scope, &match_).await?;
    let reply = scope.changed(&match_).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /matches/{id}`: Cedar action `match:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Match>(stored).await?;
    scope.precondition(&stored).await?;
    MatchRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let match_ = store::delete(&mut scope, permit).await?;
    MatchRules::after_delete(&mut scope, &match_).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
