// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `people`. What changes a row takes a permit, which only the runtime can make.

use super::Person;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "email", "role", "badge" FROM "people""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("email", r#""email""#, Kind::Email),
        Column::new("role", r#""role""#, Kind::Choice(&["user", "admin"]))
            .guarded()
            .role(),
        Column::new("badge", r#""badge""#, Kind::Integer),
    ],
    references: Person::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Person, Error> {
    Ok(Person {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        email: row.get(4)?,
        role: row.get(5)?,
        badge: row.get(6)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Person>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "email", "role", "badge" FROM "people" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Person>,
    query: ListQuery,
) -> Result<Page<Person>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Person>,
) -> Result<Person, Error> {
    let person = permit.into_row();
    let sql = insertion(&person);
    scope.execute(sql).await?;
    Ok(person)
}

/// The statement that stores a new row.
pub(super) fn insertion(person: &Person) -> Sql {
    Sql::new(
        r#"INSERT INTO "people" ("id", "created_at", "updated_at", "version", "email", "role", "badge") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"#,
    )
    .bind(&person.id)
    .bind(&person.created_at)
    .bind(&person.updated_at)
    .bind(&person.version)
    .bind(&person.email)
    .bind(&person.role)
    .bind(&person.badge)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Person>,
) -> Result<Person, Error> {
    let (person, version) = permit.into_change();
    scope.execute_one(replacement(&person, version)).await?;
    Ok(person)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(person: &Person, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "people" SET "updated_at" = ?3, "version" = ?4, "email" = ?5, "role" = ?6, "badge" = ?7 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&person.id)
    .bind(&version)
    .bind(&person.updated_at)
    .bind(&person.version)
    .bind(&person.email)
    .bind(&person.role)
    .bind(&person.badge)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Person>,
) -> Result<Person, Error> {
    let (person, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "people" WHERE "id" = ?1 AND "version" = ?2"#);
    scope
        .execute_one(sql.bind(&person.id).bind(&version))
        .await?;
    Ok(person)
}
