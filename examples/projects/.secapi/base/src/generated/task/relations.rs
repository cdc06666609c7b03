// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! What a task is related to: the endpoints of each relation, in the order in which it happens. The
//! actions are decided on the task; the rows of the other side by their own policies.

use super::{Task, store};
use secapi_runtime::prelude::*;
use secapi_runtime::relation;

/// `labels`: labels.
#[derive(Debug)]
pub(super) enum TaskLabelsRelation {}

impl relation::Relation for TaskLabelsRelation {
    type Row = Task;
    type Other = super::super::label::Label;
    const READ: &'static str = "labels:read";
    const OTHERS: &'static str = r#"SELECT "to_id" FROM "task_labels" WHERE "from_id" ="#;
}

impl relation::Changeable for TaskLabelsRelation {
    const ADD: &'static str = "labels:add";
    const REMOVE: &'static str = "labels:remove";
    const OTHER: &'static Related = &super::super::label::RELATED;
    const INSERT: &'static str =
        r#"INSERT INTO "task_labels" ("from_id", "to_id") VALUES (?1, ?2) ON CONFLICT DO NOTHING"#;
    const DELETE: &'static str =
        r#"DELETE FROM "task_labels" WHERE "from_id" = ?1 AND "to_id" = ?2"#;
    const KNOWN: relation::Known = relation::Known::AsSet(
        r#"SELECT count(*) FROM "task_labels" WHERE "from_id" = ?1"#,
        10,
    );
}

/// `GET /tasks/{id}/labels`: Cedar action `task:labels:read`, and `label:list` and `label:read` on every
/// row of the answer.
async fn list_labels(call: Call) -> Result<Reply, Error> {
    let id = call.id()?;
    let permit = call.list_permit()?;
    let query = call.list_query::<super::super::label::Label>(&super::super::label::LISTING)?;
    let mut scope = call.read().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Reading<TaskLabelsRelation>, _>(stored)
        .await?;
    let page = super::super::label::page(&mut scope, permit, query.related_to(&stored)).await?;
    scope.listed(page)
}

/// `PUT /tasks/{id}/labels/{label_id}`: Cedar action `task:labels:add`, and `label:read` on the label.
async fn add_labels(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Adding<TaskLabelsRelation>, _>(stored)
        .await?;
    scope.relate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// `DELETE /tasks/{id}/labels/{label_id}`: Cedar action `task:labels:remove`, and `label:read` on the label.
async fn remove_labels(call: Call) -> Result<Reply, Error> {
    let (id, other) = (call.id()?, call.other_id()?);
    let mut scope = call.write().await?;
    let stored = store::find(&mut scope, id).await?;
    let stored = scope
        .authorize::<relation::Removing<TaskLabelsRelation>, _>(stored)
        .await?;
    scope.unrelate(stored, other).await?;
    scope.commit().await?;
    Ok(Reply::no_content())
}

/// The routes of all relations.
pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::related::<TaskLabelsRelation, _>("/tasks/{id}/labels", list_labels),
        Route::put::<relation::Adding<TaskLabelsRelation>, Task, _>(
            "/tasks/{id}/labels/{label_id}",
            add_labels,
        ),
        Route::delete::<relation::Removing<TaskLabelsRelation>, Task, _>(
            "/tasks/{id}/labels/{label_id}",
            remove_labels,
        ),
    ]
}
