//! The same questions to the engine and to a database.

use super::dice::Dice;
use super::meaning::assert_few_values;
use super::policies::{GAP, group};
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::table::Table;
use super::world::{Kinds, actions, callers_of, context, engine_of};
use super::written::Written;
use crate::authz::condition::emit::Mutant;
use crate::authz::condition::{Condition, check};
use crate::authz::{Behind, Engine, Entity};

/// A database that is asked for the rows of a kind that fulfil a condition.
pub(super) trait Database {
    fn found(
        &mut self,
        kind: &str,
        condition: &Condition,
        mutant: Option<Mutant>,
    ) -> Result<Vec<usize>, String>;
}

/// How many sets of policies a run has; `SECAPI_CONDITION_WORLDS` sets another number.
fn worlds() -> u64 {
    let wished = std::env::var("SECAPI_CONDITION_WORLDS").ok();
    wished.and_then(|it| it.parse().ok()).unwrap_or(WORLDS)
}

/// References are followed by ids, which are primary keys in a service.
const INDEXES: &str = "CREATE UNIQUE INDEX things_by_id ON things (id); CREATE UNIQUE INDEX users_by_id ON users (id);";

const WORLDS: u64 = 9;
const THINGS: usize = 250;
const USERS: usize = 60;

struct World {
    kinds: Kinds,
    table: Table,
    callers: Vec<Option<Entity>>,
}

/// One question, with what the engine answers.
struct Question {
    kind: &'static str,
    condition: Condition,
    /// Whether it is to find these and no others; else others too.
    is_exact: bool,
    expected: Vec<usize>,
    /// What a failure says.
    told: String,
}

#[derive(Debug, Default)]
struct Tally {
    decisions: usize,
    allowed: usize,
    conditions: usize,
    mixed: usize,
    unsayable: usize,
    /// Of these, those that leave rows out all the same.
    narrowed: usize,
    /// Conditions that say exactly what policies decide of which one cannot be said.
    absorbed: usize,
    /// Of these, those that were promised to all callers of a kind.
    promised: usize,
}

impl World {
    fn new(seed: u64, dice: &mut Dice) -> Self {
        let kinds = Kinds::of(seed);
        Self {
            kinds,
            table: Table::new(kinds, dice, THINGS, USERS),
            callers: callers_of(kinds),
        }
    }

    /// Every action of every kind, for every caller.
    fn questions(&self, seed: u64, dice: &mut Dice, tally: &mut Tally) -> Vec<Question> {
        let mut texts = Vec::new();
        for (kind, resource) in [("Thing", "thing"), ("User", "user")] {
            for name in actions() {
                let action = format!("{resource}:{name}");
                let text = group(
                    self.kinds,
                    dice,
                    kind,
                    &action,
                    &format!("{resource}-{name}"),
                );
                texts.push((kind, action, text));
            }
        }
        let all: Vec<&str> = texts.iter().map(|(.., text)| text.as_str()).collect();
        let engine = engine_of(self.kinds, &all.concat());
        let mut out = Vec::new();
        for (kind, action, text) in &texts {
            for caller in &self.callers {
                let told = format!("world {seed}, {action} for {caller:?}\n{text}");
                out.push(self.question(&engine, kind, action, caller.as_ref(), told, tally));
            }
        }
        out
    }

    fn question(
        &self,
        engine: &Engine,
        kind: &'static str,
        action: &str,
        caller: Option<&Entity>,
        told: String,
        tally: &mut Tally,
    ) -> Question {
        let mfa = action.len().is_multiple_of(2);
        let subject = self.table.subject(engine, caller, &context(mfa));
        let promised = check::gap_of_action(engine, action).is_none();
        let wider = engine.wider_condition(&subject, action, kind);
        let (condition, is_exact) = match engine.condition(&subject, action, kind) {
            Ok(condition) => {
                assert_eq!(condition, wider, "{told}");
                assert_few_values(&condition, &told);
                let deciding = engine.deciding(&subject, action, kind);
                if deciding.iter().any(|id| id.ends_with(GAP)) {
                    tally.absorbed += 1;
                    tally.promised += usize::from(promised);
                }
                (condition, true)
            }
            Err(unsayable) => {
                assert!(!promised, "{unsayable}\n{told}");
                tally.unsayable += 1;
                tally.narrowed += usize::from(!wider.is_always());
                (wider, false)
            }
        };
        let mut behind = Behind::default();
        let mut decide = |row: &Written| {
            let (table, row) = (&self.table, &row.entity);
            table.decide(engine, &subject, action, row, &mut behind)
        };
        let rows = self.table.rows(kind);
        let expected = (0..rows.len()).filter(|at| decide(&rows[*at]).allowed);
        let expected: Vec<usize> = expected.collect();
        tally.decisions += rows.len();
        tally.allowed += expected.len();
        if is_exact {
            tally.conditions += 1;
            tally.mixed += usize::from(!expected.is_empty() && expected.len() < rows.len());
        }
        Question {
            kind,
            condition,
            is_exact,
            expected,
            told,
        }
    }
}

/// What is wrong with an answer.
fn difference(database: &mut impl Database, question: &Question) -> Option<String> {
    match database.found(question.kind, &question.condition, None) {
        Ok(found) if found == question.expected => None,
        Ok(found)
            if !question.is_exact && question.expected.iter().all(|it| found.contains(it)) =>
        {
            None
        }
        other => Some(format!(
            "{}\n{:?}\nfound {other:?}\nexpected {:?}",
            question.told, question.condition, question.expected
        )),
    }
}

const MUTANTS: [Mutant; 8] = [
    Mutant::AnyCase,
    Mutant::Unescaped,
    Mutant::KleeneOr,
    Mutant::ForbidSkipped,
    Mutant::PermitSkipped,
    Mutant::Swapped,
    Mutant::Overflow,
    Mutant::NothingIsSomething,
];

/// Takes the mutants away that answer one of the questions wrongly.
fn hunt(database: &mut impl Database, questions: &[Question], alive: &mut Vec<Mutant>) {
    alive.retain(|mutant| {
        let mut exact = questions.iter().filter(|question| question.is_exact);
        exact.all(|question| {
            let found = database.found(question.kind, &question.condition, Some(*mutant));
            found.as_ref() == Ok(&question.expected)
        })
    });
}

#[test]
fn a_database_finds_the_rows_that_the_engine_allows() {
    let mut tally = Tally::default();
    let mut alive = (MUTANTS.to_vec(), MUTANTS.to_vec());
    let mut tried_on_postgres = false;
    for seed in 1..=worlds() {
        let mut dice = Dice::new(seed);
        let world = World::new(seed, &mut dice);
        let questions = world.questions(seed, &mut dice, &mut tally);
        let mut sqlite = Sqlite::new(&world.table.things, &world.table.users);
        sqlite.execute(INDEXES);
        let wrong: Vec<_> = questions
            .iter()
            .filter_map(|it| difference(&mut sqlite, it))
            .collect();
        assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[0]);
        hunt(&mut sqlite, &questions, &mut alive.0);
        let postgres =
            Postgres::of_this_run("secapi_conditions", &world.table.things, &world.table.users);
        if let Some(mut postgres) = postgres {
            tried_on_postgres = true;
            postgres.execute(INDEXES);
            let wrong: Vec<_> = questions
                .iter()
                .filter_map(|it| difference(&mut postgres, it))
                .collect();
            assert!(
                wrong.is_empty(),
                "{} wrong on PostgreSQL:\n{}",
                wrong.len(),
                wrong[0]
            );
            hunt(&mut postgres, &questions, &mut alive.1);
        }
    }
    println!("{tally:?}");
    if worlds() == WORLDS {
        assert!(tally.decisions >= 100_000, "{tally:?}");
    }
    // The test is worth nothing where all or no rows are found, or where the faults are not.
    assert!(tally.mixed * 4 > tally.conditions, "{tally:?}");
    assert!(tally.narrowed > 0, "{tally:?}");
    assert!(tally.promised > 0, "{tally:?}");
    assert!(tally.absorbed > tally.promised, "{tally:?}");
    assert!(tally.unsayable > 0, "{tally:?}");
    assert_eq!(alive.0, [], "not found on SQLite");
    if tried_on_postgres {
        assert_eq!(alive.1, [], "not found on PostgreSQL");
    }
}
