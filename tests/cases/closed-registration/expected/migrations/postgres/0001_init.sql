-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 36e17e83b6cba6dcfd9abe0495e8a3b5f1abbdab38c9d74321aca8dce31ad80d

CREATE TABLE "people" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "role" TEXT COLLATE "C" NOT NULL DEFAULT 'user' CONSTRAINT "people_role_check" CHECK ("role" IN ('user', 'admin')),
  "badge" BIGINT NOT NULL
);
CREATE UNIQUE INDEX "people_email_key" ON "people" ("email");
