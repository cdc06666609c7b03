-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 5f26787b3b1d0ebfe1b4f84b2eec535cd4c42dbd711d6d660c07ca7bc1dc2a18

CREATE TABLE "projects" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "summary" TEXT COLLATE "C",
  "tags" TEXT COLLATE "C" NOT NULL,
  "states" TEXT COLLATE "C" NOT NULL DEFAULT '["draft","in-work"]',
  "prices" TEXT COLLATE "C" NOT NULL DEFAULT '[10000,25000]',
  "offers" TEXT COLLATE "C",
  "ratios" TEXT COLLATE "C" NOT NULL DEFAULT '[]',
  "wide" TEXT COLLATE "C",
  "days" TEXT COLLATE "C",
  "keys" TEXT COLLATE "C",
  "metadata" TEXT COLLATE "C" NOT NULL,
  "layout" TEXT COLLATE "C" NOT NULL DEFAULT '{"columns":[1,"two\n",null]}',
  "remarks" TEXT COLLATE "C",
  "seal" TEXT COLLATE "C"
);
