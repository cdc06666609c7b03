// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `projects`. What changes a row takes a permit, which only the runtime can make.

use super::Project;
use secapi_runtime::prelude::*;
use std::time::Duration;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "title", "code", "owner", "status", "deleted_at" FROM "projects" WHERE +"deleted_at" IS NULL"#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("title", r#""title""#, Kind::Text),
        Column::new("code", r#""code""#, Kind::Text),
        Column::new("owner", r#""owner""#, Kind::Uuid),
        Column::new(
            "status",
            r#""status""#,
            Kind::Choice(&["draft", "active", "archived"]),
        ),
    ],
    references: Project::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Project, Error> {
    Ok(Project {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        title: row.get(4)?,
        code: row.get(5)?,
        owner: row.get(6)?,
        status: row.get(7)?,
        deleted_at: row.get(8)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Project>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "title", "code", "owner", "status", "deleted_at" FROM "projects" WHERE "id" = ?1 AND "deleted_at" IS NULL"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Project>,
    query: ListQuery,
) -> Result<Page<Project>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Project>,
) -> Result<Project, Error> {
    let project = permit.into_row();
    let sql = insertion(&project);
    scope.execute(sql).await?;
    Ok(project)
}

/// The statement that stores a new row.
pub(super) fn insertion(project: &Project) -> Sql {
    Sql::new(
        r#"INSERT INTO "projects" ("id", "created_at", "updated_at", "version", "title", "code", "owner", "status", "deleted_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#,
    )
    .bind(&project.id)
    .bind(&project.created_at)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.title)
    .bind(&project.code)
    .bind(&project.owner)
    .bind(&project.status)
    .bind(&project.deleted_at)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Project>,
) -> Result<Project, Error> {
    let (project, version) = permit.into_change();
    scope.execute_one(replacement(&project, version)).await?;
    Ok(project)
}

/// Stores what an action has made of a row, if it changed it and nobody else did since it was read.
pub(super) async fn act<A: CustomAction>(
    scope: &mut Scope,
    permit: Permit<A, Project>,
) -> Result<Project, Error> {
    let changes = permit.changes();
    let (project, version) = permit.into_change();
    if changes {
        scope.execute_one(replacement(&project, version)).await?;
    }
    Ok(project)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(project: &Project, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "projects" SET "updated_at" = ?3, "version" = ?4, "title" = ?5, "code" = ?6, "status" = ?7 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&project.id)
    .bind(&version)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.title)
    .bind(&project.code)
    .bind(&project.status)
}

/// Marks a row as deleted, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Project>,
) -> Result<Project, Error> {
    let (project, version) = permit.into_change();
    let sql = Sql::new(
        r#"UPDATE "projects" SET "deleted_at" = ?3 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NULL"#,
    );
    let sql = sql.bind(&project.id).bind(&version).bind(scope.now());
    scope.execute_one(sql).await?;
    Ok(project)
}

/// The row of an id, deleted or not, not yet authorized.
pub(super) async fn find_deleted(scope: &mut Scope, id: Id) -> Result<Unseen<Project>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "title", "code", "owner", "status", "deleted_at" FROM "projects" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Brings a deleted row back, if nobody did since it was read.
pub(super) async fn restore(
    scope: &mut Scope,
    permit: Permit<Restore, Project>,
) -> Result<Project, Error> {
    let (mut project, version) = permit.into_change();
    let sql = Sql::new(
        r#"UPDATE "projects" SET "deleted_at" = NULL, "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NOT NULL"#,
    )
    .bind(&project.id)
    .bind(&version)
    .bind(&project.updated_at)
    .bind(&project.version);
    scope.execute_one(sql).await?;
    project.deleted_at = None;
    Ok(project)
}

/// How deleted rows go for good once their time is over.
pub const PURGE: Purge = Purge {
    resource: "project",
    after: Duration::from_secs(7_776_000),
    due: r#"SELECT "id", "deleted_at" FROM "projects" WHERE "deleted_at" <= ?1 AND ("deleted_at", "id") > (?2, ?3) ORDER BY "deleted_at", "id" LIMIT ?4"#,
    held: &[],
    remove: r#"DELETE FROM "projects" WHERE "id" = ?1 AND "deleted_at" <= ?2"#,
};
