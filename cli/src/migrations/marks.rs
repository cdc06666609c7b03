//! Rows that are marked as deleted. Where the mark is given up they go with it: without it they would be live again.
//!
//! What refers to them goes with them, or is emptied, as it would be when their time is over. PostgreSQL does that by its
//! foreign keys. SQLite has them off while a table is made anew, so there each step is written out.

use std::collections::BTreeSet;

use super::difference::TableChange;
use super::tables::{Column, OnDelete, Snapshot, Table};
use crate::model::SoftDelete;
use crate::render::sql::{quote, text};

/// What goes with the marked rows of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Purge {
    referrers: Vec<Referrer>,
}

/// A column that refers to rows that go.
#[derive(Clone, Debug, PartialEq)]
struct Referrer {
    table: String,
    column: String,
    to: String,
    on_delete: OnDelete,
    /// Whether its rows have an id, by which others may refer to them.
    has_id: bool,
}

impl Purge {
    /// Everything that the deletion of rows of this table reaches.
    pub(super) fn of(before: &Snapshot, table: &str) -> Self {
        let mut purge = Self::default();
        let mut reached = vec![table.to_owned()];
        let mut at = 0;
        while let Some(to) = reached.get(at).cloned() {
            at += 1;
            for referrer in referrers(before, &to) {
                let goes = referrer.on_delete == OnDelete::Cascade && referrer.has_id;
                if goes && !reached.contains(&referrer.table) {
                    reached.push(referrer.table.clone());
                }
                purge.referrers.push(referrer);
            }
        }
        purge
    }

    fn by(&self, on_delete: OnDelete) -> impl Iterator<Item = &Referrer> {
        let referrers = self.referrers.iter();
        referrers.filter(move |it| it.on_delete == on_delete)
    }

    /// The end of a sentence about it.
    fn words(&self) -> String {
        let tables: BTreeSet<&str> = self
            .by(OnDelete::Cascade)
            .map(|it| it.table.as_str())
            .collect();
        let tables: Vec<&str> = tables.into_iter().collect();
        let emptied = self.by(OnDelete::SetNull);
        let emptied: Vec<String> = emptied
            .map(|it| format!("{} of {}", it.column, it.table))
            .collect();
        let mut out = String::new();
        if !tables.is_empty() {
            out.push_str(&format!(
                ", with the rows of {} that refer to them",
                tables.join(", ")
            ));
        }
        if !emptied.is_empty() {
            out.push_str(&format!(
                "; {} becomes null where it does",
                emptied.join(", ")
            ));
        }
        out
    }
}

fn referrers(before: &Snapshot, to: &str) -> Vec<Referrer> {
    let columns = before.tables.iter().flat_map(|table| {
        let columns = table.columns.iter();
        columns.map(move |column| (table, column))
    });
    let found = columns.filter_map(|(table, column)| {
        let reference = column.references.as_ref().filter(|it| it.table == to)?;
        Some(Referrer {
            table: table.name.clone(),
            column: column.name.clone(),
            to: to.to_owned(),
            on_delete: reference.on_delete,
            has_id: table.primary_key.is_empty(),
        })
    });
    found.collect()
}

/// Whether the column is the service's own mark. A field of the same name has a kind; what the service keeps has none.
pub(super) fn is_mark(column: &Column) -> bool {
    column.name == SoftDelete::COLUMN && column.kind.is_none()
}

fn is_marked(table: &Table) -> bool {
    table.columns.iter().any(is_mark)
}

/// Whether a table gives up its mark.
pub(super) fn given_up(before: &Table, after: &Table) -> bool {
    is_marked(before) && !is_marked(after)
}

/// What becomes of the marked rows of a table that gives up its mark, as a sentence says it.
pub(super) fn words(change: &TableChange) -> Option<String> {
    let purge = change.purge.as_ref()?;
    let table = &change.after.name;
    Some(format!(
        "gives up soft_delete of {table} and purges the rows that are marked as deleted{}",
        purge.words()
    ))
}

/// The statements that take the marked rows along, on PostgreSQL. They run while all tables have their earlier names, and
/// their foreign keys.
pub(super) fn on_postgres(change: &TableChange) -> Option<String> {
    change.purge.as_ref().map(|_| deletion(change))
}

/// The same on SQLite.
pub(super) fn on_sqlite(change: &TableChange) -> Option<String> {
    let purge = change.purge.as_ref()?;
    let is_alone = purge.by(OnDelete::Restrict).count() == purge.referrers.len();
    Some(match is_alone {
        true => deletion(change),
        false => with_referrers(change, purge),
    })
}

fn deletion(change: &TableChange) -> String {
    let (table, mark) = (quote(&change.before.name), quote(SoftDelete::COLUMN));
    format!("DELETE FROM {table} WHERE {mark} IS NOT NULL;\n")
}

/// Notes every row that goes, and only then takes one away: rows may refer to one another in a circle.
fn with_referrers(change: &TableChange, purge: &Purge) -> String {
    let first = &change.before.name;
    let mut rows = format!(
        "  SELECT {}, \"id\" FROM {} WHERE {} IS NOT NULL",
        text(first),
        quote(first),
        quote(SoftDelete::COLUMN)
    );
    for it in purge.by(OnDelete::Cascade).filter(|it| it.has_id) {
        let (table, column) = (quote(&it.table), quote(&it.column));
        rows.push_str(&format!(
            "\n  UNION SELECT {}, {table}.\"id\" FROM {table} JOIN \"gone\" ON \"gone\".\"of\" = {} AND {table}.{column} = \"gone\".\"id\"",
            text(&it.table),
            text(&it.to)
        ));
    }
    let mut out = format!(
        "CREATE TABLE \"secapi_gone\" (\"of\" TEXT NOT NULL, \"id\" TEXT NOT NULL, PRIMARY KEY (\"of\", \"id\")) STRICT;\nWITH RECURSIVE \"gone\" (\"of\", \"id\") AS (\n{rows}\n)\nINSERT INTO \"secapi_gone\" SELECT \"of\", \"id\" FROM \"gone\";\n"
    );
    let gone = |table: &str| {
        format!(
            "(SELECT \"id\" FROM \"secapi_gone\" WHERE \"of\" = {})",
            text(table)
        )
    };
    for it in purge.by(OnDelete::SetNull) {
        let (table, column, gone) = (quote(&it.table), quote(&it.column), gone(&it.to));
        out.push_str(&format!(
            "UPDATE {table} SET {column} = NULL WHERE {column} IN {gone};\n"
        ));
    }
    for it in purge.by(OnDelete::Cascade).filter(|it| !it.has_id) {
        let (table, column, gone) = (quote(&it.table), quote(&it.column), gone(&it.to));
        out.push_str(&format!("DELETE FROM {table} WHERE {column} IN {gone};\n"));
    }
    let tables = purge.by(OnDelete::Cascade).filter(|it| it.has_id);
    let mut tables: BTreeSet<&str> = tables.map(|it| it.table.as_str()).collect();
    tables.insert(first);
    for table in tables {
        let gone = gone(table);
        out.push_str(&format!(
            "DELETE FROM {} WHERE \"id\" IN {gone};\n",
            quote(table)
        ));
    }
    out.push_str("DROP TABLE \"secapi_gone\";\n");
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::migrations::{Migration, Past, Replay, Snapshot, difference};
    use crate::model::{FieldKind, Presence, Range, Service};
    use crate::render::fixture;

    fn service(marked: bool) -> Service {
        let mut service = fixture::user_management();
        let mut resource = fixture::resource("note", "notes", Vec::new());
        resource.soft_delete = marked.then_some(crate::model::SoftDelete {
            purge_after: Duration::from_secs(86_400),
            limit: None,
        });
        service.resources.push(resource);
        service
    }

    fn between(old: &Service, new: &Service) -> Migration {
        let (old, new) = (Snapshot::of(old), Snapshot::of(new));
        let steps = difference(&old, &new, &Past::default()).unwrap();
        Migration::new(2, &steps, Some("earlier"))
    }

    const PURGE: &str = "DELETE FROM \"notes\" WHERE \"deleted_at\" IS NOT NULL;\n";

    #[test]
    fn marked_rows_go_with_the_mark() {
        let mut field = service(false);
        let moment = FieldKind::Datetime(Range {
            min: None,
            max: None,
        });
        let own = fixture::field("note", "deleted_at", moment, Presence::Optional);
        field.resources[1].fields.push(own);
        for without in [service(false), field] {
            let migration = between(&service(true), &without);
            for text in [&migration.sqlite, &migration.postgres] {
                let purge = text.find(PURGE).unwrap_or_else(|| panic!("{text}"));
                assert!(
                    text.find("ALTER").is_none_or(|altered| purge < altered),
                    "{text}"
                );
            }
            let first = difference(
                &Snapshot::default(),
                &Snapshot::of(&service(true)),
                &Past::default(),
            );
            let first = Migration::new(1, &first.unwrap(), None);
            let mut replay = Replay::new().unwrap();
            replay.apply("first", &first.sqlite).unwrap();
            replay.apply("second", &migration.sqlite).unwrap();
        }
        // The control: what comes to have a mark keeps its rows.
        let migration = between(&service(false), &service(true));
        assert!(!migration.sqlite.contains("DELETE"), "{}", migration.sqlite);
    }
}
