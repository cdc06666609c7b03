//! The project's files that are no Rust: manifests, settings, containers, documents.

use serde::Serialize;

use super::code::{Language, Markdown, Rust, Toml, Yaml};
use super::project::{Draft, rust};
use super::rust::resource::Operations;
use super::{RenderError, environment};
use crate::manifest::Owner;
use crate::model::{Docs, Profile, Service, address};
use crate::runtime_choice::Runtime;
use crate::shell;

/// The oldest compiler that builds a project: what this crate itself asks for.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

/// Everything that is yours and no Rust, and your own first test. `spec` is the file or the folder of the spec.
///
/// # Errors
/// Where a template is wrong.
pub fn plain(service: &Service, runtime: &Runtime, spec: &str) -> Result<Vec<Draft>, RenderError> {
    let mut out = Vec::new();
    for (path, template) in COPIES {
        out.push(copy(path, template)?);
    }
    out.push(cargo(service, runtime)?);
    let container = ContainerView::new(service, runtime);
    out.push(fill(
        "Dockerfile",
        "Dockerfile",
        Language::Yaml,
        &container,
    )?);
    out.push(fill(
        "compose.yaml",
        "compose.yaml",
        Language::Yaml,
        &container,
    )?);
    for document in ["README.md", "SECURITY.md", "THREATS.md"] {
        out.push(fill(
            document,
            document,
            Language::Markdown,
            &ReadmeView::new(service, runtime, spec),
        )?);
    }
    out.push(rust(
        "tests/rules.rs".into(),
        Owner::Yours,
        "tests/rules.rs",
        &TestView::new(service),
    )?);
    Ok(out)
}

/// The spec of `secapi new` without `--spec`.
///
/// # Errors
/// Where the template is wrong.
pub fn default_spec(name: &str, namespace: &str) -> Result<String, RenderError> {
    #[derive(Serialize)]
    struct SpecView {
        name: Yaml,
        namespace: Yaml,
    }
    let view = SpecView {
        name: Yaml::name(name),
        namespace: Yaml::name(namespace),
    };
    environment::fill("secapi.yaml", Language::Yaml, &view)
}

/// Files without a value in them, and where they go. Names that would mean something to git or cargo
/// here are spelled differently in the tree of templates.
const COPIES: [(&str, &str); 9] = [
    (".dockerignore", "dockerignore"),
    (".env.example", "env.example"),
    (".gitattributes", "gitattributes"),
    (".github/workflows/ci.yml", "github/ci.yml"),
    (".gitignore", "gitignore"),
    ("clippy.toml", "clippy.toml"),
    ("config/default.toml", "config/default.toml"),
    ("config/production.toml", "config/production.toml"),
    ("deny.toml", "deny.toml"),
];

fn copy(path: &str, template: &'static str) -> Result<Draft, RenderError> {
    let text = secapi_templates::get(template).ok_or_else(|| RenderError {
        template,
        reason: "no such template".into(),
    })?;
    if path.ends_with(".toml") {
        parses_as_toml(template, text)?;
    }
    Ok(Draft {
        path: path.into(),
        owner: Owner::Yours,
        template,
        text: text.into(),
    })
}

fn fill(
    path: &str,
    template: &'static str,
    language: Language,
    view: &impl Serialize,
) -> Result<Draft, RenderError> {
    let text = environment::fill(template, language, view)?;
    Ok(Draft {
        path: path.into(),
        owner: Owner::Yours,
        template,
        text,
    })
}

#[derive(Serialize)]
struct CargoView {
    name: Toml,
    rust_version: Toml,
    runtime: Toml,
    runtime_for_tests: Toml,
    serde_json: Toml,
}

fn cargo(service: &Service, runtime: &Runtime) -> Result<Draft, RenderError> {
    let view = CargoView {
        name: Toml::text(&service.name),
        rust_version: Toml::text(RUST_VERSION),
        runtime: Toml::code(format!("{{ {} }}", runtime.dependency())),
        runtime_for_tests: Toml::code(format!(
            "{{ {}, features = [\"testing\"] }}",
            runtime.dependency()
        )),
        serde_json: Toml::text("1.0"),
    };
    let draft = fill("Cargo.toml", "Cargo.toml.jinja", Language::Toml, &view)?;
    parses_as_toml(draft.template, &draft.text)?;
    Ok(draft)
}

fn parses_as_toml(template: &'static str, text: &str) -> Result<(), RenderError> {
    text.parse::<toml::Table>()
        .map(|_| ())
        .map_err(|error| RenderError {
            template,
            reason: error.to_string(),
        })
}

#[derive(Serialize)]
struct ContainerView {
    name: Yaml,
    rust_version: Yaml,
    /// Where the sources are built.
    workdir: Yaml,
    /// The runtime's folder where it lies outside the project, in double quotes.
    runtime: Option<Yaml>,
    /// Whether there are encrypted fields, which need keys.
    encrypts: bool,
}

impl ContainerView {
    fn new(service: &Service, runtime: &Runtime) -> Self {
        Self {
            name: Yaml::name(&service.name),
            rust_version: Yaml::name(RUST_VERSION),
            workdir: Yaml::name(&workdir(runtime)),
            runtime: runtime.folder().map(Yaml::text),
            encrypts: service.encrypts(),
        }
    }
}

/// As deep as the path to the runtime climbs, so that it leads to the same place in the container.
fn workdir(runtime: &Runtime) -> String {
    let folder = runtime.folder().unwrap_or_default();
    let climbs = folder.split('/').filter(|part| *part == "..").count();
    format!("/build{}", "/project".repeat(climbs))
}

#[derive(Serialize)]
struct ReadmeView {
    title: Markdown,
    description: Markdown,
    rust_version: Markdown,
    base_path: Markdown,
    identity: Option<Markdown>,
    /// The first administrator's address, as a shell reads it; `none` where accounts have no roles.
    administrator: Option<Markdown>,
    /// The body with which it signs in, as a shell reads it.
    login: Markdown,
    /// Whether the runtime's source is a part of the project.
    is_vendored: bool,
    /// Whether the documentation page is served in development.
    publishes_itself: bool,
    password_length: Markdown,
    encrypts: bool,
    rules: Vec<Markdown>,
    /// Where the spec stands.
    spec: Markdown,
}

impl ReadmeView {
    fn new(service: &Service, runtime: &Runtime, spec: &str) -> Self {
        let description = service
            .description
            .as_deref()
            .unwrap_or("Say here what it is for.");
        let with_rules = service
            .resources
            .iter()
            .filter(|resource| Operations::new(service, resource).rules);
        let length = service
            .auth
            .as_ref()
            .map_or(0, |auth| match auth.passwords.profile {
                Profile::Nist | Profile::Composition => auth.passwords.min_length,
            });
        let email = service.identity().and_then(|it| it.field("email"));
        let administrator = email.and_then(address::of_administrator);
        let administrator = administrator.unwrap_or_default();
        let role = service
            .auth
            .as_ref()
            .and_then(|auth| auth.admin_role.as_ref());
        let login = format!("{{\"email\": \"{administrator}\", \"password\": \"THE PASSWORD\"}}");
        Self {
            title: Markdown::words(&service.title),
            description: Markdown::words(description),
            rust_version: Markdown::name(RUST_VERSION),
            base_path: Markdown::name(&service.base_path),
            identity: service
                .identity()
                .map(|identity| Markdown::name(&identity.path)),
            administrator: role.map(|_| Markdown::name(&shell::quoted(&administrator))),
            login: Markdown::name(&shell::quoted(&login)),
            is_vendored: *runtime == Runtime::Vendor,
            publishes_itself: service.http.docs != Docs::Never,
            password_length: Markdown::name(&length.to_string()),
            encrypts: service.encrypts(),
            rules: with_rules
                .map(|resource| Markdown::name(&format!("src/{}.rs", resource.module)))
                .collect(),
            spec: Markdown::name(spec),
        }
    }
}

#[derive(Serialize)]
struct TestView {
    binary: Rust,
    title: Rust,
    /// Whether the document is served in development.
    publishes_itself: bool,
}

impl TestView {
    fn new(service: &Service) -> Self {
        Self {
            binary: Rust::text(&format!("CARGO_BIN_EXE_{}", service.name)),
            title: Rust::text(&service.title),
            publishes_itself: service.http.docs != Docs::Never,
        }
    }
}
