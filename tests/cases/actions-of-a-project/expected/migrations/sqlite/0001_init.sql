-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 05a072c21f60f077cec7cb6b71c37ad829cb328f22181fefa1c81be55e755bf7

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin'))
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "projects" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "owner" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'draft' CONSTRAINT "projects_status_check" CHECK ("status" IN ('draft', 'active', 'archived')),
  "deleted_at" INTEGER
) STRICT;
CREATE UNIQUE INDEX "projects_code_key" ON "projects" ("code") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_status_idx" ON "projects" ("status");
CREATE INDEX "projects_deleted_at_idx" ON "projects" ("deleted_at");
