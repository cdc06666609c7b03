//! The table of files: path, owner, template, view.

use std::collections::BTreeMap;

use serde::Serialize;

use super::RenderError;
use super::code::Language;
use super::rust::account::AccountView;
use super::rust::resource::{Operations, ResourceView};
use super::rust::service::{PolicyIds, ServiceView, SettingsView};
use super::standing::{Standing, View};
use super::{environment, layout};
use crate::manifest::{Hash, Owner};
use crate::migrations::MigrationFile;
use crate::model::{Auth, Resource, Service};
use crate::openapi::Places;
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
    /// What need not be made.
    pub standing: &'a Standing,
}

/// The files that a run makes, and those that it need not make.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Those that were made.
    pub made: Vec<Draft>,
    /// What some of them were made from, by path: where the same is there, the same is made of it.
    pub made_from: BTreeMap<String, Hash>,
    /// The paths of those that stand as they would be made.
    pub standing: Vec<String>,
    /// What the document of the API is made of.
    pub document: Places,
}

impl Drafts {
    /// Adds a Rust file, unless it stands. [`parsed`] comes after it.
    pub(super) fn rust<T: Serialize>(
        &mut self,
        (path, owner): (String, Owner),
        template: &'static str,
        view: &View<T>,
        standing: &Standing,
    ) -> Result<(), RenderError> {
        let made_from = view.within(template);
        if standing.has(&path, made_from.as_ref()) {
            self.standing.push(path);
            return Ok(());
        }
        let made_from = made_from.map(|made_from| (path.clone(), made_from));
        self.made_from.extend(made_from);
        self.made.push(rust(path, owner, template, view.value())?);
        Ok(())
    }

    /// Adds all of these.
    pub fn extend(&mut self, others: Self) {
        self.made.extend(others.made);
        self.made_from.extend(others.made_from);
        self.standing.extend(others.standing);
        self.document.extend(others.document);
    }
}

/// Drafts of which nobody knows what they were made from.
impl From<Vec<Draft>> for Drafts {
    fn from(made: Vec<Draft>) -> Self {
        Self {
            made,
            ..Self::default()
        }
    }
}

/// Everything under `src/`.
///
/// # Errors
/// Where a template is wrong.
pub fn source(inputs: &Inputs<'_>) -> Result<Drafts, RenderError> {
    let (service, standing) = (inputs.service, inputs.standing);
    let mut out = Drafts::default();
    let main = ("src/main.rs".to_owned(), Owner::Yours);
    out.rust(main, "src/main.rs", &View::new(()), standing)?;
    let view = ServiceView::new(service, inputs.policies, inputs.migrations);
    let generated = |name: &str| (format!("src/generated/{name}.rs"), Owner::Tool);
    let template = "src/generated/mod.rs";
    out.rust(generated("mod"), template, &View::new(view), standing)?;
    let view = View::new(SettingsView::new(service));
    let template = "src/generated/settings.rs";
    out.rust(generated("settings"), template, &view, standing)?;
    let of_resources = parallel::map(&service.resources, |it| of_resource(service, it, standing));
    for drafts in of_resources {
        out.extend(drafts?);
    }
    Ok(out)
}

fn of_resource(
    service: &Service,
    resource: &Resource,
    standing: &Standing,
) -> Result<Drafts, RenderError> {
    let view = View::new(ResourceView::new(service, resource));
    let parts = Operations::new(service, resource);
    let own = |name: &str| {
        let path = format!("src/generated/{}/{name}.rs", resource.module);
        (path, Owner::Tool)
    };
    let files = [
        ("mod", "src/generated/_resource_/mod.rs", true),
        ("endpoints", "src/generated/_resource_/endpoints.rs", true),
        ("entity", "src/generated/_resource_/entity.rs", true),
        ("store", "src/generated/_resource_/store.rs", true),
        ("view", "src/generated/_resource_/view.rs", true),
        ("input", "src/generated/_resource_/input.rs", parts.input),
        (
            "actions",
            "src/generated/_resource_/actions.rs",
            !resource.actions.is_empty(),
        ),
        (
            "relations",
            "src/generated/_resource_/relations.rs",
            !resource.relations.is_empty(),
        ),
    ];
    let mut out = Drafts::default();
    for (name, template, _) in files.into_iter().filter(|(_, _, is_there)| *is_there) {
        out.rust(own(name), template, &view, standing)?;
    }
    if parts.rules {
        let file = (format!("src/{}.rs", resource.module), Owner::Yours);
        out.rust(file, "src/_resource_.rs", &view, standing)?;
    }
    if let Some(auth) = account_of(service, resource) {
        let view = View::new(AccountView::new(service, auth, resource));
        let template = "src/generated/_resource_/account.rs";
        out.rust(own("account"), template, &view, standing)?;
    }
    Ok(out)
}

fn account_of<'a>(service: &'a Service, resource: &Resource) -> Option<&'a Auth> {
    service.auth.as_ref().filter(|_| resource.is_identity)
}

/// A Rust file: filled in and laid out.
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
