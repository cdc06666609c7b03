//! The views of the service as a whole: `src/generated/mod.rs` and `settings.rs`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::limits::{LockoutView, TierRow, TierView};
use crate::migrations::MigrationFile;
use crate::model::{
    AccountOperation, Auth, Docs, Lists, Lockout, Operation, Profile, Quota, Resource, Service,
    SoftDelete,
};
use crate::render::code::Rust;

/// The ids of the policies whose scope covers an action, by action.
pub type PolicyIds = BTreeMap<String, Vec<String>>;

#[derive(Debug, Serialize)]
pub(crate) struct ServiceView {
    name: Rust,
    title: Rust,
    namespace: Rust,
    base_path: Rust,
    base_path_text: Rust,
    routes: Vec<RouteView>,
    guarded: Vec<Rust>,
    identity: Option<Rust>,
    /// Whether the document and its page are served.
    documents: bool,
    modules: Vec<Rust>,
    resources: Vec<Rust>,
    /// The resources whose deleted rows go for good one day.
    purged: Vec<Rust>,
    migrations: Vec<MigrationView>,
    /// The resources that have encrypted fields.
    encrypted: Vec<Rust>,
    tiers: Vec<TierRow>,
    body_limit: Rust,
    timeout: Rust,
}

#[derive(Debug, Serialize)]
struct RouteView {
    method: Rust,
    path: Rust,
    actions: Rust,
    policies: Rust,
    limits: Rust,
    module: Rust,
}

#[derive(Debug, Serialize)]
struct MigrationView {
    number: Rust,
    name: Rust,
    file: Rust,
}

impl ServiceView {
    pub(crate) fn new(
        service: &Service,
        policies: &PolicyIds,
        migrations: &[MigrationFile],
    ) -> Self {
        Self {
            name: Rust::text(&service.name),
            title: Rust::text(&service.title),
            namespace: Rust::text(&service.namespace),
            base_path: Rust::name(&service.base_path),
            base_path_text: Rust::text(&service.base_path),
            routes: routes(service)
                .map(|route| route.view(service, policies))
                .collect(),
            guarded: guarded(service),
            identity: service
                .identity()
                .map(|identity| Rust::name(&identity.module)),
            documents: service.http.docs != Docs::Never,
            modules: modules(service),
            resources: service
                .resources
                .iter()
                .map(|resource| Rust::name(&resource.module))
                .collect(),
            purged: service
                .resources
                .iter()
                .filter(|resource| resource.soft_delete.is_some())
                .map(|resource| Rust::name(&resource.module))
                .collect(),
            migrations: migrations.iter().map(migration).collect(),
            encrypted: encrypted(service),
            tiers: TierRow::all(&service.rate_limits),
            body_limit: Rust::code(service.http.body_limit.to_string()),
            timeout: Rust::code(service.http.timeout.as_millis().to_string()),
        }
    }
}

/// The resources' modules and the settings', in rustfmt's order.
fn modules(service: &Service) -> Vec<Rust> {
    let own = service
        .resources
        .iter()
        .map(|resource| resource.module.as_str());
    let names: BTreeSet<&str> = own.chain(["settings"]).collect();
    names.into_iter().map(Rust::name).collect()
}

fn guarded(service: &Service) -> Vec<Rust> {
    let mut out = Vec::new();
    for resource in &service.resources {
        for field in resource.fields.iter().filter(|field| field.guarded) {
            if !field.write_only {
                out.push(Rust::code(format!("{}:read:{}", resource.name, field.name)));
            }
            out.push(Rust::code(format!(
                "{}:write:{}",
                resource.name, field.name
            )));
        }
    }
    out
}

/// The modules of the resources that have encrypted fields.
fn encrypted(service: &Service) -> Vec<Rust> {
    let resources = service.resources.iter();
    let resources = resources.filter(|resource| resource.encrypts());
    let module = |resource: &Resource| Rust::name(&resource.module);
    resources.map(module).collect()
}

fn migration(written: &MigrationFile) -> MigrationView {
    let file = format!("../../migrations/sqlite/{}", written.file());
    MigrationView {
        number: Rust::code(written.number.to_string()),
        name: Rust::text(&written.name),
        file: Rust::text(&file),
    }
}

/// One row of the table in `src/generated/mod.rs`.
struct Route<'a> {
    resource: &'a Resource,
    method: &'static str,
    path: String,
    verbs: Vec<&'a str>,
    /// The quota that holds beside the tier's.
    quota: Option<Quota>,
}

impl Route<'_> {
    fn view(&self, service: &Service, policies: &PolicyIds) -> RouteView {
        let actions: Vec<String> = self
            .verbs
            .iter()
            .map(|verb| format!("{}:{verb}", self.resource.name))
            .collect();
        let ids: BTreeSet<&str> = actions
            .iter()
            .filter_map(|action| policies.get(action))
            .flatten()
            .map(String::as_str)
            .collect();
        let ids: Vec<String> = ids.into_iter().map(code).collect();
        let actions: Vec<String> = actions.iter().map(|action| code(action)).collect();
        RouteView {
            method: Rust::name(self.method),
            path: Rust::code(format!("{}{}", service.base_path, self.path)),
            actions: Rust::code(actions.join(" and ")),
            policies: Rust::code(if ids.is_empty() {
                "none".into()
            } else {
                ids.join(", ")
            }),
            limits: Rust::code(self.limits()),
            module: Rust::name(&self.resource.module),
        }
    }

    /// The tier, and the quota of the operation where it has one.
    fn limits(&self) -> String {
        let tier = match (self.method, self.verbs.as_slice()) {
            (_, ["register"]) => "auth",
            ("GET", _) => "read",
            _ => "write",
        };
        match self.quota {
            Some(quota) => format!("`{tier}`, {quota}"),
            None => code(tier),
        }
    }
}

/// Words as code in a table's cell. A policy's id is any string; what would end the cell is left out.
fn code(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '`' | '|'))
        .collect();
    format!("`{plain}`")
}

const RESTORE: &str = SoftDelete::RESTORE;

fn routes(service: &Service) -> impl Iterator<Item = Route<'_>> {
    service.resources.iter().flat_map(|resource| {
        let mut out = Vec::new();
        let mut add = |method, path: &str, verbs, quota| {
            out.push(Route {
                resource,
                method,
                path: path.to_owned(),
                verbs,
                quota,
            })
        };
        if service.registers(resource) {
            add("POST", "/auth/register", vec!["register"], None);
        }
        if resource.is_identity {
            add("GET", &format!("{}/me", resource.path), vec!["read"], None);
        }
        for operation in &resource.operations {
            let item = format!("{}/{{id}}", resource.path);
            let own = resource.rate_limits.get(operation).copied();
            match operation {
                Operation::List => add("GET", &resource.path, vec!["list", "read"], own),
                Operation::Create => add("POST", &resource.path, vec!["create"], own),
                Operation::Read => add("GET", &item, vec!["read"], own),
                Operation::Update => add("PATCH", &item, vec!["update"], own),
                Operation::Delete => add("DELETE", &item, vec!["delete"], own),
            }
        }
        for operation in AccountOperation::ALL
            .iter()
            .filter(|_| resource.is_identity)
        {
            let path = format!("{}/{{id}}/{}", resource.path, operation.end());
            add(operation.method(), &path, vec![operation.action()], None);
        }
        if let Some(soft) = resource.soft_delete {
            let path = format!("{}/{{id}}/{RESTORE}", resource.path);
            add("POST", &path, vec![RESTORE], soft.limit);
        }
        for action in &resource.actions {
            let (method, path) = (action.method.as_str(), action.path(&resource.path));
            add(method, &path, vec![action.name.as_str()], action.limit);
        }
        for relation in &resource.relations {
            let mut verbs = relation.actions.iter().map(String::as_str);
            let list = verbs.next().into_iter().collect();
            add("GET", &relation.path(&resource.path), list, None);
            for (method, verb) in ["PUT", "DELETE"].into_iter().zip(verbs) {
                add(
                    method,
                    &relation.item_path(&resource.path),
                    vec![verb],
                    None,
                );
            }
        }
        out
    })
}

#[derive(Debug, Serialize)]
pub(crate) struct SettingsView {
    passwords: Rust,
    access_ttl: Rust,
    refresh_ttl: Rust,
    refresh_absolute_ttl: Rust,
    lockout: LockoutView,
    tiers: Vec<TierView>,
    body_limit: Rust,
    timeout: Rust,
    cors_origins: Vec<Rust>,
    docs: Rust,
    lists: Rust,
}

/// What stands in the settings of a service where nobody signs in: never used, and as strict as can be.
const NO_AUTH: (&str, [u64; 3]) = (
    "PasswordProfile::Nist { min_length: 15 }",
    [900, 43_200, 604_800],
);

impl SettingsView {
    pub(crate) fn new(service: &Service) -> Self {
        let (passwords, seconds) = service
            .auth
            .as_ref()
            .map_or((NO_AUTH.0.to_owned(), NO_AUTH.1), auth);
        let [access, refresh, absolute] = seconds.map(number);
        Self {
            passwords: Rust::code(passwords),
            access_ttl: access,
            refresh_ttl: refresh,
            refresh_absolute_ttl: absolute,
            lockout: LockoutView::new(
                service
                    .auth
                    .as_ref()
                    .map_or(&Lockout::DEFAULT, |auth| &auth.lockout),
            ),
            tiers: TierView::all(&service.rate_limits),
            body_limit: number(service.http.body_limit),
            timeout: number(u64::try_from(service.http.timeout.as_millis()).unwrap_or(u64::MAX)),
            cors_origins: service
                .http
                .cors_origins
                .iter()
                .map(|origin| Rust::text(origin))
                .collect(),
            docs: Rust::name(match service.http.docs {
                Docs::Development => "Development",
                Docs::Always => "Always",
                Docs::Never => "Never",
            }),
            lists: Rust::name(match service.lists {
                Lists::Strict => "Strict",
                Lists::Scan => "Scan",
            }),
        }
    }
}

fn auth(auth: &Auth) -> (String, [u64; 3]) {
    let (min, max) = (auth.passwords.min_length, auth.passwords.max_length);
    let passwords = match auth.passwords.profile {
        Profile::Nist => format!("PasswordProfile::Nist {{ min_length: {min} }}"),
        Profile::Composition => {
            format!("PasswordProfile::Composition {{ min_length: {min}, max_length: {max} }}")
        }
    };
    (
        passwords,
        [
            auth.access_ttl.as_secs(),
            auth.refresh_ttl.as_secs(),
            auth.refresh_absolute_ttl.as_secs(),
        ],
    )
}

pub(super) fn number(value: u64) -> Rust {
    Rust::integer(i64::try_from(value).unwrap_or(i64::MAX))
}
