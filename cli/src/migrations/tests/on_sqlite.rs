//! The chains on SQLite.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use tokio::runtime::{Builder, Runtime};

use super::chains::{Count, Database, chain};
use super::references;
use super::world::Val;
use crate::migrations::{Migration, Schema, Storage, Text, replay, replayed};
use crate::render::sql::quote;

struct Sqlite {
    runtime: Runtime,
    connection: SqliteConnection,
}

impl Sqlite {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().build().unwrap();
        let options = SqliteConnectOptions::new().in_memory(true);
        let connection = runtime.block_on(options.connect()).unwrap();
        Self {
            runtime,
            connection,
        }
    }
}

impl Database for Sqlite {
    fn migrate(&mut self, migration: &Migration) -> Result<(), String> {
        let applied = replay::apply(&mut self.connection, &migration.sqlite);
        self.runtime
            .block_on(applied)
            .map_err(|error| error.to_string())?;
        // The connections of a service have them on; those of migrations are others.
        let on = sqlx::raw_sql("PRAGMA foreign_keys = ON").execute(&mut self.connection);
        self.runtime.block_on(on).unwrap();
        let check = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut self.connection);
        assert!(self.runtime.block_on(check).unwrap().is_empty());
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
        let done = self.runtime.block_on(query.execute(&mut self.connection));
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
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.connection);
        let rows = self.runtime.block_on(rows).unwrap();
        let row = |row: &SqliteRow| {
            let columns = columns.iter().enumerate();
            columns
                .map(|(at, (_, storage))| value(row, at + 1, *storage))
                .collect()
        };
        rows.iter().map(row).collect()
    }

    fn schema(&mut self) -> Vec<String> {
        listed(
            &self
                .runtime
                .block_on(replay::schema(&mut self.connection))
                .unwrap(),
        )
    }

    fn fresh(&mut self, first: &Migration) -> Vec<String> {
        let text = Text {
            name: "fresh",
            sql: &first.sqlite,
        };
        listed(&replayed(&[text]).unwrap())
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
    for seed in 0..200 {
        chain(seed, 8, &mut Sqlite::new(), &mut count);
    }
    println!("{count:?}");
    assert!(
        count.migrations > 1_000 && count.destructive > 100,
        "{count:?}"
    );
    assert!(count.rebuilt > 100 && count.failed > 10, "{count:?}");
}

#[test]
fn references_survive_what_happens_around_them() {
    references::survive(&mut Sqlite::new());
}
