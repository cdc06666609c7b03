-- Written once by secapi, and never again: adds the table users, adds the table products.
-- parent: none
-- snapshot: 7be471e8d70e9dc0d2bde80807dc6cdf32ca7ac723050eb92260be2fa018cd2d

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'editor' CONSTRAINT "users_role_check" CHECK ("role" IN ('editor', 'admin'))
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "products" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "sku" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "description" TEXT COLLATE "C",
  "price" BIGINT NOT NULL,
  "purchase_price" BIGINT,
  "status" TEXT COLLATE "C" NOT NULL DEFAULT 'draft' CONSTRAINT "products_status_check" CHECK ("status" IN ('draft', 'published', 'retired')),
  "homepage" TEXT COLLATE "C",
  "weight" DOUBLE PRECISION,
  "available_from" BIGINT
);
CREATE UNIQUE INDEX "products_sku_key" ON "products" ("sku");
CREATE INDEX "products_name_idx" ON "products" ("name");
CREATE INDEX "products_status_idx" ON "products" ("status");
