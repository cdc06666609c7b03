//! Pages of a real database against a sort in memory.

use super::*;
use crate::store::{Db, Row, Sql, Transaction};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cmp::Ordering;

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
    let cursor = key().seal(&position, b"", now(), 0).unwrap();
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
