-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 5f26787b3b1d0ebfe1b4f84b2eec535cd4c42dbd711d6d660c07ca7bc1dc2a18

CREATE TABLE "projects" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "summary" TEXT,
  "tags" TEXT NOT NULL,
  "states" TEXT NOT NULL DEFAULT '["draft","in-work"]',
  "prices" TEXT NOT NULL DEFAULT '[10000,25000]',
  "offers" TEXT,
  "ratios" TEXT NOT NULL DEFAULT '[]',
  "wide" TEXT,
  "days" TEXT,
  "keys" TEXT,
  "metadata" TEXT NOT NULL,
  "layout" TEXT NOT NULL DEFAULT '{"columns":[1,"two\n",null]}',
  "remarks" TEXT,
  "seal" TEXT
) STRICT;
