//! The lists in SQLite, in a file, through the service's own store.

use std::time::Instant;

use secapi_runtime::list::{ListQuery, Position};
use secapi_runtime::store::{Db, Row, Sql, Transaction};

use super::measured::{Compared, rounds, us};
use super::scratch::Scratch;
use super::shapes::{Index, Shape};

/// As migrations write them.
const TABLES: [&str; 5] = [
    r#"CREATE TABLE "users" ("id" TEXT NOT NULL PRIMARY KEY, "created_at" INTEGER NOT NULL, "updated_at" INTEGER NOT NULL,
      "version" INTEGER NOT NULL, "role" TEXT NOT NULL) STRICT"#,
    r#"CREATE TABLE "notes" ("id" TEXT NOT NULL PRIMARY KEY, "created_at" INTEGER NOT NULL, "updated_at" INTEGER NOT NULL,
      "version" INTEGER NOT NULL, "owner" TEXT NOT NULL, "organization" TEXT NOT NULL, "state" TEXT NOT NULL,
      "title" TEXT NOT NULL, "budget" INTEGER NOT NULL) STRICT"#,
    r#"CREATE INDEX "notes_owner_idx" ON "notes" ("owner", "id")"#,
    r#"CREATE INDEX "notes_organization_idx" ON "notes" ("organization", "id")"#,
    r#"CREATE INDEX "notes_state_idx" ON "notes" ("state")"#,
];

const USERS: &str = r#"WITH RECURSIVE "n" ("i") AS (SELECT 0 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ?1)
    INSERT INTO "users" SELECT CASE "i" WHEN ?1 THEN 'busy' ELSE 'o' || "i" END, 0, 0, 1, 'user' FROM "n""#;
const NOTES: &str = r#"WITH RECURSIVE "n" ("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ?1)
    INSERT INTO "notes" SELECT printf('%08x-0000-7000-8000-%012x', "i", "i"), 0, 0, 1,
        CASE WHEN "i" % 1000 = 0 THEN 'busy' ELSE 'o' || ("i" * 7919 % 10000) END, 'g' || ("i" * 31 % 10007),
        CASE "i" % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'draft' END, 'Water the plants, number ' || "i", "i" / 7 % 1000 FROM "n""#;

/// The lists that were above the goal.
pub(crate) async fn lists(shapes: &[Shape], rows: u32, is_held: bool) -> Vec<String> {
    println!("SQLite: pages of 20 of {rows} rows, and the row behind them, p50");
    let folder = Scratch::new();
    let db = Db::open(&folder.url()).await.expect("a database");
    let mut transaction = db.write().await.expect("a writer");
    for table in TABLES {
        run(&mut transaction, Sql::new(table)).await;
    }
    let rows = i64::from(rows);
    run(&mut transaction, Sql::new(USERS).bind(rows)).await;
    run(&mut transaction, Sql::new(NOTES).bind(rows)).await;
    transaction.commit().await.expect("a commit");
    let mut transaction = db.read().await.expect("a reader");
    let mut above = Vec::new();
    for shape in shapes {
        println!("  {}", shape.label);
        let mut is_above = page(&mut transaction, shape, None, is_held).await;
        let asked = shape.list();
        let rows = transaction.page(&asked, None, 50).await.expect("a page");
        if let Some(row) = rows.last().filter(|_| shape.goes_on) {
            is_above |= page(&mut transaction, shape, Some(row), is_held).await;
        }
        above.extend(is_above.then(|| format!("SQLite, {}", shape.label)));
    }
    above
}

async fn run(transaction: &mut Transaction, sql: Sql) {
    transaction.execute(sql).await.expect("a statement");
}

/// A way to the same rows.
#[derive(Clone, Copy)]
enum Way {
    ByHand,
    Narrowed,
    /// By the condition, with what a request does to come by it.
    Whole,
}

/// Each way comes first as often as second and third, and behind each of the others as often: it counts. A statement goes to the
/// thread of its connection and its rows come back, and how soon that thread is awake depends on what it did just before. Of the very
/// same statement, the one that was asked right behind another took up to 1.5 times as long.
const ORDERS: [[Way; 3]; 6] = {
    use Way::{ByHand, Narrowed, Whole};
    [
        [ByHand, Narrowed, Whole],
        [Narrowed, ByHand, Whole],
        [ByHand, Whole, Narrowed],
        [Whole, Narrowed, ByHand],
        [Narrowed, Whole, ByHand],
        [Whole, ByHand, Narrowed],
    ]
};

async fn page(
    transaction: &mut Transaction,
    shape: &Shape,
    after: Option<&Row>,
    is_held: bool,
) -> bool {
    let asked = shape.list();
    let behind = after.map(|row| asked.position(row).expect("a place"));
    let id = after.map(|row| row.get::<String>(0).expect("an id"));
    let (text, values) = shape.by_hand(id.as_deref());
    let text: &'static str = text.leak();
    let by_hand = || values.iter().fold(Sql::new(text), |sql, it| sql.bind(it));
    let (mut narrowed, mut whole) = (Compared::default(), Compared::default());
    let expected = ids(&transaction.fetch_all(by_hand()).await.expect("a statement"));
    for (_, ways) in rounds().zip(ORDERS.into_iter().cycle()) {
        for way in ways {
            let start = Instant::now();
            let rows = match way {
                Way::ByHand => transaction.fetch_all(by_hand()).await.expect("a statement"),
                Way::Narrowed => fetched(transaction, &asked, behind.as_ref()).await,
                Way::Whole => fetched(transaction, &shape.list(), behind.as_ref()).await,
            };
            let time = us(start.elapsed());
            match way {
                Way::ByHand => {
                    narrowed.by_hand.push(time);
                    whole.by_hand.push(time);
                }
                Way::Narrowed => narrowed.narrowed.push(time),
                Way::Whole => whole.narrowed.push(time),
            }
            assert_eq!(expected, ids(&rows), "all find the same");
        }
    }
    let found = expected.len();
    let place = if after.is_some() {
        "behind the fiftieth"
    } else {
        "first page"
    };
    println!("    {place}: {found} rows");
    let above = narrowed.print("statements alone");
    whole.print("and the condition looked up");
    let plan = transaction.plan_of_page(&asked, behind.as_ref(), 21).await;
    held(shape, &plan.expect("a plan").join("; "), is_held);
    above
}

async fn fetched(
    transaction: &mut Transaction,
    asked: &ListQuery,
    behind: Option<&Position>,
) -> Vec<Row> {
    transaction.page(asked, behind, 21).await.expect("a page")
}

fn ids(rows: &[Row]) -> Vec<String> {
    let ids = rows.iter().map(|row| row.get::<String>(0).expect("an id"));
    ids.collect()
}

/// The rows are found by their indexes.
fn held(shape: &Shape, plan: &str, is_held: bool) {
    println!("      plan: {plan}");
    let table = shape.table();
    let uses = |index: &Index| {
        let index = match index {
            Index::Ids => format!("sqlite_autoindex_{table}_1"),
            Index::Owner => "notes_owner_idx".to_owned(),
            Index::Organization => "notes_organization_idx".to_owned(),
        };
        plan.contains(&format!("INDEX {index}"))
    };
    assert!(!is_held || shape.indexes.iter().all(uses), "{plan}");
    let scans = plan.contains(&format!("SCAN {table}"));
    assert!(!is_held || shape.walks || !scans, "{plan}");
}
