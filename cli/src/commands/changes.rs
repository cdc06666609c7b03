//! Plans and failures of writing, as every command that changes files reports them.

use serde_json::{Value, json};

use super::{Report, migrating};
use crate::diagnostic::{Diagnostic, project, tool};
use crate::exit::Exit;
use crate::migrations::{Likeness, Migration};
use crate::plan::{ApiChange, AuthorizationChange, Change, Obstacle, Plan};
use crate::write::WriteError;

/// Everything that a run would change.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) plan: Plan,
    pub(super) migration: Option<Migration>,
    pub(super) likenesses: Vec<Likeness>,
    pub(super) api: Vec<ApiChange>,
    pub(super) authorization: Vec<AuthorizationChange>,
}

impl Changes {
    /// Whether anything would be different afterwards.
    pub(super) fn any(&self) -> bool {
        self.plan.changes() || !self.plan.obstacles.is_empty()
    }

    /// The steps by which data would be lost, as errors.
    pub(super) fn destructive(&self) -> Vec<Diagnostic> {
        let migration = self.migration.iter();
        migration.flat_map(migrating::destructive).collect()
    }

    /// The report about all of it; obstacles and deleted files are diagnostics.
    pub(super) fn report(&self) -> Report {
        let mut report = Report::done();
        for obstacle in &self.plan.obstacles {
            report.diagnostics.push(of_obstacle(obstacle));
        }
        for path in &self.plan.missing {
            let message = format!("`{path}` was deleted and stays so");
            report
                .diagnostics
                .push(Diagnostic::warning(&project::DELETED, None, message));
        }
        for likeness in &self.likenesses {
            report.diagnostics.push(migrating::likeness(likeness));
        }
        if self
            .plan
            .obstacles
            .iter()
            .any(|obstacle| matches!(obstacle, Obstacle::Edited(_)))
        {
            report.exit = Exit::Difference;
        }
        report.data.insert("files".into(), self.files());
        report.data.insert("migrations".into(), self.migrations());
        report
            .data
            .insert("api".into(), self.api.iter().map(of_api).collect());
        report.data.insert(
            "authorization".into(),
            self.authorization.iter().map(of_action).collect(),
        );
        report
    }

    /// The lines for people; files that stay are left out.
    pub(super) fn text(&self) -> String {
        let mut out = String::new();
        for row in self
            .plan
            .rows
            .iter()
            .filter(|row| row.change != Change::Unchanged)
        {
            out.push_str(&format!(
                "{:<9} {:<5} {}\n",
                row.change.as_str(),
                row.owner.as_str(),
                row.path
            ));
        }
        if let Some(migration) = &self.migration {
            let mark = if migration.is_destructive() {
                " destructive"
            } else {
                ""
            };
            out.push_str(&format!(
                "migration {}{mark}: {}\n",
                migration.file(),
                migration.summary()
            ));
        }
        for change in &self.api {
            let mark = if change.breaking {
                "breaking"
            } else {
                "harmless"
            };
            out.push_str(&format!(
                "api       {mark}: {}: {}\n",
                change.path, change.summary
            ));
        }
        for change in &self.authorization {
            let policies = if change.policies.is_empty() {
                "closed".to_owned()
            } else {
                format!("opened by {}", change.policies.join(", "))
            };
            out.push_str(&format!("action    {}: {policies}\n", change.action));
        }
        out
    }

    fn files(&self) -> Value {
        let row = |row: &crate::plan::Row| json!({ "path": row.path.as_str(), "owner": row.owner.as_str(), "change": row.change.as_str() });
        self.plan.rows.iter().map(row).collect()
    }

    fn migrations(&self) -> Value {
        let of = |database: &str, migration: &Migration| json!({ "name": migration.file(), "database": database, "destructive": migration.is_destructive(), "summary": migration.summary() });
        let both =
            |migration: &Migration| ["sqlite", "postgres"].map(|database| of(database, migration));
        self.migration.iter().flat_map(both).collect()
    }
}

fn of_api(change: &ApiChange) -> Value {
    json!({ "kind": change.kind, "path": change.path, "breaking": change.breaking, "summary": change.summary })
}

fn of_action(change: &AuthorizationChange) -> Value {
    json!({ "action": change.action, "policies": change.policies })
}

fn of_obstacle(obstacle: &Obstacle) -> Diagnostic {
    match obstacle {
        Obstacle::Edited(path) => Diagnostic::error(
            &project::EDITED,
            None,
            format!("`{path}` is written by secapi and was edited by hand"),
        )
        .help("put it back, and make the change in the spec, in the policies or in a rule"),
        Obstacle::InTheWay(path) => Diagnostic::error(
            &project::IN_THE_WAY,
            None,
            format!("`{path}` is in the way: secapi did not write it"),
        )
        .help("rename or remove it"),
    }
}

/// A failure of the disk, or a refusal of `write`.
pub(super) fn of_write_error(error: &WriteError) -> Report {
    let message = error.to_string();
    let (code, exit, help) = match error {
        WriteError::NotEmpty(_) => (
            &project::NOT_EMPTY,
            Exit::Input,
            "name a folder that does not exist yet, or an empty one",
        ),
        WriteError::NoProject(_) => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "run it in a project, or name one by `--project DIR`",
        ),
        WriteError::Interrupted => (
            &project::INTERRUPTED,
            Exit::Difference,
            "`secapi generate` finishes it",
        ),
        WriteError::Changed(_) => (
            &project::INTERRUPTED,
            Exit::Difference,
            "move that file away and run again",
        ),
        WriteError::BadJournal => (
            &project::INTERRUPTED,
            Exit::Environment,
            "delete `.secapi/journal` to give that run up",
        ),
        WriteError::BadManifest(_) => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "take it from git; after a merge keep the lines of both sides",
        ),
        WriteError::NotPlain(_) | WriteError::Busy | WriteError::Io { .. } => {
            (&tool::IO, Exit::Environment, "nothing was changed")
        }
    };
    let diagnostic = Diagnostic::error(code, None, message).help(help);
    Report {
        exit,
        ..Report::of(diagnostic)
    }
}

/// A mistake of ours.
pub(super) fn bug(reason: impl std::fmt::Display) -> Report {
    let diagnostic = Diagnostic::error(&project::BUG, None, reason.to_string())
        .help("please report it with the spec that shows it");
    Report {
        exit: Exit::Environment,
        ..Report::of(diagnostic)
    }
}
