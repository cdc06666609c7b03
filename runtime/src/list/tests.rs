//! Lists on a real database, against a sort in memory.

use std::cmp::Ordering;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::store::{Db, Row, Sql, Transaction};
use crate::value::{Id, SqlValue, Timestamp};
use crate::{Code, Error};

static LISTING: Listing = Listing {
    select: r#"SELECT "id", "name", "age", "score", "story", "role" FROM "people""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("name", r#""name""#, Kind::Text),
        Column::new("age", r#""age""#, Kind::Integer).nullable(),
        Column::new("score", r#""score""#, Kind::Number).nullable(),
        Column::new("story", r#""story""#, Kind::Text)
            .long()
            .nullable(),
        Column::new("role", r#""role""#, Kind::Choice(&["user", "admin"])).guarded(),
    ],
    references: || &[],
};

const NAMES: [&str; 6] = ["ann", "Ann", "bob", "Zoë", "zoe", "x.y"];

fn now() -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000)
}

fn key() -> CursorKey {
    CursorKey::new(&[7; 32])
}

fn ask_as(query: &str, guarded: bool, binding: &[u8]) -> Result<ListQuery, Error> {
    ListQuery::parse(&LISTING, query, &|_| guarded, &key(), binding, now())
}

fn ask(query: &str) -> Result<ListQuery, Error> {
    ask_as(query, false, b"ann\n/people")
}

/// Code by code what is wrong with a query.
fn wrong(query: &str) -> Vec<&'static str> {
    let error = ask(query).expect_err(query);
    assert_eq!(error.code(), Code::MalformedParameter);
    error
        .violations()
        .iter()
        .map(|violation| violation.code)
        .collect()
}

#[test]
fn every_problem_is_named_at_once() {
    let query = "limit=0&limit=5&sort=nope,-name,name&age[gte]=x&foo=1&age[like]=1&count=yes&a=%zz&cursor=forged";
    assert_eq!(
        wrong(query),
        [
            "encoding",
            "type",
            "repeated",
            "type",
            "unknown_parameter",
            "operator",
            "type",
            "unknown_field",
            "repeated"
        ]
    );
}

#[test]
fn parameters_have_their_types() {
    for right in [
        "",
        "limit=1",
        "limit=100",
        "count=true",
        "count=false",
        "sort=-age,name",
        "sort=id",
        "age=1",
        "age[in]=1,2,3",
        "name[contains]=%25_",
        "score[lt]=1e3",
        "name=",
        "name[ne]=a%2Cb",
        "id[gt]=018f4f3a-9c3b-7d2e-8a1b-0123456789ab",
        "age[gte]=1&age[lt]=9",
    ] {
        assert!(ask(right).is_ok(), "{right}");
    }
    for (query, code) in [
        ("limit=101", "type"),
        ("limit=", "type"),
        ("limit=%2B5", "type"),
        ("limit=5.0", "type"),
        ("count=", "type"),
        ("sort=", "unknown_field"),
        ("sort=age,", "unknown_field"),
        ("sort=--age", "unknown_field"),
        ("age=", "type"),
        ("age=1.5", "type"),
        ("age=9007199254740993", "type"),
        ("age[in]=1,,2", "type"),
        ("age[contains]=1", "operator"),
        ("role=user", "unknown_parameter"),
        ("sort=role", "unknown_field"),
        ("score=NaN", "type"),
        ("score=inf", "type"),
        ("score=1e999", "type"),
        ("id=1", "uuid"),
        ("name[]=a", "operator"),
        ("name[eq=a", "unknown_parameter"),
        ("name[eq]]=a", "operator"),
        ("name=a&name[eq]=b", "repeated"),
        ("cursor=x", "cursor"),
        ("cursor=", "cursor"),
        ("Name=a", "unknown_parameter"),
        ("=", "unknown_parameter"),
    ] {
        assert_eq!(wrong(query), [code], "{query}");
    }
    assert_eq!(wrong("sort=name,age,score,id,role"), ["max_items"]);
    assert_eq!(
        wrong(&format!("age[in]={}", ["1"; 101].join(","))),
        ["max_items"]
    );
    assert_eq!(
        wrong(&format!("name[contains]={}", "a".repeat(201))),
        ["max_length"]
    );
}

#[test]
fn a_guarded_field_is_like_an_unknown_one_to_those_who_may_not_read_it() {
    let details = |query: &str| {
        let error = ask(query).unwrap_err();
        let detail = |violation: &crate::Violation| {
            (violation.code, violation.detail.replace("nope", "role"))
        };
        error.violations().iter().map(detail).collect::<Vec<_>>()
    };
    for (guarded, unknown) in [
        ("role=user", "nope=user"),
        ("role[x]=1", "nope[x]=1"),
        ("role[lt]=?", "nope[lt]=?"),
        ("sort=-role", "sort=-nope"),
    ] {
        assert_eq!(details(guarded), details(unknown));
    }
    assert!(ask_as("role=user&sort=role", true, b"").is_ok());
    let error = ask_as("role=root", true, b"").unwrap_err();
    assert_eq!(error.violations()[0].code, "choice");
}

#[test]
fn a_cursor_continues_its_own_list_only() {
    let home = b"ann\n/people";
    let query = ask("sort=-age&age[gte]=1&name=a").unwrap();
    let position = Position(vec![SqlValue::from(5), SqlValue::from(Id::new())]);
    let cursor = query.seal(&position, &key(), now()).unwrap();
    let accepts = |query: String, binding: &[u8]| ask_as(&query, true, binding).is_ok();
    assert!(accepts(
        format!("cursor={cursor}&sort=-age&age[gte]=1&name=a"),
        home
    ));
    assert!(accepts(
        format!("name=a&age[gte]=1&cursor={cursor}&sort=-age&limit=3&count=true"),
        home
    ));
    for other in [
        "sort=age&age[gte]=1&name=a",
        "sort=-age&age[gte]=2&name=a",
        "sort=-age&age[gt]=1&name=a",
        "sort=-age&age[gte]=1",
        "",
        "sort=-age,id&role=user",
    ] {
        assert!(
            !accepts(format!("{other}&cursor={cursor}"), home),
            "{other}"
        );
    }
    assert!(!accepts(
        format!("cursor={cursor}&sort=-age&age[gte]=1&name=a"),
        b"bob\n/people"
    ));
    let late = now().plus_millis(24 * 60 * 60 * 1000 + 1);
    let again = format!("cursor={cursor}&sort=-age&age[gte]=1&name=a");
    assert!(ListQuery::parse(&LISTING, &again, &|_| true, &key(), home, late).is_err());
}

#[derive(Clone, Debug)]
struct Person {
    id: Id,
    name: &'static str,
    age: Option<i64>,
    score: Option<f64>,
    story: Option<String>,
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let person = (
        0..NAMES.len(),
        prop::option::of(-2..3_i64),
        prop::option::of(-1..2_i8),
        prop::option::of((0..2_usize, 0..3_usize)),
    );
    let person = person.prop_map(|(name, age, score, story)| Person {
        id: Id::new(),
        name: NAMES[name],
        age,
        score: score.map(|score| f64::from(score) / 2.0),
        // Some differ where the order still looks, some only behind that.
        story: story.map(|(before, behind)| {
            let before = ["ä", "語"][before].repeat(256);
            before + &"z".repeat(behind)
        }),
    });
    prop::collection::vec(person, 0..25)
}

fn order() -> impl Strategy<Value = Vec<(&'static str, bool)>> {
    let fields = prop::sample::subsequence(vec!["name", "age", "score", "story", "id"], 0..=4)
        .prop_shuffle();
    (fields, any::<[bool; 4]>())
        .prop_map(|(fields, directions)| fields.into_iter().zip(directions).collect())
}

fn filter() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "age[gte]=0",
        "age[ne]=1",
        "name[contains]=ZO",
        "name[contains]=X.",
        "name[in]=ann,bob",
        "age=1&score[lt]=0.5",
        "name[lt]=b",
        "score[ne]=0.5",
    ])
}

/// What each filter of the strategy means.
fn matches(filter: &str, person: &Person) -> bool {
    match filter {
        "" => true,
        "age[gte]=0" => person.age.is_some_and(|age| age >= 0),
        "age[ne]=1" => person.age != Some(1),
        "name[contains]=ZO" => person.name.to_lowercase().contains("zo"),
        "name[contains]=X." => person.name.contains("x."),
        "name[in]=ann,bob" => ["ann", "bob"].contains(&person.name),
        "age=1&score[lt]=0.5" => {
            person.age == Some(1) && person.score.is_some_and(|score| score < 0.5)
        }
        "name[lt]=b" => person.name < "b",
        "score[ne]=0.5" => person.score != Some(0.5),
        _ => panic!("no such filter"),
    }
}

fn unset_last<T: PartialOrd>(left: Option<T>, right: Option<T>, descending: bool) -> Ordering {
    match (left, right) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(left), Some(right)) if descending => right.partial_cmp(&left).unwrap(),
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap(),
    }
}

fn beginning(person: &Person) -> Option<String> {
    let story = person.story.as_ref()?;
    Some(story.chars().take(256).collect())
}

fn compare(order: &[(&'static str, bool)], left: &Person, right: &Person) -> Ordering {
    let by_field = |(field, descending): &(&str, bool)| match *field {
        "name" => unset_last(Some(left.name), Some(right.name), *descending),
        "age" => unset_last(left.age, right.age, *descending),
        "score" => unset_last(left.score, right.score, *descending),
        "story" => unset_last(beginning(left), beginning(right), *descending),
        _ => unset_last(Some(left.id), Some(right.id), *descending),
    };
    order
        .iter()
        .map(by_field)
        .find(|found| found.is_ne())
        .unwrap_or(left.id.cmp(&right.id))
}

async fn fill(transaction: &mut Transaction, people: &[Person]) -> Result<(), Error> {
    transaction.execute(Sql::new("DELETE FROM people")).await?;
    for person in people {
        let sql = Sql::new("INSERT INTO people VALUES (?1, ?2, ?3, ?4, ?5, 'user')");
        transaction
            .execute(
                sql.bind(&person.id)
                    .bind(person.name)
                    .bind(&person.age)
                    .bind(&person.score)
                    .bind(&person.story),
            )
            .await?;
    }
    Ok(())
}

/// Every page from the first to the last, each behind the cursor of the one before it.
async fn walk(transaction: &mut Transaction, query: &str, limit: usize) -> Result<Vec<Id>, Error> {
    let mut ids = Vec::new();
    let mut cursor = String::new();
    loop {
        let asked = ask(&format!("{query}&limit={limit}{cursor}"))?;
        let rows = transaction.page(&asked, asked.after(), limit).await?;
        for row in &rows {
            ids.push(row.get::<Id>(0)?);
        }
        match rows.last() {
            Some(last) if rows.len() == limit => {
                let sealed = asked.seal(&asked.position(last)?, &key(), now())?;
                cursor = format!("&cursor={sealed}");
            }
            _ => return Ok(ids),
        }
    }
}

async fn database(folder: &crate::store::ScratchFolder) -> Db {
    let db = Db::open(&folder.url()).await.unwrap();
    let mut transaction = db.write().await.unwrap();
    let table = "CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, age INTEGER, score REAL, story TEXT, role TEXT NOT NULL) STRICT";
    transaction.execute(Sql::new(table)).await.unwrap();
    transaction
        .execute(Sql::new("CREATE INDEX people_name ON people (name, id)"))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    db
}

#[test]
fn pages_hold_what_a_sort_in_memory_gives() {
    let folder = crate::store::ScratchFolder::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let db = runtime.block_on(database(&folder));
    let cases = (people(), order(), filter(), 1..7_usize);
    let mut runner = TestRunner::new(Config {
        failure_persistence: None,
        ..Config::with_cases(192)
    });
    runner
        .run(&cases, |(people, order, filter, limit)| {
            let sort: Vec<_> = order
                .iter()
                .map(|(field, descending)| format!("{}{field}", if *descending { "-" } else { "" }))
                .collect();
            let sort = if sort.is_empty() {
                String::new()
            } else {
                format!("&sort={}", sort.join(","))
            };
            let walked = runtime.block_on(async {
                let mut transaction = db.write().await?;
                fill(&mut transaction, &people).await?;
                walk(&mut transaction, &format!("{filter}{sort}"), limit).await
            });
            let mut expected: Vec<_> = people
                .iter()
                .filter(|person| matches(filter, person))
                .collect();
            expected.sort_by(|left, right| compare(&order, left, right));
            let expected: Vec<_> = expected.iter().map(|person| person.id).collect();
            prop_assert_eq!(walked.unwrap(), expected);
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn a_cursor_of_four_long_texts_fits_into_a_request_line() {
    let longest = SqlValue::from("語".repeat(256).as_str());
    let position = Position(vec![
        longest.clone(),
        longest.clone(),
        longest.clone(),
        longest,
    ]);
    let cursor = key().seal(&position, b"", now()).unwrap();
    // Half of what a request target may be long, so that the filters have room.
    assert!(cursor.len() < 5 * 1024, "{}", cursor.len());
}

#[test]
fn text_is_ordered_by_its_first_characters_however_long_it_is() {
    let query = ask("sort=-story").unwrap();
    let sql = format!("{:?}", page::statement(&query, None, 20));
    assert!(
        sql.contains("substr(\\\"listed\\\".\\\"story\\\", 1, ?)"),
        "{sql}"
    );
}

#[tokio::test]
async fn pages_use_the_index_and_not_the_whole_table() {
    let folder = crate::store::ScratchFolder::new();
    let db = database(&folder).await;
    let mut transaction = db.read().await.unwrap();
    let query = ask("sort=name").unwrap();
    let after = Position(vec![SqlValue::from("b"), SqlValue::from(Id::new())]);
    let sql = page::statement(&query, Some(&after), 20).explained();
    let plan: Vec<Row> = transaction.fetch_all(sql).await.unwrap();
    let steps: Vec<String> = plan.iter().map(|step| step.get(3).unwrap()).collect();
    assert_eq!(steps, ["SEARCH people USING INDEX people_name (name>?)"]);
}

static OWNER: crate::related::Related = crate::related::Related {
    resource: "owner",
    kind: "Owner",
    guarded: &[],
    by_ids: "",
    read: |_| Err(Error::internal("nobody reads it here")),
    listing: &OWNED,
};
static FIELDS: [crate::related::RelatedField; 2] = [
    crate::related::RelatedField::new("owner", &OWNER),
    crate::related::RelatedField::new("lead", &OWNER),
];
static OWNED: Listing = Listing {
    select: r#"SELECT "id", "owner" FROM "things""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("owner", r#""owner""#, Kind::Reference),
    ],
    references: || &[],
};

fn codes<T>(outcome: Result<T, Error>) -> Vec<&'static str> {
    let violations = outcome.err().map(|error| error.violations().to_vec());
    let violations = violations.unwrap_or_default().into_iter();
    violations.map(|violation| violation.code).collect()
}

#[test]
fn references_have_identity_and_no_order() {
    let owned =
        |query: &str| ListQuery::parse(&OWNED, query, &|_| true, &key(), b"ann\n/things", now());
    let id = "018f4f3a-9c3b-7d2e-8a1b-0123456789ab";
    for legal in ["", "[eq]", "[ne]", "[in]"] {
        assert!(owned(&format!("owner{legal}={id}")).is_ok(), "{legal}");
    }
    for (query, code) in [
        (format!("owner[lt]={id}"), "operator"),
        (format!("owner[contains]={id}"), "operator"),
        ("owner=x".to_owned(), "uuid"),
        (format!("owner[in]={id},x"), "uuid"),
        ("sort=owner".to_owned(), "unknown_field"),
    ] {
        assert_eq!(codes(owned(&query)), [code], "{query}");
    }
}

#[test]
fn what_is_included_is_named_once_and_known() {
    let known: Vec<_> = FIELDS.iter().collect();
    let ask = |query: &str| Include::parse(query, &known);
    let names = |query: &str| -> Option<Vec<&str>> {
        let fields = ask(query).unwrap().fields?;
        Some(fields.iter().map(|field| field.name).collect())
    };
    assert_eq!(names(""), None);
    assert_eq!(names("include=lead,owner"), Some(vec!["lead", "owner"]));
    for (query, expected) in [
        ("include=", vec!["unknown_field"]),
        ("include=owner,", vec!["unknown_field"]),
        ("include=owner,owner", vec!["repeated"]),
        ("include=owner&include=lead", vec!["repeated"]),
        ("include=owner&limit=1", vec!["unknown"]),
        ("x&y", vec!["unknown", "unknown"]),
    ] {
        assert_eq!(codes(ask(query)), expected, "{query}");
    }
    // A flood of names is answered shortly.
    let flood = format!("include={}", "x,".repeat(2000));
    assert_eq!(codes(ask(&flood)).len(), 3);
}
