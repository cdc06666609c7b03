// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `appointments`. What changes a row takes a permit, which only the runtime can make.

use super::Appointment;
use secapi_runtime::prelude::*;
use std::time::Duration;

/// `reason`, as it stands in the database.
const ENCRYPTED_REASON: EncryptedField = EncryptedField {
    resource: "appointment",
    table: "appointments",
    name: "reason",
};

/// What only the keys of the service open.
pub const ENCRYPTED: &[EncryptedField] = &[ENCRYPTED_REASON];

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "patient", "practitioner", "account", "starts_at", "lasts", "state", "reason", "deleted_at" FROM "appointments" WHERE +"deleted_at" IS NULL"#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("patient", r#""patient""#, Kind::Reference),
        Column::new("practitioner", r#""practitioner""#, Kind::Reference),
        Column::new("account", r#""account""#, Kind::Reference).nullable(),
        Column::new("starts_at", r#""starts_at""#, Kind::Datetime),
        Column::new("lasts", r#""lasts""#, Kind::Duration),
        Column::new(
            "state",
            r#""state""#,
            Kind::Choice(&["planned", "held", "missed"]),
        ),
    ],
    references: Appointment::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Appointment, Error> {
    Ok(Appointment {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        patient: row.get(4)?,
        practitioner: row.get(5)?,
        account: row.get(6)?,
        starts_at: row.get(7)?,
        lasts: row.get(8)?,
        state: row.get(9)?,
        reason: row.open(10, &ENCRYPTED_REASON)?,
        deleted_at: row.get(11)?,
    })
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Appointment>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "patient", "practitioner", "account", "starts_at", "lasts", "state", "reason", "deleted_at" FROM "appointments" WHERE "id" = ?1 AND "deleted_at" IS NULL"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Appointment>,
    query: ListQuery,
) -> Result<Page<Appointment>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Appointment>,
) -> Result<Appointment, Error> {
    let appointment = permit.into_row();
    let sql = insertion(&appointment);
    scope.insert(&appointment, sql).await?;
    Ok(appointment)
}

/// The statement that stores a new row.
pub(super) fn insertion(appointment: &Appointment) -> Sql {
    Sql::new(
        r#"INSERT INTO "appointments" ("id", "created_at", "updated_at", "version", "patient", "practitioner", "account", "starts_at", "lasts", "state", "reason", "deleted_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"#,
    )
    .bind(&appointment.id)
    .bind(&appointment.created_at)
    .bind(&appointment.updated_at)
    .bind(&appointment.version)
    .bind(&appointment.patient)
    .bind(&appointment.practitioner)
    .bind(&appointment.account)
    .bind(&appointment.starts_at)
    .bind(&appointment.lasts)
    .bind(&appointment.state)
    .seal(&ENCRYPTED_REASON, appointment.id, &appointment.reason)
    .bind(&appointment.deleted_at)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Appointment>,
) -> Result<Appointment, Error> {
    let (appointment, version) = permit.into_change();
    scope
        .execute_one(replacement(&appointment, version))
        .await?;
    Ok(appointment)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(appointment: &Appointment, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "appointments" SET "updated_at" = ?3, "version" = ?4, "practitioner" = ?5, "account" = ?6, "starts_at" = ?7, "lasts" = ?8, "state" = ?9, "reason" = ?10 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&appointment.id)
    .bind(&version)
    .bind(&appointment.updated_at)
    .bind(&appointment.version)
    .bind(&appointment.practitioner)
    .bind(&appointment.account)
    .bind(&appointment.starts_at)
    .bind(&appointment.lasts)
    .bind(&appointment.state)
    .seal(&ENCRYPTED_REASON, appointment.id, &appointment.reason)
}

/// Marks a row as deleted, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Appointment>,
) -> Result<Appointment, Error> {
    let (appointment, version) = permit.into_change();
    let sql = Sql::new(
        r#"UPDATE "appointments" SET "deleted_at" = ?3 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NULL"#,
    );
    let sql = sql.bind(&appointment.id).bind(&version).bind(scope.now());
    scope.execute_one(sql).await?;
    Ok(appointment)
}

/// The row of an id, deleted or not, not yet authorized.
pub(super) async fn find_deleted(scope: &mut Scope, id: Id) -> Result<Unseen<Appointment>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "patient", "practitioner", "account", "starts_at", "lasts", "state", "reason", "deleted_at" FROM "appointments" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Brings a deleted row back, if nobody did since it was read.
pub(super) async fn restore(
    scope: &mut Scope,
    permit: Permit<Restore, Appointment>,
) -> Result<Appointment, Error> {
    let (mut appointment, version) = permit.into_change();
    let lost = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1) SELECT 1 FROM "secapi_gone" JOIN "appointments" AS "referring" ON "referring"."id" = "secapi_gone"."id" JOIN "patients" AS "referred" ON "referred"."id" = "referring"."patient" WHERE "secapi_gone"."kind" = 0 AND "referred"."deleted_at" IS NOT NULL LIMIT 1"#,
    );
    scope
        .nothing_lost(lost, appointment.id, appointment.deleted_at)
        .await?;
    let sql = Sql::new(
        r#"UPDATE "appointments" SET "deleted_at" = NULL, "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NOT NULL"#,
    )
    .bind(&appointment.id)
    .bind(&version)
    .bind(&appointment.updated_at)
    .bind(&appointment.version);
    scope.execute_one(sql).await?;
    appointment.deleted_at = None;
    Ok(appointment)
}

/// How deleted rows go for good once their time is over.
pub const PURGE: Purge = Purge {
    resource: "appointment",
    after: Duration::from_secs(31_536_000),
    due: r#"SELECT "id", "deleted_at" FROM "appointments" WHERE "deleted_at" <= ?1 AND ("deleted_at", "id") > (?2, ?3) ORDER BY "deleted_at", "id" LIMIT ?4"#,
    held: &[],
    remove: r#"DELETE FROM "appointments" WHERE "id" = ?1 AND "deleted_at" <= ?2"#,
};
