-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: e99d7ba84a27254f9237c552f0b8a34eaeb863b3c41f70341fe5863081ffb42d

CREATE TABLE "countries" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "name" TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX "countries_name_key" ON "countries" ("name");

CREATE TABLE "events" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "kind" TEXT NOT NULL
) STRICT;

CREATE TABLE "letters" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "text" TEXT NOT NULL
) STRICT;

CREATE TABLE "markers" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL
) STRICT;
