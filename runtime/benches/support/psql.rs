//! A PostgreSQL server, through `psql`: the service itself has no driver for it yet.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Where the socket of a server lies that may be used as one likes; `tests/run` says the same of its own.
pub(crate) const SERVER: &str = "SECAPI_TEST_POSTGRES";

/// The line after an answer.
const END: &str = "-- end of the answer --";

/// A session, in a schema of its own.
pub(crate) struct Psql {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    schema: &'static str,
}

impl Psql {
    /// `None` where no server is named.
    pub(crate) fn of_this_run(schema: &'static str) -> Option<Self> {
        let socket = std::env::var(SERVER).ok()?;
        let mut command = Command::new("psql");
        command
            .args(["-X", "-q", "-A", "-t", "-U", "postgres", "-d", "postgres"])
            .args(["-v", "ON_ERROR_STOP=1", "-h", &socket])
            .env("PGOPTIONS", "-c client_min_messages=error");
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = pipes.spawn().expect("`psql` is there");
        let input = child.stdin.take().expect("its input");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let mut session = Self {
            child,
            input,
            output,
            schema,
        };
        session.ask(&format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema};"
        ));
        Some(session)
    }

    /// The lines of an answer. After an error, which it has said by itself, `psql` has ended, and so does this.
    pub(crate) fn ask(&mut self, sql: &str) -> Vec<String> {
        writeln!(self.input, "{sql}\n\\echo {END}").expect("psql listens");
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            let read = self.output.read_line(&mut line).expect("psql answers");
            assert!(read > 0, "psql refused {sql}");
            match line.trim_end_matches('\n') {
                END => return lines,
                line => lines.push(line.to_owned()),
            }
        }
    }
}

impl Drop for Psql {
    fn drop(&mut self) {
        let _ = writeln!(self.input, "DROP SCHEMA {} CASCADE;\n\\q", self.schema);
        let _ = self.child.wait();
    }
}
