//! Snapshots: when they begin and end, and what is asked in them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::*;

const READ: &str = "SELECT count(*) FROM t";
const ROW: &str = "SELECT name FROM t WHERE id = ?1";

fn row() -> Sql {
    Sql::new(ROW).bind(1_i64)
}

async fn filled(db: &Db) {
    run(db, &[TABLE, "INSERT INTO t VALUES (1, 'a', 'b')"])
        .await
        .unwrap();
    db.journal().take();
}

/// A message to a connection and back costs more than most reads.
#[tokio::test]
async fn a_snapshot_begins_in_the_message_of_its_first_statement() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let mut reader = db.read().await.unwrap();
    assert_eq!(number(&mut reader, READ).await, 1);
    run(&db, &["DELETE FROM t"]).await.unwrap();
    assert_eq!(number(&mut reader, READ).await, 1);
    assert!(reader.fetch_optional(row()).await.unwrap().is_some());
    drop(reader);
    assert_eq!(count(&db).await, 0);
    let begins = format!("BEGIN; {READ}");
    let asked = [&begins, "DELETE FROM t", READ, ROW, &begins];
    assert_eq!(db.journal().take(), asked);
}

#[tokio::test]
async fn the_first_statement_may_be_any() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let mut all = db.read().await.unwrap();
    assert_eq!(all.fetch_all(row()).await.unwrap().len(), 1);
    let mut none = db.read().await.unwrap();
    let nobody = Sql::new(ROW).bind(2_i64);
    assert!(none.fetch_optional(nobody).await.unwrap().is_none());
    assert!(none.fetch_optional(row()).await.unwrap().is_some());
    let mut wrong = db.read().await.unwrap();
    assert!(wrong.fetch_all(Sql::new("SELECT nothing")).await.is_err());
    assert!(wrong.fetch_all(row()).await.is_err(), "it has failed");
    drop((all, none, wrong));
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn a_row_that_was_noted_is_not_asked_for_again() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let mut reader = db.read().await.unwrap();
    let sql = Sql::new("SELECT name, 'more' FROM t WHERE id = ?1").bind(1_i64);
    let found = reader.fetch_optional(sql).await.unwrap().unwrap();
    reader.note(row(), found.without_last());
    run(&db, &["UPDATE t SET name = 'c'"]).await.unwrap();
    db.journal().take();
    let again = reader.fetch_optional(row()).await.unwrap().unwrap();
    assert_eq!(again.get::<String>(0).unwrap(), "a");
    assert!(db.journal().take().is_empty());
    // Another value or another text is another question.
    let other = Sql::new(ROW).bind(2_i64);
    assert!(reader.fetch_optional(other).await.unwrap().is_none());
    assert_eq!(db.journal().take(), [ROW]);
}

/// A writer changes what it has read.
#[tokio::test]
async fn a_writer_notes_nothing() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let mut writer = db.write().await.unwrap();
    let found = writer.fetch_optional(row()).await.unwrap().unwrap();
    writer.note(row(), found);
    let change = Sql::new("UPDATE t SET name = 'c'");
    assert_eq!(writer.execute(change).await.unwrap(), 1);
    let again = writer.fetch_optional(row()).await.unwrap().unwrap();
    assert_eq!(again.get::<String>(0).unwrap(), "c");
}

#[tokio::test]
async fn a_snapshot_that_ended_by_itself_costs_its_connection_alone() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    for _ in 0..2 * reader_count() {
        let mut reader = db.read().await.unwrap();
        assert_eq!(number(&mut reader, READ).await, 1);
        reader.execute(Sql::new("ROLLBACK")).await.unwrap();
        // A turn that was never used gives its connection back as it is.
        drop(db.read().await.unwrap());
    }
    assert_eq!(count(&db).await, 1);
}

#[tokio::test]
async fn no_more_read_at_once_than_there_are_turns() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let mut readers = Vec::new();
    for _ in 0..reader_count() {
        readers.push(db.read().await.unwrap());
    }
    let mut next = Box::pin(count(&db));
    let waited = tokio::time::timeout(std::time::Duration::from_millis(50), &mut next).await;
    assert!(waited.is_err(), "there was one turn more");
    readers.pop();
    assert_eq!(next.await, 1);
}

/// A statement that would never end by itself, for whom nobody waits any more, is interrupted; until it is, whoever gave it
/// up gets no second reader.
#[tokio::test]
async fn the_turn_of_a_list_ends_with_its_statement_and_that_with_its_request() {
    const ENDLESS: &str =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    filled(&db).await;
    let lists = Arc::new(Semaphore::new(1));
    for _ in 0..2 * reader_count() {
        let mut reader = db.read().await.unwrap();
        assert_eq!(number(&mut reader, READ).await, 1);
        reader.keep(Some(Arc::clone(&lists).acquire_owned().await.unwrap()));
        let mut list = Box::pin(async move { number(&mut reader, ENDLESS).await });
        let begun = timeout(Duration::from_millis(20), &mut list).await;
        assert!(begun.is_err(), "the statement has ended by itself");
        drop(list);
        tokio::task::yield_now().await;
        assert_eq!(
            lists.available_permits(),
            0,
            "it is not known to have ended"
        );
        let ended = timeout(Duration::from_secs(30), lists.acquire()).await;
        assert!(ended.is_ok(), "the statement still runs");
    }
    // The same connections read on as before.
    assert_eq!(count(&db).await, 1);
}
