-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 04ac1c0268ff0c7450632ec86488b719cd40a0f70e52d645d491bb0b10cdcf8f

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
CREATE INDEX "patients_account_idx" ON "patients" ("account");
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
CREATE INDEX "appointments_patient_idx" ON "appointments" ("patient");
CREATE INDEX "appointments_practitioner_idx" ON "appointments" ("practitioner");
CREATE INDEX "appointments_account_idx" ON "appointments" ("account");
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
CREATE INDEX "notes_patient_idx" ON "notes" ("patient");
CREATE INDEX "notes_author_idx" ON "notes" ("author");
CREATE INDEX "notes_deleted_at_idx" ON "notes" ("deleted_at");
