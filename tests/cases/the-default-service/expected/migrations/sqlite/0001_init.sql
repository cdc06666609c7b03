-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: f1aeef9e77b5f0349f70e5cac7d204344b4d4f3fd5a3194b9822fbeb1afef8be

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "first_name" TEXT NOT NULL,
  "last_name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" BLOB,
  "age" INTEGER
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
