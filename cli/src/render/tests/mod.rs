//! The generated tests: what each route answers to the right caller, to nobody, to the wrong caller and
//! to bad input. The policies are asked for the expectations while the project is generated.

#[cfg(test)]
mod administrators;
mod bodies;
mod cases;
mod ingredients;
mod oracle;
mod policies;
mod rows;

use std::borrow::Cow;
use std::collections::BTreeSet;

use secapi_runtime::authz::Engine;
use serde::Serialize;

use super::RenderError;
use super::code::Rust;
use super::project::Drafts;
use super::standing::{Standing, View};
use crate::manifest::Owner;
use crate::model::{Operation, Resource, Service};
use crate::parallel;
use bodies::BodiesView;
use cases::Test;
use oracle::{Caller, Oracle, Outcome};
use policies::PoliciesView;

/// Everything under `tests/security/`; nothing where no route can be tested. Of resources that are `unfilled` no test makes
/// a row.
///
/// # Errors
/// Where a template is wrong.
pub fn tests(
    service: &Service,
    engine: &Engine,
    unfilled: &BTreeSet<String>,
    standing: &Standing,
) -> Result<Drafts, RenderError> {
    let service = &*makeable(service, unfilled);
    let oracle = Oracle::new(service, engine);
    let mut files = files(service, &oracle);
    files.retain(|file| !file.view.tests.is_empty());
    let policies = PoliciesView::new(service);
    if files.is_empty() && policies.is_empty() {
        return Ok(Drafts::default());
    }
    let bodies = BodiesView::new(service, &used_bodies(&files, &policies));
    let modules = files.iter().map(|file| file.module);
    let modules = modules.chain((!bodies.is_empty()).then_some("bodies"));
    let main = MainView::new(modules.chain((!policies.is_empty()).then_some("policies")));
    let mut out = file("main", "tests/security/main.rs", main, standing)?;
    if !bodies.is_empty() {
        let template = "tests/security/bodies.rs";
        out.extend(file("bodies", template, bodies, standing)?);
    }
    if !policies.is_empty() {
        let template = "tests/security/policies.rs";
        out.extend(file("policies", template, policies, standing)?);
    }
    let filled = parallel::map(&files, |it| {
        file(it.module, it.template, &it.view, standing)
    });
    for drafts in filled {
        out.extend(drafts?);
    }
    Ok(out)
}

/// The service as its tests can have it. A row that needs a rule of the project which nobody has written cannot be made:
/// to the tests its resource is one that has no creation, until the rule is there.
fn makeable<'a>(service: &'a Service, unfilled: &BTreeSet<String>) -> Cow<'a, Service> {
    let mut service = Cow::Borrowed(service);
    if !unfilled.is_empty() {
        let resources = &mut service.to_mut().resources;
        for resource in resources
            .iter_mut()
            .filter(|it| unfilled.contains(&it.name))
        {
            resource.operations.retain(|it| *it != Operation::Create);
        }
    }
    service
}

/// The first resource of which a stranger gets a list, if an empty one.
#[must_use]
pub fn list_of_strangers<'a>(service: &'a Service, engine: &Engine) -> Option<&'a Resource> {
    let oracle = Oracle::new(service, engine);
    let lists = |resource: &&Resource| {
        resource.has(Operation::List)
            && oracle.outcome(Caller::Anonymous, resource, "list") == Outcome::Allowed
    };
    service.resources.iter().find(lists)
}

/// A file of tests.
struct File<'a> {
    module: &'a str,
    template: &'static str,
    view: SecurityView,
}

/// What accounts have of their own, and each resource. No resource is called `auth`.
fn files<'a>(service: &'a Service, oracle: &Oracle<'_>) -> Vec<File<'a>> {
    let accounts = service.identity().map(|identity| File {
        module: "auth",
        template: "tests/security/auth.rs",
        view: SecurityView::new(
            service,
            identity,
            cases::of_accounts(service, identity, oracle),
        ),
    });
    let resources = parallel::map(&service.resources, |resource| File {
        module: &resource.module,
        template: "tests/security/_resource_.rs",
        view: SecurityView::new(service, resource, cases::of(service, resource, oracle)),
    });
    accounts.into_iter().chain(resources).collect()
}

/// The functions of `bodies.rs` that some test calls; there are no others.
fn used_bodies(files: &[File<'_>], policies: &PoliciesView) -> BTreeSet<String> {
    files
        .iter()
        .flat_map(|file| &file.view.tests)
        .flat_map(Test::bodies)
        .chain(policies.bodies())
        .collect()
}

fn file(
    name: &str,
    template: &'static str,
    view: impl Serialize,
    standing: &Standing,
) -> Result<Drafts, RenderError> {
    let mut out = Drafts::default();
    let file = (format!("tests/security/{name}.rs"), Owner::Tool);
    out.rust(file, template, &View::new(view), standing)?;
    Ok(out)
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
    fn new(service: &Service, resource: &Resource, tests: Vec<Test>) -> Self {
        let uses_bodies = tests.iter().flat_map(Test::bodies).next().is_some();
        Self {
            word: Rust::name(&resource.name),
            binary: Rust::text(&format!("CARGO_BIN_EXE_{}", service.name)),
            uses_bodies,
            tests,
        }
    }
}
