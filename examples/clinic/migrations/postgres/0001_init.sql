-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 2f7e7db89f245f2d46bad83f8c8b49bff064da6df2f48e9807250e690ac674b3

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'visitor' CONSTRAINT "users_role_check" CHECK ("role" IN ('visitor', 'reception', 'practitioner', 'admin')),
  "phone" BYTEA
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "patients" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "account" TEXT COLLATE "C",
  "born" BYTEA NOT NULL,
  "phone" BYTEA,
  "insurance_number" BYTEA,
  "allergies" BYTEA NOT NULL,
  "history" BYTEA,
  "deleted_at" BIGINT
);
CREATE INDEX "patients_name_idx" ON "patients" ("name");
CREATE INDEX "patients_account_idx" ON "patients" ("account", "id");
CREATE INDEX "patients_deleted_at_idx" ON "patients" ("deleted_at");

CREATE TABLE "appointments" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "patient" TEXT COLLATE "C" NOT NULL,
  "practitioner" TEXT COLLATE "C" NOT NULL,
  "account" TEXT COLLATE "C",
  "starts_at" BIGINT NOT NULL,
  "lasts" BIGINT NOT NULL DEFAULT 1200000,
  "state" TEXT COLLATE "C" NOT NULL DEFAULT 'planned' CONSTRAINT "appointments_state_check" CHECK ("state" IN ('planned', 'held', 'missed')),
  "reason" BYTEA,
  "deleted_at" BIGINT
);
CREATE INDEX "appointments_patient_idx" ON "appointments" ("patient", "id");
CREATE INDEX "appointments_practitioner_idx" ON "appointments" ("practitioner", "id");
CREATE INDEX "appointments_account_idx" ON "appointments" ("account", "id");
CREATE INDEX "appointments_starts_at_idx" ON "appointments" ("starts_at");
CREATE INDEX "appointments_state_idx" ON "appointments" ("state");
CREATE INDEX "appointments_deleted_at_idx" ON "appointments" ("deleted_at");

CREATE TABLE "notes" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "patient" TEXT COLLATE "C" NOT NULL,
  "author" TEXT COLLATE "C" NOT NULL,
  "text" BYTEA NOT NULL,
  "kind" BYTEA NOT NULL,
  "deleted_at" BIGINT
);
CREATE INDEX "notes_patient_idx" ON "notes" ("patient", "id");
CREATE INDEX "notes_author_idx" ON "notes" ("author", "id");
CREATE INDEX "notes_deleted_at_idx" ON "notes" ("deleted_at");

-- What refers to another table, when all tables are there.
ALTER TABLE "patients" ADD CONSTRAINT "patients_account_fkey" FOREIGN KEY ("account") REFERENCES "users" ("id") ON DELETE SET NULL;
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_patient_fkey" FOREIGN KEY ("patient") REFERENCES "patients" ("id") ON DELETE CASCADE;
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_practitioner_fkey" FOREIGN KEY ("practitioner") REFERENCES "users" ("id") ON DELETE CASCADE;
ALTER TABLE "appointments" ADD CONSTRAINT "appointments_account_fkey" FOREIGN KEY ("account") REFERENCES "users" ("id") ON DELETE SET NULL;
ALTER TABLE "notes" ADD CONSTRAINT "notes_patient_fkey" FOREIGN KEY ("patient") REFERENCES "patients" ("id") ON DELETE CASCADE;
ALTER TABLE "notes" ADD CONSTRAINT "notes_author_fkey" FOREIGN KEY ("author") REFERENCES "users" ("id") ON DELETE CASCADE;
