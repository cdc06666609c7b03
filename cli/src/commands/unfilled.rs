//! Fields that nobody may send and that a rule of the project has to fill in, where its file does not: what the compiler of
//! Rust cannot miss, and what no row can be made without.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Report;
use super::failure::{bug, of_write_error};
use super::written::Written;
use crate::model::{Field, Service};
use crate::render::{FILLING_RULE as RULE, filling_lines, filling_skeleton};
use crate::write::{Project, ProjectPath};

/// A rule that is to be written, or to be written on.
#[derive(Debug)]
pub(super) struct Unfilled {
    resource: String,
    path: String,
    fields: Vec<String>,
    /// What is to be added, and whether that is a whole method.
    text: String,
    has_rule: bool,
    needs: String,
}

impl Unfilled {
    /// The lines for people.
    pub(super) fn lines(&self) -> String {
        let Self {
            path,
            text,
            has_rule,
            needs,
            ..
        } = self;
        let fields = self.fields.join("` and `");
        let until = format!(
            "method    {path}: no `{RULE}` sets `{fields}`, which nobody may send; until one does, no row is made, and no test makes one"
        );
        match has_rule {
            true => format!("{until}; add to it:\n\n{text}\n"),
            false => format!(
                "{until}; add to its `impl Rules`:\n\n{text}\nand above, where it is not there yet:\n\n    use super::{needs};\n    use secapi_runtime::prelude::*;\n\n"
            ),
        }
    }

    /// The object for machines, like that of an action's method.
    pub(super) fn json(&self) -> Value {
        json!({ "path": self.path, "method": RULE, "text": self.text, "imports": self.needs, "rename": null, "changed": self.has_rule })
    }
}

/// The names of the resources.
pub(super) fn resources(unfilled: &[Unfilled]) -> BTreeSet<String> {
    let resources = unfilled.iter().map(|it| it.resource.clone());
    resources.collect()
}

/// The rules that the files of a project lack. One that is not there yet is written with what the compiler knows.
pub(super) fn of(project: &Project, service: &Service) -> Result<Vec<Unfilled>, Box<Report>> {
    let mut out = Vec::new();
    for resource in &service.resources {
        let known = || service.filled_with_the_caller(resource);
        let others = || service.filled_by_a_rule(resource);
        if known().chain(others()).next().is_none() {
            continue;
        }
        let path = format!("src/{}.rs", resource.module);
        let place = ProjectPath::new(path.clone()).map_err(|error| Box::new(bug(error)))?;
        let text = project.read(&place);
        let text = text.map_err(|error| Box::new(of_write_error(&error)))?;
        let text = text.as_deref().map(String::from_utf8_lossy);
        let written = text.as_deref().map(Written::of);
        let missing: Vec<&Field> = match &written {
            None => others().collect(),
            Some(written) => {
                let is_set = |field: &Field| written.may_set(RULE, &field.rust_ident);
                known().chain(others()).filter(|it| !is_set(it)).collect()
            }
        };
        if missing.is_empty() {
            continue;
        }
        let has_rule = match &written {
            Some(written) => written.has(RULE),
            // The file is written with a rule for what the compiler knows.
            None => known().next().is_some(),
        };
        let text = match has_rule {
            true => filling_lines(service, resource, &missing),
            false => filling_skeleton(service, resource, &missing),
        };
        out.push(Unfilled {
            resource: resource.name.clone(),
            text,
            fields: missing.iter().map(|field| field.name.clone()).collect(),
            has_rule,
            needs: format!("{{{}, Rules}}", resource.struct_name),
            path,
        });
    }
    Ok(out)
}
