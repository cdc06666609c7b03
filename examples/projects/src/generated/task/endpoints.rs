// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `task`, each in the order in which it happens.

use super::rules::TaskRules;
use super::{Rules, Task, TaskCreate, TaskFinishAction, TaskUpdate, store};
use secapi_runtime::prelude::*;

/// `GET /tasks`: Cedar actions `task:list` and `task:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Task>()?;
    let query = call.list_query::<Task>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /tasks`: Cedar action `task:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut task, named) = TaskCreate::parse(&body)?.into_task(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&task, named).await?;
    TaskRules::before_create(&mut scope, &mut task).await?;
    let permit = scope.permit_create(task, named).await?;
    let task = store::insert(&mut scope, permit).await?;
    TaskRules::after_create(&mut scope, &task).await?;
    let reply = scope.created(&task).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /tasks` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /tasks/{id}`: Cedar action `task:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Task>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let task = scope.authorize::<Read, Task>(stored).await?;
    scope.show_including(task, &include).await
}

/// `PATCH /tasks/{id}`: Cedar action `task:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Task>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut task, named) = TaskUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    let named = scope
        .check_changed_references(&stored, &task, named)
        .await?;
    TaskRules::before_update(&mut scope, &stored, &mut task).await?;
    let permit = scope.permit_update(stored, task, named).await?;
    let task = store::update(&mut scope, permit).await?;
    TaskRules::after_update(&mut scope, &task).await?;
    let reply = scope.changed(&task).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /tasks/{id}`: Cedar action `task:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Task>(stored).await?;
    scope.precondition(&stored).await?;
    TaskRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let task = store::delete(&mut scope, permit).await?;
    TaskRules::after_delete(&mut scope, &task).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /tasks/{id}/finish`: Cedar action `task:finish`, on the stored and on the resulting row.
pub(super) async fn finish(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<TaskFinishAction, _>(stored).await?;
    scope.precondition(&stored).await?;
    let mut task = stored.clone();
    TaskRules::finish(&mut scope, &mut task).await?;
    let permit = scope.permit_action(stored, task).await?;
    let task = store::act(&mut scope, permit).await?;
    let reply = scope.acted(&task).await?;
    scope.commit().await?;
    Ok(reply)
}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, Task>(stored).await
}
