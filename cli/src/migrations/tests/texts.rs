//! Migrations as they are read, for both databases.

use super::*;
use crate::diagnostic::Sources;

/// The migration between two specs, of each the part under `resources`.
#[track_caller]
fn second(before: &str, after: &str) -> Migration {
    let compiled = |resources: &str| {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.clone());
        let (service, _) = crate::model::compile(&text, id);
        service.unwrap_or_else(|| panic!("{text}"))
    };
    let (before, after) = (snapshot(&compiled(before)), compiled(after));
    let found = difference(&before, &snapshot(&after), &Past::of(&after)).unwrap();
    Migration::new(2, &found, Some(before.hash().as_str()))
}

/// What stands below the header.
fn body(text: &str) -> &str {
    let header = text.find("-- snapshot: ").unwrap();
    text[header..].split_once("\n\n").unwrap().1
}

const ITEM: &str = "  item: {fields: {title: {type: string}, state: {type: enum, values: [open, done]}, amount: {type: integer, optional: true}}}\n";

#[test]
fn a_rename_is_a_rename() {
    let after = ITEM.replace(
        "title: {type: string}",
        "name: {type: string, renamed_from: title, index: true}",
    );
    let migration = second(ITEM, &after);
    assert_eq!(migration.name, "rename_title_of_items_to_name_and_more");
    assert!(!migration.is_destructive());
    let body_of_both = r#"-- renames title of items to name
-- adds the index of items over name
ALTER TABLE "items" RENAME COLUMN "title" TO "name";
CREATE INDEX "items_name_idx" ON "items" ("name");
"#;
    assert_eq!(body(&migration.sqlite), body_of_both);
    assert_eq!(body(&migration.postgres), body_of_both);
}

#[test]
fn a_table_is_made_anew_where_sqlite_needs_it() {
    let after = ITEM
        .replace(
            "values: [open, done]",
            "values: [{value: new, renamed_from: open}, done, late]",
        )
        .replace("optional: true", "backfill: 7");
    let migration = second(ITEM, &after);
    assert!(
        migration
            .sqlite
            .starts_with("-- secapi: rebuild\n-- Written once by secapi")
    );
    assert!(!migration.postgres.contains("rebuild"));
    assert_eq!(
        body(&migration.sqlite),
        r#"-- renames the value 'open' of state of items to 'new'
-- adds the value 'late' to state of items
-- makes amount of items required; rows without a value get 7
-- SQLite does this by making the table anew and copying its rows.
CREATE TABLE "secapi_new_items" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "created_at" INTEGER NOT NULL,
  "updated_at" INTEGER NOT NULL,
  "version" INTEGER NOT NULL,
  "title" TEXT NOT NULL,
  "state" TEXT NOT NULL CONSTRAINT "items_state_check" CHECK ("state" IN ('new', 'done', 'late')),
  "amount" INTEGER NOT NULL
) STRICT;
INSERT INTO "secapi_new_items" ("id", "created_at", "updated_at", "version", "title", "state", "amount")
SELECT
  "id",
  "created_at",
  "updated_at",
  "version",
  "title",
  CASE "items"."state" WHEN 'open' THEN 'new' ELSE "items"."state" END,
  coalesce("items"."amount", 7)
FROM "items";
DROP TABLE "items";
ALTER TABLE "secapi_new_items" RENAME TO "items";
"#
    );
    assert_eq!(
        body(&migration.postgres),
        r#"-- renames the value 'open' of state of items to 'new'
-- adds the value 'late' to state of items
-- makes amount of items required; rows without a value get 7
ALTER TABLE "items" DROP CONSTRAINT "items_state_check";
UPDATE "items" SET "state" = CASE "items"."state" WHEN 'open' THEN 'new' ELSE "items"."state" END;
UPDATE "items" SET "amount" = coalesce("items"."amount", 7);
ALTER TABLE "items" ALTER COLUMN "amount" SET NOT NULL;
ALTER TABLE "items" ADD CONSTRAINT "items_state_check" CHECK ("state" IN ('new', 'done', 'late'));
"#
    );
}

#[test]
fn each_loss_is_named() {
    let after = "  item: {fields: {label: {type: string}, state: {type: enum, values: [open], default: open}, amount: {type: boolean, optional: true}}}\n";
    let migration = second(
        &format!("{ITEM}  note: {{}}\n"),
        &after.replace("label: {type: string}", "label: {type: string, default: x}"),
    );
    let losses = migration.steps.iter().filter(|step| step.destructive);
    let losses: Vec<&str> = losses.map(|step| step.summary.as_str()).collect();
    assert_eq!(
        losses,
        [
            "drops the table notes",
            "drops title of items",
            "removes the value 'done' of state of items; a row that has it becomes 'open'",
            "changes amount of items from integer to boolean; what does not fit becomes null",
        ]
    );
    assert!(
        migration
            .sqlite
            .contains("drops title of items (data is lost by this);\n")
    );
}

#[test]
fn what_looks_like_a_rename_is_said_and_not_done() {
    let compiled = |resources: &str| {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.clone());
        crate::model::compile(&text, id).0.unwrap()
    };
    let found = |after: &str| {
        let after = compiled(after);
        let before = snapshot(&compiled(ITEM));
        difference(&before, &snapshot(&after), &Past::of(&after)).unwrap()
    };
    let field = found(&ITEM.replace("title: {type: string}", "name: {type: string, default: x}"));
    assert_eq!(field.likenesses.len(), 1);
    assert_eq!(field.likenesses[0].place, "resources.item.fields.name");
    assert_eq!(field.likenesses[0].dropped, "title");
    let value = found(&ITEM.replace("[open, done]", "[fresh, done], default: done"));
    assert_eq!(value.likenesses[0].dropped, "open");
    let table = found(&ITEM.replace("item:", "thing:"));
    assert_eq!(table.likenesses[0].place, "resources.thing");
    assert_eq!((table.dropped.len(), table.created.len()), (1, 1));
    // With the key there is nothing to ask.
    let renamed = found(&ITEM.replace("item: {", "thing: {renamed_from: item, "));
    assert!(renamed.likenesses.is_empty() && renamed.dropped.is_empty());
}

#[test]
fn another_order_in_the_spec_is_no_change() {
    let after = "  item: {fields: {amount: {type: integer, optional: true}, state: {type: enum, values: [done, open]}, title: {type: string}}}\n";
    let text =
        |resources: &str| format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
    let compiled = |text: &str| {
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.to_owned());
        crate::model::compile(text, id).0.unwrap()
    };
    let before = snapshot(&compiled(&text(ITEM)));
    let found = between(&before, &snapshot(&compiled(&text(after)))).unwrap();
    assert!(found.is_none());
    assert_eq!(found.after.hash(), before.hash());
}

#[test]
fn ids_that_become_references_stay_or_the_migration_fails() {
    let before =
        "  user: {fields: {nick: {type: string}}}\n  item: {fields: {owner: {type: uuid}}}\n";
    let after = before.replace("type: uuid", "type: ref, to: user");
    let migration = second(before, &after);
    assert!(!migration.is_destructive());
    assert!(migration.summary().contains("where one is not there"));
    assert!(migration.sqlite.contains("  \"owner\"\nFROM \"items\""));
    assert!(
        !migration.postgres.contains("UPDATE"),
        "{}",
        migration.postgres
    );
    // Where null may stand, it does so for what is not there.
    let optional = |text: &str| text.replace("owner: {", "owner: {optional: true, ");
    let migration = second(&optional(before), &optional(&after));
    assert!(migration.is_destructive());
    assert!(
        migration
            .postgres
            .contains("UPDATE \"items\" SET \"owner\" = CASE WHEN EXISTS")
    );
}

#[test]
fn references_and_join_tables_have_their_keys() {
    let column = |name: &str, references: Option<&str>| Column {
        name: name.into(),
        kind: references.map(|_| Kind::Reference),
        storage: Storage::Text,
        nullable: false,
        default: None,
        values: Vec::new(),
        references: references.map(|table| Reference {
            table: table.into(),
            on_delete: OnDelete::Cascade,
        }),
    };
    let table = |name: &str, columns: Vec<Column>| Table {
        of: name.into(),
        name: name.into(),
        columns,
        primary_key: Vec::new(),
        indexes: Vec::new(),
    };
    let users = table("users", vec![column("id", None)]);
    let mut members = table(
        "members",
        vec![
            column("user", Some("users")),
            column("friend", Some("users")),
        ],
    );
    members.primary_key = vec!["user".into(), "friend".into()];
    members.indexes.push(Index {
        name: "members_friend_idx".into(),
        columns: vec!["friend".into()],
        unique: true,
        only_where_null: Some("user".into()),
    });
    let before = Snapshot {
        tables: vec![users.clone()],
    };
    let after = Snapshot {
        tables: vec![members.clone(), users],
    };
    let migration = Migration::new(2, &between(&before, &after).unwrap(), None);
    assert!(
        migration.sqlite.ends_with(
            r#"CREATE TABLE "members" (
  "user" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  "friend" TEXT NOT NULL REFERENCES "users" ("id") ON DELETE CASCADE,
  PRIMARY KEY ("user", "friend")
) STRICT;
CREATE UNIQUE INDEX "members_friend_idx" ON "members" ("friend") WHERE "user" IS NULL;
"#
        ),
        "{}",
        migration.sqlite
    );
    assert!(migration.postgres.ends_with(
        r#"ALTER TABLE "members" ADD CONSTRAINT "members_user_fkey" FOREIGN KEY ("user") REFERENCES "users" ("id") ON DELETE CASCADE;
ALTER TABLE "members" ADD CONSTRAINT "members_friend_fkey" FOREIGN KEY ("friend") REFERENCES "users" ("id") ON DELETE CASCADE;
"#
    ), "{}", migration.postgres);
    let dropped = Migration::new(3, &between(&after, &before).unwrap(), None);
    assert!(body(&dropped.postgres).starts_with(
        "-- What goes, before its names are used again.\nALTER TABLE \"members\" DROP CONSTRAINT \"members_user_fkey\";\n"
    ));
}

/// Names that move along: each value keeps the rows that it had.
#[test]
fn values_that_give_way_are_renamed_together() {
    let values = |values: &str| ITEM.replace("[open, done]", values);
    let moved = values("[{value: done, renamed_from: open}, {value: closed, renamed_from: done}]");
    let migration = second(ITEM, &moved);
    for text in [&migration.sqlite, &migration.postgres] {
        assert!(text.contains("WHEN 'open' THEN 'done'"), "{text}");
        assert!(text.contains("WHEN 'done' THEN 'closed'"), "{text}");
    }
    assert!(!migration.is_destructive());
    // One that stays is not overrun: what took its name from it is a value that is removed.
    let overrun = values("[{value: done, renamed_from: open}], default: done");
    assert!(second(ITEM, &overrun).is_destructive());
}
