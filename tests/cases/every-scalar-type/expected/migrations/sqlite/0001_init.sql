-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 99f2439beba3d2f64c65fbe2e6cadde5761020007afb4b72d541acbcb97107da

CREATE TABLE "samples" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "line" TEXT NOT NULL,
  "person" TEXT,
  "code" TEXT NOT NULL,
  "story" TEXT NOT NULL DEFAULT 'Once "upon" a time:
\ ''there'' was #',
  "whole" INTEGER NOT NULL,
  "whole_or_not" INTEGER,
  "whole_by_default" INTEGER NOT NULL DEFAULT 3,
  "wide" INTEGER NOT NULL DEFAULT 9007199254740993,
  "ratio" REAL NOT NULL DEFAULT 0.25,
  "price" INTEGER NOT NULL DEFAULT 125000,
  "exact" INTEGER,
  "flag" INTEGER NOT NULL DEFAULT 1 CONSTRAINT "samples_flag_check" CHECK ("flag" IN (0, 1)),
  "key" TEXT NOT NULL,
  "mail" TEXT,
  "link" TEXT,
  "phone" TEXT,
  "day" INTEGER NOT NULL,
  "clock" TEXT NOT NULL DEFAULT '08:30:00',
  "moment" INTEGER,
  "span" INTEGER NOT NULL DEFAULT 900000,
  "address" TEXT,
  "size" TEXT NOT NULL DEFAULT 'medium' CONSTRAINT "samples_size_check" CHECK ("size" IN ('small', 'medium', 'extra-large')),
  "blob" BLOB
) STRICT;
CREATE UNIQUE INDEX "samples_code_key" ON "samples" ("code");
CREATE INDEX "samples_key_idx" ON "samples" ("key");
CREATE INDEX "samples_size_idx" ON "samples" ("size");
