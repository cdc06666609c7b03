//! The rows in SQLite, in this process.

use super::differential::Database;
use super::written::{Written, write_column};
use crate::authz::condition::emit::Mutant;
use crate::authz::condition::{Condition, Dialect, Field, Output, Parameter};
use crate::list::{ListQuery, Position};
use crate::store::{Db, Row, ScratchFolder, Sql, SqlBuilder, Transaction};
use crate::value::SqlValue;
use tokio::runtime::Runtime;

pub(super) struct Sqlite {
    runtime: Runtime,
    /// Let go inside the runtime.
    open: Option<(Transaction, Db)>,
    _folder: ScratchFolder,
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        let _inside = self.runtime.enter();
        drop(self.open.take());
    }
}

/// The place that it is behind, and the ids of its rows.
pub(super) type Page = (Option<Position>, Vec<String>);

const THINGS: &str = "CREATE TABLE things (number INTEGER PRIMARY KEY, id TEXT NOT NULL, created_at INTEGER NOT NULL, \
    updated_at INTEGER NOT NULL, owner TEXT NOT NULL, lead TEXT, base TEXT, title TEXT NOT NULL, note TEXT, open INTEGER NOT NULL, \
    flag INTEGER, size INTEGER NOT NULL, extra INTEGER, price INTEGER NOT NULL, cost INTEGER, due INTEGER, \
    span INTEGER NOT NULL, address TEXT, tags TEXT NOT NULL, labels TEXT, marks TEXT, prices TEXT NOT NULL, \
    flags TEXT NOT NULL, peers TEXT NOT NULL) STRICT";
const USERS: &str = "CREATE TABLE users (number INTEGER PRIMARY KEY, id TEXT NOT NULL, created_at INTEGER NOT NULL, \
    updated_at INTEGER NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL, age INTEGER, boss TEXT, desk TEXT, skills TEXT NOT NULL, \
    ceiling INTEGER, shift INTEGER NOT NULL, since INTEGER) STRICT";

impl Sqlite {
    pub(super) fn new(things: &[Written], users: &[Written]) -> Self {
        let runtime = Runtime::new().unwrap();
        let folder = ScratchFolder::new();
        let open = runtime.block_on(async {
            let db = Db::open(&folder.url()).await.unwrap();
            let mut transaction = db.write().await.unwrap();
            for table in [THINGS, USERS] {
                transaction.execute(Sql::new(table)).await.unwrap();
            }
            fill(&mut transaction, "INSERT INTO things VALUES (", things).await;
            fill(&mut transaction, "INSERT INTO users VALUES (", users).await;
            (transaction, db)
        });
        Self {
            runtime,
            open: Some(open),
            _folder: folder,
        }
    }
}

impl Sqlite {
    /// How it goes about finding the rows that fulfil a condition.
    pub(super) fn plan(&mut self, kind: &str, condition: &Condition) -> String {
        let mut statement = selecting(kind);
        condition.write(Dialect::Sqlite, &mut statement);
        let steps = self.ask(statement.0.build().explained()).unwrap();
        let steps = steps.iter().map(|step| step.get::<String>(3).unwrap());
        steps.collect::<Vec<_>>().join("\n")
    }

    /// Statements, each of which ends with a semicolon.
    pub(super) fn execute(&mut self, statements: &'static str) {
        for statement in statements.split_terminator(';') {
            self.ask(Sql::new(statement)).unwrap();
        }
    }

    /// The pages of a list: each with the place that it is behind, and the ids of its rows.
    pub(super) fn pages(&mut self, query: &ListQuery, rows: usize) -> Vec<Page> {
        let (transaction, _) = self.open.as_mut().unwrap();
        self.runtime.block_on(async {
            let (mut pages, mut after): (Vec<Page>, Option<Position>) = (Vec::new(), None);
            loop {
                let page = transaction.page(query, after.as_ref(), rows).await.unwrap();
                let ids = page.iter().map(|row| row.get::<String>(0).unwrap());
                pages.push((after, ids.collect()));
                match page.last() {
                    Some(last) if page.len() == rows => after = Some(query.position(last).unwrap()),
                    _ => break,
                }
            }
            let counted = transaction.count(query, 1_000).await.unwrap();
            let ids = pages.iter().map(|(_, ids)| ids.len());
            assert_eq!(counted, ids.sum::<usize>());
            pages
        })
    }

    fn ask(&mut self, sql: Sql) -> Result<Vec<Row>, String> {
        let (transaction, _) = self.open.as_mut().unwrap();
        let rows = self.runtime.block_on(transaction.fetch_all(sql));
        rows.map_err(|error| format!("{error:?}"))
    }
}

fn selecting(kind: &str) -> Statement {
    let mut statement = Statement(SqlBuilder::new());
    statement.text(match kind {
        "User" => "SELECT number FROM users AS \"listed\" WHERE ",
        _ => "SELECT number FROM things AS \"listed\" WHERE ",
    });
    statement
}

async fn fill(transaction: &mut Transaction, insert: &'static str, rows: &[Written]) {
    for (number, row) in rows.iter().enumerate() {
        let mut sql = SqlBuilder::new();
        sql.push(insert).bind(i64::try_from(number).unwrap());
        for (_, value) in &row.cells {
            sql.push(", ").bind(value.clone());
        }
        sql.push(")");
        transaction.execute(sql.build()).await.unwrap();
    }
}

impl Database for Sqlite {
    fn found(
        &mut self,
        kind: &str,
        condition: &Condition,
        mutant: Option<Mutant>,
    ) -> Result<Vec<usize>, String> {
        let mut statement = selecting(kind);
        match mutant {
            None => condition.write(Dialect::Sqlite, &mut statement),
            Some(mutant) => condition.write_wrongly(Dialect::Sqlite, mutant, &mut statement),
        }
        statement.text(" ORDER BY number");
        let rows = self.ask(statement.0.build())?;
        let number = |row: &Row| match row.value(0) {
            Some(SqlValue::Integer(number)) => usize::try_from(*number).unwrap(),
            other => panic!("{other:?}"),
        };
        Ok(rows.iter().map(number).collect())
    }
}

struct Statement(SqlBuilder);

impl Output for Statement {
    fn text(&mut self, piece: &'static str) {
        self.0.push(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        match value {
            Parameter::Integer(value) => self.0.bind(*value),
            Parameter::Text(text) => self.0.bind(text.as_str()),
        };
    }

    fn column(&mut self, field: &Field) {
        write_column(field, &mut |piece| {
            self.0.push(piece);
        });
    }
}
