-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 4dac56f3be6bf5d24ad1f50aad962c7c8bab4865e08cfffc8d10bf86bd68a4e5

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
CREATE INDEX "todos_owner_idx" ON "todos" ("owner");
CREATE INDEX "todos_done_idx" ON "todos" ("done");

-- What refers to another table, when all tables are there.
ALTER TABLE "todos" ADD CONSTRAINT "todos_owner_fkey" FOREIGN KEY ("owner") REFERENCES "users" ("id") ON DELETE CASCADE;
