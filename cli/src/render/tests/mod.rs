//! The generated tests: what each route answers to the right caller, to nobody, to the wrong caller and
//! to bad input. The policies are asked for the expectations while the project is generated.

mod bodies;
mod cases;
mod ingredients;
mod oracle;
mod rows;

use std::collections::BTreeSet;

use secapi_runtime::authz::Engine;
use serde::Serialize;

use super::RenderError;
use super::code::Rust;
use super::project::{Draft, rust};
use crate::manifest::Owner;
use crate::model::{Resource, Service};
use bodies::BodiesView;
use cases::Test;
use oracle::Oracle;

/// Everything under `tests/security/`; nothing where no route can be tested.
///
/// # Errors
/// Where a template is wrong.
pub fn tests(service: &Service, engine: &Engine) -> Result<Vec<Draft>, RenderError> {
    let oracle = Oracle::new(service, engine);
    let views: Vec<(&Resource, SecurityView)> = service
        .resources
        .iter()
        .map(|resource| (resource, SecurityView::new(service, resource, &oracle)))
        .filter(|(_, view)| !view.tests.is_empty())
        .collect();
    if views.is_empty() {
        return Ok(Vec::new());
    }
    let bodies = BodiesView::new(service, &used_bodies(&views));
    let modules = views.iter().map(|(resource, _)| resource.module.as_str());
    let main = MainView::new(modules.chain((!bodies.is_empty()).then_some("bodies")));
    let mut out = vec![file("main", "tests/security/main.rs", &main)?];
    if !bodies.is_empty() {
        out.push(file("bodies", "tests/security/bodies.rs", &bodies)?);
    }
    for (resource, view) in &views {
        out.push(file(
            &resource.module,
            "tests/security/_resource_.rs",
            view,
        )?);
    }
    Ok(out)
}

/// The functions of `bodies.rs` that some test calls; there are no others.
fn used_bodies(views: &[(&Resource, SecurityView)]) -> BTreeSet<String> {
    views
        .iter()
        .flat_map(|(_, view)| &view.tests)
        .flat_map(Test::bodies)
        .collect()
}

fn file(name: &str, template: &'static str, view: &impl Serialize) -> Result<Draft, RenderError> {
    rust(
        format!("tests/security/{name}.rs"),
        Owner::Tool,
        template,
        view,
    )
}

#[derive(Serialize)]
struct MainView {
    modules: Vec<Rust>,
}

impl MainView {
    fn new<'a>(modules: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = modules.collect();
        names.sort_unstable();
        Self {
            modules: names.into_iter().map(Rust::name).collect(),
        }
    }
}

#[derive(Serialize)]
struct SecurityView {
    word: Rust,
    binary: Rust,
    tests: Vec<Test>,
    uses_bodies: bool,
}

impl SecurityView {
    fn new(service: &Service, resource: &Resource, oracle: &Oracle<'_>) -> Self {
        let tests = cases::of(service, resource, oracle);
        let uses_bodies = tests.iter().flat_map(Test::bodies).next().is_some();
        Self {
            word: Rust::name(&resource.name),
            binary: Rust::text(&format!("CARGO_BIN_EXE_{}", service.name)),
            uses_bodies,
            tests,
        }
    }
}
