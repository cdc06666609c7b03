//! Lists that ask for many fields at once, each of which may be read on some rows, by conditions as large as they may be.

use super::{Column, CursorKey, Kind, ListQuery, Listing};
use crate::authz::condition::unsayable_fields;
use crate::authz::{
    Attribute, AttributeKind, AttributeModel, Condition, Context, Credential, Engine, Entity,
    GuardedModel, IdentityModel, PolicySource, ROOM_TO_DECIDE, ResourceModel, SchemaModel,
    Unsayable, schema_text,
};
use crate::store::{Db, ScratchFolder, Sql, SqlBuilder, Transaction};
use crate::value::{Id, Timestamp};

/// More of them than fit together where each is as large as one may be.
const FIELDS: usize = 25;

/// So many numbers does one policy compare with, three at a time.
const NUMBERS_OF_A_POLICY: usize = 180;

fn lasting(text: String) -> &'static str {
    text.leak()
}

fn names(count: usize) -> Vec<&'static str> {
    (0..count)
        .map(|number| lasting(format!("f{number}")))
        .collect()
}

/// Tasks with so many guarded texts, all of which are searched.
fn listing(count: usize) -> &'static Listing {
    let mut columns = vec![
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("size", r#""size""#, Kind::Integer),
    ];
    let sql = |name: &str| lasting(format!("\"{name}\""));
    let guarded = names(count).into_iter();
    columns.extend(guarded.map(|it| Column::new(it, sql(it), Kind::Text).guarded().searched()));
    let all: Vec<&str> = columns.iter().map(|column| column.sql).collect();
    let select = lasting(format!("SELECT {} FROM \"tasks\"", all.join(", ")));
    Box::leak(Box::new(Listing {
        select,
        columns: columns.leak(),
        references: || &[],
    }))
}

/// So many comparisons of the size with three numbers each; the first of all with 1.
fn comparisons(from: usize, to: usize) -> String {
    let number = |at: usize| if at == 0 { 1 } else { 1_000 + at };
    let three = |at: usize| {
        let numbers = [3 * at, 3 * at + 1, 3 * at + 2].map(|at| number(at).to_string());
        format!("[{}].contains(resource.size)", numbers.join(", "))
    };
    let all: Vec<String> = (from..to).map(three).collect();
    all.join(" || ")
}

/// Everybody lists everything, and reads a field on what so many policies say of it.
fn policies(fields: usize, of_each: usize) -> String {
    let mut text = r#"@id("list") permit (principal is App::User, action in [App::Action::"task:list", App::Action::"task:read"], resource is App::Task);"#.to_owned();
    for field in names(fields) {
        for number in 0..of_each {
            let many = NUMBERS_OF_A_POLICY / 3;
            let condition = comparisons(number * many, (number + 1) * many);
            text.push_str(&format!(
                "\n@id(\"{field}-{number}\") permit (principal is App::User, action == App::Action::\"task:read:{field}\", resource is App::Task) \
                 when {{ {condition} }};"
            ));
        }
    }
    text
}

fn engine(fields: usize, policies: &str) -> Engine {
    let attribute = |name: &str, kind| AttributeModel {
        name: name.to_owned(),
        kind,
        optional: false,
    };
    let resource = |name: &str, kind: &str, attributes, guarded| ResourceModel {
        name: name.to_owned(),
        kind: kind.to_owned(),
        doc: None,
        attributes,
        guarded,
        operations: vec!["list".to_owned(), "read".to_owned()],
        custom: Vec::new(),
    };
    let guarded = names(fields).into_iter().map(|field| GuardedModel {
        field: field.to_owned(),
        readable: true,
        writable: false,
    });
    let role = vec![attribute("role", AttributeKind::String)];
    let mut of_tasks = vec![attribute("size", AttributeKind::Long)];
    of_tasks.extend(
        names(fields)
            .into_iter()
            .map(|it| attribute(it, AttributeKind::String)),
    );
    let schema = schema_text(&SchemaModel {
        namespace: "App".to_owned(),
        identity: Some(IdentityModel {
            kind: "User".to_owned(),
            roles: vec!["user".to_owned()],
        }),
        resources: vec![
            resource("user", "User", role, Vec::new()),
            resource("task", "Task", of_tasks, guarded.collect()),
        ],
    });
    let (file, text) = ("all.cedar".to_owned(), policies.to_owned());
    Engine::load("App", &schema, &[PolicySource { file, text }]).unwrap()
}

/// As [`asked`], with room for large policies: without optimization Cedar needs more than a test has.
fn conditions(fields: usize, of_each: usize) -> Result<Vec<(&'static str, Condition)>, Unsayable> {
    let room = std::thread::Builder::new().stack_size(ROOM_TO_DECIDE);
    let thread = room.spawn(move || asked(fields, of_each));
    thread.unwrap().join().unwrap()
}

/// On which tasks a user reads each of the fields.
fn asked(fields: usize, of_each: usize) -> Result<Vec<(&'static str, Condition)>, Unsayable> {
    let engine = engine(fields, &policies(fields, of_each));
    let text = |text: &str| Attribute::String(text.to_owned());
    let caller = Entity {
        kind: "User",
        id: "ann".to_owned(),
        attributes: vec![
            ("id", text("ann")),
            ("role", text("user")),
            ("created_at", Attribute::Datetime(0)),
            ("updated_at", Attribute::Datetime(0)),
        ],
        parents: vec![("Role", "user".to_owned())],
    };
    let context = Context::of_tests(Credential::Password);
    let subject = engine.subject(Some(&caller), &context).unwrap();
    let of = |field: &'static str| {
        let condition = engine.condition(&subject, &format!("task:read:{field}"), "Task")?;
        Ok((field, condition))
    };
    names(fields).into_iter().map(of).collect()
}

/// Every field is filtered, searched, and as many as may be are what the list is ordered by.
fn everything(fields: usize, conditions: &[(&'static str, Condition)]) -> ListQuery {
    let filters = names(fields).into_iter().flat_map(|field| {
        let operators = ["gte", "contains", "ne"].into_iter().zip(["a", "x", "y"]);
        operators.map(move |(operator, value)| format!("{field}[{operator}]={value}"))
    });
    let filters: Vec<String> = filters.collect();
    let asked = format!(
        "sort=f0,-f1,f2,-f3&q=x+text&count=true&{}",
        filters.join("&")
    );
    let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
    let query = ListQuery::parse(listing(fields), &asked, &|_| true, &key, b"", now).unwrap();
    query.reading(conditions.to_vec())
}

/// Three tasks on which the fields may be read, and one on which none may.
async fn tasks(transaction: &mut Transaction, fields: usize) {
    let columns: Vec<String> = names(fields)
        .iter()
        .map(|it| format!("\"{it}\" TEXT NOT NULL"))
        .collect();
    let table = format!(
        "CREATE TABLE \"tasks\" (\"id\" TEXT NOT NULL PRIMARY KEY, \"size\" INTEGER NOT NULL, {}) STRICT",
        columns.join(", ")
    );
    transaction.execute(Sql::new(lasting(table))).await.unwrap();
    for size in [1_i64, 1, 2, 1] {
        let mut sql = SqlBuilder::new();
        sql.push("INSERT INTO tasks VALUES (")
            .bind(Id::new())
            .push(", ")
            .bind(size);
        for _ in 0..fields {
            sql.push(", ").bind("x is a text");
        }
        sql.push(")");
        transaction.execute(sql.build()).await.unwrap();
    }
}

/// The sizes of the tasks that a list finds, on pages of two, and how many it counts.
async fn found(fields: usize, conditions: &[(&'static str, Condition)]) -> (Vec<i64>, usize) {
    let folder = ScratchFolder::new();
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    tasks(&mut transaction, fields).await;
    let query = everything(fields, conditions);
    let (mut sizes, mut after) = (Vec::new(), None);
    loop {
        let rows = transaction.page(&query, after.as_ref(), 2).await.unwrap();
        sizes.extend(rows.iter().map(|row| row.get::<i64>(1).unwrap()));
        match rows.last() {
            Some(last) if rows.len() == 2 => after = Some(query.position(last).unwrap()),
            _ => break,
        }
    }
    let counted = transaction.count(&query, 100).await.unwrap();
    (sizes, counted)
}

#[tokio::test]
async fn a_list_may_ask_for_every_field_that_may_be_read_on_some_rows() {
    // As large as each of them may be where there are so many.
    let many = conditions(FIELDS, 3).unwrap();
    assert_eq!(found(FIELDS, &many).await, (vec![1, 1, 1], 3));
    // Few of them may be larger.
    let few = conditions(10, 8).unwrap();
    assert_eq!(found(10, &few).await, (vec![1, 1, 1], 3));
}

#[test]
fn what_would_be_too_much_together_is_not_said() {
    let unsayable = conditions(FIELDS, 8).unwrap_err();
    assert_eq!(unsayable.policy, None);
    assert_eq!(unsayable.what, "more conditions than a statement can have");
}

#[test]
fn a_policy_that_takes_more_than_its_share_is_told_with_its_place() {
    let groups: Vec<String> = (0..8)
        .map(|at| format!("({})", comparisons(at * 60, (at + 1) * 60)))
        .collect();
    let text = format!(
        "@id(\"large\") permit (principal is App::User, action == App::Action::\"task:read:f0\", resource is App::Task) when {{ {} }};",
        groups.join(" || ")
    );
    assert_eq!(unsayable_fields(&engine(10, &text)), []);
    let found = unsayable_fields(&engine(FIELDS, &text));
    let [finding] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(finding.code, "secapi::policy::field_not_in_sql");
    assert!(
        finding
            .message
            .starts_with("`large` asks for more than 800 conditions"),
        "{finding}"
    );
    assert!(finding.message.contains("`f0`"), "{finding}");
    assert_eq!((finding.start, finding.end), (0, text.len()));
}
