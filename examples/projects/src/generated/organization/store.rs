// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `organizations`. What changes a row takes a permit, which only the runtime can make.

use super::Organization;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "name", "owner" FROM "organizations""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("name", r#""name""#, Kind::Text),
        Column::new("owner", r#""owner""#, Kind::Reference),
    ],
    references: Organization::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Organization, Error> {
    Ok(Organization {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        name: row.get(4)?,
        owner: row.get(5)?,
    })
}

/// How rows that refer to an organization find it.
pub static RELATED: Related = Related::of::<Organization>(
    r#"SELECT "id", "created_at", "updated_at", "version", "name", "owner" FROM "organizations" WHERE "id" IN (SELECT "value" FROM json_each(?1))"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Organization>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "name", "owner" FROM "organizations" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub async fn page(
    scope: &mut Scope,
    permit: ListPermit<Organization>,
    query: ListQuery,
) -> Result<Page<Organization>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Organization>,
) -> Result<Organization, Error> {
    let organization = permit.into_row();
    let sql = insertion(&organization);
    scope.insert(&organization, sql).await?;
    Ok(organization)
}

/// The statement that stores a new row.
pub(super) fn insertion(organization: &Organization) -> Sql {
    Sql::new(
        r#"INSERT INTO "organizations" ("id", "created_at", "updated_at", "version", "name", "owner") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
    )
    .bind(&organization.id)
    .bind(&organization.created_at)
    .bind(&organization.updated_at)
    .bind(&organization.version)
    .bind(&organization.name)
    .bind(&organization.owner)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Organization>,
) -> Result<Organization, Error> {
    let (organization, version) = permit.into_change();
    scope
        .execute_one(replacement(&organization, version))
        .await?;
    Ok(organization)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(organization: &Organization, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "organizations" SET "updated_at" = ?3, "version" = ?4, "name" = ?5, "owner" = ?6 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&organization.id)
    .bind(&version)
    .bind(&organization.updated_at)
    .bind(&organization.version)
    .bind(&organization.name)
    .bind(&organization.owner)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Organization>,
) -> Result<Organization, Error> {
    let (organization, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "organizations" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&organization.id).bind(&version))
        .await?;
    Ok(organization)
}
