//! How databases find rows by conditions as default policies have them: an index of the column that is asked for can be
//! used, in a table that is large enough for one.

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::world::{callers, context, engine};
use crate::authz::condition::Condition;

/// As migrations name and make them; those of `id` stand for the primary key.
const INDEXES: &str = "CREATE UNIQUE INDEX things_id_key ON things (id); CREATE INDEX things_owner_idx ON things (owner, id); \
    CREATE INDEX things_lead_idx ON things (lead, id); CREATE INDEX things_title_idx ON things (title); \
    CREATE UNIQUE INDEX users_id_key ON users (id);";

/// Rows of owners and titles with 20 rows each.
const ROWS: &str = "INSERT INTO things SELECT n, 't' || n, 0, 0, 'o' || n % ($rows / 20), 'o' || n % ($rows / 20), NULL, 't' || n % ($rows / 20), NULL, 0, \
    0, n, NULL, 0, NULL, NULL, 0, NULL, '[]', NULL, NULL, '[]', '[]', '[]' FROM generate_series(1, $rows) AS n; \
    INSERT INTO users SELECT n, 'u' || n, 0, 0, 'e' || n, 'user', NULL, NULL, NULL, '[]', NULL, 0, NULL FROM generate_series(1, $rows) AS n;";

/// How many rows the tables of PostgreSQL have; `SECAPI_PLAN_ROWS` sets another number.
fn rows() -> String {
    std::env::var("SECAPI_PLAN_ROWS").unwrap_or_else(|_| "20000".to_owned())
}

/// What permits, of which kind of row, and the indexes that find it.
const CASES: [(&str, &str, &[&str]); 9] = [
    ("User", "principal == resource", &["users_id_key"]),
    (
        "Thing",
        "resource.owner == principal",
        &["things_owner_idx"],
    ),
    (
        "Thing",
        "principal in resource.owner",
        &["things_owner_idx"],
    ),
    (
        "Thing",
        "resource has lead && resource.lead == principal",
        &["things_lead_idx"],
    ),
    (
        "Thing",
        "resource.title == \"public\"",
        &["things_title_idx"],
    ),
    (
        "Thing",
        "[\"a\", \"b\"].contains(resource.title)",
        &["things_title_idx"],
    ),
    // More than stand in a statement one by one: as memberships of many rows.
    (
        "Thing",
        "[\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\"].contains(resource.title)",
        &["things_title_idx"],
    ),
    (
        "Thing",
        "resource.owner == principal || [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\"].contains(resource.title)",
        &["things_owner_idx", "things_title_idx"],
    ),
    (
        "Thing",
        "resource.owner == principal || resource.title == \"public\"",
        &["things_owner_idx", "things_title_idx"],
    ),
];

/// The condition of a list for an ordinary user.
fn asked(kind: &str, condition: &str) -> Condition {
    let engine = engine(&format!(
        "@id(\"scope\") forbid (principal, action, resource) unless {{ context.in_scope }};
         @id(\"admins\") permit (principal in App::Role::\"admin\", action, resource);
         @id(\"p\") permit (principal is App::User, action, resource is App::{kind}) when {{ {condition} }};"
    ));
    let subject = engine
        .subject(callers()[0].as_ref(), &context(true))
        .unwrap();
    let action = format!("{}:list", kind.to_lowercase());
    engine.condition(&subject, &action, kind).unwrap()
}

#[test]
fn an_index_finds_what_default_policies_ask_for() {
    let mut sqlite = Sqlite::new(&[], &[]);
    let mut postgres = Postgres::of_this_run("secapi_plans", &[], &[]);
    sqlite.execute(INDEXES);
    if let Some(postgres) = &mut postgres {
        // As a statement is planned that was prepared and has been asked for often.
        postgres.execute("SET plan_cache_mode = force_generic_plan;");
        postgres.execute(&ROWS.replace("$rows", &rows()));
        postgres.execute(INDEXES);
        postgres.execute("ANALYZE things; ANALYZE users;");
    }
    for (kind, policy, indexes) in CASES {
        let condition = asked(kind, policy);
        // What is bound as one value is a table as well.
        let plan = sqlite.plan(kind, &condition).replace("SCAN given", "");
        for index in indexes {
            assert!(plan.contains(index), "{policy}\n{plan}");
        }
        assert!(
            plan.contains("SEARCH") && !plan.contains("SCAN"),
            "{policy}\n{plan}"
        );
        if let Some(postgres) = &mut postgres {
            let plan = postgres.plan(kind, &condition);
            for index in indexes {
                assert!(plan.contains(index), "{policy}\n{plan}");
            }
            assert!(
                plan.contains("Index Cond") && !plan.contains("Seq Scan"),
                "{policy}\n{plan}"
            );
        }
    }
    // The control: what no index is for.
    let condition = asked("Thing", "resource.title like \"*x\"");
    assert!(sqlite.plan("Thing", &condition).contains("SCAN"));
    if let Some(postgres) = &mut postgres {
        assert!(postgres.plan("Thing", &condition).contains("Seq Scan"));
    }
}
