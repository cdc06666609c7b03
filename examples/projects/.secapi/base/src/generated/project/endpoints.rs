// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `project`, each in the order in which it happens.

use super::rules::ProjectRules;
use super::{
    Project, ProjectArchiveAction, ProjectArchiveInput, ProjectCreate, ProjectUpdate, Rules, store,
};
use secapi_runtime::prelude::*;

/// `GET /projects`: Cedar actions `project:list` and `project:read`, on every row.
pub(super) async fn list(call: Call) -> Result<Reply, Error> {
    let permit = call.list_permit::<Project>()?;
    let query = call.list_query::<Project>(&store::LISTING)?;
    let mut scope = call.read().await?;
    let page = store::page(&mut scope, permit, query).await?;
    scope.listed(page)
}

/// `POST /projects`: Cedar action `project:create`, on the row as it would be stored.
pub(super) async fn create(mut call: Call) -> Result<Reply, Error> {
    let body = call.json().await?;
    let (mut project, named) = ProjectCreate::parse(&body)?.into_project(call.new_id(), call.now());
    let mut scope = call.write().await?;
    let named = scope.check_named_references(&project, named).await?;
    ProjectRules::before_create(&mut scope, &mut project).await?;
    let permit = scope.permit_create(project, named).await?;
    let project = store::insert(&mut scope, permit).await?;
    ProjectRules::after_create(&mut scope, &project).await?;
    let reply = scope.created(&project).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `POST /projects` with an `Idempotency-Key` that has made a row before: that row, decided on and shown anew.
pub(super) async fn repeat(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.created_before(earlier, stored).await
}

/// `GET /projects/{id}`: Cedar action `project:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let include = call.include::<Project>()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let project = scope.authorize::<Read, Project>(stored).await?;
    scope.show_including(project, &include).await
}

/// `PATCH /projects/{id}`: Cedar action `project:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Project>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut project, named) = ProjectUpdate::parse(&body.merge_patch()?)?.apply(&stored);
    ProjectRules::before_update(&mut scope, &stored, &mut project).await?;
    let permit = scope.permit_update(stored, project, named).await?;
    let project = store::update(&mut scope, permit).await?;
    ProjectRules::after_update(&mut scope, &project).await?;
    let reply = scope.changed(&project).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `DELETE /projects/{id}`: Cedar action `project:delete`.
pub(super) async fn delete(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Delete, Project>(stored).await?;
    scope.precondition(&stored).await?;
    ProjectRules::before_delete(&mut scope, &stored).await?;
    let permit = scope.permit_delete(stored)?;
    let project = store::delete(&mut scope, permit).await?;
    ProjectRules::after_delete(&mut scope, &project).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `POST /projects/{id}/archive`: Cedar action `project:archive`, on the stored and on the resulting row.
pub(super) async fn archive(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.input().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<ProjectArchiveAction, _>(stored).await?;
    scope.precondition(&stored).await?;
    let input = ProjectArchiveInput::parse(&body.object()?)?;
    let mut project = stored.clone();
    ProjectRules::archive(&mut scope, &mut project, input).await?;
    let permit = scope.permit_action(stored, project).await?;
    let project = store::act(&mut scope, permit).await?;
    let reply = scope.acted(&project).await?;
    scope.commit().await?;
    Ok(reply)
}

/// A keyed action that was carried out before: its row as it stands now, decided on and shown anew.
pub(super) async fn act_again<A: Action>(call: Call, earlier: Earlier) -> Result<Reply, Error> {
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, earlier.id()).await?;
    scope.acted_before::<A, Project>(stored).await
}
