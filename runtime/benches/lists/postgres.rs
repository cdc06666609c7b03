//! The lists in PostgreSQL: the statements that the service makes of them, prepared, through `psql`.

use secapi_runtime::list::Position;
use secapi_runtime::value::SqlValue;

use super::measured::{Compared, rounds};
use super::psql::{Psql, SERVER};
use super::shapes::{Index, Shape};

/// As migrations write them; what is unique and refers to rows is left out, which no list looks at.
const TABLES: &str = r#"CREATE TABLE "users" ("id" TEXT COLLATE "C" NOT NULL PRIMARY KEY, "created_at" BIGINT NOT NULL,
      "updated_at" BIGINT NOT NULL, "version" BIGINT NOT NULL, "role" TEXT COLLATE "C" NOT NULL);
    CREATE TABLE "notes" ("id" TEXT COLLATE "C" NOT NULL PRIMARY KEY, "created_at" BIGINT NOT NULL, "updated_at" BIGINT NOT NULL,
      "version" BIGINT NOT NULL, "owner" TEXT COLLATE "C" NOT NULL, "organization" TEXT COLLATE "C" NOT NULL,
      "state" TEXT COLLATE "C" NOT NULL, "title" TEXT COLLATE "C" NOT NULL, "budget" BIGINT NOT NULL);
    INSERT INTO "users" SELECT CASE i WHEN $rows THEN 'busy' ELSE 'o' || i END, 0, 0, 1, 'user'
      FROM generate_series(0, $rows) AS i;
    INSERT INTO "notes" SELECT lpad(to_hex(i), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'), 0, 0, 1,
      CASE WHEN i % 1000 = 0 THEN 'busy' ELSE 'o' || (i * 7919 % 10000) END, 'g' || (i * 31 % 10007),
      CASE i % 3 WHEN 0 THEN 'open' WHEN 1 THEN 'closed' ELSE 'draft' END, 'Water the plants, number ' || i, i / 7 % 1000
      FROM generate_series(CAST(1 AS BIGINT), $rows) AS i;
    CREATE INDEX "notes_owner_idx" ON "notes" ("owner", "id");
    CREATE INDEX "notes_organization_idx" ON "notes" ("organization", "id");
    CREATE INDEX "notes_state_idx" ON "notes" ("state");
    VACUUM ANALYZE "users"; VACUUM ANALYZE "notes";"#;

/// The lists that were above the goal.
pub(crate) fn lists(shapes: &[Shape], rows: u32, is_held: bool) -> Vec<String> {
    let Some(mut psql) = Psql::of_this_run("secapi_lists") else {
        println!(
            "PostgreSQL: SKIPPED, neither its latency nor its plans were looked at. {SERVER} has to name the folder of the socket of \
             a server that may be used as one likes."
        );
        return Vec::new();
    };
    println!("PostgreSQL: pages of 20 of {rows} rows, and the row behind them, p50");
    psql.ask(&TABLES.replace("$rows", &rows.to_string()));
    let mut above = Vec::new();
    for shape in shapes {
        println!("  {}", shape.label);
        let mut is_above = page(&mut psql, shape, None, is_held);
        let fiftieth = fiftieth(&mut psql, shape);
        if let Some(id) = fiftieth.filter(|_| shape.goes_on) {
            is_above |= page(&mut psql, shape, Some(&id), is_held);
        }
        above.extend(is_above.then(|| format!("PostgreSQL, {}", shape.label)));
    }
    above
}

/// The id of the row that a third page is behind.
fn fiftieth(psql: &mut Psql, shape: &Shape) -> Option<String> {
    let (text, values) = prepared(shape, None, 50);
    psql.ask(&format!("PREPARE fifty AS {text};"));
    let rows = psql.ask(&format!("EXECUTE fifty{values};"));
    psql.ask("DEALLOCATE fifty;");
    let last = rows.get(49)?;
    Some(first_column(last).to_owned())
}

fn first_column(line: &str) -> &str {
    line.split('|').next().unwrap_or_default()
}

/// The statement of the service, with its values as `EXECUTE` takes them.
fn prepared(shape: &Shape, after: Option<&str>, rows: usize) -> (String, String) {
    let asked = shape.list();
    let after = after.map(|id| Position::of_values(vec![SqlValue::Text(id.to_owned())]));
    let statement = asked.on_postgres(after.as_ref(), rows);
    let (text, values) = statement.expect("a list that PostgreSQL can be asked");
    let literals = values.iter().map(|value| match value {
        SqlValue::Integer(number) => number.to_string(),
        SqlValue::Text(text) => quoted(text),
        _ => "NULL".to_owned(),
    });
    (text, listed(literals.collect()))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn listed(literals: Vec<String>) -> String {
    match literals.is_empty() {
        true => String::new(),
        false => format!("({})", literals.join(", ")),
    }
}

fn page(psql: &mut Psql, shape: &Shape, after: Option<&str>, is_held: bool) -> bool {
    let (by_hand, values) = shape.by_hand(after);
    let by_hand = by_hand.replace('?', "$");
    let hand_values = listed(values.iter().map(|value| quoted(value)).collect());
    let (text, values) = prepared(shape, after, 21);
    psql.ask(&format!(
        "DEALLOCATE ALL; PREPARE hand AS {by_hand}; PREPARE narrowed AS {text};"
    ));
    let asked = [
        format!("EXECUTE hand{hand_values};"),
        format!("EXECUTE narrowed{values};"),
    ];
    let [rows, narrow] = asked.each_ref().map(|sql| ids(&psql.ask(sql)));
    assert_eq!(rows, narrow, "both find the same");
    let place = if after.is_some() {
        "behind the fiftieth"
    } else {
        "first page"
    };
    println!("    {place}: {} rows", rows.len());
    let (seen, own) = measured(psql, &asked);
    let above = seen.print("as the client sees them");
    // Without the way there and back, which is the same for both: a few microseconds, of which the server tells whole ones.
    own.print("planned and executed");
    let [_, narrowed] = &asked;
    let mut told = Vec::new();
    for mode in MODES {
        psql.ask(&format!("SET plan_cache_mode = {mode};"));
        let plan = psql.ask(&format!("EXPLAIN (COSTS OFF) {narrowed}"));
        let steps: Vec<&str> = plan.iter().map(|step| step.trim()).collect();
        let plan = steps.join("; ");
        held(shape, &plan, is_held);
        if !told.contains(&plan) {
            println!("      plan, {mode}: {}", shortened(&plan));
            told.push(plan);
        }
    }
    psql.ask("SET plan_cache_mode = auto;");
    above
}

/// As a prepared statement is planned in the end; as it is planned at first, for its values; and as it is for any.
const MODES: [&str; 3] = ["auto", "force_custom_plan", "force_generic_plan"];

fn shortened(plan: &str) -> String {
    let shown: String = plan.chars().take(400).collect();
    let cut = if shown.len() < plan.len() { " …" } else { "" };
    format!("{shown}{cut}")
}

fn ids(lines: &[String]) -> Vec<String> {
    let ids = lines.iter().map(|line| first_column(line).to_owned());
    ids.collect()
}

/// In turns, so that all meet the same machine: what a client waits for, and what the server says that it took.
fn measured(psql: &mut Psql, [by_hand, narrowed]: &[String; 2]) -> (Compared, Compared) {
    let (mut seen, mut own) = (Compared::default(), Compared::default());
    psql.ask("\\timing on");
    for _ in rounds() {
        let answer = psql.ask(by_hand);
        seen.by_hand.push(told(&answer, &["Time: "]));
        let answer = psql.ask(narrowed);
        seen.narrowed.push(told(&answer, &["Time: "]));
    }
    psql.ask("\\timing off");
    let explained = |sql: &String| format!("EXPLAIN (ANALYZE, TIMING OFF) {sql}");
    let took = ["Planning Time: ", "Execution Time: "];
    for _ in rounds() {
        let answer = psql.ask(&explained(by_hand));
        own.by_hand.push(told(&answer, &took));
        let answer = psql.ask(&explained(narrowed));
        own.narrowed.push(told(&answer, &took));
    }
    (seen, own)
}

/// The milliseconds behind these words, together, in microseconds.
fn told(lines: &[String], words: &[&str]) -> f64 {
    let of = |line: &String| {
        let text = words.iter().find_map(|word| line.strip_prefix(word))?;
        let number = text.split(' ').next()?;
        number.parse::<f64>().ok()
    };
    let times: Vec<f64> = lines.iter().filter_map(of).collect();
    assert_eq!(times.len(), words.len(), "{lines:?}");
    times.iter().sum::<f64>() * 1e3
}

/// The rows are found by their indexes.
fn held(shape: &Shape, plan: &str, is_held: bool) {
    let table = shape.table();
    let uses = |index: &Index| match index {
        Index::Ids => plan.contains(&format!("{table}_pkey")),
        Index::Owner => plan.contains("notes_owner_idx"),
        Index::Organization => plan.contains("notes_organization_idx"),
    };
    let walks = shape.may_walk && uses(&Index::Ids);
    let found = walks || shape.indexes.iter().all(uses);
    assert!(!is_held || found, "{plan}");
    assert!(
        !is_held || !plan.contains(&format!("Seq Scan on {table}")),
        "{plan}"
    );
    // That an index is walked through in its order, and each row looked at, is no search in it.
    let finds = plan.contains("Index Cond") || shape.walks || walks;
    assert!(!is_held || finds, "{plan}");
}
