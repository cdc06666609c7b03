-- Written once by secapi, and never again: adds the table users.
-- parent: none
-- snapshot: e423fe89e4ab23b2046a2624789ad5d6f67e7505d7e3c367d397e2f5fd2dd727

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "first_name" TEXT NOT NULL,
  "last_name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "age" INTEGER
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
