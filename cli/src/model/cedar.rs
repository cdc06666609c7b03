//! The model as the policies see it.

use secapi_runtime::authz::{
    AttributeKind, AttributeModel, GuardedModel, IdentityModel, ResourceModel, SchemaModel,
};

use super::{Auth, Field, FieldKind, Known, Operation, Relation, Resource, Service};

/// What the Cedar schema is written from.
#[must_use]
pub fn schema_model(service: &Service) -> SchemaModel {
    SchemaModel {
        namespace: service.namespace.clone(),
        identity: service
            .identity()
            .zip(service.auth.as_ref())
            .map(|(resource, auth)| identity(resource, auth)),
        resources: service
            .resources
            .iter()
            .map(|resource| self::resource(service, resource))
            .collect(),
    }
}

fn identity(resource: &Resource, auth: &Auth) -> IdentityModel {
    let role = auth
        .role_field
        .as_deref()
        .and_then(|name| resource.field(name));
    let roles = match role.map(|role| &role.kind) {
        Some(FieldKind::Enum(enumeration)) => enumeration
            .choices
            .iter()
            .map(|choice| choice.value.clone())
            .collect(),
        _ => Vec::new(),
    };
    IdentityModel {
        kind: resource.kind.clone(),
        roles,
    }
}

fn resource(service: &Service, resource: &Resource) -> ResourceModel {
    let custom = service.further_actions(resource).into_iter();
    ResourceModel {
        name: resource.name.clone(),
        kind: resource.kind.clone(),
        doc: resource.description.clone(),
        attributes: resource
            .fields
            .iter()
            .filter_map(attribute)
            .chain(resource.relations.iter().filter_map(of_relation))
            .collect(),
        guarded: resource
            .fields
            .iter()
            .filter(|field| field.guarded)
            .map(guarded)
            .collect(),
        operations: operations(resource),
        custom: custom.map(str::to_owned).collect(),
    }
}

fn operations(resource: &Resource) -> Vec<String> {
    let names = resource.decided().into_iter().map(Operation::as_str);
    names.map(str::to_owned).collect()
}

/// The declaring side has it as an attribute; on the other side there is nothing that would bound it.
fn of_relation(relation: &Relation) -> Option<AttributeModel> {
    let kind = match relation.known()? {
        Known::Members(kind) => AttributeKind::Members(kind.clone()),
        Known::Set(_) => AttributeKind::Set(Box::new(AttributeKind::Entity(relation.kind.clone()))),
    };
    Some(AttributeModel {
        name: relation.name.clone(),
        kind,
        optional: false,
    })
}

/// Never returned means never compared either: a policy could otherwise answer questions about it. Encrypted means that
/// whoever reads the database, or a decision in the log, learns nothing.
fn attribute(field: &Field) -> Option<AttributeModel> {
    let kind = attribute_kind(&field.kind).filter(|_| !field.write_only && !field.encrypted)?;
    Some(AttributeModel {
        name: field.name.clone(),
        kind,
        optional: field.is_nullable(),
    })
}

/// Whether policies see the field.
pub(crate) fn is_attribute(field: &Field) -> bool {
    attribute(field).is_some()
}

/// The attribute's type; `None` for types that Cedar has no counterpart of.
fn attribute_kind(kind: &FieldKind) -> Option<AttributeKind> {
    match kind {
        FieldKind::Text(_) | FieldKind::Uuid | FieldKind::Enum(_) => Some(AttributeKind::String),
        FieldKind::Integer(_) | FieldKind::WideInteger(_) => Some(AttributeKind::Long),
        FieldKind::Decimal { .. } => Some(AttributeKind::Decimal),
        FieldKind::Boolean => Some(AttributeKind::Bool),
        FieldKind::Date(_) | FieldKind::Datetime(_) => Some(AttributeKind::Datetime),
        FieldKind::Duration(_) => Some(AttributeKind::Duration),
        FieldKind::Ip => Some(AttributeKind::Ip),
        FieldKind::Reference(reference) => Some(AttributeKind::Entity(reference.kind.clone())),
        FieldKind::List(rule) => {
            let of = attribute_kind(&rule.of)?;
            Some(AttributeKind::Set(Box::new(of)))
        }
        FieldKind::Number(_)
        | FieldKind::Time(_)
        | FieldKind::Bytes { .. }
        | FieldKind::Json { .. } => None,
    }
}

fn guarded(field: &Field) -> GuardedModel {
    GuardedModel {
        field: field.name.clone(),
        readable: !field.write_only,
        writable: !field.read_only,
    }
}
