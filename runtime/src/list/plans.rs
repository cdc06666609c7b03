//! How SQLite finds the rows of a list that default policies narrow, with the indexes that generated migrations make: the
//! condition is one that an index can be used for, in the statement of a page as in that of a count.

use super::page::{counted, statement};
use super::{Column, CursorKey, Kind, ListQuery, Listing, Position};
use crate::authz::{
    AttributeKind, AttributeModel, Context, Credential, Engine, Entity, IdentityModel,
    PolicySource, ResourceModel, SchemaModel, schema_text,
};
use crate::store::{Db, ScratchFolder, Sql};
use crate::value::{Id, SqlValue, Timestamp};

/// As migrations write it for a resource with a reference of each kind, an indexed field, and `soft_delete`.
const TABLES: [&str; 7] = [
    r#"CREATE TABLE "users" ("id" TEXT NOT NULL PRIMARY KEY, "email" TEXT NOT NULL) STRICT"#,
    r#"CREATE TABLE "tasks" ("id" TEXT NOT NULL PRIMARY KEY, "owner" TEXT NOT NULL REFERENCES "users" ("id"),
      "lead" TEXT REFERENCES "users" ("id"), "state" TEXT NOT NULL, "title" TEXT NOT NULL, "deleted_at" INTEGER) STRICT"#,
    r#"CREATE INDEX "tasks_owner_idx" ON "tasks" ("owner", "id")"#,
    r#"CREATE INDEX "tasks_lead_idx" ON "tasks" ("lead", "id")"#,
    r#"CREATE INDEX "tasks_state_idx" ON "tasks" ("state")"#,
    r#"CREATE INDEX "tasks_deleted_at_idx" ON "tasks" ("deleted_at")"#,
    r#"CREATE UNIQUE INDEX "users_email_key" ON "users" ("email")"#,
];

static USERS: Listing = Listing {
    select: r#"SELECT "id", "email" FROM "users""#,
    columns: &[Column::new("id", r#""id""#, Kind::Uuid)],
    references: || &[],
};
const TASK: &[Column] = &[
    Column::new("id", r#""id""#, Kind::Uuid),
    Column::new("owner", r#""owner""#, Kind::Reference),
    Column::new("lead", r#""lead""#, Kind::Reference).nullable(),
    Column::new("state", r#""state""#, Kind::Text),
    Column::new("title", r#""title""#, Kind::Text),
];
static TASKS: Listing = Listing {
    select: r#"SELECT "id", "owner", "lead", "state", "title" FROM "tasks""#,
    columns: TASK,
    references: || &[],
};
static LIVE_TASKS: Listing = Listing {
    select: r#"SELECT "id", "owner", "lead", "state", "title" FROM "tasks" WHERE +"deleted_at" IS NULL"#,
    columns: TASK,
    references: || &[],
};

fn resource(name: &str, kind: &str, attributes: &[(&str, AttributeKind, bool)]) -> ResourceModel {
    let attribute = |(name, kind, optional): &(&str, AttributeKind, bool)| AttributeModel {
        name: (*name).to_owned(),
        kind: kind.clone(),
        optional: *optional,
    };
    ResourceModel {
        name: name.to_owned(),
        kind: kind.to_owned(),
        doc: None,
        attributes: attributes.iter().map(attribute).collect(),
        guarded: Vec::new(),
        operations: vec!["list".to_owned(), "read".to_owned()],
        custom: Vec::new(),
    }
}

/// The default policies, and one more permit of the rows on which this holds.
fn engine(kind: &str, condition: &str) -> Engine {
    let user = || AttributeKind::Entity("User".to_owned());
    let task = [
        ("owner", user(), false),
        ("lead", user(), true),
        ("state", AttributeKind::String, false),
    ];
    let schema = schema_text(&SchemaModel {
        namespace: "App".to_owned(),
        identity: Some(IdentityModel {
            kind: "User".to_owned(),
            roles: vec!["user".to_owned(), "admin".to_owned()],
        }),
        resources: vec![
            resource("user", "User", &[("role", AttributeKind::String, false)]),
            resource("task", "Task", &task),
        ],
    });
    let text = format!(
        "@id(\"administrators\") permit (principal in App::Role::\"admin\", action, resource);
         @id(\"scope\") forbid (principal, action, resource) unless {{ context.in_scope }};
         @id(\"own\") permit (principal is App::User, action in App::Action::\"reads\", resource is App::{kind}) when {{ {condition} }};"
    );
    let file = "all.cedar".to_owned();
    Engine::load("App", &schema, &[PolicySource { file, text }]).unwrap()
}

/// The list of an ordinary user.
fn list(listing: &'static Listing, kind: &str, condition: &str) -> ListQuery {
    let caller = Entity {
        kind: "User",
        id: Id::default().to_string(),
        attributes: [
            ("id", Id::default().to_string()),
            ("role", "user".to_owned()),
        ]
        .map(|(name, text)| (name, crate::authz::Attribute::String(text)))
        .into_iter()
        .chain(
            ["created_at", "updated_at"].map(|name| (name, crate::authz::Attribute::Datetime(0))),
        )
        .collect(),
        parents: vec![("Role", "user".to_owned())],
    };
    let context = Context::of_tests(Credential::Password);
    let engine = engine(kind, condition);
    let subject = engine.subject(Some(&caller), &context).unwrap();
    let action = format!("{}:list", kind.to_lowercase());
    let condition = engine.condition(&subject, &action, kind).unwrap();
    let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
    let query = ListQuery::parse(listing, "count=true", &|_| true, &key, b"", now).unwrap();
    query.within(&condition).unwrap()
}

#[tokio::test]
async fn lists_under_default_policies_search_an_index_and_scan_no_table() {
    let folder = ScratchFolder::new();
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    for sql in TABLES {
        transaction.execute(Sql::new(sql)).await.unwrap();
    }
    let after = Position(vec![SqlValue::from(Id::default())]);
    let owner = "SEARCH tasks USING INDEX tasks_owner_idx (owner=?";
    for (listing, kind, condition, expected) in [
        // The condition of the shipped policies on accounts.
        (
            &USERS,
            "User",
            "principal == resource",
            "SEARCH users USING INDEX sqlite_autoindex_users_1 (id=?)",
        ),
        (&TASKS, "Task", "resource.owner == principal", owner),
        (&LIVE_TASKS, "Task", "resource.owner == principal", owner),
        (
            &TASKS,
            "Task",
            "resource has lead && resource.lead == principal",
            "SEARCH tasks USING INDEX tasks_lead_idx (lead=?",
        ),
        // The form that memberships have.
        (&TASKS, "Task", "principal in resource.owner", owner),
        (
            &TASKS,
            "Task",
            "resource.state == \"published\"",
            "SEARCH tasks USING INDEX tasks_state_idx (state=?)",
        ),
        (
            &TASKS,
            "Task",
            "[\"open\", \"public\"].contains(resource.state)",
            "SEARCH tasks USING INDEX tasks_state_idx (state=?)",
        ),
        (
            &TASKS,
            "Task",
            "resource.owner == principal || resource.state == \"public\"",
            "MULTI-INDEX OR",
        ),
    ] {
        let query = list(listing, kind, condition);
        for sql in [
            statement(&query, None, 21),
            statement(&query, Some(&after), 21),
            counted(&query, 10_001),
        ] {
            let told = format!("{condition}: {sql:?}");
            // A number that is bound there has the statement planned anew each time.
            assert!(!told.contains("LIMIT ?"), "{told}");
            let plan = transaction.plan(sql).await.unwrap().join("; ");
            let plan = plan.replace("COVERING INDEX", "INDEX");
            assert!(plan.contains(expected), "{plan}\n{told}");
            // Whose rows they are is known by an index that has them in the order of a list.
            let is_sorted = expected.contains("(owner=?") || expected.contains("(lead=?");
            assert!(!is_sorted || !plan.contains("ORDER BY"), "{plan}\n{told}");
            assert!(
                !plan.contains("SCAN tasks") && !plan.contains("SCAN users"),
                "{plan}\n{told}"
            );
        }
    }
    // Who sees all of them gets them in the order of their ids, without a look at the others or a sort, and not by the index
    // of when rows were deleted.
    for listing in [&TASKS, &LIVE_TASKS] {
        for after in [None, Some(&after)] {
            let query = list(listing, "Task", "true");
            let plan = transaction.plan_of_page(&query, after, 21).await.unwrap();
            let by_id = "USING INDEX sqlite_autoindex_tasks_1";
            assert!(plan.len() == 1 && plan[0].contains(by_id), "{plan:?}");
        }
    }
    // The control: what no index is for is looked for in the table.
    let query = list(&TASKS, "Task", "resource.state like \"*x\"");
    let plan = transaction.plan(counted(&query, 10_001)).await.unwrap();
    assert!(plan.join("; ").contains("SCAN tasks"), "{plan:?}");
}
