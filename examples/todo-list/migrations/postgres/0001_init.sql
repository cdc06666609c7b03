-- Written once by secapi, and never again: adds the table users, adds the table todos.
-- parent: none
-- snapshot: e7f562b7753a9574ff0ee56959fd0429165b5bbbdf6fd65896b6785a2f2684ff

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
