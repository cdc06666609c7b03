// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `todo`, each in the order in which it happens.

use super::rules::TodoRules;
use super::{Rules, Todo, TodoCreate, TodoUpdate, store};
use secapi_runtime::prelude::*;

/// `GET /todos`: Cedar actions `todo:list` and `todo:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Todo>()?;
    let query = call.list_query::<Todo>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /todos`: Cedar action `todo:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut todo, named) = TodoCreate::parse(&body)?.into_todo(call.new_id(), call.now());
    let mut scope = call.write().await?;
    TodoRules::before_create(&mut scope, &mut todo).await?;
    let permit = scope.permit_create(todo, named).await?;
    let todo = store::insert(&mut scope, permit).await?;
    TodoRules::after_create(&mut scope, &todo).await?;
    let reply = scope.created(&todo).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /todos` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /todos/{id}`: Cedar action `todo:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Todo>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let todo = scope.authorize::<Read, Todo>(stored).await?;
    scope.show_including(todo, &include).await
}

/// `PATCH /todos/{id}`: Cedar action `todo:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Todo>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut todo, named) = TodoUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    TodoRules::before_update(&mut scope, &stored, &mut todo).await?;
    let permit = scope.permit_update(stored, todo, named).await?;
    let todo = store::update(&mut scope, permit).await?;
    TodoRules::after_update(&mut scope, &todo).await?;
    let reply = scope.changed(&todo).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /todos/{id}`: Cedar action `todo:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Todo>(stored).await?;
    scope.precondition(&stored).await?;
    TodoRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let todo = store::delete(&mut scope, permit).await?;
    TodoRules::after_delete(&mut scope, &todo).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}
