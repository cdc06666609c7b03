-- Written once by secapi, and never again: makes the first tables.
-- parent: none
-- snapshot: 04a645290caddbcf596ab885376642c436c033346abb94cd6fac60870b36c58b

CREATE TABLE "users" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "email" TEXT COLLATE "C" NOT NULL,
  "desk" TEXT COLLATE "C"
);
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
CREATE UNIQUE INDEX "users_desk_key" ON "users" ("desk");

CREATE TABLE "desks" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "keeper" TEXT COLLATE "C" NOT NULL
);
CREATE INDEX "desks_keeper_idx" ON "desks" ("keeper", "id");

CREATE TABLE "books" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "desk" TEXT COLLATE "C" NOT NULL,
  "type" TEXT COLLATE "C",
  "previous" TEXT COLLATE "C",
  "donor" TEXT COLLATE "C"
);
CREATE INDEX "books_desk_idx" ON "books" ("desk", "id");
CREATE INDEX "books_type_idx" ON "books" ("type", "id");
CREATE INDEX "books_previous_idx" ON "books" ("previous", "id");
CREATE INDEX "books_donor_idx" ON "books" ("donor", "id");

CREATE TABLE "loans" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "book" TEXT COLLATE "C" NOT NULL,
  "reader" TEXT COLLATE "C" NOT NULL
);
CREATE INDEX "loans_book_idx" ON "loans" ("book", "id");
CREATE INDEX "loans_reader_idx" ON "loans" ("reader", "id");

CREATE TABLE "kinds" (
  "id" TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "updated_at" BIGINT NOT NULL,
  "version" BIGINT NOT NULL,
  "label" TEXT COLLATE "C" NOT NULL
);

-- What refers to another table, when all tables are there.
ALTER TABLE "users" ADD CONSTRAINT "users_desk_fkey" FOREIGN KEY ("desk") REFERENCES "desks" ("id") ON DELETE SET NULL;
ALTER TABLE "desks" ADD CONSTRAINT "desks_keeper_fkey" FOREIGN KEY ("keeper") REFERENCES "users" ("id") ON DELETE RESTRICT;
ALTER TABLE "books" ADD CONSTRAINT "books_desk_fkey" FOREIGN KEY ("desk") REFERENCES "desks" ("id") ON DELETE CASCADE;
ALTER TABLE "books" ADD CONSTRAINT "books_type_fkey" FOREIGN KEY ("type") REFERENCES "kinds" ("id") ON DELETE RESTRICT;
ALTER TABLE "books" ADD CONSTRAINT "books_previous_fkey" FOREIGN KEY ("previous") REFERENCES "books" ("id") ON DELETE SET NULL;
ALTER TABLE "books" ADD CONSTRAINT "books_donor_fkey" FOREIGN KEY ("donor") REFERENCES "users" ("id") ON DELETE SET NULL;
ALTER TABLE "loans" ADD CONSTRAINT "loans_book_fkey" FOREIGN KEY ("book") REFERENCES "books" ("id") ON DELETE CASCADE;
ALTER TABLE "loans" ADD CONSTRAINT "loans_reader_fkey" FOREIGN KEY ("reader") REFERENCES "users" ("id") ON DELETE RESTRICT;
