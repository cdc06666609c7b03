//! What remains usable after a failure.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_full_disk_is_a_passing_trouble() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE]).await.unwrap();
    let full = [
        "PRAGMA max_page_count = 10",
        "INSERT INTO t (name) VALUES (hex(zeroblob(100000)))",
    ];
    assert_eq!(run(&db, &full).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(count(&db).await, 0);
    let room = [
        "PRAGMA max_page_count = 1000",
        "INSERT INTO t (id) VALUES (1)",
    ];
    run(&db, &room).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_failed_takes_nothing_more() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE, "INSERT INTO t (name) VALUES ('a')"])
        .await
        .unwrap();
    let again = || Sql::new("INSERT INTO t (name) VALUES ('b')");
    let mut transaction = db.write().await.unwrap();
    let refused = transaction
        .execute(Sql::new("INSERT INTO t (name) VALUES ('a')"))
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::Conflict);
    assert_eq!(transaction.execute(again()).await.unwrap(), 1);
    assert!(
        transaction
            .execute(Sql::new("INSERT INTO nowhere VALUES (1)"))
            .await
            .is_err()
    );
    let after = transaction.execute(again()).await.unwrap_err();
    assert!(after.cause().unwrap().contains("after it had failed"));
    assert!(transaction.commit().await.is_err());
    assert_eq!(count(&db).await, 1);
}

#[test]
fn a_pool_without_a_free_connection_asks_to_come_back() {
    let error = failure::explain(&sqlx::Error::PoolTimedOut);
    assert_eq!(error.code(), Code::Unavailable);
    assert_eq!(error.headers(), [("retry-after", "1".to_owned())]);
}

/// Requests are dropped wherever they are when their time is up or their client is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn abandoned_requests_leave_no_transaction_behind() {
    let folder = ScratchFolder::new();
    let db = opened(&folder).await;
    run(&db, &[TABLE]).await.unwrap();
    let tasks: Vec<_> = (0..300_u64)
        .map(|turn| {
            let db = db.clone();
            tokio::spawn(async move {
                let patience = Duration::from_micros(turn * 37 % 3000);
                let work = run(&db, &["INSERT INTO t (id) VALUES (NULL)", "DELETE FROM t"]);
                let reading = async {
                    db.read()
                        .await
                        .unwrap()
                        .fetch_all(Sql::new("SELECT * FROM t"))
                        .await
                };
                let _ = tokio::time::timeout(patience, work).await;
                let _ = tokio::time::timeout(patience, reading).await;
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    run(&db, &["INSERT INTO t (id) VALUES (7)"]).await.unwrap();
    assert_eq!(count(&db).await, 1);
    assert_eq!(count(&opened(&folder).await).await, 1);
}
