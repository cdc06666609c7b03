-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 682162ac64847a2b73560ad33e67f7e0b107e876d3efeec763cc43f16ba56146

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin'))
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "todos" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "owner" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  "title" TEXT NOT NULL,
  "notes" TEXT,
  "done" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "todos_done_check" CHECK ("done" IN (0, 1)),
  "priority" INTEGER NOT NULL DEFAULT 3,
  "due" INTEGER
) STRICT;
CREATE INDEX "todos_owner_idx" ON "todos" ("owner", "id");
CREATE INDEX "todos_done_idx" ON "todos" ("done");
