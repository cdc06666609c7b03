//! What a check that found a difference says: what it is, and the way out. An exit code alone helps nobody in a log.

use std::fmt::Display;

use super::changes::Changes;
use crate::diagnostic::{Diagnostic, project as codes};
use crate::plan::{AuthorizationChange, Change, PATCH_FOLDER};

/// What the last run has kept of the spec and the policies.
const SNAPSHOT: &str = ".secapi/snapshot/";

/// How many things are named.
const MOST_NAMED: usize = 5;

/// What `generate` would write, where it would write anything. Where a hand and the spec are in conflict that is said already, with another
/// way out.
pub(super) fn of(changes: &Changes, manifest_is_merged: bool) -> Option<Diagnostic> {
    let plan = &changes.plan;
    if plan.rows.iter().any(|row| row.change == Change::Conflict) {
        return None;
    }
    let rows = plan
        .rows
        .iter()
        .filter(|row| row.change != Change::Unchanged);
    let mut stale: Vec<String> = rows.map(|row| row.path.to_string()).collect();
    let offers = plan.offers.iter();
    stale.extend(offers.map(|path| format!("{PATCH_FOLDER}{path}.patch")));
    if manifest_is_merged || !plan.unneeded.is_empty() {
        stale.push(crate::write::MANIFEST.to_owned());
    }
    if !changes.compared {
        stale.push(SNAPSHOT.to_owned());
    }
    if stale.is_empty() {
        return None;
    }
    let what = named(&stale, "file");
    let message = format!("the project is not as its spec and its policies have it: {what}");
    let help = "run `secapi generate`, and commit what it writes";
    Some(Diagnostic::error(&codes::STALE, None, message).help(help))
}

/// What clients would have to follow, and access that is wider, or that nobody can say is not.
pub(super) fn of_reviews(changes: &Changes) -> Vec<Diagnostic> {
    let breaking = changes.api.iter().filter(|change| change.breaking);
    let breaking: Vec<String> = breaking.map(|change| change.path.clone()).collect();
    let wider = changes.authorization.iter();
    let wider = wider.filter(|change| AuthorizationChange::may_widen(change));
    let wider: Vec<String> = wider
        .map(|change| {
            change
                .action
                .clone()
                .unwrap_or_else(|| change.policies.join(", "))
        })
        .collect();
    let mut out = Vec::new();
    if !breaking.is_empty() {
        let message = format!(
            "the API breaks for its clients: {}",
            named(&breaking, "change")
        );
        let help = "`secapi plan` says how; keep the old form beside the new one, or let whoever reviews the change agree";
        out.push(Diagnostic::error(&codes::BREAKING, None, message).help(help));
    }
    if !wider.is_empty() {
        let message = format!("access is wider, or may be: {}", named(&wider, "change"));
        let help =
            "`secapi plan` says how; narrow the policies, or let whoever reviews the change agree";
        out.push(Diagnostic::error(&codes::WIDENED, None, message).help(help));
    }
    out
}

/// ``2 files (`a`, `b`)``
fn named<T: Display>(all: &[T], word: &str) -> String {
    let quoted = all.iter().take(MOST_NAMED).map(|one| format!("`{one}`"));
    let mut names: Vec<String> = quoted.collect();
    if all.len() > names.len() {
        names.push("…".to_owned());
    }
    let ending = if all.len() == 1 { "" } else { "s" };
    format!("{} {word}{ending} ({})", all.len(), names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_named_and_all_are_counted() {
        assert_eq!(named(&["a"], "file"), "1 file (`a`)");
        let many: Vec<u8> = (0..9).collect();
        assert_eq!(named(&many, "file"), "9 files (`0`, `1`, `2`, `3`, `4`, …)");
    }
}
