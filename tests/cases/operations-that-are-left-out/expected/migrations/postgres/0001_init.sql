-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: e99d7ba84a27254f9237c552f0b8a34eaeb863b3c41f70341fe5863081ffb42d

CREATE TABLE "countries" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX "countries_name_key" ON "countries" ("name");

CREATE TABLE "events" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "kind" TEXT COLLATE "C" NOT NULL
);

CREATE TABLE "letters" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "text" TEXT COLLATE "C" NOT NULL
);

CREATE TABLE "markers" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL
);
