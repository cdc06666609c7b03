-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 01e92221d2f639848301f5c0efce6bfefa62d71e9eb4bb35f9ba6f2291bdb282

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" TEXT
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "organizations" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "name" TEXT NOT NULL,
  "owner" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;
CREATE UNIQUE INDEX "organizations_name_key" ON "organizations" ("name");
CREATE INDEX "organizations_owner_idx" ON "organizations" ("owner", "id");

CREATE TABLE "projects" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "organization" TEXT NOT NULL REFERENCES "organizations" ("id") ON DELETE CASCADE,
  "lead" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
  "title" TEXT NOT NULL,
  "code" TEXT,
  "status" TEXT NOT NULL DEFAULT 'draft' CONSTRAINT "projects_status_check" CHECK ("status" IN ('draft', 'active', 'archived')),
  "budget" INTEGER,
  "due" INTEGER,
  "archived_because" TEXT
) STRICT;
CREATE INDEX "projects_organization_idx" ON "projects" ("organization", "id");
CREATE INDEX "projects_lead_idx" ON "projects" ("lead", "id");
CREATE INDEX "projects_status_idx" ON "projects" ("status");
CREATE UNIQUE INDEX "projects_organization_title_key" ON "projects" ("organization", "title");

CREATE TABLE "tasks" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "project" TEXT NOT NULL REFERENCES "projects" ("id") ON DELETE CASCADE,
  "organization" TEXT NOT NULL REFERENCES "organizations" ("id") ON DELETE CASCADE,
  "title" TEXT NOT NULL,
  "assignee" TEXT REFERENCES "users" ("id") ON DELETE SET NULL,
  "done" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "tasks_done_check" CHECK ("done" IN (0, 1))
) STRICT;
CREATE INDEX "tasks_project_idx" ON "tasks" ("project", "id");
CREATE INDEX "tasks_organization_idx" ON "tasks" ("organization", "id");
CREATE INDEX "tasks_assignee_idx" ON "tasks" ("assignee", "id");
CREATE INDEX "tasks_done_idx" ON "tasks" ("done");

CREATE TABLE "labels" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "name" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "labels_name_key" ON "labels" ("name");

CREATE TABLE "organization_members" (
  "from_id" TEXT NOT NULL REFERENCES "organizations" ("id") ON DELETE CASCADE,
  "to_id" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  PRIMARY KEY ("from_id", "to_id")
) STRICT;
CREATE INDEX "organization_members_to_id_idx" ON "organization_members" ("to_id");

CREATE TABLE "task_labels" (
  "from_id" TEXT NOT NULL REFERENCES "tasks" ("id") ON DELETE CASCADE,
  "to_id" TEXT NOT NULL REFERENCES "labels" ("id") ON DELETE CASCADE,
  PRIMARY KEY ("from_id", "to_id")
) STRICT;
CREATE INDEX "task_labels_to_id_idx" ON "task_labels" ("to_id");
