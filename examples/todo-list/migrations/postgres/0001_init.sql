-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 682162ac64847a2b73560ad33e67f7e0b107e876d3efeec763cc43f16ba56146

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin'))
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "todos" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "owner" TEXT COLLATE "C" NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "notes" TEXT COLLATE "C",
  "done" BIGINT NOT NULL DEFAULT 0 CONSTRAINT "todos_done_check" CHECK ("done" IN (0, 1)),
  "priority" BIGINT NOT NULL DEFAULT 3,
  "due" BIGINT
);
CREATE INDEX "todos_owner_idx" ON "todos" ("owner", "id");
CREATE INDEX "todos_done_idx" ON "todos" ("done");

-- What refers to another table, when all tables are there.
ALTER TABLE "todos" ADD CONSTRAINT "todos_owner_fkey" FOREIGN KEY ("owner") REFERENCES "users" ("id") ON DELETE CASCADE;
