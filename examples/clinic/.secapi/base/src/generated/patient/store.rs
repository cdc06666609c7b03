// Written by secapi. Edits here are found and reported, never lost: see README.md.
//! The SQL of `patients`. What changes a row takes a permit, which only the runtime can make.

use super::Patient;
use secapi_runtime::prelude::*;
use std::time::Duration;

/// `born`, as it stands in the database.
const ENCRYPTED_BORN: EncryptedField = EncryptedField {
    resource: "patient",
    table: "patients",
    name: "born",
};

/// `phone`, as it stands in the database.
const ENCRYPTED_PHONE: EncryptedField = EncryptedField {
    resource: "patient",
    table: "patients",
    name: "phone",
};

/// `insurance_number`, as it stands in the database.
const ENCRYPTED_INSURANCE_NUMBER: EncryptedField = EncryptedField {
    resource: "patient",
    table: "patients",
    name: "insurance_number",
};

/// `allergies`, as it stands in the database.
const ENCRYPTED_ALLERGIES: EncryptedField = EncryptedField {
    resource: "patient",
    table: "patients",
    name: "allergies",
};

/// `history`, as it stands in the database.
const ENCRYPTED_HISTORY: EncryptedField = EncryptedField {
    resource: "patient",
    table: "patients",
    name: "history",
};

/// What only the keys of the service open.
pub const ENCRYPTED: &[EncryptedField] = &[
    ENCRYPTED_BORN,
    ENCRYPTED_PHONE,
    ENCRYPTED_INSURANCE_NUMBER,
    ENCRYPTED_ALLERGIES,
    ENCRYPTED_HISTORY,
];

/// The columns that a list can filter and sort by.
pub(super) static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "name", "account", "born", "phone", "insurance_number", "allergies", "history", "deleted_at" FROM "patients" WHERE +"deleted_at" IS NULL"#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("created_at", r#""created_at""#, Kind::Datetime),
        Column::new("updated_at", r#""updated_at""#, Kind::Datetime),
        Column::new("name", r#""name""#, Kind::Text),
        Column::new("account", r#""account""#, Kind::Reference).nullable(),
    ],
    references: Patient::references,
};

/// One row of a select that names all columns in their order.
pub(super) fn from_row(row: &Row) -> Result<Patient, Error> {
    Ok(Patient {
        id: row.get(0)?,
        created_at: row.get(1)?,
        updated_at: row.get(2)?,
        version: row.get(3)?,
        name: row.get(4)?,
        account: row.get(5)?,
        born: row.open(6, &ENCRYPTED_BORN)?,
        phone: row.open(7, &ENCRYPTED_PHONE)?,
        insurance_number: row.open(8, &ENCRYPTED_INSURANCE_NUMBER)?,
        allergies: row.open(9, &ENCRYPTED_ALLERGIES)?,
        history: row.open(10, &ENCRYPTED_HISTORY)?,
        deleted_at: row.get(11)?,
    })
}

/// How rows that refer to a patient find it.
pub static RELATED: Related = Related::of::<Patient>(
    r#"SELECT "id", "created_at", "updated_at", "version", "name", "account", "born", "phone", "insurance_number", "allergies", "history", "deleted_at" FROM "patients" WHERE "id" IN (SELECT "value" FROM json_each(?1)) AND "deleted_at" IS NULL"#,
    related,
    &LISTING,
);

fn related(row: &Row) -> Result<RelatedRow, Error> {
    from_row(row).map(RelatedRow::of)
}

/// The row of an id, not yet authorized.
pub(super) async fn find(scope: &mut Scope, id: Id) -> Result<Unseen<Patient>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "name", "account", "born", "phone", "insurance_number", "allergies", "history", "deleted_at" FROM "patients" WHERE "id" = ?1 AND "deleted_at" IS NULL"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// One page of the rows that the caller may list and read.
pub(super) async fn page(
    scope: &mut Scope,
    permit: ListPermit<Patient>,
    query: ListQuery,
) -> Result<Page<Patient>, Error> {
    scope.page(permit, query, from_row).await
}

/// Stores a new row.
pub(super) async fn insert(
    scope: &mut Scope,
    permit: Permit<Create, Patient>,
) -> Result<Patient, Error> {
    let patient = permit.into_row();
    let sql = insertion(&patient);
    scope.insert(&patient, sql).await?;
    Ok(patient)
}

/// The statement that stores a new row.
pub(super) fn insertion(patient: &Patient) -> Sql {
    Sql::new(
        r#"INSERT INTO "patients" ("id", "created_at", "updated_at", "version", "name", "account", "born", "phone", "insurance_number", "allergies", "history", "deleted_at") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"#,
    )
    .bind(&patient.id)
    .bind(&patient.created_at)
    .bind(&patient.updated_at)
    .bind(&patient.version)
    .bind(&patient.name)
    .bind(&patient.account)
    .seal(&ENCRYPTED_BORN, patient.id, &patient.born)
    .seal(&ENCRYPTED_PHONE, patient.id, &patient.phone)
    .seal(
        &ENCRYPTED_INSURANCE_NUMBER,
        patient.id,
        &patient.insurance_number,
    )
    .seal(&ENCRYPTED_ALLERGIES, patient.id, &patient.allergies)
    .seal(&ENCRYPTED_HISTORY, patient.id, &patient.history)
    .bind(&patient.deleted_at)
}

/// Stores a changed row, if nobody changed it since it was read.
pub(super) async fn update(
    scope: &mut Scope,
    permit: Permit<Update, Patient>,
) -> Result<Patient, Error> {
    let (patient, version) = permit.into_change();
    scope.execute_one(replacement(&patient, version)).await?;
    Ok(patient)
}

/// The statement that puts a row in the place of this version of it.
fn replacement(patient: &Patient, version: i64) -> Sql {
    Sql::new(
        r#"UPDATE "patients" SET "updated_at" = ?3, "version" = ?4, "name" = ?5, "account" = ?6, "born" = ?7, "phone" = ?8, "insurance_number" = ?9, "allergies" = ?10, "history" = ?11 WHERE "id" = ?1 AND "version" = ?2"#,
    )
    .bind(&patient.id)
    .bind(&version)
    .bind(&patient.updated_at)
    .bind(&patient.version)
    .bind(&patient.name)
    .bind(&patient.account)
    .seal(&ENCRYPTED_BORN, patient.id, &patient.born)
    .seal(&ENCRYPTED_PHONE, patient.id, &patient.phone)
    .seal(
        &ENCRYPTED_INSURANCE_NUMBER,
        patient.id,
        &patient.insurance_number,
    )
    .seal(&ENCRYPTED_ALLERGIES, patient.id, &patient.allergies)
    .seal(&ENCRYPTED_HISTORY, patient.id, &patient.history)
}

/// Marks a row as deleted, if nobody changed it since it was read.
pub(super) async fn delete(
    scope: &mut Scope,
    permit: Permit<Delete, Patient>,
) -> Result<Patient, Error> {
    let (patient, version) = permit.into_change();
    let mark = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("appointments"."deleted_at" IS NULL OR "appointments"."deleted_at" = ?2) UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("notes"."deleted_at" IS NULL OR "notes"."deleted_at" = ?2)) UPDATE "appointments" SET "deleted_at" = ?2 WHERE "id" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 1) AND "deleted_at" IS NULL AND "id" <> ?1"#,
    );
    scope.take_along(mark, patient.id).await?;
    let mark = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("appointments"."deleted_at" IS NULL OR "appointments"."deleted_at" = ?2) UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("notes"."deleted_at" IS NULL OR "notes"."deleted_at" = ?2)) UPDATE "notes" SET "deleted_at" = ?2 WHERE "id" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 2) AND "deleted_at" IS NULL AND "id" <> ?1"#,
    );
    scope.take_along(mark, patient.id).await?;
    let sql = Sql::new(
        r#"UPDATE "patients" SET "deleted_at" = ?3 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NULL"#,
    );
    let sql = sql.bind(&patient.id).bind(&version).bind(scope.now());
    scope.execute_one(sql).await?;
    Ok(patient)
}

/// The row of an id, deleted or not, not yet authorized.
pub(super) async fn find_deleted(scope: &mut Scope, id: Id) -> Result<Unseen<Patient>, Error> {
    let sql = Sql::new(
        r#"SELECT "id", "created_at", "updated_at", "version", "name", "account", "born", "phone", "insurance_number", "allergies", "history", "deleted_at" FROM "patients" WHERE "id" = ?1"#,
    );
    scope.find(sql.bind(&id), from_row).await
}

/// Brings a deleted row back, if nobody did since it was read.
pub(super) async fn restore(
    scope: &mut Scope,
    permit: Permit<Restore, Patient>,
) -> Result<Patient, Error> {
    let (mut patient, version) = permit.into_change();
    let lost = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND "appointments"."deleted_at" = ?2 UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND "notes"."deleted_at" = ?2) SELECT 1 FROM "secapi_gone" JOIN "appointments" AS "referring" ON "referring"."id" = "secapi_gone"."id" JOIN "patients" AS "referred" ON "referred"."id" = "referring"."patient" WHERE "secapi_gone"."kind" = 1 AND "referred"."deleted_at" IS NOT NULL AND "referred"."id" NOT IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 0) LIMIT 1"#,
    );
    scope
        .nothing_lost(lost, patient.id, patient.deleted_at)
        .await?;
    let lost = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND "appointments"."deleted_at" = ?2 UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND "notes"."deleted_at" = ?2) SELECT 1 FROM "secapi_gone" JOIN "notes" AS "referring" ON "referring"."id" = "secapi_gone"."id" JOIN "patients" AS "referred" ON "referred"."id" = "referring"."patient" WHERE "secapi_gone"."kind" = 2 AND "referred"."deleted_at" IS NOT NULL AND "referred"."id" NOT IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 0) LIMIT 1"#,
    );
    scope
        .nothing_lost(lost, patient.id, patient.deleted_at)
        .await?;
    let others = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("appointments"."deleted_at" = ?2 OR "appointments"."deleted_at" IS NULL AND "appointments"."updated_at" = ?3) UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("notes"."deleted_at" = ?2 OR "notes"."deleted_at" IS NULL AND "notes"."updated_at" = ?3)) UPDATE "appointments" SET "deleted_at" = NULL, "version" = "version" + 1, "updated_at" = ?3 WHERE "id" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 1) AND "deleted_at" = ?2 AND "id" <> ?1"#,
    );
    scope
        .bring_along(others, patient.id, patient.deleted_at)
        .await?;
    let others = Sql::new(
        r#"WITH RECURSIVE "secapi_gone" ("kind", "id") AS (SELECT 0, ?1 UNION SELECT 1, "appointments"."id" FROM "secapi_gone" JOIN "appointments" ON "appointments"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("appointments"."deleted_at" = ?2 OR "appointments"."deleted_at" IS NULL AND "appointments"."updated_at" = ?3) UNION SELECT 2, "notes"."id" FROM "secapi_gone" JOIN "notes" ON "notes"."patient" = "secapi_gone"."id" WHERE "secapi_gone"."kind" = 0 AND ("notes"."deleted_at" = ?2 OR "notes"."deleted_at" IS NULL AND "notes"."updated_at" = ?3)) UPDATE "notes" SET "deleted_at" = NULL, "version" = "version" + 1, "updated_at" = ?3 WHERE "id" IN (SELECT "id" FROM "secapi_gone" WHERE "kind" = 2) AND "deleted_at" = ?2 AND "id" <> ?1"#,
    );
    scope
        .bring_along(others, patient.id, patient.deleted_at)
        .await?;
    let sql = Sql::new(
        r#"UPDATE "patients" SET "deleted_at" = NULL, "updated_at" = ?3, "version" = ?4 WHERE "id" = ?1 AND "version" = ?2 AND "deleted_at" IS NOT NULL"#,
    )
    .bind(&patient.id)
    .bind(&version)
    .bind(&patient.updated_at)
    .bind(&patient.version);
    scope.execute_one(sql).await?;
    patient.deleted_at = None;
    Ok(patient)
}

/// How deleted rows go for good once their time is over.
pub const PURGE: Purge = Purge {
    resource: "patient",
    after: Duration::from_secs(315_360_000),
    due: r#"SELECT "id", "deleted_at" FROM "patients" WHERE "deleted_at" <= ?1 AND ("deleted_at", "id") > (?2, ?3) ORDER BY "deleted_at", "id" LIMIT ?4"#,
    held: &[],
    remove: r#"DELETE FROM "patients" WHERE "id" = ?1 AND "deleted_at" <= ?2"#,
};
