-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 8043b2e36241dec365604fd3b72584fbdaaeaac56038ff6b2be59e2c39e25267

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "order_with_a_rather_long_names" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL
);
