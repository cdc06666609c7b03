//! What a service shows to its clients and asks its policies, and how that changes.

use std::collections::BTreeSet;

use super::Policies;
use crate::model::{AccountOperation, Action, Operation, Resource, Service, SoftDelete};

/// A change of the API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiChange {
    /// `route_added`, `route_removed`, `field_added`, `field_removed`.
    pub kind: &'static str,
    /// The route, with the field after a `#`.
    pub path: String,
    /// Whether a client of the old API may fail.
    pub breaking: bool,
    /// A sentence.
    pub summary: String,
}

/// An action that is new, and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationChange {
    /// The action.
    pub action: String,
    /// The policies that open it, as far as their scope says.
    pub policies: Vec<String>,
}

/// The routes and fields of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surface {
    routes: BTreeSet<String>,
    fields: BTreeSet<(String, bool)>,
    actions: BTreeSet<String>,
}

impl Surface {
    /// What this service shows.
    #[must_use]
    pub fn of(service: &Service) -> Self {
        let mut out = Self {
            actions: actions(service),
            ..Self::default()
        };
        for resource in &service.resources {
            out.routes.extend(routes(service, resource));
            for field in &resource.fields {
                let demanded =
                    field.is_required() && !field.read_only && resource.has(Operation::Create);
                out.fields.insert((
                    format!("{}{}#{}", service.base_path, resource.path, field.name),
                    demanded,
                ));
            }
            for action in &resource.actions {
                let route = route(service, resource, action);
                let input = action.input.iter();
                let input =
                    input.map(|field| (format!("{route}#{}", field.name), field.is_required()));
                let output = action.output.iter().flatten();
                let output =
                    output.map(|field| (format!("{route}#{} (answer)", field.name), false));
                out.fields.extend(input.chain(output));
            }
        }
        out
    }

    /// What a client sees of the step from `old` to this.
    #[must_use]
    pub fn api_changes(&self, old: &Self) -> Vec<ApiChange> {
        let mut out = Vec::new();
        for route in old.routes.difference(&self.routes) {
            out.push(change("route_removed", route, true, "the route is gone"));
        }
        for route in self.routes.difference(&old.routes) {
            out.push(change("route_added", route, false, "the route is new"));
        }
        let names = |surface: &Self| -> BTreeSet<String> {
            surface
                .fields
                .iter()
                .map(|(name, _)| name.clone())
                .collect()
        };
        let (before, after) = (names(old), names(self));
        // Whole resources come and go as routes.
        let known = |name: &String, surface: &Self| {
            let route = name.split('#').next().unwrap_or_default();
            surface.routes.iter().any(|known| known.ends_with(route))
        };
        for name in before.difference(&after).filter(|name| known(name, self)) {
            out.push(change("field_removed", name, true, "the field is gone"));
        }
        for (name, demanded) in self
            .fields
            .iter()
            .filter(|(name, _)| !before.contains(name) && known(name, old))
        {
            let summary = if *demanded {
                "the field is new, and has to be sent"
            } else {
                "the field is new"
            };
            out.push(change("field_added", name, *demanded, summary));
        }
        out
    }

    /// The actions that are new since `old`, each with the policies that open it already.
    #[must_use]
    pub fn authorization_changes(
        &self,
        old: &Self,
        policies: &Policies,
    ) -> Vec<AuthorizationChange> {
        let new = self.actions.difference(&old.actions);
        new.map(|action| AuthorizationChange {
            action: action.clone(),
            policies: policies.opening(action),
        })
        .collect()
    }
}

fn change(kind: &'static str, path: &str, breaking: bool, summary: &str) -> ApiChange {
    ApiChange {
        kind,
        path: path.to_owned(),
        breaking,
        summary: summary.to_owned(),
    }
}

fn routes(service: &Service, resource: &Resource) -> Vec<String> {
    let base = format!("{}{}", service.base_path, resource.path);
    let mut out: Vec<String> = resource
        .operations
        .iter()
        .map(|operation| match operation {
            Operation::List => format!("GET {base}"),
            Operation::Create => format!("POST {base}"),
            Operation::Read => format!("GET {base}/{{id}}"),
            Operation::Update => format!("PATCH {base}/{{id}}"),
            Operation::Delete => format!("DELETE {base}/{{id}}"),
        })
        .collect();
    if resource.soft_delete.is_some() {
        out.push(format!("POST {base}/{{id}}/{}", SoftDelete::RESTORE));
    }
    out.extend(
        resource
            .actions
            .iter()
            .map(|action| route(service, resource, action)),
    );
    if resource.is_identity {
        out.push(format!("GET {base}/me"));
        let further = AccountOperation::ALL.into_iter();
        out.extend(further.map(|one| format!("{} {base}/{{id}}/{}", one.method(), one.end())));
    }
    if service.registers(resource) {
        out.push(format!("POST {}/auth/register", service.base_path));
    }
    out
}

fn route(service: &Service, resource: &Resource, action: &Action) -> String {
    let path = action.path(&resource.path);
    format!("{} {}{path}", action.method.as_str(), service.base_path)
}

/// The names of all actions that policies may name.
pub(super) fn actions(service: &Service) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for resource in &service.resources {
        let name = &resource.name;
        // Whatever is done with a row, whoever does it has to be allowed to read it.
        out.insert(format!("{name}:read"));
        out.extend(
            resource
                .operations
                .iter()
                .map(|operation| format!("{name}:{}", operation.as_str())),
        );
        let further = service.further_actions(resource).into_iter();
        out.extend(further.map(|action| format!("{name}:{action}")));
        for field in resource.fields.iter().filter(|field| field.guarded) {
            if !field.write_only {
                out.insert(format!("{name}:read:{}", field.name));
            }
            if !field.read_only {
                out.insert(format!("{name}:write:{}", field.name));
            }
        }
    }
    out
}
