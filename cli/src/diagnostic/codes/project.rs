//! Mistakes around a project on the disk: what is in the way, what was edited, what cannot be done yet.

use super::Code;

/// All of them.
pub static ALL: &[&Code] = &[
    &NOT_EMPTY,
    &NAME,
    &NOT_A_PROJECT,
    &CONFLICT,
    &ORPHAN,
    &OUTGROWN,
    &UNNEEDED,
    &EDITED,
    &NO_BASELINE,
    &REVISION,
    &UNKNOWN_FILE,
    &NEWER,
    &IN_THE_WAY,
    &INTERRUPTED,
    &BACKFILL,
    &DESTRUCTIVE,
    &RENAME,
    &RENAME_TAKEN,
    &MIGRATION_BRANCHES,
    &MIGRATION_EDITED,
    &MIGRATION_BY_HAND,
    &RUNTIME,
    &STALE,
    &BREAKING,
    &WIDENED,
    &DELETED,
    &UNMOUNTED,
    &CARGO,
    &BUG,
];

/// `Cargo.toml` lacks what generated code needs.
pub static CARGO: Code = Code::new(
    "secapi::project::cargo",
    r#"`Cargo.toml` is yours, so the tool never writes it once it is there. It says instead which lines generated code
needs: the package has the name that the spec gives the service (`service.name`), since generated tests start the
binary of that name; `secapi-runtime` is a dependency, and with the feature `testing` a dev-dependency, beside
`serde_json`. `secapi generate --check` exits with 3 until they are there."#,
);

/// `new` into a folder that holds something.
pub static NOT_EMPTY: Code = Code::new(
    "secapi::project::not_empty",
    r#"`secapi new` writes a whole project and never mixes it with what is there. Name a folder that does not
exist yet, or an empty one, by `--dir DIR`."#,
);

/// A name that no project can have.
pub static NAME: Code = Code::new(
    "secapi::project::name",
    r#"The name of a project becomes a cargo package and a Rust crate. It consists of lower-case letters, digits,
`-` and `_`, starts with a letter, and is neither a keyword of Rust nor the name of a package that the service
stands on."#,
);

/// The folder holds no project.
pub static NOT_A_PROJECT: Code = Code::new(
    "secapi::project::not_a_project",
    r#"The command works in a project that `secapi new` made: a folder with `.secapi/manifest`, which lists every
file that the tool wrote. Run it there, or name the folder by `--project DIR`."#,
);

/// A file of the tool's was edited where it would change.
pub static CONFLICT: Code = Code::new(
    "secapi::project::conflict",
    r#"The first line of the file says that secapi writes it. It was edited by hand, and the spec or a new version of
the tool changes the very same lines. Nothing was lost: both sides stand in the file between markers,

    <<<<<<< ours        what you wrote
    ||||||| original    what secapi had written before
    =======
    >>>>>>> theirs      what secapi writes now

Keep what should be, delete the markers, and run `secapi generate` again. Or take the tool's side whole:
`secapi generate --force-theirs PATH`. A file that you would rather look after yourself is yours for good after
`secapi eject PATH`. Until the markers are gone no run writes anything, and each ends with 3."#,
);

/// A file of the tool's was edited, and the spec has no need of it any more.
pub static ORPHAN: Code = Code::new(
    "secapi::project::orphan",
    r#"What the file was made for is gone from the spec, so secapi would remove it. It was edited by hand, and what
somebody wrote by hand is never removed. Nothing mounts it any more. Delete it, or make it yours by
`secapi eject PATH`; until then `secapi generate` ends with 3."#,
);

/// What would be written into a file that was handed over changed.
pub static OUTGROWN: Code = Code::new(
    "secapi::project::outgrown",
    r#"`secapi eject PATH` made the file yours, so it is never written again; and what secapi would write there has changed
since, by the spec or by a newer version: a field that you have added to the spec is not in your file. The run writes the
difference to `.secapi/patches/PATH.patch`, made for your file as it stands. Its first line says whether `git apply` with it
takes it over, or whether it is for you to read: where both changed the same, and where nobody knows what was there before.
It is told once. What you do not take over is in the next patch as well."#,
);

/// A file that was handed over is needed no more.
pub static UNNEEDED: Code = Code::new(
    "secapi::project::unneeded",
    r#"`secapi eject PATH` made the file yours, so it is never removed; and what it was made for is gone from the spec, so that
secapi would write no such file any more. Unless a file of yours names it by a `mod` line, it is no part of the program any more:
delete it, and that line where there is one, or keep it for what is in it. After a rename of a resource the files of the new
name are the tool's: bring over what you want of yours, and hand those over in their turn.
It is told once, and noted in `.secapi/manifest`."#,
);

/// A file of the tool's was edited and cannot be merged.
pub static EDITED: Code = Code::new(
    "secapi::project::edited",
    r#"The file is the tool's, it no longer holds what secapi wrote, and it cannot be merged: it is no text, or it is a
file of the runtime's source, which `secapi upgrade` replaces whole. Nothing was written. Put it back (from git, or
for generated code from `.secapi/base/`, or by `secapi generate --force-theirs PATH`), and make the change in the
spec, in the policies or in `src/<resource>.rs`. What the runtime lacks belongs into the runtime: please report it."#,
);

/// There is nothing to compare with.
pub static NO_BASELINE: Code = Code::new(
    "secapi::project::no_baseline",
    r#"API and access are compared with the spec of the last run, which is kept in `.secapi/snapshot/`, or of the
revision that `--base` names. It is missing, or this version cannot read it, so nothing can be said about what
changes for clients. `secapi plan --check` and
`secapi generate --check` do not pass then. `secapi generate` keeps it anew; commit it."#,
);

/// A revision that cannot be compared with.
pub static REVISION: Code = Code::new(
    "secapi::project::revision",
    r#"`--base REV` compares API and access with the project as git has it at a revision: a branch (`main`), a tag
(`v1.2.0`), a commit (`HEAD~1`). git does not know this one in the project's folder, or the project had
neither `secapi.yaml` nor `spec/*.yaml` then."#,
);

/// A file that secapi did not write.
pub static UNKNOWN_FILE: Code = Code::new(
    "secapi::project::unknown_file",
    r#"`secapi eject PATH` and `secapi generate --force-theirs PATH` are about files that the tool writes. They are
listed in `.secapi/manifest` with the word `tool`; the path is written from the project's folder, such as
`src/generated/user/view.rs`. A file of yours is yours already."#,
);

/// A newer version of the tool wrote the project.
pub static NEWER: Code = Code::new(
    "secapi::project::newer",
    r#"`.secapi/manifest` says which version of secapi wrote each file, and one of them is newer than this one. An older
version would write older code over it, security fixes and all, so it does nothing. Install the newer version."#,
);

/// A file that the tool did not write stands where it would write one.
pub static IN_THE_WAY: Code = Code::new(
    "secapi::project::in_the_way",
    r#"secapi would write a file where there is one already that it did not write, so it stopped before anything was
written. Rename or remove that file, or rename what it would be made for in the spec.

A file among the runtime's source that secapi did not put there stops `secapi upgrade` in the same way, for that source is
replaced whole: move it away."#,
);

/// An earlier run was interrupted.
pub static INTERRUPTED: Code = Code::new(
    "secapi::project::interrupted",
    r#"An earlier run was killed while it moved files into place. What it was about to do is written down in
`.secapi/journal`, and the next `secapi generate` finishes it. Where files were changed by hand in between, or what
it had prepared in `.secapi/stage` is gone, that run is taken back as far as it got, the changed files stay as they are, and
`generate` plans anew: it merges what was edited as it always does."#,
);

/// Rows that exist would have no value.
pub static BACKFILL: Code = Code::new(
    "secapi::project::backfill",
    r#"A change of the spec leaves rows without a value that they need: a required field is new, an optional one becomes
required, or what it holds has no place in its new type. An empty database would not mind, and the tool cannot see
whether yours is one.

Give the field a `default`, which new rows get too, or say what existing rows get: `backfill: 'literal'`. A unique
field cannot have one value for all: make it `optional: true` first, give each row its own, and require it then."#,
);

/// Data would be lost.
pub static DESTRUCTIVE: Code = Code::new(
    "secapi::project::destructive",
    r#"The migration drops a table or a field, narrows a type or removes a value of an enum, also of one in lists, so that data
is lost which no later migration brings back. Nothing was written.

A resource that gives up `soft_delete` loses the rows that are deleted and could be restored: without their mark they would be
live again.

Where a thing is only called otherwise, say so: `renamed_from: old_name` keeps the data. Where the loss is meant,
`secapi generate --allow-destructive` writes the migration."#,
);

/// A drop and an addition look like a rename.
pub static RENAME: Code = Code::new(
    "secapi::project::rename",
    r#"Something is dropped and something alike is added. The tool never guesses that this is a rename, because a wrong
guess mixes up data for good. `renamed_from: old_name` at the new one says it, and the migration keeps the data. The
key may stay when it has done its work."#,
);

/// A rename onto a name that was in use.
pub static RENAME_TAKEN: Code = Code::new(
    "secapi::project::rename_taken",
    r#"`b` says `renamed_from: a`. Both were there when the last migration was written, and `a` is gone from the spec. Nobody but
you knows which of the two `b` is to hold from now on, so nothing was written.

To keep what is in `a`: give `b` another name (with `renamed_from: b`) or remove it, which loses what it holds; run
`secapi generate`; rename `a` to `b` after that. Or do both renames at once: `b` to `c`, and `a` to `b`.

To keep what is in `b`: remove its `renamed_from`. Then `a` is dropped, as the spec says. That is also the way where the key has
done its work long ago, and another `a` has come and gone since."#,
);

/// Two branches added a migration.
pub static MIGRATION_BRANCHES: Code = Code::new(
    "secapi::project::migration_branches",
    r#"Each migration names the state of the tables that it continues from. Here one does not continue where the one
before it ends: two branches have each added a migration, and were merged.

The branch that was merged first is in databases already. `secapi generate --rebase-migrations BASE` takes the
migrations of the git revision BASE as they are, and writes one new migration from there to the spec in place of those
that BASE does not have."#,
);

/// A migration that somebody wrote by hand cannot be taken as it is.
pub static MIGRATION_BY_HAND: Code = Code::new(
    "secapi::project::migration_by_hand",
    r#"A file `0007_what_it_does.sql` in `migrations/sqlite` and `migrations/postgres` that the tool did not write is a migration
of your own. The service runs it where its number puts it, and the tool tries it there, on an empty database, whenever it
tries its own. It needs a number behind all that are there, and a file for each database, be it a comment.

It may change rows, and make tables, indexes, views and triggers of its own, whose names do not begin with `secapi_`. The
tables of the spec are changed by the spec: otherwise the next migration of the tool would start from something else than
what is there. Where SQLite makes a table anew, indexes and triggers that you have made for it go with the old one. Its migration
makes the indexes again whose columns are still there, and hold what they held. It names the others, and the triggers, since nobody knows whether what
they say still holds. What somebody made in a database and in no migration, the tool cannot know of."#,
);

/// A migration is not what was written.
pub static MIGRATION_EDITED: Code = Code::new(
    "secapi::project::migration_edited",
    r#"The migrations in a row do not make the tables that `.secapi/snapshot/tables.json` says, so the next one would not
fit either. A migration was edited or deleted, or that file comes from another commit. A service refuses an edited
migration too, once its database has seen it.

Take `migrations/` and `.secapi/snapshot/` from git as they were, both of one commit.

`.secapi/manifest` has the hash of each migration, for SQLite and for PostgreSQL. One that is no longer what was written is
told by every run, and no run adds a migration on top of it, or takes it away in a rebase: what it makes of a PostgreSQL
database, and of rows, cannot be tried here. Where no database has seen it yet and the edit is meant,
`secapi eject migrations/postgres/0002_NAME.sql` notes that it is as you want it."#,
);

/// The runtime cannot be had as asked.
pub static RUNTIME: Code = Code::new(
    "secapi::project::runtime",
    r#"`--runtime` says where the project gets the crate `secapi-runtime` from: `vendor` (its source in the project),
`path:DIR` (a folder on this machine) or `version:REQ` (the registry)."#,
);

/// The project does not follow its spec.
pub static STALE: Code = Code::new(
    "secapi::project::stale",
    r#"`secapi generate --check` writes nothing and found files that `secapi generate` would write: the spec, the policies or the
tool changed since the last run, or a file of the tool's is not what that run left. Run `secapi generate`, read what it
writes, and commit it with the change that it follows from. The exit code is 3."#,
);

/// Clients would have to follow.
pub static BREAKING: Code = Code::new(
    "secapi::project::breaking",
    r#"`secapi plan --check` found a change of the API that a client which is in use can trip over: a route, a field or a value
is gone, or something is demanded that was not. `secapi plan` names each. Keep the old form beside the new one until nobody uses
it, or agree on it in the review of the change: the check says that somebody has to, and cannot be told that somebody did. The
exit code is 3."#,
);

/// More is allowed than was.
pub static WIDENED: Code = Code::new(
    "secapi::project::widened",
    r#"`secapi plan --check` found a change of the policies, or of what they speak about, after which somebody may do more than
before, or of which that cannot be ruled out. `secapi plan` names each. Narrow the policies, or agree on it in the review of the
change. The exit code is 3."#,
);

/// A file of the tool's was deleted by hand.
pub static DELETED: Code = Code::new(
    "secapi::project::deleted",
    r#"A file that secapi wrote is gone. Whoever deleted it had a reason, so it is not written again, and the
run says so. `secapi generate --force-theirs PATH` brings it back. `secapi eject PATH` hands it over for good: then
nothing is said of it any more.

A file of yours is never written again by itself. Where generated code needs it (`src/main.rs`, `src/<resource>.rs`) and
it is gone, the run says so: take it from git, or let `--force-theirs PATH` write it anew, as it would be written today."#,
);

/// Rules that nothing mounts.
pub static UNMOUNTED: Code = Code::new(
    "secapi::project::unmounted",
    r#"`src/<resource>.rs` holds what somebody wrote for a resource, and the spec has no resource of that name any
more: it was renamed or removed. The file is yours, so it stays as it is, and nothing calls what it holds. After a rename
move its rules into the file of the new name, which `secapi generate` has written beside it. Delete the old one then;
until it is gone, `secapi generate --check` ends with 3."#,
);

/// A mistake of the tool's.
pub static BUG: Code = Code::new(
    "secapi::project::bug",
    r#"The tool made something that it would not accept itself, and wrote nothing. That is never the fault of the spec:
please report it with the spec that shows it."#,
);
