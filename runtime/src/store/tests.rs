//! The store on real files.

mod failures;
mod migrations;
mod readers;

use super::*;
use crate::error::Place;
use crate::value::{Bytes, Id, SqlValue};
use crate::{Code, Error};

async fn opened(folder: &ScratchFolder) -> Db {
    Db::open(&folder.url()).await.unwrap()
}

async fn run(db: &Db, statements: &[&'static str]) -> Result<(), Error> {
    let mut transaction = db.write().await?;
    for statement in statements {
        transaction.execute(Sql::new(statement)).await?;
    }
    transaction.commit().await
}

async fn number(transaction: &mut Transaction, query: &'static str) -> i64 {
    let row = transaction
        .fetch_optional(Sql::new(query))
        .await
        .unwrap()
        .unwrap();
    row.get(0).unwrap()
}

async fn count(db: &Db) -> i64 {
    number(&mut db.read().await.unwrap(), "SELECT count(*) FROM t").await
}

const TABLE: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, other TEXT, UNIQUE (name, other)) STRICT";

#[tokio::test]
async fn every_connection_is_as_safe_as_it_is_meant_to_be() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    for (mut transaction, query_only) in [
        (db.write().await.unwrap(), 0),
        (db.read().await.unwrap(), 1),
    ] {
        let mode = transaction
            .fetch_optional(Sql::new("PRAGMA journal_mode"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(mode.get::<String>(0).unwrap(), "wal");
        assert_eq!(number(&mut transaction, "PRAGMA synchronous").await, 2);
        assert_eq!(number(&mut transaction, "PRAGMA foreign_keys").await, 1);
        assert_eq!(number(&mut transaction, "PRAGMA trusted_schema").await, 0);
        assert_eq!(number(&mut transaction, "PRAGMA busy_timeout").await, 5000);
        assert_eq!(
            number(&mut transaction, "PRAGMA query_only").await,
            query_only
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn files_are_readable_by_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = ScratchFolder::new();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let db = Db::open(&format!("sqlite://{}", folder.join("a/b/c.db").display()))
        .await
        .unwrap();
    run(&db, &[TABLE]).await.unwrap();
    assert_eq!(mode(&folder.join("a/b")), 0o700);
    for file in ["a/b/c.db", "a/b/c.db-wal", "a/b/c.db-shm"] {
        assert_eq!(mode(&folder.join(file)), 0o600, "{file}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_database_may_be_opened_by_many_at_once() {
    for _ in 0..5 {
        let folder = ScratchFolder::new();
        let url = folder.url();
        let open = |url: String| tokio::spawn(async move { Db::open(&url).await?.ping().await });
        let tasks: Vec<_> = (0..8).map(|_| open(url.clone())).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn only_a_file_is_a_database() {
    for url in [
        "",
        "sqlite://",
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite://x.db?mode=ro",
        "postgres://localhost/x",
        "x.db",
    ] {
        assert_eq!(
            Db::open(url).await.unwrap_err().code(),
            Code::Internal,
            "{url}"
        );
    }
    let folder = ScratchFolder::new();
    let impossible = format!("sqlite://{}", folder.join("").display());
    assert_eq!(
        Db::open(&impossible).await.unwrap_err().code(),
        Code::Unavailable
    );
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    let values = [
        SqlValue::Null,
        SqlValue::Integer(i64::MIN),
        SqlValue::Integer(0),
        SqlValue::Real(1.0),
        SqlValue::Real(0.1),
        SqlValue::Text("zoë '; DROP TABLE t; --".to_owned()),
        SqlValue::Text(String::new()),
        SqlValue::Blob(vec![0, 255]),
        SqlValue::Blob(Vec::new()),
    ];
    for value in values {
        let sql = Sql::new("SELECT ?1").bind(value.clone());
        let row = db
            .read()
            .await
            .unwrap()
            .fetch_optional(sql)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.value(0), Some(&value));
        assert!(row.get::<Option<Id>>(0).is_err() || value == SqlValue::Null);
        assert!(row.get::<Bytes>(1).is_err());
        assert_eq!(format!("{row:?}"), "Row(1 columns)");
    }
}

#[tokio::test]
async fn a_change_lasts_only_when_it_is_committed() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE, "INSERT INTO t (id) VALUES (1)"])
        .await
        .unwrap();
    let mut dropped = db.write().await.unwrap();
    assert_eq!(dropped.execute(Sql::new("DELETE FROM t")).await.unwrap(), 1);
    assert_eq!(count(&db).await, 1);
    drop(dropped);
    run(&db, &["INSERT INTO t (id) VALUES (2)"]).await.unwrap();
    assert_eq!(count(&db).await, 2);
}

#[tokio::test]
async fn a_reader_sees_one_snapshot_and_cannot_write() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE]).await.unwrap();
    let mut reader = db.read().await.unwrap();
    assert_eq!(number(&mut reader, "SELECT count(*) FROM t").await, 0);
    run(&db, &["INSERT INTO t (id) VALUES (1)"]).await.unwrap();
    assert_eq!(number(&mut reader, "SELECT count(*) FROM t").await, 0);
    assert_eq!(count(&db).await, 1);
    let refused = reader.execute(Sql::new("DELETE FROM t")).await.unwrap_err();
    assert_eq!(refused.code(), Code::Internal);
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn a_violated_constraint_names_its_fields() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(
        &db,
        &[
            TABLE,
            "CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (id)) STRICT",
        ],
    )
    .await
    .unwrap();
    run(
        &db,
        &[
            "INSERT INTO t VALUES (1, 'a', 'b')",
            "INSERT INTO child VALUES (1)",
        ],
    )
    .await
    .unwrap();
    let places = |error: &Error| -> Vec<Place> {
        error
            .violations()
            .iter()
            .map(|violation| violation.place.clone())
            .collect()
    };
    let taken = run(&db, &["INSERT INTO t VALUES (2, 'a', 'c')"])
        .await
        .unwrap_err();
    assert_eq!(
        (taken.code(), places(&taken)),
        (Code::Conflict, vec![Place::Pointer("/name".to_owned())])
    );
    let primary = run(&db, &["INSERT INTO t VALUES (1, 'x', 'y')"])
        .await
        .unwrap_err();
    assert_eq!(
        (primary.code(), places(&primary)),
        (Code::Conflict, vec![Place::Pointer("/id".to_owned())])
    );
    for referred in ["DELETE FROM t WHERE id = 1", "INSERT INTO child VALUES (7)"] {
        let error = run(&db, &[referred]).await.unwrap_err();
        let whole = Place::Pointer(String::new());
        assert_eq!(
            (error.code(), places(&error)),
            (Code::Conflict, vec![whole])
        );
    }
    // `RESTRICT` says so at once, and a client can act on it.
    let restricted = [
        "CREATE TABLE restrained (t INTEGER REFERENCES t ON DELETE RESTRICT) STRICT",
        "DELETE FROM child",
        "INSERT INTO restrained VALUES (1)",
        "DELETE FROM t WHERE id = 1",
    ];
    let error = run(&db, &restricted).await.unwrap_err();
    assert_eq!(
        (
            error.code(),
            error.violations().first().map(|first| first.code)
        ),
        (Code::Conflict, Some("referenced"))
    );
    let unset = run(&db, &["INSERT INTO child VALUES (NULL)"])
        .await
        .unwrap_err();
    assert_eq!(unset.code(), Code::Internal);
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn a_composite_violation_names_each_field() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(
        &db,
        &[
            "CREATE TABLE t (a TEXT, b TEXT, UNIQUE (a, b)) STRICT",
            "INSERT INTO t VALUES ('1', '2')",
        ],
    )
    .await
    .unwrap();
    let error = run(&db, &["INSERT INTO t VALUES ('1', '2')"])
        .await
        .unwrap_err();
    let places: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| violation.place.clone())
        .collect();
    assert_eq!(
        places,
        [
            Place::Pointer("/a".to_owned()),
            Place::Pointer("/b".to_owned())
        ]
    );
}

#[tokio::test]
async fn writers_take_turns() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(
        &db,
        &[
            "CREATE TABLE t (n INTEGER NOT NULL) STRICT",
            "INSERT INTO t VALUES (0)",
        ],
    )
    .await
    .unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut transaction = db.write().await.unwrap();
                let n = number(&mut transaction, "SELECT n FROM t").await;
                transaction
                    .execute(Sql::new("UPDATE t SET n = ?1").bind(n + 1))
                    .await
                    .unwrap();
                transaction.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(
        number(&mut db.read().await.unwrap(), "SELECT n FROM t").await,
        20
    );
}

#[tokio::test]
async fn what_was_committed_is_there_without_a_graceful_end() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE, "INSERT INTO t (id) VALUES (1)"])
        .await
        .unwrap();
    // The files as they are on the disk while the first process still has them open: what a crash leaves behind.
    for end in ["", "-wal"] {
        std::fs::copy(
            folder.join(&format!("test.db{end}")),
            folder.join(&format!("crashed.db{end}")),
        )
        .unwrap();
    }
    let crashed = Db::open(&format!("sqlite://{}", folder.join("crashed.db").display()))
        .await
        .unwrap();
    assert_eq!(count(&crashed).await, 1);
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE, "INSERT INTO t (id) VALUES (1)"])
        .await
        .unwrap();
    db.ping().await.unwrap();
    assert_eq!(count(&db).await, 1);
    db.close().await;
    assert!(!folder.join("test.db-wal").exists());
    assert_eq!(db.read().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(db.write().await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(count(&opened(&folder).await).await, 1);
}
