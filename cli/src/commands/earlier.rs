//! What API and access are compared with: a revision, or the last run.

use std::collections::{BTreeMap, BTreeSet};

use secapi_runtime::authz::PolicySource;

use super::Report;
use super::regeneration::read;
use crate::diagnostic::{Diagnostic, project as codes, tool};
use crate::merge;
use crate::model::Service;
use crate::plan::{Earlier, Policies};
use crate::revision::{self, NoRevision};
use crate::write::Project;

/// The policies as the last run read them.
pub(super) const POLICIES: &str = ".secapi/snapshot/policies.json";

/// The spec and the policies of a revision, or of the last run. `None` for a spec that this version cannot read any more.
/// `last` is the spec of that run.
pub(super) fn of(
    project: &Project,
    base: Option<&str>,
    last: Option<&Service>,
) -> Result<Option<Earlier>, Box<Report>> {
    let (service, policies) = match base {
        Some(name) => {
            let found = revision::read(project.root(), name).map_err(no_revision)?;
            (found.service(), Some(found.policies))
        }
        None => (last.cloned(), kept_policies(project)?),
    };
    Ok(service.map(|service| Earlier { service, policies }))
}

fn no_revision(reason: NoRevision) -> Box<Report> {
    let code = match reason {
        NoRevision::NoGit => &tool::MISSING,
        _ => &codes::REVISION,
    };
    let diagnostic = Diagnostic::error(code, None, reason.to_string());
    Box::new(Report::of(diagnostic.help(
        "`--base` takes what `git rev-parse` takes: a branch, a tag, a commit",
    )))
}

/// The policies as the last run saw them; `None` where it kept none.
fn kept_policies(project: &Project) -> Result<Option<Vec<PolicySource>>, Box<Report>> {
    let parsed = |text: String| serde_json::from_str(&merge::our_side(&text)).ok();
    let texts: Option<BTreeMap<String, String>> = read(project, POLICIES)?.and_then(parsed);
    let source = |(file, text)| PolicySource { file, text };
    Ok(texts.map(|texts| texts.into_iter().map(source).collect()))
}

/// Policies by the names that their files have in every project. A file of comments alone says nothing, and may be one
/// that this very run adds.
pub(super) fn policies_to_keep(policies: &Policies) -> String {
    let name =
        |file: &str| -> String { file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned() };
    let in_force: BTreeSet<&str> = policies.engine.files().collect();
    let texts: BTreeMap<String, &str> = policies
        .sources
        .iter()
        .filter(|source| in_force.contains(source.file.as_str()))
        .map(|source| (name(&source.file), source.text.as_str()))
        .collect();
    // INVARIANT: strings can always be written.
    let mut text = serde_json::to_string_pretty(&texts).unwrap_or_default();
    text.push('\n');
    text
}
