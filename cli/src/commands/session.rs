//! What a command is run with.

use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use clap::ValueEnum;

use crate::diagnostic::Colour;
use crate::exit::Exit;
use crate::write::{Notes, Project};

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: excerpts and colour
    Human,
    /// One line for each diagnostic
    Plain,
    /// One JSON object
    Json,
}

/// What the process knows of its surroundings. The library asks nothing of them itself.
pub struct Surroundings<'a> {
    /// Standard output, for data.
    pub out: &'a mut dyn Write,
    /// Standard error, for talk.
    pub err: &'a mut dyn Write,
    /// Whether standard error is a terminal.
    pub terminal: bool,
    /// Whether `NO_COLOR` is set.
    pub no_color: bool,
    /// `SECAPI_LISTEN`: where a service that is started is to listen.
    pub listen: Option<String>,
    /// `DATABASE_URL`: which database a service that is started will take.
    pub database: Option<String>,
    /// What tells this build of the tool from all others, and where it may keep something between runs; `None` where nobody
    /// can say, and then nothing is kept.
    pub build: Option<Build>,
}

/// The tool that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// No other build of it has the same.
    pub identity: String,
    /// When this process began.
    pub started: SystemTime,
    /// Where whoever runs it has the caches of programs.
    pub caches: PathBuf,
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Surroundings")
            .field("terminal", &self.terminal)
            .field("no_color", &self.no_color)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}

impl Surroundings<'_> {
    /// The colour that was asked for, or else what the surroundings suggest.
    #[must_use]
    pub fn colour(&self, asked: Option<bool>) -> Colour {
        if asked.unwrap_or(self.terminal && !self.no_color) {
            Colour::On
        } else {
            Colour::Off
        }
    }

    /// Prints data.
    pub fn print(&mut self, text: &str) -> Exit {
        written(
            self.out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush()),
        )
    }

    /// Talks. Where nobody can listen, nothing is lost.
    pub fn say(&mut self, text: &str) {
        let _ = written(
            self.err
                .write_all(text.as_bytes())
                .and_then(|()| self.err.flush()),
        );
    }
}

/// A reader that has seen enough (`secapi schema | head`) is no failure.
fn written(result: std::io::Result<()>) -> Exit {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Exit::Environment,
        _ => Exit::Done,
    }
}

/// One run of one command.
#[derive(Debug)]
pub struct Session<'a> {
    /// The project's folder.
    pub project: PathBuf,
    /// How to print.
    pub format: Format,
    /// Whether to use colour.
    pub colour: Colour,
    surroundings: Surroundings<'a>,
}

impl<'a> Session<'a> {
    /// A run in this project.
    #[must_use]
    pub fn new(
        project: PathBuf,
        format: Format,
        colour: Colour,
        surroundings: Surroundings<'a>,
    ) -> Self {
        Self {
            project,
            format,
            colour,
            surroundings,
        }
    }

    /// Where a service that is started is to listen, if the user has said it.
    #[must_use]
    pub fn listen(&self) -> Option<&str> {
        self.surroundings.listen.as_deref()
    }

    /// Which database a service that is started will take, if the user has said it.
    #[must_use]
    pub fn database(&self) -> Option<&str> {
        self.surroundings.database.as_deref()
    }

    /// The tool that runs, where that is known.
    pub(super) fn build(&self) -> Option<&Build> {
        self.surroundings.build.as_ref()
    }

    /// What earlier runs of this build have noted about a project, and where this one can.
    pub(super) fn notes(&self, project: &Project) -> Option<(&Build, Notes)> {
        let build = self.build()?;
        Some((build, Notes::of(&build.caches, project.root())?))
    }

    /// Prints data on standard output.
    pub fn print(&mut self, text: &str) -> Exit {
        self.surroundings.print(text)
    }

    /// Talks on standard error.
    pub fn say(&mut self, text: &str) {
        self.surroundings.say(text);
    }
}
