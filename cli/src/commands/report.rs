//! What a command has to say at its end, and how each format says it.

use serde_json::{Map, Value};

use super::{Format, Session};
use crate::diagnostic::{self, Diagnostic, Diagnostics, Severity, Sources};
use crate::exit::Exit;
use crate::project::Input;

/// The most diagnostics that a person is shown. Machines get them all.
const MOST_SHOWN: usize = 100;

/// The outcome of a command.
#[derive(Debug)]
pub struct Report {
    /// The files that diagnostics point into.
    pub sources: Sources,
    /// What was wrong.
    pub diagnostics: Diagnostics,
    /// The command's own keys of the JSON object.
    pub data: Map<String, Value>,
    /// The command's own text on standard output, in the other formats.
    pub text: String,
    /// How it ended, errors among the diagnostics left aside.
    pub exit: Exit,
}

impl Report {
    /// All is well, and there is nothing to say.
    #[must_use]
    pub fn done() -> Self {
        Self {
            sources: Sources::new(),
            diagnostics: Diagnostics::new(),
            data: Map::new(),
            text: String::new(),
            exit: Exit::Done,
        }
    }

    /// One thing is wrong.
    #[must_use]
    pub fn of(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: [diagnostic].into_iter().collect(),
            ..Self::done()
        }
    }

    /// What was wrong with the input.
    #[must_use]
    pub fn of_input(input: Input) -> Self {
        Self {
            sources: input.sources,
            diagnostics: input.diagnostics,
            ..Self::done()
        }
    }

    /// Data: the text for people, and a key with a value for machines.
    #[must_use]
    pub fn of_data(text: String, key: &str, value: Value) -> Self {
        Self {
            text,
            data: Map::from_iter([(key.to_owned(), value)]),
            ..Self::done()
        }
    }

    /// With one more key of the JSON object.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.data.insert(key.to_owned(), value);
        self
    }

    /// Whether there is nothing to say and nothing went wrong.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.diagnostics.is_empty() && self.exit == Exit::Done
    }

    /// The exit code: the command's own, and at least that of the worst error among the diagnostics.
    #[must_use]
    pub fn ends(&self) -> Exit {
        match (
            self.diagnostics.blames_environment(),
            self.diagnostics.has_errors(),
        ) {
            (true, _) => self.exit.max(Exit::Environment),
            (false, true) => self.exit.max(Exit::Input),
            (false, false) => self.exit,
        }
    }

    /// Prints it in the session's format.
    pub fn print(self, session: &mut Session<'_>) -> Exit {
        let ends = self.ends();
        let printed = match session.format {
            Format::Json => session.print(&self.json()),
            Format::Plain => {
                let Self {
                    sources,
                    diagnostics,
                    text,
                    ..
                } = self;
                session.say(&diagnostic::plain(&diagnostics.sorted(), &sources));
                session.print(&text)
            }
            Format::Human => {
                session.say(&self.human(session.colour));
                session.print(&self.text)
            }
        };
        ends.max(printed)
    }

    fn human(&self, colour: diagnostic::Colour) -> String {
        let all = self.diagnostics.clone().sorted();
        let shown = all.get(..MOST_SHOWN.min(all.len())).unwrap_or_default();
        let mut text = diagnostic::human(shown, &self.sources, colour);
        if all.len() > shown.len() {
            text.push_str(&format!(
                "{} more are not shown; `--format plain` shows all\n",
                all.len() - shown.len()
            ));
        }
        let counted = [(Severity::Error, "error"), (Severity::Warning, "warning")]
            .map(|(severity, word)| (self.diagnostics.count(severity), word))
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| {
                if *count == 1 {
                    format!("1 {word}")
                } else {
                    format!("{count} {word}s")
                }
            })
            .collect::<Vec<_>>();
        if !counted.is_empty() {
            text.push_str(&format!("{}\n", counted.join(", ")));
        }
        text
    }

    /// The one object of the JSON format.
    #[must_use]
    pub fn json(&self) -> String {
        let mut object = Map::new();
        object.insert("ok".to_owned(), Value::from(self.ends() == Exit::Done));
        object.insert(
            "diagnostics".to_owned(),
            diagnostic::json(&self.diagnostics.clone().sorted(), &self.sources),
        );
        object.extend(self.data.clone());
        diagnostic::escaped(&format!("{:#}\n", Value::Object(object)))
    }
}
