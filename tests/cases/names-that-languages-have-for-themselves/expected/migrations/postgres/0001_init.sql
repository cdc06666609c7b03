-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 9da315b5e1fdb0bb210d8cec82ef2cb274a25ee74212d56fccd5e42079889a6a

CREATE TABLE "orders" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "type" TEXT COLLATE "C" NOT NULL DEFAULT 'match' CONSTRAINT "orders_type_check" CHECK ("type" IN ('match', 'fn', 'self', 'extra-large', '3d')),
  "select" TEXT COLLATE "C" NOT NULL,
  "self" BIGINT NOT NULL DEFAULT 1 CONSTRAINT "orders_self_check" CHECK ("self" IN (0, 1)),
  "in" TEXT COLLATE "C",
  "where" BIGINT
);

CREATE TABLE "matches" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "group" BIGINT NOT NULL,
  "async" BIGINT NOT NULL DEFAULT 0 CONSTRAINT "matches_async_check" CHECK ("async" IN (0, 1))
);

CREATE TABLE "options" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "string" TEXT COLLATE "C" NOT NULL
);

CREATE TABLE "order_lines" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "table" BIGINT NOT NULL
);
