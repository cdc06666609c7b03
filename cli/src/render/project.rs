//! The table of files: path, owner, template, view.

use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::RenderError;
use super::code::Language;
use super::rust::account::AccountView;
use super::rust::resource::{Operations, ResourceView};
use super::rust::service::{PolicyIds, ServiceView, SettingsView};
use super::{environment, layout};
use crate::manifest::Owner;
use crate::migrations::MigrationFile;
use crate::model::{Auth, Resource, Service};
use crate::parallel;

/// A file before it has a place on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it goes.
    pub path: String,
    /// Whose it is.
    pub owner: Owner,
    /// What made it.
    pub template: &'static str,
    /// What it holds.
    pub text: String,
}

/// What generated code says beside the model.
#[derive(Debug)]
pub struct Inputs<'a> {
    /// The service.
    pub service: &'a Service,
    /// The ids of the policies whose scope covers an action.
    pub policies: &'a PolicyIds,
    /// The names of the migrations, oldest first: `init`.
    pub migrations: &'a [MigrationFile],
}

/// Everything under `src/`.
///
/// # Errors
/// Where a template is wrong.
pub fn source(inputs: &Inputs<'_>) -> Result<Vec<Draft>, RenderError> {
    let service = inputs.service;
    let mut out = vec![
        rust("src/main.rs".into(), Owner::Yours, "src/main.rs", &())?,
        rust(
            "src/generated/mod.rs".into(),
            Owner::Tool,
            "src/generated/mod.rs",
            &ServiceView::new(service, inputs.policies, inputs.migrations),
        )?,
        rust(
            "src/generated/settings.rs".into(),
            Owner::Tool,
            "src/generated/settings.rs",
            &SettingsView::new(service),
        )?,
    ];
    let of_resources = parallel::map(&service.resources, |it| of_resource(service, it));
    for drafts in of_resources {
        out.extend(drafts?);
    }
    Ok(out)
}

fn of_resource(service: &Service, resource: &Resource) -> Result<Vec<Draft>, RenderError> {
    // Seven templates show it, and it is taken apart once.
    let view = Value::from(Serde(ResourceView::new(service, resource)));
    let parts = Operations::new(service, resource);
    let own = |name: &str| format!("src/generated/{}/{name}.rs", resource.module);
    let mut out = vec![
        rust(
            own("mod"),
            Owner::Tool,
            "src/generated/_resource_/mod.rs",
            &view,
        )?,
        rust(
            own("endpoints"),
            Owner::Tool,
            "src/generated/_resource_/endpoints.rs",
            &view,
        )?,
        rust(
            own("entity"),
            Owner::Tool,
            "src/generated/_resource_/entity.rs",
            &view,
        )?,
        rust(
            own("store"),
            Owner::Tool,
            "src/generated/_resource_/store.rs",
            &view,
        )?,
        rust(
            own("view"),
            Owner::Tool,
            "src/generated/_resource_/view.rs",
            &view,
        )?,
    ];
    if parts.input {
        out.push(rust(
            own("input"),
            Owner::Tool,
            "src/generated/_resource_/input.rs",
            &view,
        )?);
    }
    if !resource.actions.is_empty() {
        out.push(rust(
            own("actions"),
            Owner::Tool,
            "src/generated/_resource_/actions.rs",
            &view,
        )?);
    }
    if !resource.relations.is_empty() {
        out.push(rust(
            own("relations"),
            Owner::Tool,
            "src/generated/_resource_/relations.rs",
            &view,
        )?);
    }
    if parts.rules {
        let path = format!("src/{}.rs", resource.module);
        out.push(rust(path, Owner::Yours, "src/_resource_.rs", &view)?);
    }
    if let Some(auth) = account_of(service, resource) {
        let view = AccountView::new(service, auth, resource);
        out.push(rust(
            own("account"),
            Owner::Tool,
            "src/generated/_resource_/account.rs",
            &view,
        )?);
    }
    Ok(out)
}

fn account_of<'a>(service: &'a Service, resource: &Resource) -> Option<&'a Auth> {
    service.auth.as_ref().filter(|_| resource.is_identity)
}

/// A Rust file: filled in and laid out. [`parsed`] comes after it.
pub(super) fn rust(
    path: String,
    owner: Owner,
    template: &'static str,
    view: &impl Serialize,
) -> Result<Draft, RenderError> {
    let text = layout::tidy(&environment::fill(template, Language::Rust, view)?);
    Ok(Draft {
        path,
        owner,
        template,
        text,
    })
}

/// Every Rust file is parsed before anybody sees it, so that no mistake of ours gets any further. What `is_known` was
/// parsed when it was written.
///
/// # Errors
/// With the first that does not parse.
pub fn parsed(
    drafts: &[Draft],
    is_known: impl Fn(&Draft) -> bool + Sync,
) -> Result<(), RenderError> {
    let wrong = parallel::map(drafts, |draft| {
        let is_rust = draft.path.ends_with(".rs");
        let is_new = is_rust && !is_known(draft);
        is_new.then(|| syn::parse_file(&draft.text).err()).flatten()
    });
    for (draft, error) in drafts.iter().zip(wrong) {
        if let Some(error) = error {
            let Draft { path, text, .. } = draft;
            return Err(RenderError {
                template: draft.template,
                reason: format!("{path} does not parse: {error}\n{text}"),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
