//! Every file of a project, in memory.

use std::collections::BTreeSet;

use secapi_policies::{PolicyFile, PolicyNames, Preset};
use secapi_runtime::authz::{Engine, Finding, PolicySource, schema_text};

use super::policy_names::{policy_names, resource_names};
use crate::manifest::{Hash, Manifest, Owner};
use crate::migrations::{Migration, MigrationFile, Snapshot};
use crate::model::{self, Resource, Service};
use crate::openapi;
use crate::parallel;
use crate::project::{SPEC_FILE, SPEC_FOLDER};
use crate::render::{self, Draft, Drafts, Inputs, PolicyIds, RenderError, Standing};
use crate::runtime_choice::Runtime;
use crate::spec;
use crate::version::VERSION;
use crate::write::ProjectPath;

/// Where the document of the API lies.
pub const DOCUMENT: &str = "openapi.json";

/// Its template, as manifests name it: who handed the document over is known by it.
pub(crate) const DOCUMENT_TEMPLATE: &str = "openapi";

/// What a project is made from.
#[derive(Debug)]
pub struct Ingredients<'a> {
    /// The service.
    pub service: &'a Service,
    /// The spec's text, of which the project keeps a copy to compare the next one with.
    pub spec: &'a str,
    /// The files of the spec that a new project begins with, by path; none for one that has its own.
    pub spec_files: &'a [(String, String)],
    /// The policies in force.
    pub policies: &'a Policies,
    /// All migrations, oldest first.
    pub migrations: &'a [MigrationFile],
    /// The migration that is to be added.
    pub migration: Option<&'a Migration>,
    /// The tables that the migrations make.
    pub snapshot: &'a Snapshot,
    /// What was written before: what is written again as it was needs no second look.
    pub manifest: &'a Manifest,
    /// The resources of which no row can be made before somebody has written a rule.
    pub unfilled: &'a BTreeSet<String>,
    /// What need not be made.
    pub standing: &'a Standing,
}

/// The policies of a service, ready to be asked.
#[derive(Debug)]
pub struct Policies {
    /// The schema that they are valid against.
    pub schema: String,
    /// The engine with all of them.
    pub engine: Engine,
    /// Their texts, by file.
    pub sources: Vec<PolicySource>,
    permits: BTreeSet<String>,
}

impl Policies {
    /// Loads policies against the schema of a service.
    ///
    /// # Errors
    /// With everything that is wrong with them.
    pub fn load(service: &Service, sources: &[PolicySource]) -> Result<Self, Vec<Finding>> {
        let schema = schema_text(&model::schema_model(service));
        let engine = Engine::load(&service.namespace, &schema, sources)?;
        Ok(Self::with(schema, engine, sources))
    }

    /// Policies that were checked against the schema of a service, with their engine.
    #[must_use]
    pub fn checked(service: &Service, engine: Engine, sources: &[PolicySource]) -> Self {
        let schema = schema_text(&model::schema_model(service));
        Self::with(schema, engine, sources)
    }

    fn with(schema: String, engine: Engine, sources: &[PolicySource]) -> Self {
        Self {
            schema,
            permits: engine.permit_ids().map(str::to_owned).collect(),
            engine,
            sources: sources.to_vec(),
        }
    }

    /// The policies whose scope covers this action and that permit: what opens it.
    #[must_use]
    pub fn opening(&self, action: &str) -> Vec<String> {
        let covering = self.engine.policies_for(action).into_iter();
        covering
            .filter(|id| self.permits.contains(*id))
            .map(str::to_owned)
            .collect()
    }

    fn ids(&self, service: &Service) -> PolicyIds {
        let actions = super::actions::actions(service);
        let covering = |action: &String| {
            self.engine
                .policies_for(action)
                .into_iter()
                .map(str::to_owned)
                .collect()
        };
        actions
            .into_iter()
            .map(|action| {
                let ids = covering(&action);
                (action, ids)
            })
            .collect()
    }
}

/// What every run writes anew: generated code and tests, documents, the schema, a migration; and once, what is yours
/// for each resource.
///
/// # Errors
/// Where a template is wrong.
pub fn regenerated(ingredients: &Ingredients<'_>) -> Result<Drafts, RenderError> {
    let Ingredients {
        service,
        policies,
        migrations,
        standing,
        ..
    } = ingredients;
    let ids = policies.ids(service);
    let rust = || {
        let mut out = render::source(&Inputs {
            service,
            policies: &ids,
            migrations,
            standing,
        })?;
        out.extend(render::tests(
            service,
            &policies.engine,
            ingredients.unfilled,
            standing,
        )?);
        render::parsed(&out.made, |draft| is_written(draft, ingredients.manifest))?;
        Ok(out)
    };
    let document = || openapi::document(service, &standing.document);
    let (document, rust) = parallel::both(document, rust);
    let mut out = rust?;
    out.document = document.parts;
    let made = &mut out.made;
    made.push(tool(DOCUMENT, DOCUMENT_TEMPLATE, document.text));
    let head = "// Written by secapi from secapi.yaml, again on every run. The types of everything that policies name.\n";
    made.push(tool(
        "policies/schema.cedarschema",
        "schema",
        format!("{head}{}", policies.schema),
    ));
    // For editors; the first line of `secapi.yaml` names it.
    made.push(tool(
        ".secapi/spec.schema.json",
        "spec.schema",
        format!("{:#}\n", spec::json_schema()),
    ));
    if let Some(migration) = ingredients.migration {
        for (folder, text) in [
            ("sqlite", &migration.sqlite),
            ("postgres", &migration.postgres),
        ] {
            let path = format!("migrations/{folder}/{}", migration.file());
            made.push(yours(&path, "migration", text.clone()));
        }
    }
    Ok(out)
}

/// Whether this very text was written before, by this version of the tool.
fn is_written(draft: &Draft, manifest: &Manifest) -> bool {
    let path = ProjectPath::new(draft.path.clone()).ok();
    let entry = path.and_then(|path| manifest.get(&path));
    entry.is_some_and(|entry| {
        entry.version == VERSION && entry.hash == Hash::of(draft.text.as_bytes())
    })
}

/// What `secapi new` adds to what every run writes.
///
/// # Errors
/// Where a template is wrong.
pub fn of_new_project(
    ingredients: &Ingredients<'_>,
    runtime: &Runtime,
    policy_files: Vec<PolicyFile>,
) -> Result<Vec<Draft>, RenderError> {
    let service = ingredients.service;
    let mut spec_files = ingredients.spec_files.iter();
    let is_folder = spec_files.any(|(path, _)| path.starts_with(SPEC_FOLDER));
    let mut out = plain(service, runtime, spec_name(is_folder))?;
    let spec_files = ingredients.spec_files.iter();
    out.extend(spec_files.map(|(path, text)| yours(path, "secapi.yaml", text.clone())));
    out.extend(policy_files.into_iter().map(policy));
    if *runtime == Runtime::Vendor {
        out.extend(render::vendor()?);
    }
    // The registry decides what a version requirement brings along.
    if !matches!(runtime, Runtime::Version(_)) {
        out.push(render::lock(service)?);
    }
    Ok(out)
}

/// What an upgrade adds to what every run writes: the runtime's source where the project has it, and what is yours as it
/// would be written today. The spec, the policies and `Cargo.lock` say nothing of a version of the tool.
///
/// # Errors
/// Where a template is wrong.
pub fn of_upgrade(
    service: &Service,
    runtime: &Runtime,
    spec_is_folder: bool,
) -> Result<Vec<Draft>, RenderError> {
    let mut out = plain(service, runtime, spec_name(spec_is_folder))?;
    if *runtime == Runtime::Vendor {
        out.extend(render::vendor()?);
    }
    Ok(out)
}

/// The spec as the README names it.
fn spec_name(is_folder: bool) -> &'static str {
    if is_folder { "spec/*.yaml" } else { SPEC_FILE }
}

fn plain(service: &Service, runtime: &Runtime, spec: &str) -> Result<Vec<Draft>, RenderError> {
    let out = render::plain(service, runtime, spec)?;
    render::parsed(&out, |_| false)?;
    Ok(out)
}

/// The policies that a new service starts with. Some, and their tests, fit the shipped spec alone.
#[must_use]
pub fn starting_policies(
    service: &Service,
    preset: Preset,
    is_shipped_spec: bool,
) -> Vec<PolicyFile> {
    let names = PolicyNames {
        is_shipped_spec,
        ..policy_names(service)
    };
    secapi_policies::preset(preset, &names)
}

/// The policies of a resource that comes to an existing service: none, and comments that say how to open it.
#[must_use]
pub fn policy_of_new_resource(service: &Service, resource: &Resource) -> Draft {
    policy(secapi_policies::closed(
        &policy_names(service),
        &resource_names(service, resource),
    ))
}

/// The policies of a resource of this name, in a project.
#[must_use]
pub fn policy_path(resource: &str) -> String {
    format!("policies/{}", secapi_policies::file_name(resource))
}

/// Policies as the engine takes them.
#[must_use]
pub fn sources(files: &[PolicyFile]) -> Vec<PolicySource> {
    let policies = files
        .iter()
        .filter(|file| file.file_name.ends_with(".cedar") && !file.file_name.contains('/'));
    policies
        .map(|file| PolicySource {
            file: format!("policies/{}", file.file_name),
            text: file.text.clone(),
        })
        .collect()
}

fn policy(file: PolicyFile) -> Draft {
    yours(
        &format!("policies/{}", file.file_name),
        "policies",
        file.text,
    )
}

fn tool(path: &str, template: &'static str, text: String) -> Draft {
    Draft {
        path: path.into(),
        owner: Owner::Tool,
        template,
        text,
    }
}

fn yours(path: &str, template: &'static str, text: String) -> Draft {
    Draft {
        path: path.into(),
        owner: Owner::Yours,
        template,
        text,
    }
}
