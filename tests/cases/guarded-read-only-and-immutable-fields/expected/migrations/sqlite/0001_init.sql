-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 295adafad6a7051bb9c2d667905d9fa9e9384f4106c010e35cd2120b637a6dc9

CREATE TABLE "members" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "rank" TEXT NOT NULL DEFAULT 'worker' CONSTRAINT "members_rank_check" CHECK ("rank" IN ('worker', 'chief'))
) STRICT;
CREATE UNIQUE INDEX "members_email_key" ON "members" ("email");

CREATE TABLE "notes" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "owner" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "price" INTEGER,
  "pin" TEXT,
  "stage" TEXT NOT NULL DEFAULT 'new',
  "seen" INTEGER,
  "diary" TEXT
) STRICT;
