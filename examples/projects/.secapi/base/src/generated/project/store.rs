// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `projects`. What changes a row takes a permit, which only the runtime can make.

use super::Project;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "organization", "lead", "title", "code", "status", "budget", "due", "archived_because" FROM "projects""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("organization", r#""organization""#, Kind::Reference),
        Column::new("lead", r#""lead""#, Kind::Reference),
        Column::new("title", r#""title""#, Kind::Text).searched(),
        Column::new("code", r#""code""#, Kind::Text).nullable(),
        Column::new(
            "status",
            r#""status""#,
            Kind::Choice(&["draft", "active", "archived"]),
        ),
        Column::new("budget", r#""budget""#, Kind::Decimal)
            .guarded()
            .nullable(),
        Column::new("due", r#""due""#, Kind::Date).nullable(),
        Column::new("archived_because", r#""archived_because""#, Kind::Text)
            .nullable()
            .long(),
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
        organization: row.get(4)?,
        lead: row.get(5)?,
        title: row.get(6)?,
        code: row.get(7)?,
        status: row.get(8)?,
        budget: row.get(9)?,
        due: row.get(10)?,
        archived_because: row.get(11)?,
    })
}

/// How rows that refer to a project find it.
pub static RELATED: Related = Related::of::<Project>(
    r#"SELECT "id", "created_at", "updated_at", "version", "organization", "lead", "title", "code", "status", "budget", "due", "archived_because" FROM "projects" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Project>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "organization", "lead", "title", "code", "status", "budget", "due", "archived_because" FROM "projects" WHERE "id" = ?1"#,
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
    scope.insert(&project, sql).await?;
    Ok(project)
}

/// The statement that stores a new row.
pub(super) fn insertion(project: &Project) -> Sql {
    Sql::new(
        r#"INSERT INTO "projects" ("id", "created_at", "updated_at", "version", "organization", "lead", "title", "code", "status", "budget", "due", "archived_because") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"#,
    )
    .bind(&project.id)
    .bind(&project.created_at)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.organization)
    .bind(&project.lead)
    .bind(&project.title)
    .bind(&project.code)
    .bind(&project.status)
    .bind(&project.budget)
    .bind(&project.due)
    .bind(&project.archived_because)
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
        r#"UPDATE "projects" SET "updated_at" = ?3, "version" = ?4, "lead" = ?5, "title" = ?6, "code" = ?7, "status" = ?8, "budget" = ?9, "due" = ?10, "archived_because" = ?11 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&project.id)
    .bind(&version)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.lead)
    .bind(&project.title)
    .bind(&project.code)
    .bind(&project.status)
    .bind(&project.budget)
    .bind(&project.due)
    .bind(&project.archived_because)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Project>,
) -> Result<Project, Error> {
    let (project, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "projects" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&project.id).bind(&version))
        .await?;
    Ok(project)
}
