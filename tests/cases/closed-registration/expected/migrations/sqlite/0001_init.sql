-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 36e17e83b6cba6dcfd9abe0495e8a3b5f1abbdab38c9d74321aca8dce31ad80d

CREATE TABLE "people" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "people_role_check" CHECK ("role" IN ('user', 'admin')),
  "badge" INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX "people_email_key" ON "people" ("email");
