//! Lists of rows on some of which a field may not be read, asked for by a caller with as many memberships as one can have.

use super::page::statement;
use super::{Column, CursorKey, Kind, ListQuery, Listing};
use crate::auth::MOST_MEMBERSHIPS;
use crate::authz::{
    Attribute, AttributeKind, AttributeModel, Condition, Context, Credential, Engine, Entity,
    GuardedModel, IdentityModel, PolicySource, ResourceModel, SchemaModel, schema_text,
};
use crate::store::{Db, ScratchFolder, Sql, Transaction};
use crate::value::{Id, Timestamp};

const TABLES: [&str; 2] = [
    r#"CREATE TABLE "tasks" ("id" TEXT NOT NULL PRIMARY KEY, "state" TEXT NOT NULL, "budget" INTEGER NOT NULL) STRICT"#,
    r#"CREATE INDEX "tasks_state_idx" ON "tasks" ("state")"#,
];

static TASKS: Listing = Listing {
    select: r#"SELECT "id", "state", "budget" FROM "tasks""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("state", r#""state""#, Kind::Text),
        Column::new("budget", r#""budget""#, Kind::Integer).guarded(),
    ],
    references: || &[],
};

/// Three policies on one field, each of which asks for the memberships again.
const POLICIES: &str = r#"
@id("list") permit (principal is App::User, action in [App::Action::"task:list", App::Action::"task:read"], resource is App::Task)
    when { resource.state == "open" };
@id("one") permit (principal is App::User, action == App::Action::"task:read:budget", resource is App::Task)
    when { principal in resource.members && resource.budget < 30 };
@id("two") permit (principal is App::User, action == App::Action::"task:read:budget", resource is App::Task)
    when { principal in resource.members && resource.budget > 20 };
@id("three") permit (principal is App::User, action == App::Action::"task:read:budget", resource is App::Task)
    when { principal in resource.members && resource.state == "open" && resource.budget < 9 };
"#;

fn engine() -> Engine {
    let attribute = |name: &str, kind| AttributeModel {
        name: name.to_owned(),
        kind,
        optional: false,
    };
    let resource = |name: &str, kind: &str, attributes| ResourceModel {
        name: name.to_owned(),
        kind: kind.to_owned(),
        doc: None,
        attributes,
        guarded: Vec::new(),
        operations: vec!["list".to_owned(), "read".to_owned()],
        custom: Vec::new(),
    };
    let user = resource(
        "user",
        "User",
        vec![attribute("role", AttributeKind::String)],
    );
    let members = AttributeKind::Members("TaskMembers".to_owned());
    let task = vec![
        attribute("state", AttributeKind::String),
        attribute("budget", AttributeKind::Long),
        attribute("members", members),
    ];
    let task = ResourceModel {
        guarded: vec![GuardedModel {
            field: "budget".to_owned(),
            readable: true,
            writable: false,
        }],
        ..resource("task", "Task", task)
    };
    let schema = schema_text(&SchemaModel {
        namespace: "App".to_owned(),
        identity: Some(IdentityModel {
            kind: "User".to_owned(),
            roles: vec!["user".to_owned()],
        }),
        resources: vec![user, task],
    });
    let (file, text) = ("all.cedar".to_owned(), POLICIES.to_owned());
    Engine::load("App", &schema, &[PolicySource { file, text }]).unwrap()
}

/// What a member of these tasks may list, and on which of them it may read the budget.
fn conditions(member_of: &[Id]) -> (Condition, Condition) {
    let text = |text: &str| Attribute::String(text.to_owned());
    let moment = |name| (name, Attribute::Datetime(0));
    let roles = [("Role", "user".to_owned())];
    let tasks = member_of.iter().map(|id| ("TaskMembers", id.to_string()));
    let caller = Entity {
        kind: "User",
        id: "ann".to_owned(),
        attributes: vec![
            ("id", text("ann")),
            ("role", text("user")),
            moment("created_at"),
            moment("updated_at"),
        ],
        parents: roles.into_iter().chain(tasks).collect(),
    };
    let context = Context::of_tests(Credential::Password);
    let engine = engine();
    let subject = engine.subject(Some(&caller), &context).unwrap();
    let of = |action: &str| engine.condition(&subject, action, "Task").unwrap();
    (of("task:list"), of("task:read:budget"))
}

fn query(text: &str, (rows, budget): &(Condition, Condition)) -> ListQuery {
    let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
    let query = ListQuery::parse(&TASKS, text, &|_| true, &key, b"", now).unwrap();
    let query = query.reading(vec![("budget", budget.clone())]);
    query.within(rows).unwrap()
}

/// Every page of a list, two rows each: their budgets.
async fn pages(transaction: &mut Transaction, query: &ListQuery) -> Vec<i64> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = transaction.page(query, after.as_ref(), 2).await.unwrap();
        found.extend(rows.iter().map(|row| row.get::<i64>(2).unwrap()));
        match rows.last() {
            Some(last) if rows.len() == 2 => after = Some(query.position(last).unwrap()),
            _ => return found,
        }
    }
}

#[tokio::test]
async fn a_legal_list_is_answered_whatever_the_memberships() {
    let folder = ScratchFolder::new();
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    for table in TABLES {
        transaction.execute(Sql::new(table)).await.unwrap();
    }
    // Every second task is one of the caller's, and every third is closed.
    let mut member_of = Vec::new();
    for budget in 0..40_i64 {
        let id = Id::new();
        if budget % 2 == 0 {
            member_of.push(id);
        }
        let state = if budget % 3 == 0 { "closed" } else { "open" };
        let sql = Sql::new("INSERT INTO tasks VALUES (?1, ?2, ?3)");
        transaction
            .execute(sql.bind(id).bind(state).bind(budget))
            .await
            .unwrap();
    }
    while member_of.len() < MOST_MEMBERSHIPS {
        member_of.push(Id::new());
    }
    let conditions = conditions(&member_of);
    let listed: Vec<i64> = (0..40).filter(|budget| budget % 3 > 0).collect();
    let read: Vec<i64> = listed
        .iter()
        .copied()
        .filter(|budget| budget % 2 == 0)
        .collect();
    let words: Vec<String> = (0..40).map(|budget: i64| budget.to_string()).collect();
    let all = format!(
        "sort=-budget,id&budget[gte]=0&budget[gt]=-1&budget[lt]=40&budget[lte]=39&budget[ne]=4&budget[in]={}",
        words.join(",")
    );
    let expected: Vec<i64> = read
        .iter()
        .rev()
        .copied()
        .filter(|budget| *budget != 4)
        .collect();
    let filtered = query(&all, &conditions);
    assert_eq!(pages(&mut transaction, &filtered).await, expected);
    assert_eq!(
        transaction.count(&filtered, 100).await.unwrap(),
        expected.len()
    );
    // Where the budget may not be read it is unset, and stands last.
    let sorted = pages(&mut transaction, &query("sort=budget", &conditions)).await;
    assert_eq!(sorted[..read.len()], read);
    assert_eq!(sorted.len(), listed.len());
}

#[tokio::test]
async fn what_fields_may_be_read_says_nothing_of_the_rows() {
    let folder = ScratchFolder::new();
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    for table in TABLES {
        transaction.execute(Sql::new(table)).await.unwrap();
    }
    for (budget, state) in [(7, "open"), (8, "closed")] {
        let sql = Sql::new("INSERT INTO tasks VALUES (?1, ?2, ?3)");
        let sql = sql.bind(Id::new()).bind(state).bind(budget);
        transaction.execute(sql).await.unwrap();
    }
    let conditions = conditions(&[]);
    let listed = query("", &conditions);
    assert_eq!(pages(&mut transaction, &listed).await, [7]);
    // Said after the rows, it takes none of their condition away.
    let listed = listed.reading(Vec::new());
    assert_eq!(pages(&mut transaction, &listed).await, [7]);
}

#[tokio::test]
async fn a_field_that_is_hidden_on_some_rows_keeps_no_index_from_being_used() {
    let folder = ScratchFolder::new();
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    for table in TABLES {
        transaction.execute(Sql::new(table)).await.unwrap();
    }
    let conditions = conditions(&[Id::new()]);
    let query = query("sort=budget&budget[gte]=0", &conditions);
    let plan = transaction.plan(statement(&query, None, 21)).await.unwrap();
    let plan = plan.join("; ");
    assert!(
        plan.contains("SEARCH tasks USING INDEX tasks_state_idx (state=?)"),
        "{plan}"
    );
    assert!(
        !plan.contains("MATERIALIZE") && !plan.contains("CO-ROUTINE"),
        "{plan}"
    );
}
