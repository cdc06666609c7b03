//! Migrations on real files.

use super::*;

const FIRST: Migration = Migration {
    number: 1,
    name: "init",
    sql: "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1);",
};
const SECOND: Migration = Migration {
    number: 2,
    name: "more",
    sql: "INSERT INTO t VALUES (2);\nINSERT INTO t VALUES (3);",
};

async fn cause(db: &Db, steps: &[Migration]) -> String {
    let error = db.migrate(Owner::Project, steps).await.unwrap_err();
    let pending = db.pending(Owner::Project, steps).await;
    assert!(pending.is_err() || error.cause().unwrap().contains("failed"));
    error.cause().unwrap().to_owned()
}

#[tokio::test]
async fn migrations_are_applied_once_and_in_order() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    assert_eq!(
        db.pending(Owner::Project, &[FIRST, SECOND]).await.unwrap(),
        [1, 2]
    );
    assert_eq!(db.migrate(Owner::Project, &[FIRST]).await.unwrap(), [1]);
    assert_eq!(
        db.pending(Owner::Project, &[FIRST, SECOND]).await.unwrap(),
        [2]
    );
    assert_eq!(
        db.migrate(Owner::Project, &[FIRST, SECOND]).await.unwrap(),
        [2]
    );
    assert_eq!(
        db.migrate(Owner::Project, &[FIRST, SECOND]).await.unwrap(),
        [0; 0]
    );
    assert_eq!(count(&db).await, 3);
    let runtime = Migration {
        sql: "CREATE TABLE secapi_x (id INTEGER) STRICT",
        ..FIRST
    };
    assert_eq!(db.migrate(Owner::Runtime, &[runtime]).await.unwrap(), [1]);
    let other_line_ends = Migration {
        sql: "INSERT INTO t VALUES (2);\r\nINSERT INTO t VALUES (3);",
        ..SECOND
    };
    assert_eq!(
        db.migrate(Owner::Project, &[FIRST, other_line_ends])
            .await
            .unwrap(),
        [0; 0]
    );
}

#[tokio::test]
async fn a_history_that_the_program_does_not_know_is_refused() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    db.migrate(Owner::Project, &[FIRST, SECOND]).await.unwrap();
    let edited = Migration {
        sql: "CREATE TABLE t (id INTEGER PRIMARY KEY);",
        ..FIRST
    };
    assert!(
        cause(&db, &[edited, SECOND])
            .await
            .contains("migration 1 (init) was edited")
    );
    assert!(
        cause(&db, &[FIRST])
            .await
            .contains("newer than this program")
    );
    assert!(
        cause(&db, &[SECOND])
            .await
            .contains("migration 1 (init), which is not part")
    );
    assert!(cause(&db, &[SECOND, FIRST]).await.contains("ascending"));
    let third = Migration { number: 4, ..FIRST };
    assert!(
        cause(&db, &[FIRST, third])
            .await
            .contains("migration 2 (more), which is not part")
    );
    assert_eq!(count(&db).await, 3);
}

#[tokio::test]
async fn a_late_step_behind_a_newer_one_is_refused() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    let third = Migration {
        number: 3,
        ..SECOND
    };
    db.migrate(Owner::Project, &[FIRST, third]).await.unwrap();
    assert!(
        cause(&db, &[FIRST, SECOND, third])
            .await
            .contains("comes before migration 3")
    );
}

#[tokio::test]
async fn a_failing_step_leaves_no_trace() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    let failing = Migration {
        number: 2,
        name: "bad",
        sql: "INSERT INTO t VALUES (2); INSERT INTO nowhere VALUES (1);",
    };
    assert!(
        cause(&db, &[FIRST, failing])
            .await
            .contains("migration 2 (bad) failed")
    );
    assert_eq!(count(&db).await, 1);
    assert_eq!(
        db.migrate(Owner::Project, &[FIRST, SECOND]).await.unwrap(),
        [2]
    );
}

#[tokio::test]
async fn an_index_that_rows_break_leaves_the_old_table_and_says_which_step_it_was() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    db.migrate(Owner::Project, &[FIRST, SECOND]).await.unwrap();
    let rebuilt = "-- secapi: rebuild
        CREATE TABLE new_t (id INTEGER PRIMARY KEY, n INTEGER) STRICT;
        INSERT INTO new_t (id, n) SELECT id, id FROM t;
        DROP TABLE t;
        ALTER TABLE new_t RENAME TO t;";
    let unique = Migration {
        number: 3,
        name: "unique",
        sql: concat_unique(rebuilt, "n % 2"),
    };
    let cause = cause(&db, &[FIRST, SECOND, unique]).await;
    for part in [
        "migration 3 (unique) failed, nothing of it was applied",
        "UNIQUE constraint failed: index 'mine'",
        "rows agree where no two may from this step on",
    ] {
        assert!(cause.contains(part), "{cause}");
    }
    assert_eq!(count(&db).await, 3);
    let columns = Sql::new("SELECT name FROM pragma_table_info('t')");
    let mut transaction = db.read().await.unwrap();
    assert_eq!(transaction.fetch_all(columns).await.unwrap().len(), 1);
    drop(transaction);
    let fits = Migration {
        sql: concat_unique(rebuilt, "n"),
        ..unique
    };
    let steps = [FIRST, SECOND, fits];
    assert_eq!(db.migrate(Owner::Project, &steps).await.unwrap(), [3]);
}

fn concat_unique(rebuilt: &str, on: &str) -> &'static str {
    let sql = format!("{rebuilt}\nCREATE UNIQUE INDEX mine ON t ({on});");
    Box::leak(sql.into_boxed_str())
}

const PARENT: Migration = Migration {
    number: 1,
    name: "init",
    sql: "CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT;
        CREATE TABLE child (t INTEGER NOT NULL REFERENCES t (id) ON DELETE CASCADE) STRICT;
        INSERT INTO t VALUES (1);
        INSERT INTO child VALUES (1);",
};

#[tokio::test]
async fn a_table_is_rebuilt_without_losing_what_refers_to_it() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    let rebuild = Migration {
        number: 2,
        name: "rebuild",
        sql: "-- secapi: rebuild
            CREATE TABLE new_t (id INTEGER PRIMARY KEY, name TEXT) STRICT;
            INSERT INTO new_t (id) SELECT id FROM t;
            DROP TABLE t;
            ALTER TABLE new_t RENAME TO t;",
    };
    let lossy = Migration {
        number: 3,
        name: "lossy",
        sql: "-- secapi: rebuild\nDELETE FROM t;",
    };
    db.migrate(Owner::Project, &[PARENT, rebuild])
        .await
        .unwrap();
    assert_eq!(
        number(&mut db.read().await.unwrap(), "SELECT count(*) FROM child").await,
        1
    );
    assert!(
        cause(&db, &[PARENT, rebuild, lossy])
            .await
            .contains("refer to nothing")
    );
    assert_eq!(count(&db).await, 1);
    let ordinary = Migration {
        sql: "DELETE FROM t",
        ..lossy
    };
    db.migrate(Owner::Project, &[PARENT, rebuild, ordinary])
        .await
        .unwrap();
    assert_eq!(
        number(&mut db.read().await.unwrap(), "SELECT count(*) FROM child").await,
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn several_processes_may_migrate_at_once() {
    let folder = ScratchFolder::new();
    let databases = [
        opened(&folder).await,
        opened(&folder).await,
        opened(&folder).await,
    ];
    let tasks: Vec<_> = databases
        .into_iter()
        .map(|db| {
            tokio::spawn(async move {
                db.migrate(Owner::Project, &[FIRST, SECOND])
                    .await
                    .unwrap()
                    .len()
            })
        })
        .collect();
    let mut applied = 0;
    for task in tasks {
        applied += task.await.unwrap();
    }
    assert_eq!(applied, 2);
    assert_eq!(count(&opened(&folder).await).await, 3);
}
