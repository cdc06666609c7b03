-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 4ffa88c711cf3d166116431b0b2ec377a8058b149111bdb0bf547a4ef96e8d02

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" BLOB,
  "listing" BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "records" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "level" BLOB NOT NULL,
  "born" BLOB NOT NULL,
  "allergies" BLOB NOT NULL,
  "history" BLOB
) STRICT;
