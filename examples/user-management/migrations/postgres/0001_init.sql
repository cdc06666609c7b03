-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: f1aeef9e77b5f0349f70e5cac7d204344b4d4f3fd5a3194b9822fbeb1afef8be

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "first_name" TEXT COLLATE "C" NOT NULL,
  "last_name" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "phone" BYTEA,
  "age" BIGINT
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
