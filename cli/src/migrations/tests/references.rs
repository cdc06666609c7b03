//! Tables that refer to one another, through renames, copies, and columns that begin and cease to refer.

use super::chains::Database;
use super::kinds::Val;
use super::*;

fn column(name: &str, kind: Option<Kind>, to: Option<&str>) -> Column {
    Column {
        name: name.into(),
        kind,
        storage: Storage::Text,
        nullable: kind.is_some(),
        default: None,
        values: Vec::new(),
        references: to.map(|table| Reference {
            table: table.into(),
            on_delete: OnDelete::Restrict,
        }),
    }
}

fn table(of: &str, name: &str, columns: Vec<Column>) -> Table {
    let id = column("id", None, None);
    Table {
        of: of.into(),
        name: name.into(),
        columns: std::iter::once(id).chain(columns).collect(),
        primary_key: Vec::new(),
        indexes: Vec::new(),
    }
}

fn text(name: &str) -> Column {
    column(name, Some(Kind::Text), None)
}

fn reference(name: &str, to: &str) -> Column {
    column(name, Some(Kind::Reference), Some(to))
}

/// Takes the next step and compares with a fresh database.
#[track_caller]
fn step(
    database: &mut impl Database,
    before: &Snapshot,
    tables: Vec<Table>,
    past: &Past,
) -> (Snapshot, Migration) {
    let wanted = Snapshot { tables };
    let found = difference(before, &wanted, past).unwrap();
    let number = if before.tables.is_empty() { 1 } else { 2 };
    let migration = Migration::new(number, &found, None);
    let done = database.migrate(&migration);
    assert!(
        done.is_ok(),
        "{done:?}\n{}\n{}",
        migration.sqlite,
        migration.postgres
    );
    let fresh = between(&Snapshot::default(), &found.after).unwrap();
    let fresh = database.fresh(&Migration::new(1, &fresh, None));
    assert_eq!(
        database.schema(),
        fresh,
        "{}\n{}",
        migration.sqlite,
        migration.postgres
    );
    (found.after, migration)
}

fn rows(database: &mut impl Database, table: &str, column: &str) -> Vec<Val> {
    let rows = database.rows(table, &[(column.to_owned(), Storage::Text)]);
    rows.into_iter().flatten().collect()
}

fn word(text: &str) -> Val {
    Val::Text(text.into())
}

pub(super) fn survive(database: &mut impl Database) {
    let none = Past::default();
    let before = Snapshot::default();
    let owner = column("owner", Some(Kind::Uuid), None);
    // Two tables that refer to each other, and a third with an id that refers to nothing yet.
    let first = vec![
        table(
            "person",
            "people",
            vec![
                text("name"),
                reference("chief", "people"),
                reference("home", "rooms"),
            ],
        ),
        table("room", "rooms", vec![reference("host", "people")]),
        table("thing", "things", vec![owner]),
    ];
    let (before, _) = step(database, &before, first, &none);
    let id = |id: &str| ("id".to_owned(), word(id));
    let cell = |name: &str, value: &str| (name.to_owned(), word(value));
    database.insert("people", &[id("p1")]).unwrap();
    database
        .insert("rooms", &[id("r1"), cell("host", "p1")])
        .unwrap();
    database
        .insert(
            "people",
            &[id("p2"), cell("chief", "p1"), cell("home", "r1")],
        )
        .unwrap();
    database
        .insert("things", &[id("t1"), cell("owner", "p2")])
        .unwrap();
    database
        .insert("things", &[id("t2"), cell("owner", "nobody")])
        .unwrap();
    // The table that all refer to gets another name and is copied, and a column begins to refer to it.
    let mut past = Past::default();
    let renamed = TablePast {
        formers: vec!["person".into()],
        ..TablePast::default()
    };
    past.tables.insert("human".into(), renamed);
    let mut name = text("name");
    (name.nullable, name.default) = (false, Some(Value::Text("?".into())));
    let second = |name: Column| {
        vec![
            table(
                "human",
                "humans",
                vec![
                    name,
                    reference("chief", "humans"),
                    reference("home", "rooms"),
                ],
            ),
            table("room", "rooms", vec![reference("host", "humans")]),
            table("thing", "things", vec![reference("owner", "humans")]),
        ]
    };
    let (before, _) = step(database, &before, second(name.clone()), &past);
    assert_eq!(rows(database, "humans", "chief"), [Val::Null, word("p1")]);
    assert_eq!(rows(database, "humans", "name"), [word("?"), word("?")]);
    assert_eq!(rows(database, "rooms", "host"), [word("p1")]);
    assert_eq!(rows(database, "things", "owner"), [word("p2"), Val::Null]);
    // They are held to it from now on.
    assert!(
        database
            .insert("things", &[id("t3"), cell("owner", "nobody")])
            .is_err()
    );
    database
        .insert("things", &[id("t3"), cell("owner", "p1")])
        .unwrap();
    // A name alone: nothing is copied, and references follow.
    let mut third = second(name);
    third[1].name = "spaces".into();
    third[0].columns[3].references = reference("home", "spaces").references;
    let (before, migration) = step(database, &before, third.clone(), &past);
    let steps: Vec<&str> = migration
        .steps
        .iter()
        .map(|step| step.summary.as_str())
        .collect();
    assert_eq!(steps, ["renames the table rooms to spaces"]);
    assert!(
        !migration.sqlite.contains("rebuild"),
        "{}",
        migration.sqlite
    );
    assert!(
        database
            .insert("humans", &[id("p3"), cell("home", "nowhere")])
            .is_err()
    );
    database
        .insert("humans", &[id("p3"), cell("home", "r1")])
        .unwrap();
    // A column ceases to refer, another goes, and so does a table that was referred to.
    third.remove(1);
    third[0].columns.remove(3);
    third[1].columns[1] = column("owner", Some(Kind::Uuid), None);
    let (before, _) = step(database, &before, third.clone(), &past);
    assert_eq!(
        rows(database, "things", "owner"),
        [word("p2"), Val::Null, word("p1")]
    );
    database
        .insert("things", &[id("t4"), cell("owner", "nobody")])
        .unwrap();
    // A column refers to another table than before, and keeps what is there.
    third.insert(1, table("box", "boxes", vec![]));
    third[0].columns[2] = reference("chief", "boxes");
    let (before, migration) = step(database, &before, third.clone(), &past);
    assert!(migration.is_destructive(), "{}", migration.summary());
    assert_eq!(
        rows(database, "humans", "chief"),
        [Val::Null, Val::Null, Val::Null]
    );
    // What is still referred to was never emptied on the way.
    third.remove(2);
    step(database, &before, third, &past);
    assert_eq!(rows(database, "humans", "name").len(), 3);
}
