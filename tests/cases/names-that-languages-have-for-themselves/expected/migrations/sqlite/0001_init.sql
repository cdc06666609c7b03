-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 9da315b5e1fdb0bb210d8cec82ef2cb274a25ee74212d56fccd5e42079889a6a

CREATE TABLE "orders" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "type" TEXT NOT NULL DEFAULT 'match' CONSTRAINT "orders_type_check" CHECK ("type" IN ('match', 'fn', 'self', 'extra-large', '3d')),
  "select" TEXT NOT NULL,
  "self" INTEGER NOT NULL DEFAULT 1 CONSTRAINT "orders_self_check" CHECK ("self" IN (0, 1)),
  "in" TEXT,
  "where" INTEGER
) STRICT;

CREATE TABLE "matches" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "group" INTEGER NOT NULL,
  "async" INTEGER NOT NULL DEFAULT 0 CONSTRAINT "matches_async_check" CHECK ("async" IN (0, 1))
) STRICT;

CREATE TABLE "options" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "string" TEXT NOT NULL
) STRICT;

CREATE TABLE "order_lines" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "table" INTEGER NOT NULL
) STRICT;
