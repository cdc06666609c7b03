use super::*;
use crate::diagnostic::Sources;
use crate::model::{FieldKind, Presence, Service, TextShape};
use crate::render::fixture;

mod becomes;
mod chains;
mod changes;
mod expected;
mod kinds;
mod lists;
mod marking;
mod on_postgres;
mod on_sqlite;
mod parts;
mod references;
mod relations;
mod sealed;
mod texts;
mod world;

fn snapshot(service: &Service) -> Snapshot {
    Snapshot::of(service)
}

/// A service of these resources.
fn compiled(resources: &str) -> Service {
    let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text.clone());
    let (service, diagnostics) = crate::model::compile(&text, id);
    service.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

fn between(old: &Snapshot, new: &Snapshot) -> Result<Difference, Unanswered> {
    difference(old, new, &Past::default())
}

fn first(service: &Service) -> Migration {
    let difference = between(&Snapshot::default(), &snapshot(service)).unwrap();
    Migration::new(1, &difference, None)
}

fn with_field(presence: Presence) -> Service {
    let mut service = fixture::user_management();
    let kind = FieldKind::Text(fixture::text(TextShape::String, 0, 20));
    service.resources[0]
        .fields
        .push(fixture::field("user", "order", kind, presence));
    service
}

#[test]
fn the_first_migration_makes_every_table() {
    let migration = first(&fixture::user_management());
    assert_eq!(migration.file(), "0001_init.sql");
    let lines: Vec<&str> = migration.sqlite.lines().collect();
    assert_eq!(lines[1], "-- parent: none");
    let table = migration.sqlite.split_once("\n\n").unwrap().1;
    assert_eq!(
        table,
        r#"CREATE TABLE "users" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "email" TEXT NOT NULL,
  "first_name" TEXT NOT NULL,
  "last_name" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'user' CONSTRAINT "users_role_check" CHECK ("role" IN ('user', 'admin')),
  "age" INTEGER
) STRICT;
CREATE UNIQUE INDEX "users_email_key" ON "users" ("email");
"#
    );
    assert!(migration.postgres.contains("\"age\" BIGINT\n);\n"));
}

#[test]
fn a_snapshot_reads_itself() {
    for seed in 0..50 {
        let snapshot = snapshot(&fixture::any(seed, 12));
        assert_eq!(Snapshot::parse(&snapshot.json()).unwrap(), snapshot);
        assert!(between(&snapshot, &snapshot).unwrap().is_none());
    }
}

#[test]
fn a_fresh_database_is_known_without_one() {
    for seed in 0..20 {
        let service = fixture::any(seed, 12);
        let migration = first(&service);
        let mut replay = Replay::new().unwrap();
        replay.apply("first", &migration.sqlite).unwrap();
        assert_eq!(replay.schema().unwrap(), fresh(&snapshot(&service)));
    }
}

#[test]
fn what_only_the_tool_knows_is_not_in_the_hash() {
    let service = fixture::user_management();
    let now = snapshot(&service);
    let mut older = now.clone();
    for table in &mut older.tables {
        table.of.clear();
        for column in &mut table.columns {
            column.kind = None;
        }
    }
    assert_eq!(older.hash(), now.hash());
    assert!(between(&older, &now).unwrap().is_none());
    older.explain(&service);
    assert_eq!(older, now);
}

#[test]
fn an_optional_field_is_a_column_more() {
    let (old, new) = (
        snapshot(&fixture::user_management()),
        snapshot(&with_field(Presence::Optional)),
    );
    let difference = between(&old, &new).unwrap();
    let parent = old.hash();
    let migration = Migration::new(2, &difference, Some(parent.as_str()));
    assert_eq!(migration.file(), "0002_add_order_to_users.sql");
    let add = "ALTER TABLE \"users\" ADD COLUMN \"order\" TEXT;\n";
    assert!(migration.sqlite.ends_with(add), "{}", migration.sqlite);
    let header = Header::of(&migration.sqlite).unwrap();
    assert_eq!(header.parent.as_deref(), Some(parent.as_str()));
    assert_eq!(header.snapshot, new.hash().to_string());
}

#[test]
fn what_the_spec_has_to_say_is_asked_all_at_once() {
    let mut new = snapshot(&with_field(Presence::Required));
    let users = &mut new.tables[0];
    users
        .columns
        .iter_mut()
        .find(|column| column.name == "age")
        .unwrap()
        .nullable = false;
    let asked = between(&snapshot(&fixture::user_management()), &new).unwrap_err();
    let asked: Vec<String> = asked.problems.iter().map(Problem::to_string).collect();
    assert_eq!(
        asked,
        [
            "rows that exist would have no value in `user.age`",
            "rows that exist would have no value in `user.order`"
        ]
    );
}

#[test]
fn long_names_of_indexes_stay_apart() {
    let mut service = fixture::user_management();
    for name in ["a", "b"] {
        let name = format!("{}{name}", "x".repeat(47));
        let kind = FieldKind::Integer(crate::model::Range::default());
        let mut field = fixture::field("user", &name, kind, Presence::Optional);
        field.index = true;
        service.resources[0].fields.push(field);
    }
    service.resources[0].table = "y".repeat(40);
    let names: Vec<String> = snapshot(&service).tables[0]
        .indexes
        .iter()
        .map(|index| index.name.clone())
        .collect();
    assert_eq!(names.iter().map(String::len).max(), Some(63));
    assert_ne!(names[1], names[2]);
}

#[test]
fn the_next_number_is_behind_the_highest_one() {
    let files = |names: &[&str]| -> Vec<MigrationFile> {
        names
            .iter()
            .filter_map(|name| MigrationFile::of_file(name))
            .collect()
    };
    assert_eq!(next_number(&[]), 1);
    assert_eq!(next_number(&files(&["0001_init.sql", "0002_more.sql"])), 3);
    // One that was deleted leaves a gap, which is not filled again: databases may have seen it.
    assert_eq!(
        next_number(&files(&["0001_init.sql", "0007_by_hand.sql"])),
        8
    );
    for other in [
        "README.md",
        "1_x.sql",
        "0001.sql",
        "000a_x.sql",
        "0001_x.sql.orig",
        "+001_x.sql",
    ] {
        assert_eq!(MigrationFile::of_file(other), None, "{other}");
    }
    let many = MigrationFile::of_file("12345_x_y.sql").unwrap();
    assert_eq!(
        (many.number, many.file().as_str()),
        (12345, "12345_x_y.sql")
    );
}
