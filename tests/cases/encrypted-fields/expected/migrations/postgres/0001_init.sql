-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 4ffa88c711cf3d166116431b0b2ec377a8058b149111bdb0bf547a4ef96e8d02

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" BYTEA,
  "listing" BYTEA NOT NULL
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "records" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "level" BYTEA NOT NULL,
  "born" BYTEA NOT NULL,
  "allergies" BYTEA NOT NULL,
  "history" BYTEA
);
