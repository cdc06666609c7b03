//! The files of policies whose resource has another name now, or is gone. They are yours, so they are never moved or
//! deleted: the run says what would be.

use std::collections::BTreeSet;

use secapi_runtime::authz::PolicySource;

use crate::diagnostic::{Diagnostic, policy as codes};
use crate::manifest::Hash;
use crate::model::Service;
use crate::plan;
use crate::project::{Input, POLICY_FOLDER};
use crate::render::Draft;
use crate::write::{Project, ProjectPath};

/// What a run writes of them, and what it says.
#[derive(Debug, Default)]
pub(super) struct PolicyFiles {
    /// The comments of resources that are called otherwise now, where those of the old name say nothing else.
    pub(super) drafts: Vec<Draft>,
    pub(super) remarks: Vec<Diagnostic>,
}

/// Compares the files with the resources of the last run and of now.
pub(super) fn of(
    project: &Project,
    input: &Input,
    last: Option<&Service>,
    service: &Service,
) -> PolicyFiles {
    let mut files = PolicyFiles::default();
    let renamed = last.into_iter();
    let renamed = renamed.flat_map(|last| plan::renamed_resources(last, service));
    for (former, resource) in renamed {
        let old = plan::policy_path(former);
        let new = plan::policy_of_new_resource(service, resource);
        match find(input, &old) {
            Some(file) if !file.is_blank() => {
                files
                    .remarks
                    .push(old_name(&old, &new.path, &resource.name));
            }
            Some(_) if find(input, &new.path).is_none() => files.drafts.push(new),
            _ => {}
        }
    }
    files.remarks.extend(left(project, input, last, service));
    files
}

/// Whether somebody has put a file of policies where the tool would put the first one of a resource, as reviewers do who
/// write it along with the spec. It is read like every other, and never written.
pub(super) fn is_somebodys(project: &Project, input: &Input, draft: &Draft) -> bool {
    let path = ProjectPath::new(draft.path.clone()).ok();
    let is_known = path.is_some_and(|path| project.manifest().get(&path).is_some());
    !is_known && find(input, &draft.path).is_some()
}

/// Files that say nothing, of resources that are not there: those that nobody wrote a word into since they were made, and
/// those of which the last run knew the resource.
fn left<'a>(
    project: &'a Project,
    input: &'a Input,
    last: Option<&Service>,
    service: &Service,
) -> impl Iterator<Item = Diagnostic> + 'a {
    let known = paths(service);
    let before = last.map(paths).unwrap_or_default();
    let blank = input.policies.iter().filter(|file| file.is_blank());
    blank.filter_map(move |file| {
        let path = path_of(file);
        let is_left = before.contains(&path) || is_as_written(project, &path, file);
        (is_left && !known.contains(&path)).then(|| nothing(&path))
    })
}

fn paths(service: &Service) -> BTreeSet<String> {
    let resources = service.resources.iter();
    resources
        .map(|resource| plan::policy_path(&resource.name))
        .collect()
}

fn is_as_written(project: &Project, path: &str, file: &PolicySource) -> bool {
    let path = ProjectPath::new(path.to_owned()).ok();
    let entry = path.and_then(|path| project.manifest().get(&path));
    entry.is_some_and(|entry| entry.hash == Hash::of(file.text.as_bytes()))
}

fn find<'a>(input: &'a Input, path: &str) -> Option<&'a PolicySource> {
    input.policies.iter().find(|file| path_of(file) == path)
}

/// Where it lies in the project, whatever folder the command ran in.
fn path_of(file: &PolicySource) -> String {
    let name = file.file.rsplit(['/', '\\']).next();
    format!("{POLICY_FOLDER}/{}", name.unwrap_or_default())
}

fn old_name(old: &str, new: &str, resource: &str) -> Diagnostic {
    let message = format!("`{old}` has the name of what is called `{resource}` now");
    let help =
        format!("what it says holds under any name; `git mv {old} {new}` gives it the new one");
    Diagnostic::warning(&codes::LEFT_FILE, None, message).help(help)
}

fn nothing(path: &str) -> Diagnostic {
    let message = format!("`{path}` holds comments alone, and its resource is not in the spec");
    let help = "delete it, unless you want to keep what it says";
    Diagnostic::warning(&codes::LEFT_FILE, None, message).help(help)
}
