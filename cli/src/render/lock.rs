//! `Cargo.lock` of a project: shipped, so that builds repeat and audits mean something.

use super::RenderError;
use super::project::Draft;
use crate::manifest::Owner;
use crate::model::Service;

/// The name of the project's own package in the template.
const PLACEHOLDER: &str = "secapi-project";
const TEMPLATE: &str = "Cargo.lock";

/// The lock with the project's own package in its place among the others.
///
/// # Errors
/// Where the template is none.
pub fn lock(service: &Service) -> Result<Draft, RenderError> {
    let text = secapi_templates::get(TEMPLATE).ok_or_else(|| bug("no such template"))?;
    let (head, body) = text.split_once("\n\n").ok_or_else(|| bug("no packages"))?;
    let mut packages: Vec<String> = body
        .split("\n\n")
        .map(|package| package.trim_end().to_owned())
        .collect();
    let own = packages
        .iter_mut()
        .find(|package| name_of(package) == PLACEHOLDER)
        .ok_or_else(|| bug("the project's own package is missing"))?;
    *own = own.replacen(&quoted(PLACEHOLDER), &quoted(&service.name), 1);
    // Stable: several versions of one package keep their order.
    packages.sort_by(|a, b| name_of(a).cmp(name_of(b)));
    let text = format!("{head}\n\n{}\n", packages.join("\n\n"));
    Ok(Draft {
        path: "Cargo.lock".into(),
        owner: Owner::Yours,
        template: TEMPLATE,
        text,
    })
}

/// The names of all packages that a project stands on: none can be the name of the project itself.
#[must_use]
pub fn packages() -> Vec<&'static str> {
    let text = secapi_templates::get(TEMPLATE).unwrap_or_default();
    text.split("\n\n")
        .map(name_of)
        .filter(|name| !name.is_empty() && *name != PLACEHOLDER)
        .collect()
}

fn name_of(package: &str) -> &str {
    let line = package
        .lines()
        .find_map(|line| line.strip_prefix("name = \""));
    line.and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or_default()
}

fn quoted(name: &str) -> String {
    format!("name = \"{name}\"")
}

fn bug(reason: &str) -> RenderError {
    RenderError {
        template: TEMPLATE,
        reason: reason.to_owned(),
    }
}
