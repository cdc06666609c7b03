-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 99f2439beba3d2f64c65fbe2e6cadde5761020007afb4b72d541acbcb97107da

CREATE TABLE "samples" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "line" TEXT COLLATE "C" NOT NULL,
  "person" TEXT COLLATE "C",
  "code" TEXT COLLATE "C" NOT NULL,
  "story" TEXT COLLATE "C" NOT NULL DEFAULT 'Once "upon" a time:
\ ''there'' was #',
  "whole" BIGINT NOT NULL,
  "whole_or_not" BIGINT,
  "whole_by_default" BIGINT NOT NULL DEFAULT 3,
  "wide" BIGINT NOT NULL DEFAULT 9007199254740993,
  "ratio" DOUBLE PRECISION NOT NULL DEFAULT 0.25,
  "price" BIGINT NOT NULL DEFAULT 125000,
  "exact" BIGINT,
  "flag" BIGINT NOT NULL DEFAULT 1 CONSTRAINT "samples_flag_check" CHECK ("flag" IN (0, 1)),
  "key" TEXT COLLATE "C" NOT NULL,
  "mail" TEXT COLLATE "C",
  "link" TEXT COLLATE "C",
  "phone" TEXT COLLATE "C",
  "day" BIGINT NOT NULL,
  "clock" TEXT COLLATE "C" NOT NULL DEFAULT '08:30:00',
  "moment" BIGINT,
  "span" BIGINT NOT NULL DEFAULT 900000,
  "address" TEXT COLLATE "C",
  "size" TEXT COLLATE "C" NOT NULL DEFAULT 'medium' CONSTRAINT "samples_size_check" CHECK ("size" IN ('small', 'medium', 'extra-large')),
  "blob" BYTEA
);
CREATE UNIQUE INDEX "samples_code_key" ON "samples" ("code");
CREATE INDEX "samples_key_idx" ON "samples" ("key");
CREATE INDEX "samples_size_idx" ON "samples" ("size");
