// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `loans`. What changes a row takes a permit, which only the runtime can make.

use super::Loan;
use secapi_runtime::prelude::*;

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "book", "reader" FROM "loans""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("book", r#""book""#, Kind::Reference),
        Column::new("reader", r#""reader""#, Kind::Reference),
    ],
    references: Loan::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Loan, Error> {
    Ok(Loan {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        book: row.get(4)?,
        reader: row.get(5)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Loan>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "book", "reader" FROM "loans" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Loan>,
    query: ListQuery,
) -> Result<Page<Loan>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(scope: &mut Scope, permit: Permit<Create, Loan>) -> Result<Loan, Error> {
    let loan = permit.into_row();
    let sql = insertion(&loan);
    scope.insert(&loan, sql).await?;
    Ok(loan)
}

/// The statement that stores a new row.
pub(super) fn insertion(loan: &Loan) -> Sql {
    Sql::new(
        r#"INSERT INTO "loans" ("id", "created_at", "updated_at", "version", "book", "reader") VALUES (?1, ?2, ?3, ?4, ?5, ?6)"#,
    )
    .bind(&loan.id)
    .bind(&loan.created_at)
    .bind(&loan.updated_at)
    .bind(&loan.version)
    .bind(&loan.book)
    .bind(&loan.reader)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(scope: &mut Scope, permit: Permit<Update, Loan>) -> Result<Loan, Error> {
    let (loan, version) = permit.into_change();
    scope.execute_one(replacement(&loan, version)).await?;
    Ok(loan)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(loan: &Loan, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "loans" SET "updated_at" = ?3, "version" = ?4, "book" = ?5, "reader" = ?6 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&loan.id)
    .bind(&version)
    .bind(&loan.updated_at)
    .bind(&loan.version)
    .bind(&loan.book)
    .bind(&loan.reader)
}

/// Removes a row, if nobody changed it since it was read.
pub(super) async fn delete(scope: &mut Scope, permit: Permit<Delete, Loan>) -> Result<Loan, Error> {
    let (loan, version) = permit.into_change();
    let sql = Sql::new(r#"DELETE FROM "loans" WHERE "id" = ?1 AND "version" = ?2"#);
    scope.execute_one(sql.bind(&loan.id).bind(&version)).await?;
    Ok(loan)
}
