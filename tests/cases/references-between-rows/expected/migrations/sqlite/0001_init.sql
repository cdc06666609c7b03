-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 04a645290caddbcf596ab885376642c436c033346abb94cd6fac60870b36c58b

CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "desk" TEXT REFERENCES "desks" ("id") ON DELETE SET NULL
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE UNIQUE INDEX "users_desk_key" ON "users" ("desk");

CREATE TABLE "desks" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "keeper" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;
CREATE INDEX "desks_keeper_idx" ON "desks" ("keeper", "id");

CREATE TABLE "books" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "desk" TEXT NOT NULL REFERENCES "desks" ("id") ON DELETE CASCADE,
  "type" TEXT REFERENCES "kinds" ("id") ON DELETE RESTRICT,
  "previous" TEXT REFERENCES "books" ("id") ON DELETE SET NULL,
  "donor" TEXT REFERENCES "users" ("id") ON DELETE SET NULL
) STRICT;
CREATE INDEX "books_desk_idx" ON "books" ("desk", "id");
CREATE INDEX "books_type_idx" ON "books" ("type", "id");
CREATE INDEX "books_previous_idx" ON "books" ("previous", "id");
CREATE INDEX "books_donor_idx" ON "books" ("donor", "id");

CREATE TABLE "loans" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "book" TEXT NOT NULL REFERENCES "books" ("id") ON DELETE CASCADE,
  "reader" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT
) STRICT;
CREATE INDEX "loans_book_idx" ON "loans" ("book", "id");
CREATE INDEX "loans_reader_idx" ON "loans" ("reader", "id");

CREATE TABLE "kinds" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "label" TEXT NOT NULL
) STRICT;
