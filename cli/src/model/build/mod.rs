//! From the file's structs to the [`Service`]: meaning, names, limits, and every mistake at once.
//!
//! Each function takes a part of the file, reports what is wrong with it and gives back what it could
//! make. Whether the whole is sound is decided once, at the end, by whether anything was an error.

mod action;
mod auth;
mod collision;
mod credentials;
mod field;
mod flags;
mod former;
mod http;
mod kind;
mod limits;
mod reference;
mod relation;
mod resource;
mod role;
mod room;
mod service;
mod several;
mod soft_delete;
mod unique;

#[cfg(test)]
pub(crate) use reference::link;
pub use service::package_name;

use super::Service;
use crate::diagnostic::{Diagnostics, SourceId, spec as code};
use crate::spec::{self, Spec, SpecFile};

/// Reads and checks a spec: form first, then meaning. All mistakes come out of one call.
#[must_use]
pub fn compile(text: &str, source: SourceId) -> (Option<Service>, Diagnostics) {
    compile_files(&[SpecFile { text, source }])
}

/// As [`compile`], of a spec in several files.
#[must_use]
pub fn compile_files(files: &[SpecFile<'_>]) -> (Option<Service>, Diagnostics) {
    let (raw, mut diagnostics) = spec::parse_files(files);
    let service = raw.and_then(|raw| build(&raw, &mut diagnostics));
    // INVARIANT: what was refused by the reader is absent in `raw`, so a service built of it would be
    // another one than the file says. It is given out only where nothing was refused.
    (service.filter(|_| !diagnostics.has_errors()), diagnostics)
}

fn build(raw: &Spec, diagnostics: &mut Diagnostics) -> Option<Service> {
    language_version(raw, diagnostics);
    let identity = raw.auth.as_ref().and_then(|auth| auth.identity.as_ref());
    let is_identity = |name: &str| identity.is_some_and(|identity| identity.value == name);
    let targets = reference::Targets::of(&raw.resources);
    let made: Vec<_> = raw
        .resources
        .iter()
        .map(|raw| resource::resource(raw, is_identity(&raw.name.value), &targets, diagnostics))
        .collect();
    if raw.resources.is_empty() && raw.complete {
        let help =
            "write at least one below `resources`, such as `note: {fields: {text: {type: text}}}`";
        diagnostics.error(
            &code::EMPTY,
            raw.resources_span,
            "the service has no resources",
            help,
        );
    }
    let mut resources: Vec<_> = made.into_iter().flatten().collect();
    reference::link(&mut resources);
    relation::relations(&raw.resources, &mut resources, &targets, diagnostics);
    former::resources(&raw.resources, diagnostics);
    reference::cycles(&raw.resources, &resources, diagnostics);
    collision::resources(&raw.resources, &resources, diagnostics);
    collision::actions(&raw.resources, &resources, diagnostics);
    collision::lists(&raw.resources, &resources, diagnostics);
    collision::bodies(&raw.resources, &resources, diagnostics);
    collision::indexes(&raw.resources, &resources, diagnostics);
    let auth = raw
        .auth
        .as_ref()
        .map(|auth| auth::auth(auth, raw, &resources, diagnostics));
    let service = service::service(raw, resources, auth.flatten(), diagnostics)?;
    room::check(raw, &service, diagnostics);
    Some(service)
}

fn language_version(raw: &Spec, diagnostics: &mut Diagnostics) {
    if let Some(version) = raw.secapi.filter(|version| version.value != 1) {
        let message = format!(
            "this tool does not know version {} of the language",
            version.value
        );
        diagnostics.error(
            &code::VERSION,
            version.span,
            message,
            "write `secapi: 1`, or get a newer `secapi`",
        );
    }
}
