//! The chains on SQLite.

use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, Row as _};

use super::chains::{Count, Database, chain};
use super::kinds::Val;
use super::{lists, marking, references};
use crate::migrations::{Migration, Replay, Schema, Storage};
use crate::render::sql::quote;

struct Sqlite(Replay);

impl Sqlite {
    fn new() -> Self {
        Self(Replay::new().unwrap())
    }

    fn wait<T>(
        &mut self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> sqlx::Result<T>,
    ) -> sqlx::Result<T> {
        let Replay {
            runtime,
            connection,
        } = &mut self.0;
        runtime.block_on(work(connection))
    }
}

impl Database for Sqlite {
    fn migrate(&mut self, migration: &Migration) -> Result<(), String> {
        let applied = self.0.apply(&migration.name, &migration.sqlite);
        applied.map_err(|error| error.to_string())?;
        // The connections of a service have them on; those of migrations are others.
        let on = "PRAGMA foreign_keys = ON; PRAGMA foreign_key_check";
        let broken = self.wait(async |connection| sqlx::raw_sql(on).fetch_all(connection).await);
        assert!(broken.unwrap().is_empty());
        Ok(())
    }

    fn insert(&mut self, table: &str, values: &[(String, Val)]) -> Result<(), String> {
        let columns: Vec<String> = values.iter().map(|(name, _)| quote(name)).collect();
        let places = vec!["?"; values.len()].join(", ");
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({places})",
            quote(table),
            columns.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (_, value) in values {
            query = match value.clone() {
                Val::Null => query.bind(None::<i64>),
                Val::Int(value) => query.bind(value),
                Val::Real(value) => query.bind(value),
                Val::Text(value) => query.bind(value),
                Val::Blob(value) => query.bind(value),
            };
        }
        let done = self.wait(async |connection| query.execute(connection).await);
        done.map(drop).map_err(|error| error.to_string())
    }

    fn rows(&mut self, table: &str, columns: &[(String, Storage)]) -> Vec<Vec<Val>> {
        let names = columns.iter().map(|(name, _)| quote(name));
        let names: Vec<String> = std::iter::once(quote("id")).chain(names).collect();
        let sql = format!(
            "SELECT {} FROM {} ORDER BY \"id\"",
            names.join(", "),
            quote(table)
        );
        let query = sqlx::query(AssertSqlSafe(sql));
        let rows = self.wait(async |connection| query.fetch_all(connection).await);
        let rows = rows.unwrap();
        let row = |row: &SqliteRow| {
            let columns = columns.iter().enumerate();
            columns
                .map(|(at, (_, storage))| value(row, at + 1, *storage))
                .collect()
        };
        rows.iter().map(row).collect()
    }

    fn pairs(&mut self, table: &str) -> Vec<(String, String)> {
        let sql = format!("SELECT from_id, to_id FROM {} ORDER BY 1, 2", quote(table));
        let query = sqlx::query(AssertSqlSafe(sql));
        let rows = self.wait(async |connection| query.fetch_all(connection).await);
        let rows = rows.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    fn schema(&mut self) -> Vec<String> {
        listed(&self.0.schema().unwrap())
    }

    fn fresh(&mut self, first: &Migration) -> Vec<String> {
        let mut replay = Replay::new().unwrap();
        replay.apply(&first.name, &first.sqlite).unwrap();
        listed(&replay.schema().unwrap())
    }
}

fn listed(schema: &Schema) -> Vec<String> {
    schema.iter().map(|entry| format!("{entry:?}")).collect()
}

fn value(row: &SqliteRow, at: usize, storage: Storage) -> Val {
    match storage {
        Storage::Integer => row.get::<Option<i64>, _>(at).map_or(Val::Null, Val::Int),
        Storage::Real => row.get::<Option<f64>, _>(at).map_or(Val::Null, Val::Real),
        Storage::Text => row
            .get::<Option<String>, _>(at)
            .map_or(Val::Null, Val::Text),
        Storage::Blob => row
            .get::<Option<Vec<u8>>, _>(at)
            .map_or(Val::Null, Val::Blob),
    }
}

#[test]
fn chains_of_changes_keep_what_they_promise() {
    let mut count = Count::default();
    for seed in 0..300 {
        chain(seed, 8, &mut Sqlite::new(), &mut count);
    }
    println!("{count:?}");
    assert!(
        count.migrations > 1_500 && count.destructive > 200,
        "{count:?}"
    );
    assert!(count.rebuilt > 300 && count.failed > 20, "{count:?}");
    assert!(
        count.references > 1_000 && count.pairs > 300 && count.purged > 50,
        "{count:?}"
    );
}

#[test]
fn references_survive_what_happens_around_them() {
    references::survive(&mut Sqlite::new());
}

#[test]
fn words_leave_lists_and_change_in_them() {
    lists::words_leave_and_change(&mut Sqlite::new());
    lists::elements_are_narrowed(&mut Sqlite::new());
    lists::a_character_that_is_none_is_no_obstacle(&mut Sqlite::new());
}

#[test]
fn marked_rows_go_with_what_refers_to_them() {
    for also in marking::ALL {
        marking::purged(&mut Sqlite::new(), also);
    }
    marking::held(&mut Sqlite::new());
}
