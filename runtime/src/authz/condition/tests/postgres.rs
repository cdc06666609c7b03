//! The rows in PostgreSQL, through `psql`: `tests/run` starts a server of its own and names the folder of its socket.

use super::differential::Database;
use super::written::{Written, write_column};
use crate::authz::condition::emit::Mutant;
use crate::authz::condition::{Condition, Dialect, Field, Output, Parameter};
use crate::value::SqlValue;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where the socket of a server lies that these tests may use as they like.
const SERVER: &str = "SECAPI_TEST_POSTGRES";

/// The line after an answer.
const END: &str = "-- end of the answer --";

const TABLES: &str = "CREATE TABLE things (number BIGINT PRIMARY KEY, id TEXT COLLATE \"C\" NOT NULL, \
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, owner TEXT COLLATE \"C\" NOT NULL, lead TEXT COLLATE \"C\", base TEXT COLLATE \"C\", \
    title TEXT COLLATE \"C\" NOT NULL, note TEXT COLLATE \"C\", open BIGINT NOT NULL, flag BIGINT, size BIGINT NOT NULL, \
    extra BIGINT, price BIGINT NOT NULL, cost BIGINT, due BIGINT, span BIGINT NOT NULL, address TEXT COLLATE \"C\", \
    tags TEXT COLLATE \"C\" NOT NULL, labels TEXT COLLATE \"C\", marks TEXT COLLATE \"C\", \
    prices TEXT COLLATE \"C\" NOT NULL, flags TEXT COLLATE \"C\" NOT NULL, peers TEXT COLLATE \"C\" NOT NULL); \
    CREATE TABLE users (number BIGINT PRIMARY KEY, id TEXT COLLATE \"C\" NOT NULL, created_at BIGINT NOT NULL, \
    updated_at BIGINT NOT NULL, email TEXT COLLATE \"C\" NOT NULL, role TEXT COLLATE \"C\" NOT NULL, age BIGINT, \
    boss TEXT COLLATE \"C\", desk TEXT COLLATE \"C\", skills TEXT COLLATE \"C\" NOT NULL, ceiling BIGINT, shift BIGINT NOT NULL, \
    since BIGINT);";

pub(super) struct Postgres {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Postgres {
    /// `None` where no server was started for the tests, which is said.
    pub(super) fn of_this_run(schema: &str, things: &[Written], users: &[Written]) -> Option<Self> {
        let socket = std::env::var(SERVER);
        if socket.is_err() {
            println!("not tried on PostgreSQL: {SERVER} is not set");
        }
        let mut database = Self::new(&socket.ok()?);
        let made = database.ask(&format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}; {TABLES}"
        ));
        assert_eq!(made, Ok(Vec::new()));
        database.fill("things", things);
        database.fill("users", users);
        Some(database)
    }

    pub(super) fn is_there() -> bool {
        std::env::var_os(SERVER).is_some()
    }

    fn new(socket: &str) -> Self {
        let mut command = Command::new("psql");
        command
            .args([
                "-X", "-q", "-A", "-t", "-U", "postgres", "-d", "postgres", "-h", socket,
            ])
            .env("PGOPTIONS", "-c client_min_messages=error");
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::null()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            input,
            output,
        }
    }

    /// The lines of an answer, or the error of the last statement.
    fn ask(&mut self, sql: &str) -> Result<Vec<String>, String> {
        writeln!(
            self.input,
            "{sql}\n\\echo :ERROR :LAST_ERROR_MESSAGE\n\\echo {END}"
        )
        .unwrap();
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "psql has ended"
            );
            match line.trim_end_matches('\n') {
                END => break,
                line => lines.push(line.to_owned()),
            }
        }
        let outcome = lines.pop().unwrap();
        match outcome.strip_prefix("true ") {
            Some(message) => Err(message.to_owned()),
            None => Ok(lines),
        }
    }

    /// How it goes about finding the rows that fulfil a condition.
    pub(super) fn plan(&mut self, kind: &str, condition: &Condition) -> String {
        let mut statement = Statement::default();
        condition.write(Dialect::Postgres, &mut statement);
        let lines = self.ask_for(kind, &statement, "", "EXPLAIN EXECUTE");
        lines.unwrap().join("\n")
    }

    /// The ids of a page, by the statement that a list makes of it.
    pub(super) fn ids_of_page(&mut self, (text, values): (String, Vec<SqlValue>)) -> Vec<String> {
        // Whatever stands in a row, its id is on one line.
        let text = format!(
            "SELECT array_to_json(array_agg(\"first\")) FROM ({text}) AS \"page\" (\"first\")"
        );
        let values: Vec<String> = values.iter().map(literal).collect();
        let values = match values.is_empty() {
            true => String::new(),
            false => format!("({})", values.join(", ")),
        };
        let lines = self.ask(&format!("PREPARE page AS {text};\nEXECUTE page{values};"));
        let gone = self.ask("DEALLOCATE page;");
        let lines = lines.unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(gone, Ok(Vec::new()));
        let ids: Option<Vec<String>> = match lines.concat().as_str() {
            "" => None,
            ids => serde_json::from_str(ids).unwrap(),
        };
        ids.unwrap_or_default()
    }

    pub(super) fn execute(&mut self, statements: &str) {
        assert_eq!(self.ask(statements), Ok(Vec::new()), "{statements}");
    }

    /// Prepares a select, and has it executed or explained.
    fn ask_for(
        &mut self,
        kind: &str,
        statement: &Statement,
        order: &str,
        how: &str,
    ) -> Result<Vec<String>, String> {
        let table = if kind == "User" { "users" } else { "things" };
        let values = match statement.values.is_empty() {
            true => String::new(),
            false => format!("({})", statement.values.join(", ")),
        };
        let lines = self.ask(&format!(
            "PREPARE asked AS SELECT number FROM {table} AS \"listed\" WHERE {} {order};\n{how} asked{values};",
            statement.text
        ));
        let lines = lines.map_err(|error| format!("{error}: {}", statement.text));
        let gone = self.ask("DEALLOCATE asked;");
        let lines = lines?;
        gone?;
        Ok(lines)
    }

    fn fill(&mut self, table: &str, rows: &[Written]) {
        for (number, row) in rows.iter().enumerate() {
            let cells: Vec<String> = row.cells.iter().map(|(_, value)| literal(value)).collect();
            let sql = format!(
                "INSERT INTO {table} VALUES ({number}, {});",
                cells.join(", ")
            );
            assert_eq!(self.ask(&sql), Ok(Vec::new()), "{sql}");
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // It ends by itself when its input does; this way nothing is left where a test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Database for Postgres {
    /// The values are bound to a prepared statement.
    fn found(
        &mut self,
        kind: &str,
        condition: &Condition,
        mutant: Option<Mutant>,
    ) -> Result<Vec<usize>, String> {
        let mut statement = Statement::default();
        match mutant {
            None => condition.write(Dialect::Postgres, &mut statement),
            Some(mutant) => condition.write_wrongly(Dialect::Postgres, mutant, &mut statement),
        }
        let lines = self.ask_for(kind, &statement, "ORDER BY number", "EXECUTE")?;
        lines
            .iter()
            .map(|line| line.parse().map_err(|_| line.clone()))
            .collect()
    }
}

fn literal(value: &SqlValue) -> String {
    match value {
        SqlValue::Null => "NULL".to_owned(),
        SqlValue::Integer(value) => format!("'{value}'"),
        SqlValue::Text(text) => format!("'{}'", text.replace('\'', "''")),
        other => panic!("{other:?}"),
    }
}

#[derive(Default)]
struct Statement {
    text: String,
    values: Vec<String>,
}

impl Output for Statement {
    fn text(&mut self, piece: &'static str) {
        self.text.push_str(piece);
    }

    fn parameter(&mut self, value: &Parameter) {
        self.values.push(match value {
            Parameter::Integer(value) => literal(&SqlValue::Integer(*value)),
            Parameter::Text(text) => literal(&SqlValue::Text(text.clone())),
        });
        self.text.push_str(&format!("${}", self.values.len()));
    }

    fn column(&mut self, field: &Field) {
        write_column(field, &mut |piece| self.text.push_str(piece));
    }
}
