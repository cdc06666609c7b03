-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 01e92221d2f639848301f5c0efce6bfefa62d71e9eb4bb35f9ba6f2291bdb282

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" TEXT COLLATE "C"
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "organizations" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "owner" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "organizations_name_key" ON "organizations" ("name");
CREATE INDEX "organizations_owner_idx" ON "organizations" ("owner", "id");

CREATE TABLE "projects" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "organization" TEXT COLLATE "C" NOT NULL,
  "lead" TEXT COLLATE "C" NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "code" TEXT COLLATE "C",
  "status" TEXT COLLATE "C" NOT NULL DEFAULT 'draft' CONSTRAINT "projects_status_check" CHECK ("status" IN ('draft', 'active', 'archived')),
  "budget" BIGINT,
  "due" BIGINT,
  "archived_because" TEXT COLLATE "C"
);
CREATE INDEX "projects_organization_idx" ON "projects" ("organization", "id");
CREATE INDEX "projects_lead_idx" ON "projects" ("lead", "id");
CREATE INDEX "projects_status_idx" ON "projects" ("status");
CREATE UNIQUE INDEX "projects_organization_title_key" ON "projects" ("organization", "title");

CREATE TABLE "tasks" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "project" TEXT COLLATE "C" NOT NULL,
  "organization" TEXT COLLATE "C" NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "assignee" TEXT COLLATE "C",
  "done" BIGINT NOT NULL DEFAULT 0 CONSTRAINT "tasks_done_check" CHECK ("done" IN (0, 1))
);
CREATE INDEX "tasks_project_idx" ON "tasks" ("project", "id");
CREATE INDEX "tasks_organization_idx" ON "tasks" ("organization", "id");
CREATE INDEX "tasks_assignee_idx" ON "tasks" ("assignee", "id");
CREATE INDEX "tasks_done_idx" ON "tasks" ("done");

CREATE TABLE "labels" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "labels_name_key" ON "labels" ("name");

CREATE TABLE "organization_members" (
  "from_id" TEXT COLLATE "C" NOT NULL,
  "to_id" TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY ("from_id", "to_id")
);
CREATE INDEX "organization_members_to_id_idx" ON "organization_members" ("to_id");

CREATE TABLE "task_labels" (
  "from_id" TEXT COLLATE "C" NOT NULL,
  "to_id" TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY ("from_id", "to_id")
);
CREATE INDEX "task_labels_to_id_idx" ON "task_labels" ("to_id");

-- What refers to another table, when all tables are there.
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_owner_fkey" FOREIGN KEY ("owner") REFERENCES "users" ("id") ON DELETE RESTRICT;
ALTER TABLE "projects" ADD CONSTRAINT "projects_organization_fkey" FOREIGN KEY ("organization") REFERENCES "organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "projects" ADD CONSTRAINT "projects_lead_fkey" FOREIGN KEY ("lead") REFERENCES "users" ("id") ON DELETE RESTRICT;
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_project_fkey" FOREIGN KEY ("project") REFERENCES "projects" ("id") ON DELETE CASCADE;
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_organization_fkey" FOREIGN KEY ("organization") REFERENCES "organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_assignee_fkey" FOREIGN KEY ("assignee") REFERENCES "users" ("id") ON DELETE SET NULL;
ALTER TABLE "organization_members" ADD CONSTRAINT "organization_members_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "organizations" ("id") ON DELETE CASCADE;
ALTER TABLE "organization_members" ADD CONSTRAINT "organization_members_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "users" ("id") ON DELETE CASCADE;
ALTER TABLE "task_labels" ADD CONSTRAINT "task_labels_from_id_fkey" FOREIGN KEY ("from_id") REFERENCES "tasks" ("id") ON DELETE CASCADE;
ALTER TABLE "task_labels" ADD CONSTRAINT "task_labels_to_id_fkey" FOREIGN KEY ("to_id") REFERENCES "labels" ("id") ON DELETE CASCADE;
