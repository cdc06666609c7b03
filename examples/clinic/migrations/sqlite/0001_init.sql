-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 2f7e7db89f245f2d46bad83f8c8b49bff064da6df2f48e9807250e690ac674b3

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'visitor' CONSTRAINT "users_role_check" CHECK ("role" IN ('visitor', 'reception', 'practitioner', 'admin')),
  "phone" BLOB
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "patients" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "account" TEXT REFERENCES "users" ("id") ON DELETE SET NULL,
  "born" BLOB NOT NULL,
  "phone" BLOB,
  "insurance_number" BLOB,
  "allergies" BLOB NOT NULL,
  "history" BLOB,
  "deleted_at" INTEGER
) STRICT;
CREATE INDEX "patients_name_idx" ON "patients" ("name");
CREATE INDEX "patients_account_idx" ON "patients" ("account", "id");
CREATE INDEX "patients_deleted_at_idx" ON "patients" ("deleted_at");

CREATE TABLE "appointments" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "patient" TEXT NOT NULL REFERENCES "patients" ("id") ON DELETE CASCADE,
  "practitioner" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  "account" TEXT REFERENCES "users" ("id") ON DELETE SET NULL,
  "starts_at" INTEGER NOT NULL,
  "lasts" INTEGER NOT NULL DEFAULT 1200000,
  "state" TEXT NOT NULL DEFAULT 'planned' CONSTRAINT "appointments_state_check" CHECK ("state" IN ('planned', 'held', 'missed')),
  "reason" BLOB,
  "deleted_at" INTEGER
) STRICT;
CREATE INDEX "appointments_patient_idx" ON "appointments" ("patient", "id");
CREATE INDEX "appointments_practitioner_idx" ON "appointments" ("practitioner", "id");
CREATE INDEX "appointments_account_idx" ON "appointments" ("account", "id");
CREATE INDEX "appointments_starts_at_idx" ON "appointments" ("starts_at");
CREATE INDEX "appointments_state_idx" ON "appointments" ("state");
CREATE INDEX "appointments_deleted_at_idx" ON "appointments" ("deleted_at");

CREATE TABLE "notes" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "patient" TEXT NOT NULL REFERENCES "patients" ("id") ON DELETE CASCADE,
  "author" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  "text" BLOB NOT NULL,
  "kind" BLOB NOT NULL,
  "deleted_at" INTEGER
) STRICT;
CREATE INDEX "notes_patient_idx" ON "notes" ("patient", "id");
CREATE INDEX "notes_author_idx" ON "notes" ("author", "id");
CREATE INDEX "notes_deleted_at_idx" ON "notes" ("deleted_at");
