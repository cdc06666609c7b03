-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 295adafad6a7051bb9c2d667905d9fa9e9384f4106c010e35cd2120b637a6dc9

CREATE TABLE "members" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "rank" TEXT COLLATE "C" NOT NULL DEFAULT 'worker' CONSTRAINT "members_rank_check" CHECK ("rank" IN ('worker', 'chief'))
);
CREATE UNIQUE INDEX "members_email_key" ON "members" ("email");

CREATE TABLE "notes" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "owner" TEXT COLLATE "C" NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL,
  "price" BIGINT,
  "pin" TEXT COLLATE "C",
  "stage" TEXT COLLATE "C" NOT NULL DEFAULT 'new',
  "seen" BIGINT,
  "diary" TEXT COLLATE "C"
);
