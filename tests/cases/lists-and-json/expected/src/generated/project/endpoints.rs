// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The endpoints of `project`, each in the order in which it happens.

use super::rules::ProjectRules;
use super::{Project, ProjectCreate, ProjectUpdate, Rules, store};
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
    ProjectRules::before_create(&mut scope, &mut project).await?;
    let permit = scope.permit_create(project, named).await?;
    let project = store::insert(&mut scope, permit).await?;
    ProjectRules::after_create(&mut scope, &project).await?;
    let reply = scope.created(&project).await?;
    scope.commit().await?;
    Ok(reply)
}

/// `GET /projects/{id}`: Cedar action `project:read`.
pub(super) async fn read(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let project = scope.authorize::<Read, Project>(stored).await?;
    scope.show(project).await
}

/// `PATCH /projects/{id}`: Cedar action `project:update`, on the stored and on the resulting row.
pub(super) async fn update(mut call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let body = call.body().await?;
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope.authorize::<Update, Project>(stored).await?;
    scope.precondition(&stored).await?;
    let (mut project, named) =
        ProjectUpdate::parse(&scope.merge_patch(&body, &stored).await?)?.apply(&stored);
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
