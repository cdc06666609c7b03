//! What a list under default policies costs in a table of 1,000,000 rows: the statement that the condition stands in, against
//! the one that somebody would write by hand, in one run; and what making the condition costs. Of SQLite, in a file.
//!
//! ```sh
//! cargo bench -p secapi-runtime --features testing --bench lists
//! ROWS=50000 cargo bench -p secapi-runtime --features testing --bench lists
//! ```
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and fails loudly"
)]

#[path = "support/scratch.rs"]
mod scratch;

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scratch::Scratch;
use secapi_runtime::authz::{
    Attribute, Condition, Context, Credential, Engine, Entity, PolicySource,
};
use secapi_runtime::list::{Column, CursorKey, Kind, ListQuery, Listing};
use secapi_runtime::store::{Db, Row, Sql, Transaction};
use secapi_runtime::value::Timestamp;

/// As the example's own store has it.
static LISTING: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("owner", r#""owner""#, Kind::Reference),
        Column::new("title", r#""title""#, Kind::Text),
        Column::new("done", r#""done""#, Kind::Boolean),
    ],
    references: || &[],
};

/// What somebody would write who has no policies: the first page, and the one behind a row.
const BY_HAND: &str = r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos" WHERE "owner" = ?1 ORDER BY "id" LIMIT 21"#;
const NEXT_BY_HAND: &str = r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos" WHERE "owner" = ?1 AND "id" > ?2 ORDER BY "id" LIMIT 21"#;
const ALL_BY_HAND: &str = r#"SELECT "id", "created_at", "updated_at", "version", "owner", "title", "notes", "done", "priority", "due" FROM "todos" ORDER BY "id" LIMIT 21"#;

/// One in a thousand rows is of the busy owner, the others are shared by 10,000.
const BUSY: &str = "busy";
const OWNER: &str = "o77";

const ROUNDS: usize = 2_000;

fn main() {
    conditions();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(lists());
}

/// A policy sees the caller alone, so each new caller makes a condition anew; the same one asks again.
fn conditions() {
    println!("the conditions of one list, for `list` and `read`, p50");
    let (todo, user) = (("todo", "Todo"), ("user", "User"));
    for (label, engine, list) in [
        ("todo-list: todos", example(), todo),
        ("todo-list: users", example(), user),
        ("1 permit", permits(1), todo),
        ("2 permits", permits(2), todo),
        ("5 permits", permits(5), todo),
    ] {
        let mut number = 0_u32;
        let made = p50(|| {
            number += 1;
            drop(built(&engine, list, &number.to_string()));
        });
        let kept = p50(|| drop(built(&engine, list, OWNER)));
        println!(
            "  {label:18} built {:>8.1} us, kept {:>6.1} us",
            us(made),
            us(kept)
        );
    }
}

/// Making the caller ready counts as well.
fn built(engine: &Engine, (name, kind): (&str, &str), caller: &str) -> Vec<Condition> {
    let subject = engine
        .subject(Some(&user(caller)), &context())
        .expect("a caller");
    let actions = ["list", "read"].map(|verb| format!("{name}:{verb}"));
    let conditions = actions.map(|action| engine.condition(&subject, &action, kind));
    black_box(
        conditions
            .into_iter()
            .map(|it| it.expect("SQL can say it"))
            .collect(),
    )
}

/// Each has a condition of another form; the first is the owner's.
fn permits(count: usize) -> Engine {
    let forms = [
        "resource.owner == principal",
        "resource.done && resource.priority < 3",
        "resource has notes && resource.notes like \"public*\"",
        "principal.email == resource.title",
        "[\"a\", \"b\"].contains(resource.title)",
    ];
    let mut text = String::new();
    for (number, form) in forms.iter().take(count).enumerate() {
        let _ = writeln!(
            text,
            "@id(\"p{number}\") permit (principal is TodoList::User, action in TodoList::Action::\"reads\", resource is TodoList::Todo) when {{ {form} }};"
        );
    }
    let folder = repository().join("examples/todo-list/policies");
    let schema = std::fs::read_to_string(folder.join("schema.cedarschema")).expect("a schema");
    let file = "all.cedar".to_owned();
    Engine::load("TodoList", &schema, &[PolicySource { file, text }]).expect("valid policies")
}

/// The policies of the example.
fn example() -> Engine {
    let folder = repository().join("examples/todo-list/policies");
    let read =
        |file: &str| std::fs::read_to_string(folder.join(file)).expect("a file of the example");
    let files = [
        "administrators.cedar",
        "scope.cedar",
        "todo.cedar",
        "user.cedar",
    ];
    let source = |file: &str, text: String| PolicySource {
        file: file.to_owned(),
        text,
    };
    let sources: Vec<_> = files.iter().map(|file| source(file, read(file))).collect();
    Engine::load("TodoList", &read("schema.cedarschema"), &sources).expect("valid policies")
}

async fn lists() {
    let rows: u32 = std::env::var("ROWS")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(1_000_000);
    let folder = Scratch::new();
    let db = Db::open(&folder.url()).await.expect("a database");
    fill(&db, rows).await;
    let engine = example();
    let mut transaction = db.read().await.expect("a reader");
    println!("pages of 20 of {rows} rows, and the row behind them, p50");
    for (label, owner) in [("about 100 rows", OWNER), ("one in a thousand", BUSY)] {
        page(&mut transaction, &engine, label, owner, None).await;
        let asked = list(&engine, owner);
        let rows = transaction.page(&asked, None, 50).await.expect("a page");
        if let Some(row) = rows.last() {
            let label = format!("{label}, behind the fiftieth");
            page(&mut transaction, &engine, &label, owner, Some(row)).await;
        }
    }
    all(&mut transaction).await;
}

/// The list of an owner: by hand, by the condition, and by the condition with what a request does to come by it.
async fn page(
    transaction: &mut Transaction,
    engine: &Engine,
    label: &str,
    owner: &str,
    after: Option<&Row>,
) {
    let asked = list(engine, owner);
    let behind = after.map(|row| asked.position(row).expect("a place"));
    let id = after.map(|row| row.get::<String>(0).expect("an id"));
    let by_hand = || match &id {
        Some(id) => Sql::new(NEXT_BY_HAND)
            .bind(owner.to_owned())
            .bind(id.clone()),
        None => Sql::new(BY_HAND).bind(owner.to_owned()),
    };
    let (mut plain, mut narrowed, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    let mut found = 0;
    // In turns, so that all meet the same machine.
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let rows = transaction.fetch_all(by_hand()).await.expect("a statement");
        plain.push(start.elapsed());
        let start = Instant::now();
        let narrow = transaction
            .page(&asked, behind.as_ref(), 21)
            .await
            .expect("a page");
        narrowed.push(start.elapsed());
        assert_eq!(rows.len(), narrow.len(), "both find the same");
        let start = Instant::now();
        let asked = list(engine, owner);
        let narrow = transaction
            .page(&asked, behind.as_ref(), 21)
            .await
            .expect("a page");
        black_box(narrow);
        whole.push(start.elapsed());
        found = rows.len();
    }
    let [plain, narrowed, whole] = [plain, narrowed, whole].map(median);
    println!("  {label}: {found} rows");
    println!("    by hand                        {:>8.1} us", us(plain));
    println!(
        "    with the condition             {:>8.1} us, {:.2} x",
        us(narrowed),
        ratio(narrowed, plain)
    );
    println!(
        "    and the condition looked up    {:>8.1} us, {:.2} x",
        us(whole),
        ratio(whole, plain)
    );
    let plan = transaction
        .plan_of_page(&asked, behind.as_ref(), 21)
        .await
        .expect("a plan");
    println!("    plan: {}", plan.join("; "));
}

/// The list of who sees all.
async fn all(transaction: &mut Transaction) {
    let (mut plain, mut listed) = (Vec::new(), Vec::new());
    let asked = query("");
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(
            transaction
                .fetch_all(Sql::new(ALL_BY_HAND))
                .await
                .expect("a statement"),
        );
        plain.push(start.elapsed());
        let start = Instant::now();
        black_box(transaction.page(&asked, None, 21).await.expect("a page"));
        listed.push(start.elapsed());
    }
    let (plain, listed) = (median(plain), median(listed));
    println!(
        "  all rows, by hand {:.1} us, listed {:.1} us, {:.2} x",
        us(plain),
        us(listed),
        ratio(listed, plain)
    );
}

fn query(text: &str) -> ListQuery {
    let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
    ListQuery::parse(&LISTING, text, &|_| true, &key, b"", now).expect("a legal query")
}

fn list(engine: &Engine, owner: &str) -> ListQuery {
    let condition = condition(engine, owner);
    query("")
        .within(&condition)
        .expect("a list that can say it")
}

fn condition(engine: &Engine, owner: &str) -> Condition {
    let conditions = built(engine, ("todo", "Todo"), owner);
    let both = conditions
        .into_iter()
        .reduce(|one, other| one.and(other).expect("a small one"));
    both.expect("two conditions")
}

/// The tables and indexes of the example's own migration, and the rows.
async fn fill(db: &Db, rows: u32) {
    let migration = repository().join("examples/todo-list/migrations/sqlite/0001_init.sql");
    let migration = std::fs::read_to_string(migration).expect("the migration");
    let migration: String = migration
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut transaction = db.write().await.expect("a writer");
    for statement in migration
        .leak()
        .split_terminator(';')
        .filter(|it| !it.trim().is_empty())
    {
        transaction
            .execute(Sql::new(statement))
            .await
            .expect("the migration runs");
    }
    let users = r#"WITH RECURSIVE "n" ("i") AS (SELECT 0 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < 10000)
        INSERT INTO "users" SELECT CASE "i" WHEN 10000 THEN 'busy' ELSE 'o' || "i" END, 0, 0, 1, "i" || '@example.com', 'Ann', 'user' FROM "n""#;
    transaction.execute(Sql::new(users)).await.expect("users");
    // Ids come in the order of their time, as those of version 7 do.
    let todos = r#"WITH RECURSIVE "n" ("i") AS (SELECT 1 UNION ALL SELECT "i" + 1 FROM "n" WHERE "i" < ?1)
        INSERT INTO "todos" SELECT printf('%08x-0000-7000-8000-%012x', "i", "i"), 0, 0, 1,
            CASE WHEN "i" % 1000 = 0 THEN 'busy' ELSE 'o' || ("i" * 7919 % 10000) END, 'Water the plants, number ' || "i", NULL, "i" % 2, 3, NULL FROM "n""#;
    transaction
        .execute(Sql::new(todos).bind(i64::from(rows)))
        .await
        .expect("rows");
    transaction.commit().await.expect("a commit");
}

fn user(id: &str) -> Entity {
    let text = |name: &'static str, text: &str| (name, Attribute::String(text.to_owned()));
    let at = |name: &'static str| (name, Attribute::Datetime(1_700_000_000_000));
    Entity {
        kind: "User",
        id: id.to_owned(),
        attributes: vec![
            text("id", id),
            text("email", "ann@example.com"),
            text("name", "Ann"),
            text("role", "user"),
            at("created_at"),
            at("updated_at"),
        ],
        parents: vec![("Role", "user".to_owned())],
    }
}

fn context() -> Context {
    Context {
        ip: std::net::Ipv4Addr::LOCALHOST.into(),
        now: 1_800_000_000_000,
        mfa: false,
        credential: Credential::Password,
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: Some(1_800_000_000_000),
    }
}

fn p50(mut work: impl FnMut()) -> Duration {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work();
        times.push(start.elapsed());
    }
    median(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn us(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
