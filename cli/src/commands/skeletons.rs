//! Actions that the spec has and a file of the project's own lacks: the compiler says that a method is missing, and this
//! says what it looks like.

use serde_json::{Value, json};

use super::Report;
use super::failure::{bug, of_write_error};
use super::written::Written;
use crate::model::{Action, Resource, Service};
use crate::render::{skeleton, skeleton_imports};
use crate::write::{Project, ProjectPath};

/// A method that is to be written.
#[derive(Debug)]
pub(super) struct Skeleton {
    path: String,
    method: String,
    text: String,
    needs: String,
    /// The method that an action had under its earlier name, and that is still there.
    rename: Option<String>,
    /// Whether the method is there, and has to take or give something else since the last run.
    is_changed: bool,
}

impl Skeleton {
    /// The lines for people.
    pub(super) fn lines(&self) -> String {
        let Self {
            path,
            method,
            text,
            needs,
            rename,
            is_changed,
        } = self;
        if *is_changed {
            return format!(
                "method    {path}: `{method}` is asked for otherwise now; this is what it would begin as:\n\n{text}\n"
            );
        }
        if let Some(old) = rename {
            return format!("method    {path}: rename `{old}` to `{method}`\n");
        }
        format!(
            "method    {path} lacks `{method}`; add to its `impl Rules`:\n\n{text}\nand above, where it is not there yet:\n\n    use super::{needs};\n    use secapi_runtime::prelude::*;\n\n"
        )
    }

    /// The object for machines.
    pub(super) fn json(&self) -> Value {
        json!({ "path": self.path, "method": self.method, "text": self.text, "imports": self.needs, "rename": self.rename, "changed": self.is_changed })
    }
}

/// The methods that the files of a project lack, and those that have another signature than in the last run. A file that is
/// not there yet is written with all of them.
pub(super) fn missing(
    project: &Project,
    service: &Service,
    last: Option<&Service>,
) -> Result<Vec<Skeleton>, Box<Report>> {
    let mut out = Vec::new();
    for resource in service.resources.iter().filter(|it| !it.actions.is_empty()) {
        let path = format!("src/{}.rs", resource.module);
        let place = ProjectPath::new(path.clone()).map_err(|error| Box::new(bug(error)))?;
        let text = project.read(&place);
        let text = text.map_err(|error| Box::new(of_write_error(&error)))?;
        if let Some(text) = text {
            let text = String::from_utf8_lossy(&text);
            let written = Written::of(&text);
            let before = last.and_then(|last| last.resource(&resource.name));
            let before = before.filter(|before| *before != resource);
            for action in &resource.actions {
                let is_there = written.has(&action.rust_ident);
                let is_changed = || before.is_some_and(|it| changes(it, resource, action));
                if !is_there || is_changed() {
                    let skeleton = of(&path, resource, action, &written);
                    out.push(Skeleton {
                        is_changed: is_there,
                        ..skeleton
                    });
                }
            }
        }
    }
    Ok(out)
}

fn of(path: &str, resource: &Resource, action: &Action, written: &Written<'_>) -> Skeleton {
    let old = action.renamed_from.as_ref();
    Skeleton {
        path: path.to_owned(),
        method: action.rust_ident.clone(),
        text: skeleton(resource, action),
        needs: skeleton_imports(resource, action),
        rename: old.filter(|old| written.has(old)).cloned(),
        is_changed: false,
    }
}

/// Whether the method of an action has another signature than it had.
fn changes(before: &Resource, resource: &Resource, action: &Action) -> bool {
    let mut known = before.actions.iter();
    let known = known.find(|known| known.name == action.name);
    known.is_some_and(|known| signature(before, known) != signature(resource, action))
}

/// From `fn` to the body.
fn signature(resource: &Resource, action: &Action) -> String {
    let text = skeleton(resource, action);
    let begin = text.find("async fn").unwrap_or_default();
    let rest = text.get(begin..).unwrap_or_default();
    let end = rest.find('{').unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_owned()
}
