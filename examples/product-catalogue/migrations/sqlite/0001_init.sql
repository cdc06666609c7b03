-- Written once by secapi, and never again: adds the table users, adds the table products.
-- parent: none
-- snapshot: 7be471e8d70e9dc0d2bde80807dc6cdf32ca7ac723050eb92260be2fa018cd2d

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'editor' CONSTRAINT "users_role_check" CHECK ("role" IN ('editor', 'admin'))
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");

CREATE TABLE "products" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "sku" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "description" TEXT,
  "price" INTEGER NOT NULL,
  "purchase_price" INTEGER,
  "status" TEXT NOT NULL DEFAULT 'draft' CONSTRAINT "products_status_check" CHECK ("status" IN ('draft', 'published', 'retired')),
  "homepage" TEXT,
  "weight" REAL,
  "available_from" INTEGER
) STRICT;
CREATE UNIQUE INDEX "products_sku_key" ON "products" ("sku");
CREATE INDEX "products_name_idx" ON "products" ("name");
CREATE INDEX "products_status_idx" ON "products" ("status");
