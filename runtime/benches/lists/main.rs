//! What a list under the policies of each preset costs in a table of 1,000,000 rows, in SQLite and in PostgreSQL: the statement
//! that the condition stands in, against the one that somebody would write by hand, in one run; that both databases find its
//! rows by an index, which is held; and what making the condition costs.
//!
//! ```sh
//! SECAPI_TEST_POSTGRES=/folder/of/a/socket cargo bench -p secapi-runtime --features testing --bench lists
//! ROWS=50000 cargo bench -p secapi-runtime --features testing --bench lists
//! ```
//!
//! Without a server, PostgreSQL is skipped and that is said. Plans are held from 100,000 rows on: in small tables a database may well
//! do without its indexes.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints, and fails loudly"
)]

mod conditions;
mod measured;
mod postgres;
#[path = "../support/psql.rs"]
mod psql;
#[path = "../support/scratch.rs"]
mod scratch;
mod shapes;
mod sqlite;
mod world;

/// From so many rows on an index has to be used.
const LARGE: u32 = 100_000;

fn main() {
    conditions::conditions();
    let rows = std::env::var("ROWS").ok().and_then(|it| it.parse().ok());
    let rows = rows.unwrap_or(1_000_000);
    let (shapes, is_held) = (shapes::shapes(), rows >= LARGE);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut above = runtime.block_on(sqlite::lists(&shapes, rows, is_held));
    above.extend(postgres::lists(&shapes, rows, is_held));
    println!("above 1.5 times the statement by hand: {above:?}");
}
