// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `tasks`. What changes a row takes a permit, which only the runtime can make.

use super::Task;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "project", "organization", "title", "assignee", "done", (SELECT json_group_array("to_id") FROM "task_labels" WHERE "from_id" = "tasks"."id") AS "labels" FROM "tasks""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("project", r#""project""#, Kind::Reference),
        Column::new("organization", r#""organization""#, Kind::Reference),
        Column::new("title", r#""title""#, Kind::Text).searched(),
        Column::new("assignee", r#""assignee""#, Kind::Reference).nullable(),
        Column::new("done", r#""done""#, Kind::Boolean),
        Column::new("labels", r#""labels""#, Kind::Reference)
            .list()
            .hidden(),
    ],
    references: Task::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Task, Error> {
    Ok(Task {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        project: row.get(4)?,
        organization: row.get(5)?,
        title: row.get(6)?,
        assignee: row.get(7)?,
        done: row.get(8)?,
        labels: row.get(9)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Task>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "project", "organization", "title", "assignee", "done", (SELECT json_group_array("to_id") FROM "task_labels" WHERE "from_id" = "tasks"."id") AS "labels" FROM "tasks" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Task>,
    query: ListQuery,
) -> Result<Page<Task>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Task>) -> Result<Task, Error> {
    let task = permit.into_row();
    let sql = insertion(&task);
    scope.insert(&task, sql).await?;
    Ok(task)
}

/// The statement that stores a new row.
pub(super) fn insertion(task: &Task) -> Sql {
    Sql::new(
        r#"INSERT INTO "tasks" ("id", "created_at", "updated_at", "version", "project", "organization", "title", "assignee", "done") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#,
    )
    .bind(&task.id)
    .bind(&task.created_at)
    .bind(&task.updated_at)
    .bind(&task.version)
    .bind(&task.project)
    .bind(&task.organization)
    .bind(&task.title)
    .bind(&task.assignee)
    .bind(&task.done)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Task>) -> Result<Task, Error> {
    let (task, version) = permit.into_change();
    scope.execute_one(replacement(&task, version)).await?;
    Ok(task)
}

/// Stores what an action has made of a row, if it changed it and nobody else did since it was read.
pub(super) async fn act<A: CustomAction>(
    scope: &mut Scope,
    permit: Permit<A, Task>,
) -> Result<Task, Error> {
    let changes = permit.changes();
    let (task, version) = permit.into_change();
    if changes {
        scope.execute_one(replacement(&task, version)).await?;
    }
    Ok(task)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(task: &Task, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "tasks" SET "updated_at" = ?3, "version" = ?4, "organization" = ?5, "title" = ?6, "assignee" = ?7, "done" = ?8 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&task.id)
    .bind(&version)
    .bind(&task.updated_at)
    .bind(&task.version)
    .bind(&task.organization)
    .bind(&task.title)
    .bind(&task.assignee)
    .bind(&task.done)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Task>) -> Result<Task, Error> {
    let (task, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "tasks" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&task.id).bind(&version)).await?;
    Ok(task)
}
