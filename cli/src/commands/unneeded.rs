//! Files that were handed over and that the spec has no need of any more: what still leads to them, so that their owner can
//! take both away.

use super::Report;
use super::failure::{bug, of_write_error};
use crate::diagnostic::{Diagnostic, project as codes};
use crate::plan::Plan;
use crate::write::{Project, ProjectPath};

/// A file of yours that nothing asks for, told once.
#[derive(Debug)]
pub(super) struct Unneeded {
    path: ProjectPath,
    mounted: Option<Mounted>,
}

/// The line by which a file is a part of the program.
#[derive(Debug)]
struct Mounted {
    path: ProjectPath,
    line: usize,
    text: String,
}

impl Unneeded {
    pub(super) fn diagnostic(&self) -> Diagnostic {
        let path = &self.path;
        let message = format!(
            "`{path}` is yours since `secapi eject`, and what it was made for is gone from the spec"
        );
        let help = match &self.mounted {
            Some(Mounted { path, line, text }) => format!(
                "delete it together with line {line} of `{path}`, `{text}`, which makes it a part of the program; or keep both: this is told once"
            ),
            None => "delete it, or keep it for what is in it: no `mod` line of generated code leads to it any more; this is told once".to_owned(),
        };
        Diagnostic::warning(&codes::UNNEEDED, None, message).help(help)
    }
}

/// What a plan has to tell of, with the lines as the run leaves them.
pub(super) fn of(project: &Project, plan: &Plan) -> Result<Vec<Unneeded>, Box<Report>> {
    let mut out = Vec::new();
    for path in &plan.unneeded {
        out.push(Unneeded {
            path: path.clone(),
            mounted: mounted(project, plan, path)?,
        });
    }
    Ok(out)
}

fn mounted(
    project: &Project,
    plan: &Plan,
    path: &ProjectPath,
) -> Result<Option<Mounted>, Box<Report>> {
    let Some((folder, module)) = module(path.as_str()) else {
        return Ok(None);
    };
    for parent in ["mod.rs", "main.rs"] {
        let parent = ProjectPath::new(format!("{folder}/{parent}"));
        let parent = parent.map_err(|error| Box::new(bug(error)))?;
        let Some(text) = text_after(project, plan, &parent)? else {
            continue;
        };
        let mut lines = text.lines().zip(1..);
        if let Some((text, line)) = lines.find(|(line, _)| mounts(line, module)) {
            let text = text.trim().to_owned();
            let path = parent;
            return Ok(Some(Mounted { path, line, text }));
        }
    }
    Ok(None)
}

/// The folder whose first file mounts this one, and the name that the file has there.
fn module(path: &str) -> Option<(&str, &str)> {
    let (folder, file) = path.rsplit_once('/')?;
    match file.strip_suffix(".rs")? {
        "mod" => folder.rsplit_once('/'),
        name => Some((folder, name)),
    }
}

/// What a file holds after the run.
fn text_after(
    project: &Project,
    plan: &Plan,
    path: &ProjectPath,
) -> Result<Option<String>, Box<Report>> {
    let mut operations = plan.operations.iter();
    let bytes = match operations.find(|operation| operation.path == *path) {
        Some(operation) => operation.contents.as_ref().map(|it| it.bytes().to_vec()),
        None => project
            .read(path)
            .map_err(|error| Box::new(of_write_error(&error)))?,
    };
    Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Whether a line is `mod name;`, for whomever it is.
fn mounts(line: &str, name: &str) -> bool {
    let code = line.split("//").next().unwrap_or(line).trim();
    let module = code.strip_suffix(';').and_then(|code| {
        let (before, module) = code.rsplit_once("mod ")?;
        let is_open = before.trim_end().is_empty() || before.starts_with("pub");
        is_open.then_some(module.trim())
    });
    module == Some(name)
}
