//! Plans, as every command that changes files reports them.

use serde_json::{Value, json};

use super::cargo_manifest::Need;
use super::skeletons::Skeleton;
use super::unfilled::Unfilled;
use super::unneeded::Unneeded;
use super::views::Made;
use super::{Report, migrating};
use crate::diagnostic::{Code, Diagnostic, Sources, project};
use crate::exit::Exit;
use crate::migrations::Migration;
use crate::plan::{ApiChange, AuthorizationChange, Change, Obstacle, PATCH_FOLDER, Plan, Row, Run};
use crate::spec::Places;
use crate::write::{Found, ProjectPath};

/// Everything that a run would change.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// What the run is for.
    pub(super) run: Run,
    pub(super) plan: Plan,
    pub(super) migration: Option<Migration>,
    pub(super) api: Vec<ApiChange>,
    pub(super) authorization: Vec<AuthorizationChange>,
    /// Whether there was something to compare API and access with.
    pub(super) compared: bool,
    pub(super) skeletons: Vec<Skeleton>,
    /// Rules that are to be written before rows can be made.
    pub(super) unfilled: Vec<Unfilled>,
    /// What was handed over and is needed no more.
    pub(super) unneeded: Vec<Unneeded>,
    /// What `Cargo.toml` lacks.
    pub(super) needs: Vec<Need>,
    /// What the run says of migrations, and goes on.
    pub(super) remarks: Vec<Diagnostic>,
    /// Where each key of the spec stands, in these files, for what is said of steps by which data would be lost.
    pub(super) places: Option<Places>,
    pub(super) sources: Sources,
    /// What the files hold that the plan was made from.
    pub(super) found: Found,
    /// What the next run may have to know of the files that this one made.
    pub(super) views: Made,
}

/// Whether the files are as the plan has them, or would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Done,
    Foretold,
}

impl Changes {
    /// Whether the project is not as its spec has it, or something in it waits for a decision.
    pub(super) fn leaves_something(&self) -> bool {
        let plan = &self.plan;
        let waits = [
            plan.missing.is_empty(),
            plan.orphans.is_empty(),
            plan.unmounted.is_empty(),
            plan.gone.is_empty(),
            plan.vendored.is_empty(),
            plan.obstacles.is_empty(),
            plan.offers.is_empty(),
            plan.unneeded.is_empty(),
            self.needs.is_empty(),
        ];
        plan.changes() || waits.contains(&false)
    }

    /// Whether there are steps by which data would be lost.
    pub(super) fn loses_data(&self) -> bool {
        self.migration
            .as_ref()
            .is_some_and(|migration| migrating::destructive(migration, None).next().is_some())
    }

    /// The steps by which data would be lost, as errors.
    pub(super) fn destructive(&self) -> Vec<Diagnostic> {
        let migration = self.migration.iter();
        let places = self.places.as_ref();
        migration
            .flat_map(|migration| migrating::destructive(migration, places))
            .collect()
    }

    /// The report about all of it. What stands in the way, was deleted, contradicts itself or is needed no more are
    /// diagnostics.
    pub(super) fn report(&self, tense: Tense) -> Report {
        let mut report = Report {
            sources: self.sources.clone(),
            diagnostics: self.diagnostics(tense).into_iter().collect(),
            ..Report::done()
        };
        let obstacles = self.plan.obstacles.iter();
        let needs_a_decision = obstacles
            .clone()
            .any(|one| !matches!(one, Obstacle::InTheWay(_)));
        let left = self
            .plan
            .changed(Change::Conflict)
            .chain(&self.plan.orphans);
        if needs_a_decision || (tense == Tense::Done && left.count() > 0) {
            report.exit = Exit::Difference;
        }
        report.data.insert("files".into(), self.files());
        report.data.insert("migrations".into(), self.migrations());
        report
            .data
            .insert("api".into(), self.api.iter().map(of_api).collect());
        report.data.insert(
            "authorization".into(),
            self.authorization.iter().map(of_access).collect(),
        );
        report.data.insert(
            "methods".into(),
            self.skeletons
                .iter()
                .map(Skeleton::json)
                .chain(self.unfilled.iter().map(Unfilled::json))
                .collect(),
        );
        report
    }

    fn diagnostics(&self, tense: Tense) -> Vec<Diagnostic> {
        let plan = &self.plan;
        let mut out: Vec<Diagnostic> = plan.obstacles.iter().map(of_obstacle).collect();
        let is_stopped = |path: &&ProjectPath| {
            plan.obstacles
                .contains(&Obstacle::Unresolved((*path).clone()))
        };
        let conflicts = plan
            .changed(Change::Conflict)
            .filter(|path| !is_stopped(path));
        out.extend(conflicts.map(|path| conflict(path, tense)));
        out.extend(plan.orphans.iter().map(|path| orphan(path, tense)));
        for path in &plan.unmounted {
            let message = format!(
                "`{path}` holds rules that nothing runs any more: the spec has no such resource"
            );
            let help =
                "move what still holds to the file of the resource's new name, and delete this one";
            out.push(Diagnostic::warning(&project::UNMOUNTED, None, message).help(help));
        }
        for path in &plan.gone {
            let message =
                format!("`{path}` is yours, generated code needs it, and it is not there");
            let help = format!(
                "take it from git, or `secapi generate --force-theirs {path}` writes it anew"
            );
            out.push(Diagnostic::warning(&project::DELETED, None, message).help(help));
        }
        for path in &plan.missing {
            let message = format!("`{path}` was deleted and stays so");
            let help = format!("`secapi generate --force-theirs {path}` brings it back");
            out.push(Diagnostic::warning(&project::DELETED, None, message).help(help));
        }
        if self.run == Run::Generate {
            out.extend(plan.offers.iter().map(|path| outgrown(path, tense)));
        }
        out.extend(self.unneeded.iter().map(Unneeded::diagnostic));
        out.extend(vendored(&plan.vendored));
        out.extend(self.needs.iter().map(Need::diagnostic));
        out.extend(self.remarks.iter().cloned());
        if !self.compared {
            let message = "there is no earlier spec to compare API and access with";
            out.push(Diagnostic::warning(&project::NO_BASELINE, None, message));
        }
        out
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
            let (word, name) = match &change.action {
                Some(action) => ("action", action.clone()),
                None => ("policy", change.policies.join(", ")),
            };
            let direction = change.direction.as_str();
            out.push_str(&format!(
                "{word:<9} {direction}: {name}: {}\n",
                change.summary
            ));
        }
        for path in &self.plan.offers {
            out.push_str(&format!("offer     {PATCH_FOLDER}{path}.patch\n"));
        }
        out.extend(self.skeletons.iter().map(Skeleton::lines));
        out.extend(self.unfilled.iter().map(Unfilled::lines));
        out
    }

    /// All files, with what happens to each.
    pub(super) fn files(&self) -> Value {
        let rows = self.plan.rows.iter();
        rows.map(|row| of_row(row, row.change)).collect()
    }

    /// The files of a run after this one, with nothing left to do. A migration is written once, and then no run's concern.
    /// Of these files it has those that `it_writes`.
    pub(super) fn files_of_the_next_run(&self, it_writes: impl Fn(&Row) -> bool) -> Value {
        let is_migration = |row: &Row| {
            let path = row.path.as_str();
            row.change == Change::Create && migrating::FOLDERS.iter().any(|it| path.starts_with(it))
        };
        let rows = self.plan.rows.iter();
        let rows = rows.filter(|row| row.change != Change::Delete && !is_migration(row));
        let rows = rows.filter(|row| it_writes(row));
        rows.map(|row| of_row(row, Change::Unchanged)).collect()
    }

    fn migrations(&self) -> Value {
        let of = |database: &str, migration: &Migration| json!({ "name": migration.file(), "database": database, "destructive": migration.is_destructive(), "summary": migration.summary() });
        let both =
            |migration: &Migration| ["sqlite", "postgres"].map(|database| of(database, migration));
        self.migration.iter().flat_map(both).collect()
    }
}

fn of_row(row: &Row, change: Change) -> Value {
    json!({ "path": row.path.as_str(), "owner": row.owner.as_str(), "change": change.as_str() })
}

fn of_api(change: &ApiChange) -> Value {
    json!({ "kind": change.kind, "path": change.path, "breaking": change.breaking, "summary": change.summary })
}

fn of_access(change: &AuthorizationChange) -> Value {
    json!({
        "kind": change.kind,
        "action": change.action,
        "direction": change.direction.as_str(),
        "policies": change.policies,
        "summary": change.summary,
    })
}

/// A warning of what would be, an error of what is.
fn said(code: &'static Code, tense: Tense, message: String) -> Diagnostic {
    match tense {
        Tense::Done => Diagnostic::error(code, None, message),
        Tense::Foretold => Diagnostic::warning(code, None, message),
    }
}

fn conflict(path: &ProjectPath, tense: Tense) -> Diagnostic {
    let message = match tense {
        Tense::Done => format!("`{path}` was edited where it changes: both sides stand in it now"),
        Tense::Foretold => format!("`{path}` was edited where it would change"),
    };
    said(&project::CONFLICT, tense, message).help(RESOLVE)
}

/// The runtime's source is replaced whole, so it is told whole.
fn vendored(paths: &[ProjectPath]) -> Option<Diagnostic> {
    let first = paths.first()?;
    let others = match paths.len() {
        1 => String::new(),
        count => format!(", and so are {} more", count - 1),
    };
    let message =
        format!("`{first}` of the runtime's source is gone or not what secapi wrote{others}");
    let help = "take `vendor/` from git, or delete it and run `secapi upgrade`; `secapi audit` names all of them";
    Some(Diagnostic::warning(&project::EDITED, None, message).help(help))
}

/// A file that was handed over does not follow the spec by itself.
fn outgrown(path: &ProjectPath, tense: Tense) -> Diagnostic {
    let message = format!(
        "`{path}` is yours since `secapi eject`, and what secapi would write there is another text now"
    );
    let patch = format!("{PATCH_FOLDER}{path}.patch");
    let help = match tense {
        Tense::Done => format!(
            "read `{patch}`: its first line says whether `git apply {patch}` takes it over, or whether it is for you to bring in"
        ),
        Tense::Foretold => format!("the run writes the difference to `{patch}`"),
    };
    Diagnostic::warning(&project::OUTGROWN, None, message).help(help)
}

fn orphan(path: &ProjectPath, tense: Tense) -> Diagnostic {
    let message = format!("`{path}` was edited by hand and is needed no more; it was kept");
    let help = format!("delete it, or make it yours by `secapi eject {path}`");
    said(&project::ORPHAN, tense, message).help(help)
}

const RESOLVE: &str = "keep what should be, delete the markers and run `secapi generate`; or take the tool's side by `--force-theirs PATH`";

fn of_obstacle(obstacle: &Obstacle) -> Diagnostic {
    let (code, message, help) = match obstacle {
        Obstacle::Unresolved(path) => (
            &project::CONFLICT,
            format!("`{path}` still holds the markers of a conflict; nothing was written"),
            RESOLVE,
        ),
        Obstacle::NotText(path) => (
            &project::EDITED,
            format!(
                "`{path}` is written by secapi, was edited by hand and is no text; nothing was written"
            ),
            "take the tool's side by `--force-theirs PATH`, or `secapi eject PATH`",
        ),
        Obstacle::Vendored(path) => (
            &project::EDITED,
            format!(
                "`{path}` belongs to the runtime's source and was edited by hand; nothing was written"
            ),
            "put it back; the runtime is replaced whole",
        ),
        Obstacle::Foreign(path) => (
            &project::IN_THE_WAY,
            format!(
                "`{path}` lies in the runtime's source, and secapi did not put it there; nothing was written"
            ),
            "move it away; the runtime is replaced whole",
        ),
        Obstacle::InTheWay(path) => (
            &project::IN_THE_WAY,
            format!("`{path}` is in the way: secapi did not write it"),
            "rename or remove it",
        ),
    };
    Diagnostic::error(code, None, message).help(help)
}
