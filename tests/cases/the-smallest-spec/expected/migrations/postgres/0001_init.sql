-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 04ee5a4a993a555bee100ee436931ad1bdab0bdaf2a5befcf7127b64031344b0

CREATE TABLE "posts" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "title" TEXT COLLATE "C" NOT NULL
);
