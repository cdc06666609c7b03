-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 05a072c21f60f077cec7cb6b71c37ad829cb328f22181fefa1c81be55e755bf7

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin'))
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "projects" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "code" TEXT COLLATE "C" NOT NULL,
  "owner" TEXT COLLATE "C" NOT NULL,
  "status" TEXT COLLATE "C" NOT NULL DEFAULT 'draft' CONSTRAINT "projects_status_check" CHECK ("status" IN ('draft', 'active', 'archived')),
  "deleted_at" BIGINT
);
CREATE UNIQUE INDEX "projects_code_key" ON "projects" ("code") WHERE "deleted_at" IS NULL;
CREATE INDEX "projects_status_idx" ON "projects" ("status");
CREATE INDEX "projects_deleted_at_idx" ON "projects" ("deleted_at");
