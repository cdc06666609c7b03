-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 04ee5a4a993a555bee100ee436931ad1bdab0bdaf2a5befcf7127b64031344b0

CREATE TABLE "posts" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "title" TEXT NOT NULL
) STRICT;
