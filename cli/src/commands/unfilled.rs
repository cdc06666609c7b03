//! Fields that nobody may send and that a rule of the project has to fill in, where its file does not: what the compiler of
//! Rust cannot miss, and what no row can be made without.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Report;
use super::changes::{bug, of_write_error};
use super::skeletons::Written;
use crate::model::{Field, Resource, Service};
use crate::render::filling_skeleton;
use crate::write::{Project, ProjectPath};

const RULE: &str = "before_create";

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
            "method    {path}: no `{RULE}` names `{fields}`, which nobody may send; until one does, no row is made, and no test makes one"
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
        let missing: Vec<&Field> = match &text {
            None => others().collect(),
            Some(text) => {
                let text = String::from_utf8_lossy(text);
                let has_rule = Written::of(&text).has(RULE);
                let is_set = |field: &Field| has_rule && mentions(&text, &field.rust_ident);
                known().chain(others()).filter(|it| !is_set(it)).collect()
            }
        };
        if missing.is_empty() {
            continue;
        }
        let has_rule = match &text {
            Some(text) => Written::of(&String::from_utf8_lossy(text)).has(RULE),
            None => known().next().is_some(),
        };
        out.push(Unfilled {
            resource: resource.name.clone(),
            text: proposal(service, resource, &missing, has_rule),
            fields: missing.iter().map(|field| field.name.clone()).collect(),
            has_rule,
            needs: format!("{{{}, Rules}}", resource.struct_name),
            path,
        });
    }
    Ok(out)
}

/// What is to be added: the whole rule, or the lines that it lacks.
fn proposal(service: &Service, resource: &Resource, missing: &[&Field], has_rule: bool) -> String {
    let row = crate::render::row_name(resource);
    let is_known = |field: &Field| {
        let mut known = service.filled_with_the_caller(resource);
        known.any(|it| it.name == field.name)
    };
    if !has_rule && missing.iter().all(|field| is_known(field)) {
        return filling_skeleton(service, resource).unwrap_or_default();
    }
    let lines = missing.iter().map(|field| {
        let value = match field.reference() {
            Some(reference) if !is_known(field) => {
                format!("/* the id of the {} */", reference.words)
            }
            _ => "scope.account_id()?".to_owned(),
        };
        format!("        {row}.{} = {value};\n", field.rust_ident)
    });
    let lines: String = lines.collect();
    if has_rule {
        return lines;
    }
    let kind = &resource.struct_name;
    format!(
        "    async fn {RULE}(scope: &mut Scope, {row}: &mut {kind}) -> Result<(), Error> {{\n{lines}        Ok(())\n    }}\n"
    )
}

/// Whether the code, beside its comments, has this word.
fn mentions(text: &str, word: &str) -> bool {
    let code = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(line));
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
    let mut words = code.flat_map(|line| line.split(|c: char| !is_part(c)));
    words.any(|it| it == word)
}
