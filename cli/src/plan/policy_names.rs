//! What the shipped policies have to know of a service: its names, and by which fields a row is somebody's.

use secapi_policies::{IdentityNames, PolicyNames, ReferenceNames, ResourceNames};

use crate::model::{self, Field, Operation, Resource, Service};

pub(super) fn policy_names(service: &Service) -> PolicyNames {
    let auth = service.auth.as_ref();
    PolicyNames {
        namespace: service.namespace.clone(),
        identity: service
            .identity()
            .map(|identity| identity_names(service, identity)),
        admin_role: auth.and_then(|auth| auth.admin_role.clone()),
        resources: service
            .resources
            .iter()
            .map(|resource| resource_names(service, resource))
            .collect(),
        is_shipped_spec: false,
    }
}

fn identity_names(service: &Service, identity: &Resource) -> IdentityNames {
    let role = service
        .auth
        .as_ref()
        .and_then(|auth| auth.role_field.as_deref());
    let field = role.and_then(|role| identity.field(role));
    let default = field.and_then(Field::default);
    IdentityNames {
        name: identity.name.clone(),
        role_field: role.map(str::to_owned),
        default_role: default.and_then(|literal| literal.wire().as_str().map(str::to_owned)),
        role_changes: field
            .is_some_and(|field| !field.guarded && !field.read_only && !field.immutable),
    }
}

pub(super) fn resource_names(service: &Service, resource: &Resource) -> ResourceNames {
    let plain = resource
        .operations
        .iter()
        .map(|operation: &Operation| operation.as_str());
    let guarded = |usable: fn(&Field) -> bool| {
        let fields = resource
            .fields
            .iter()
            .filter(|field| field.guarded && usable(field));
        fields.map(|field| field.name.clone()).collect()
    };
    ResourceNames {
        guarded_reads: guarded(|field| !field.write_only),
        guarded_writes: guarded(|field| !field.read_only),
        name: resource.name.clone(),
        kind: resource.kind.clone(),
        actions: plain
            .chain(service.further_actions(resource))
            .map(str::to_owned)
            .collect(),
        restores: resource.soft_delete.is_some(),
        owner: owner(service, resource),
        members: members(resource).map(str::to_owned),
        team: team(service, resource),
    }
}

/// The field that names the account which a row belongs to: `owner`, or the only one that names an account. Where several do,
/// nobody knows which of them means an owner.
fn owner(service: &Service, resource: &Resource) -> Option<ReferenceNames> {
    let identity = service.identity()?;
    let accounts: Vec<&Field> = resource
        .references()
        .filter(|(field, it)| it.to == identity.name && model::is_attribute(field))
        .map(|(field, _)| field)
        .collect();
    let named = accounts.iter().find(|field| field.name == "owner");
    let field = match (resource.field("owner"), &accounts[..]) {
        (Some(_), _) => named?,
        (None, [only]) => only,
        (None, _) => return None,
    };
    Some(reference_names(field))
}

/// The relation to accounts: `members`, or the only one.
fn members(resource: &Resource) -> Option<&str> {
    let relations = resource.relations.iter();
    let names = relations.filter(|relation| relation.membership().is_some());
    let names: Vec<&str> = names.map(|relation| relation.name.as_str()).collect();
    match names[..] {
        [only] => Some(only),
        _ => names.into_iter().find(|name| *name == "members"),
    }
}

/// The only field that names a row with members.
fn team(service: &Service, resource: &Resource) -> Option<(ReferenceNames, String)> {
    let teams: Vec<(&Field, &str)> = resource
        .references()
        .filter_map(|(field, reference)| {
            let team = service.resource(&reference.to);
            // Who is related to an account is no member of it.
            let team = team.filter(|team| !team.is_identity)?;
            let members = members(team).filter(|_| model::is_attribute(field))?;
            is_only_membership(service, members).then_some((field, members))
        })
        .collect();
    match teams[..] {
        [(field, members)] => Some((reference_names(field), members.to_owned())),
        _ => None,
    }
}

/// Behind a reference a membership is known by its name, which nothing else may have then.
fn is_only_membership(service: &Service, name: &str) -> bool {
    let is_other = |resource: &Resource| {
        let mut sets = resource.sets();
        resource.field(name).is_some() || sets.any(|relation| relation.name == name)
    };
    !service.resources.iter().any(is_other)
}

fn reference_names(field: &Field) -> ReferenceNames {
    ReferenceNames {
        field: field.name.clone(),
        optional: field.is_nullable(),
    }
}
