// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `post`, each in the order in which it happens.

use super::rules::PostRules;
use super::{Post, PostCreate, PostUpdate, Rules, store};
use secapi_runtime::prelude::*;

/// `GET /posts`: Cedar actions `post:list` and `post:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Post>()?;
    let query = call.list_query::<Post>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /posts`: Cedar action `post:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut post, named) = PostCreate::parse(&body)?.into_post(call.new_id(), call.now());
    let mut scope = call.write().await?;
    PostRules::before_create(&mut scope, &mut post).await?;
    let permit = scope.permit_create(post, named).await?;
    let post = store::insert(&mut scope, permit).await?;
    PostRules::after_create(&mut scope, &post).await?;
    let reply = scope.created(&post).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /posts/{id}`: Cedar action `post:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let post = scope.authorize::<Read, Post>(stored).await?;
    scope.show(post).await
}

/// `PATCH /posts/{id}`: Cedar action `post:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Post>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut post, named) = PostUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    PostRules::before_update(&mut scope, &stored, &mut post).await?;
    let permit = scope.permit_update(stored, post, named).await?;
    let post = store::update(&mut scope, permit).await?;
    PostRules::after_update(&mut scope, &post).await?;
    let reply = scope.changed(&post).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /posts/{id}`: Cedar action `post:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Post>(stored).await?;
    scope.precondition(&stored).await?;
    PostRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let post = store::delete(&mut scope, permit).await?;
    PostRules::after_delete(&mut scope, &post).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
