use super::*;
use crate::model::{FieldKind, Presence, Service, TextShape};
use crate::render::fixture;

fn snapshot(service: &Service) -> Snapshot {
    Snapshot::of(service)
}

fn first(service: &Service) -> Migration {
    let snapshot = snapshot(service);
    let steps = difference(&Snapshot::default(), &snapshot).unwrap();
    Migration::new(1, &steps, None, &snapshot)
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
        assert!(difference(&snapshot, &snapshot).unwrap().is_empty());
    }
}

#[test]
fn an_optional_field_is_a_column_more() {
    let (old, new) = (
        snapshot(&fixture::user_management()),
        snapshot(&with_field(Presence::Optional)),
    );
    let steps = difference(&old, &new).unwrap();
    let migration = Migration::new(2, &steps, Some(&old), &new);
    assert_eq!(migration.file(), "0002_add_order_to_users.sql");
    assert!(
        migration
            .sqlite
            .contains("ALTER TABLE \"users\" ADD COLUMN \"order\" TEXT;\n")
    );
    assert!(
        migration
            .sqlite
            .contains(&format!("-- parent: {}\n", old.hash()))
    );
}

#[test]
fn what_is_no_addition_is_refused_all_at_once() {
    let mut new = snapshot(&with_field(Presence::Required));
    new.tables[0].columns.retain(|column| column.name != "age");
    let refused = difference(&snapshot(&fixture::user_management()), &new).unwrap_err();
    let changes: Vec<String> = refused.iter().map(NotYet::to_string).collect();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes[0].contains("new column `order` has no value"));
    assert!(changes[1].contains("column `age` would be dropped"));
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

#[test]
fn references_are_foreign_keys_in_any_order() {
    let to = |resource: &str, on_delete| {
        FieldKind::Reference(crate::model::Reference {
            to: resource.into(),
            kind: fixture::pascal(resource),
            module: resource.into(),
            table: format!("{resource}s"),
            words: resource.into(),
            on_delete,
        })
    };
    let required = to("b", crate::model::OnDelete::Cascade);
    let optional = to("a", crate::model::OnDelete::SetNull);
    let a = fixture::field("a", "b", required, Presence::Required);
    let b = fixture::field("b", "a", optional, Presence::Optional);
    let mut service = fixture::service(vec![
        fixture::resource("a", "as", vec![a]),
        fixture::resource("b", "bs", vec![b]),
    ]);
    let migration = first(&service);
    // SQLite takes a key to a table that comes later, PostgreSQL gets both when both tables are there.
    for line in [
        r#"  "b" TEXT NOT NULL REFERENCES "bs" ("id") ON DELETE CASCADE"#,
        r#"  "a" TEXT REFERENCES "as" ("id") ON DELETE SET NULL"#,
    ] {
        assert!(
            migration.sqlite.lines().any(|found| found == line),
            "{}",
            migration.sqlite
        );
    }
    let keys = r#"
ALTER TABLE "as" ADD CONSTRAINT "as_b_fkey" FOREIGN KEY ("b") REFERENCES "bs" ("id") ON DELETE CASCADE;
ALTER TABLE "bs" ADD CONSTRAINT "bs_a_fkey" FOREIGN KEY ("a") REFERENCES "as" ("id") ON DELETE SET NULL;
"#;
    assert!(migration.postgres.ends_with(keys), "{}", migration.postgres);
    assert!(
        !migration
            .postgres
            .contains("\"b\" TEXT COLLATE \"C\" NOT NULL REFERENCES")
    );
    // A column more brings its key along; another action is no addition.
    let old = snapshot(&service);
    let more = to("a", crate::model::OnDelete::Restrict);
    let more = fixture::field("a", "former", more, Presence::Optional);
    service.resources[0].fields.push(more);
    let new = snapshot(&service);
    let steps = difference(&old, &new).unwrap();
    let migration = Migration::new(2, &steps, Some(&old), &new);
    assert!(
        migration
            .sqlite
            .contains(r#"ADD COLUMN "former" TEXT REFERENCES "as" ("id") ON DELETE RESTRICT;"#)
    );
    assert!(
        migration
            .postgres
            .contains(r#"ADD CONSTRAINT "as_former_fkey" FOREIGN KEY"#)
    );
    let mut changed = old.clone();
    changed.tables[0].columns[4].references = None;
    assert!(difference(&old, &changed).is_err());
}
