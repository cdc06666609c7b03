//! Lists under random policies on rows and on guarded fields: filters, orders and searches see of each row what the engine lets its
//! caller read of it, and nothing else.

use super::dice::Dice;
use super::policies::{conditional, group};
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::table::Table;
use super::things::THINGS;
use super::world::{GUARDED, Kinds, callers_of, context, engine_of};
use super::written::Written;
use crate::authz::{Behind, Condition, Engine, Gate, Subject};
use crate::list::{CursorKey, ListQuery};
use crate::value::{Decimal, SqlValue, Timestamp};
use regex::Regex;
use std::cmp::Ordering;

const WORLDS: u64 = 8;
const LISTS_OF_A_CALLER: usize = 10;
const PAGE: usize = 7;

/// A row, and those of its guarded fields that a caller may read.
type Seen<'a> = (&'a Written, Vec<&'static str>);

/// What the engine lets a caller see: the rows, and of each the guarded fields.
struct Sight<'a> {
    rows: Vec<Seen<'a>>,
}

impl<'a> Sight<'a> {
    fn new(table: &'a Table, engine: &Engine, subject: &Subject) -> Self {
        let mut behind = Behind::default();
        let mut may = |row: &Written, verb: &str| {
            let action = format!("thing:{verb}");
            let decision = table.decide(engine, subject, &action, &row.entity, &mut behind);
            decision.allowed
        };
        let mut rows = Vec::new();
        for row in &table.things {
            if may(row, "list") && may(row, "read") {
                let fields = GUARDED.into_iter();
                let readable = fields.filter(|field| may(row, &format!("read:{field}")));
                rows.push((row, readable.collect()));
            }
        }
        Self { rows }
    }
}

fn raw<'a>(row: &'a Written, field: &str) -> &'a SqlValue {
    let mut cells = row.cells.iter();
    cells
        .find(|(name, _)| *name == field)
        .map(|(_, value)| value)
        .unwrap()
}

/// The value that a caller who reads these guarded fields may know of.
fn seen<'a>((row, readable): &Seen<'a>, field: &str) -> &'a SqlValue {
    match GUARDED.contains(&field) && !readable.contains(&field) {
        true => &SqlValue::Null,
        false => raw(row, field),
    }
}

/// A field that a list can be asked for, and how its values are written in a query.
type Known = (&'static str, fn(&SqlValue) -> String);

/// What is known of a field of a row.
type ValueOf = for<'r> fn(&Seen<'r>, &str) -> &'r SqlValue;

const FIELDS: [Known; 8] = [
    ("note", text),
    ("title", text),
    ("size", text),
    ("cost", decimal),
    ("due", moment),
    ("extra", text),
    ("price", decimal),
    ("open", truth),
];

fn text(value: &SqlValue) -> String {
    match value {
        SqlValue::Text(text) => text.clone(),
        SqlValue::Integer(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

fn number(value: &SqlValue) -> i64 {
    match value {
        SqlValue::Integer(number) => *number,
        other => panic!("{other:?}"),
    }
}

fn decimal(value: &SqlValue) -> String {
    Decimal::from_ten_thousandths(number(value)).to_string()
}

fn moment(value: &SqlValue) -> String {
    Timestamp::from_millis(number(value)).to_string()
}

fn truth(value: &SqlValue) -> String {
    (number(value) == 1).to_string()
}

fn compared(one: &SqlValue, other: &SqlValue) -> Ordering {
    match (one, other) {
        (SqlValue::Text(one), SqlValue::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
        (SqlValue::Integer(one), SqlValue::Integer(other)) => one.cmp(other),
        other => panic!("{other:?}"),
    }
}

/// One list, as a query and as its meaning.
#[derive(Default)]
struct Asked {
    pairs: Vec<(String, String)>,
    filters: Vec<(&'static str, &'static str, SqlValue)>,
    keys: Vec<(&'static str, bool)>,
    searched: Option<(Vec<&'static str>, Regex)>,
}

impl Asked {
    /// For values that some row has, whether the caller may know of them or not.
    fn new(dice: &mut Dice, rows: &[Written], known: &[Known]) -> Self {
        let mut asked = Self::default();
        for _ in 0..=dice.roll(2) {
            asked.filter(dice, rows, known);
        }
        for _ in 0..dice.roll(3) {
            let (field, _) = dice.pick(known);
            if asked.keys.iter().all(|(other, _)| other != field) {
                asked.keys.push((field, dice.one_in(2)));
            }
        }
        if !asked.keys.is_empty() {
            let keys = asked.keys.iter();
            let keys = keys
                .map(|(field, descends)| format!("{}{field}", if *descends { "-" } else { "" }));
            let keys = keys.collect::<Vec<_>>().join(",");
            asked.pairs.push(("sort".to_owned(), keys));
        }
        if dice.one_in(3) {
            asked.search(dice, rows, known);
        }
        asked
    }

    fn filter(&mut self, dice: &mut Dice, rows: &[Written], known: &[Known]) {
        let (field, write) = *dice.pick(known);
        let value = raw(dice.pick(rows), field).clone();
        let words: &[&str] = match field {
            "open" => &["eq", "ne"],
            "note" | "title" => &["eq", "ne", "lt", "gte", "contains", "contains"],
            _ => &["eq", "ne", "lt", "lte", "gt", "gte"],
        };
        let word = *dice.pick(words);
        let is_there = self
            .filters
            .iter()
            .any(|(other, known, _)| *other == field && *known == word);
        if value != SqlValue::Null && !is_there {
            self.pairs.push((format!("{field}[{word}]"), write(&value)));
            self.filters.push((field, word, value));
        }
    }

    fn search(&mut self, dice: &mut Dice, rows: &[Written], known: &[Known]) {
        let searched = ["note", "title"].into_iter();
        let searched: Vec<&'static str> = searched
            .filter(|it| known.iter().any(|(field, _)| field == it))
            .collect();
        let Some(field) = searched.first() else {
            return;
        };
        let word = match raw(dice.pick(rows), field) {
            SqlValue::Null => String::new(),
            word => text(word),
        };
        if !word.is_empty() {
            let pattern = Regex::new(&format!("(?i){}", regex::escape(&word))).unwrap();
            self.pairs.push(("q".to_owned(), word));
            self.searched = Some((searched, pattern));
        }
    }

    /// The ids of the rows that it means, in their order, by what is seen of each.
    fn found(&self, sight: &Sight<'_>, value: ValueOf) -> Vec<String> {
        let mut rows: Vec<_> = sight
            .rows
            .iter()
            .filter(|row| self.holds(row, value))
            .collect();
        rows.sort_by(|one, other| {
            let mut keys = self.keys.iter().map(|(field, descends)| {
                match (value(one, field), value(other, field)) {
                    (SqlValue::Null, SqlValue::Null) => Ordering::Equal,
                    // Last in both directions.
                    (SqlValue::Null, _) => Ordering::Greater,
                    (_, SqlValue::Null) => Ordering::Less,
                    (one, other) if *descends => compared(other, one),
                    (one, other) => compared(one, other),
                }
            });
            let first = keys.find(|order| *order != Ordering::Equal);
            first.unwrap_or_else(|| one.0.entity.id.as_bytes().cmp(other.0.entity.id.as_bytes()))
        });
        rows.into_iter()
            .map(|(row, _)| row.entity.id.clone())
            .collect()
    }

    fn holds(&self, row: &Seen<'_>, value: ValueOf) -> bool {
        let fits = |(field, word, wanted): &(&str, &str, SqlValue)| match (value(row, field), *word)
        {
            (SqlValue::Null, word) => word == "ne",
            (found, "contains") => {
                let pattern = Regex::new(&format!("(?i){}", regex::escape(&text(wanted)))).unwrap();
                pattern.is_match(&text(found))
            }
            (found, word) => {
                let order = compared(found, wanted);
                match word {
                    "eq" => order.is_eq(),
                    "ne" => order.is_ne(),
                    "lt" => order.is_lt(),
                    "lte" => order.is_le(),
                    "gt" => order.is_gt(),
                    _ => order.is_ge(),
                }
            }
        };
        let is_searched = self.searched.as_ref().is_none_or(|(fields, pattern)| {
            let values = fields.iter().map(|field| value(row, field));
            values
                .filter(|it| **it != SqlValue::Null)
                .any(|it| pattern.is_match(&text(it)))
        });
        is_searched && self.filters.iter().all(fits)
    }

    fn query(&self) -> String {
        let encoded = |text: &str| {
            text.bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect::<String>()
        };
        let pairs = self.pairs.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// Which guarded fields a caller may know of, and those that it reads on some rows with the conditions of these.
fn readable(
    engine: &Engine,
    subject: &Subject,
) -> (Vec<&'static str>, Vec<(&'static str, Condition)>) {
    let (mut known, mut partly) = (Vec::new(), Vec::new());
    for field in GUARDED {
        let action = format!("thing:read:{field}");
        match engine.gate(subject, &action, "Thing") {
            Gate::Never => {}
            Gate::Always => known.push(field),
            Gate::Depends => {
                let condition = engine.condition(subject, &action, "Thing").ok();
                if let Some(condition) = condition.filter(|it| !it.is_never()) {
                    known.push(field);
                    if !condition.is_always() {
                        partly.push((field, condition));
                    }
                }
            }
        }
    }
    (known, partly)
}

#[derive(Debug, Default)]
struct Tally {
    lists: usize,
    /// Of these, those that would find other rows, or in another order, by what their caller may not read.
    telling: usize,
    decisions: usize,
    /// Those that search in texts are said in SQLite's words alone.
    pages_of_postgres: usize,
}

#[test]
fn lists_see_what_the_engine_lets_their_caller_read() {
    let mut tally = Tally::default();
    for seed in 1..=WORLDS {
        let (kinds, mut dice) = (Kinds::of(seed), Dice::new(1_000 + seed));
        let table = Table::new(kinds, &mut dice, 120, 40);
        let mut sqlite = Sqlite::new(&table.things, &table.users);
        let mut postgres = Postgres::of_this_run("secapi_masked", &table.things, &table.users);
        let mut text = group(kinds, &mut dice, "Thing", "thing:list", "list");
        text.push_str("@id(\"read\") permit (principal, action in [App::Action::\"thing:list\", App::Action::\"thing:read\"], resource is App::Thing);");
        for field in GUARDED {
            text.push_str(&conditional(
                kinds,
                &mut dice,
                "Thing",
                &format!("thing:read:{field}"),
                field,
            ));
        }
        let engine = engine_of(kinds, &text);
        for caller in callers_of(kinds) {
            let subject = table.subject(&engine, caller.as_ref(), &context(true));
            let rows =
                ["thing:list", "thing:read"].map(|it| engine.condition(&subject, it, "Thing"));
            let [Ok(list), Ok(read)] = rows else {
                continue;
            };
            let rows = list.and(read).unwrap();
            let sight = Sight::new(&table, &engine, &subject);
            tally.decisions += table.things.len() * (2 + GUARDED.len());
            let (known, partly) = readable(&engine, &subject);
            let fields = FIELDS.into_iter();
            let fields: Vec<_> = fields
                .filter(|(it, _)| !GUARDED.contains(it) || known.contains(it))
                .collect();
            for _ in 0..LISTS_OF_A_CALLER {
                let asked = Asked::new(&mut dice, &table.things, &fields);
                let told = format!("world {seed}, {:?} for {caller:?}\n{text}", asked.pairs);
                let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
                let may_know = |field: &str| known.contains(&field);
                let query = ListQuery::parse(&THINGS, &asked.query(), &may_know, &key, b"", now);
                let query = query.unwrap_or_else(|error| panic!("{error:?}\n{told}"));
                let query = query.reading(partly.clone()).within(&rows).unwrap();
                let expected = asked.found(&sight, seen);
                let pages = sqlite.pages(&query, PAGE);
                let ids = pages.iter().flat_map(|(_, ids)| ids.clone());
                assert_eq!(ids.collect::<Vec<_>>(), expected, "{told}");
                tally.lists += 1;
                for (after, ids) in &pages {
                    let statement = query.on_postgres(after.as_ref(), PAGE);
                    if let Some((postgres, statement)) = postgres.as_mut().zip(statement) {
                        let told = format!("{statement:?}\n{told}");
                        assert_eq!(postgres.ids_of_page(statement), *ids, "{told}");
                        tally.pages_of_postgres += 1;
                    }
                }
                tally.telling +=
                    usize::from(asked.found(&sight, |row, field| raw(row.0, field)) != expected);
            }
        }
    }
    println!("{tally:?}");
    // The test is worth nothing where what is hidden makes no difference.
    assert!(
        tally.lists >= 100 && tally.telling * 6 > tally.lists,
        "{tally:?}"
    );
    if Postgres::is_there() {
        assert!(tally.pages_of_postgres >= 100, "{tally:?}");
    }
}
