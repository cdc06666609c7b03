// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `projects`. What changes a row takes a permit, which only the runtime can make.

use super::Project;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "title", "summary", "tags", "states", "prices", "offers", "ratios", "wide", "days", "keys", "metadata", "layout", "remarks", "seal" FROM "projects""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("title", r#""title""#, Kind::Text).searched(),
        Column::new("summary", r#""summary""#, Kind::Text)
            .nullable()
            .long()
            .searched(),
        Column::new("tags", r#""tags""#, Kind::Text).list(),
        Column::new("states", r#""states""#, Kind::Choice(&["draft", "in-work"])).list(),
        Column::new("prices", r#""prices""#, Kind::Decimal).list(),
        Column::new("offers", r#""offers""#, Kind::Decimal)
            .guarded()
            .nullable()
            .list(),
        Column::new("ratios", r#""ratios""#, Kind::Number).list(),
        Column::new("wide", r#""wide""#, Kind::WideInteger)
            .nullable()
            .list(),
        Column::new("days", r#""days""#, Kind::Date)
            .nullable()
            .list(),
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
        summary: row.get(5)?,
        tags: row.get(6)?,
        states: row.get(7)?,
        prices: row.get(8)?,
        offers: row.get(9)?,
        ratios: row.get(10)?,
        wide: row.get(11)?,
        days: row.get(12)?,
        keys: row.get(13)?,
        metadata: row.get(14)?,
        layout: row.get(15)?,
        remarks: row.get(16)?,
        seal: row.get(17)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Project>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "title", "summary", "tags", "states", "prices", "offers", "ratios", "wide", "days", "keys", "metadata", "layout", "remarks", "seal" FROM "projects" WHERE "id" = ?1"#,
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
        r#"INSERT INTO "projects" ("id", "created_at", "updated_at", "version", "title", "summary", "tags", "states", "prices", "offers", "ratios", "wide", "days", "keys", "metadata", "layout", "remarks", "seal") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)"#,
    )
    .bind(&project.id)
    .bind(&project.created_at)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.title)
    .bind(&project.summary)
    .bind(&project.tags)
    .bind(&project.states)
    .bind(&project.prices)
    .bind(&project.offers)
    .bind(&project.ratios)
    .bind(&project.wide)
    .bind(&project.days)
    .bind(&project.keys)
    .bind(&project.metadata)
    .bind(&project.layout)
    .bind(&project.remarks)
    .bind(&project.seal)
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

/// The statement that puts a row in the place of this version of it.
fn replacement(project: &Project, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "projects" SET "updated_at" = ?3, "version" = ?4, "title" = ?5, "summary" = ?6, "tags" = ?7, "states" = ?8, "prices" = ?9, "offers" = ?10, "ratios" = ?11, "wide" = ?12, "keys" = ?13, "metadata" = ?14, "layout" = ?15, "remarks" = ?16 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&project.id)
    .bind(&version)
    .bind(&project.updated_at)
    .bind(&project.version)
    .bind(&project.title)
    .bind(&project.summary)
    .bind(&project.tags)
    .bind(&project.states)
    .bind(&project.prices)
    .bind(&project.offers)
    .bind(&project.ratios)
    .bind(&project.wide)
    .bind(&project.keys)
    .bind(&project.metadata)
    .bind(&project.layout)
    .bind(&project.remarks)
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
