//! The chains on PostgreSQL, through `psql`: `tests/run` starts a server of its own and names the folder of its socket.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::chains::{Count, Database, chain};
use super::kinds::Val;
use super::{lists, marking, references};
use crate::migrations::{Migration, Storage};
use crate::render::sql::quote;

/// Where the socket of a server lies that these tests may use as they like.
const SERVER: &str = "SECAPI_TEST_POSTGRES";

/// The line after an answer.
const END: &str = "-- end of the answer --";

struct Postgres {
    /// The schema with the tables; beside it there is one for fresh tables.
    name: &'static str,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Postgres {
    /// `None` where no server was started for the tests, which is said.
    fn of_this_run(name: &'static str) -> Option<Self> {
        let socket = std::env::var(SERVER);
        if socket.is_err() {
            println!("not tried on PostgreSQL: {SERVER} is not set");
        }
        Some(Self::new(name, &socket.ok()?))
    }

    fn new(name: &'static str, socket: &str) -> Self {
        let mut command = Command::new("psql");
        command.args([
            "-X", "-q", "-A", "-t", "-F", "|", "-U", "postgres", "-d", "postgres",
        ]);
        command
            .args(["-h", socket])
            .env("PGOPTIONS", "-c client_min_messages=error");
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.stderr(Stdio::null()).spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut database = Self {
            name,
            child,
            input,
            output,
        };
        database.empty("");
        database.empty("_fresh");
        database
    }

    /// Makes a schema anew and works in it.
    fn empty(&mut self, end: &str) {
        let name = format!("{}{end}", self.name);
        self.ask(&format!(
            "DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}; SET search_path = {name};"
        ));
    }

    /// The lines of an answer.
    fn ask(&mut self, sql: &str) -> Vec<String> {
        writeln!(self.input, "{sql}\n\\echo {END}").unwrap();
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert!(
                self.output.read_line(&mut line).unwrap() > 0,
                "psql has ended"
            );
            match line.trim_end_matches('\n') {
                END => return lines,
                line => lines.push(line.to_owned()),
            }
        }
    }

    /// All of it or nothing.
    fn transact(&mut self, sql: &str) -> Result<(), String> {
        let answer = self.ask(&format!(
            "BEGIN;\n{sql}\nSELECT 'whole';\nCOMMIT;\n\\echo :LAST_ERROR_MESSAGE"
        ));
        if answer.first().is_some_and(|line| line == "whole") {
            Ok(())
        } else {
            Err(answer.join("\n"))
        }
    }

    fn schema_of(&mut self, end: &str) -> Vec<String> {
        let own = self.name;
        let name = format!("{own}{end}");
        let of = format!("c.relnamespace = '{name}'::regnamespace");
        let columns = format!(
            "SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, l.collname, \
             pg_get_expr(d.adbin, d.adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
             AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             LEFT JOIN pg_collation l ON l.oid = a.attcollation WHERE c.relkind = 'r' AND {of};"
        );
        let constraints = format!(
            "SELECT 'constraint', c.relname, o.conname, pg_get_constraintdef(o.oid) FROM pg_constraint o \
             JOIN pg_class c ON c.oid = o.conrelid WHERE {of};"
        );
        let indexes = format!(
            "SELECT 'index', replace(pg_get_indexdef(i.indexrelid), '{name}.', '') FROM pg_index i \
             JOIN pg_class c ON c.oid = i.indrelid WHERE {of};"
        );
        let mut lines = self.ask(&format!(
            "SET search_path = {name};\n{columns}\n{constraints}\n{indexes}\nSET search_path = {own};"
        ));
        lines.sort();
        lines
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "\\q");
        let _ = self.child.wait();
    }
}

impl Database for Postgres {
    fn migrate(&mut self, migration: &Migration) -> Result<(), String> {
        if migration.number == 1 {
            self.empty("");
        }
        self.transact(&migration.postgres)
    }

    fn insert(&mut self, table: &str, values: &[(String, Val)]) -> Result<(), String> {
        let columns: Vec<String> = values.iter().map(|(name, _)| quote(name)).collect();
        let places: Vec<String> = values.iter().map(|(_, value)| written(value)).collect();
        self.transact(&format!(
            "INSERT INTO {} ({}) VALUES ({});",
            quote(table),
            columns.join(", "),
            places.join(", ")
        ))
    }

    fn rows(&mut self, table: &str, columns: &[(String, Storage)]) -> Vec<Vec<Val>> {
        let shown = columns.iter().map(|(name, storage)| {
            let name = quote(name);
            let shown = match storage {
                Storage::Text => format!("encode(convert_to({name}, 'UTF8'), 'hex')"),
                Storage::Blob => format!("encode({name}, 'hex')"),
                Storage::Integer | Storage::Real => format!("{name}::text"),
            };
            format!("coalesce({shown}, 'null')")
        });
        let shown: Vec<String> = std::iter::once(quote("id")).chain(shown).collect();
        let shown = shown.join(", ");
        let sql = format!("SELECT {shown} FROM {} ORDER BY \"id\";", quote(table));
        let row = |line: &String| {
            let cells = line.split('|').skip(1).zip(columns);
            cells
                .map(|(cell, (_, storage))| read(cell, *storage))
                .collect()
        };
        let lines = self.ask(&sql);
        lines.iter().map(row).collect()
    }

    fn pairs(&mut self, table: &str) -> Vec<(String, String)> {
        let sql = format!("SELECT from_id, to_id FROM {} ORDER BY 1, 2;", quote(table));
        let pair = |line: &String| {
            let (from, to) = line.split_once('|').unwrap();
            (from.to_owned(), to.to_owned())
        };
        self.ask(&sql).iter().map(pair).collect()
    }

    fn schema(&mut self) -> Vec<String> {
        self.schema_of("")
    }

    fn fresh(&mut self, first: &Migration) -> Vec<String> {
        self.empty("_fresh");
        self.transact(&first.postgres).unwrap();
        self.schema_of("_fresh")
    }
}

fn written(value: &Val) -> String {
    match value {
        Val::Null => "NULL".into(),
        Val::Int(value) => format!("'{value}'::bigint"),
        Val::Real(value) => format!("'{value}'::double precision"),
        Val::Text(text) => crate::render::sql::text(text),
        Val::Blob(bytes) => format!("'\\x{}'::bytea", hex(bytes)),
    }
}

fn read(cell: &str, storage: Storage) -> Val {
    let bytes = || {
        let digits = cell.as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect::<Vec<u8>>()
    };
    match storage {
        _ if cell == "null" => Val::Null,
        Storage::Integer => Val::Int(cell.parse().unwrap()),
        Storage::Real => Val::Real(cell.parse().unwrap()),
        Storage::Text => Val::Text(String::from_utf8(bytes()).unwrap()),
        Storage::Blob => Val::Blob(bytes()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn chains_of_changes_keep_what_they_promise() {
    let Some(mut database) = Postgres::of_this_run("chain") else {
        return;
    };
    let mut count = Count::default();
    // What the spec itself shows to fail is refused before, so it takes some chains for rows to be in the way.
    for seed in 0..130 {
        chain(seed, 8, &mut database, &mut count);
    }
    println!("{count:?}");
    assert!(
        count.migrations > 500 && count.destructive > 100,
        "{count:?}"
    );
    assert!(count.failed > 10, "{count:?}");
    assert!(
        count.references > 500 && count.pairs > 100 && count.purged > 20,
        "{count:?}"
    );
}

#[test]
fn references_survive_what_happens_around_them() {
    if let Some(mut database) = Postgres::of_this_run("referring") {
        references::survive(&mut database);
    }
}

#[test]
fn words_leave_lists_and_change_in_them() {
    if let Some(mut database) = Postgres::of_this_run("listing") {
        lists::words_leave_and_change(&mut database);
        lists::elements_are_narrowed(&mut database);
        lists::a_character_that_is_none_is_no_obstacle(&mut database);
    }
}

#[test]
fn marked_rows_go_with_what_refers_to_them() {
    if let Some(mut database) = Postgres::of_this_run("marking") {
        for also in marking::ALL {
            marking::purged(&mut database, also);
        }
        marking::held(&mut database);
    }
}
