//! The field that names roles.

use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Enumeration, Field, FieldKind, Presence, Registration, Resource};
use crate::spec::{self, Text, listed, nearest};

/// The role field and the administrators' role.
pub(super) fn role(
    raw: &spec::Auth,
    written: &spec::Resource,
    resource: &Resource,
    registration: Registration,
    diagnostics: &mut Diagnostics,
) -> Option<(String, String)> {
    let Some(role) = &raw.role else {
        if let (Some(admin), true) = (&raw.admin_role, raw.unread.leaves(&["role"])) {
            diagnostics.error(
                &code::ROLE,
                admin.span,
                "there is no `role` to be an administrator by",
                "name the enum field: `role: role`",
            );
        }
        return None;
    };
    let Some(field) = resource.field(&role.value) else {
        unknown_role_field(role, written, diagnostics);
        return None;
    };
    let FieldKind::Enum(enumeration) = &field.kind else {
        let message = format!("`{}` cannot name roles: it is no enum", field.name);
        diagnostics.error(
            &code::ROLE,
            role.span,
            message,
            "make it `type: enum` with the roles as its `values`",
        );
        return None;
    };
    for (why, help) in unfit(field) {
        let message = format!("`{}` cannot name roles: it is {why}", field.name);
        diagnostics.error(&code::ROLE, role.span, message, help);
    }
    let admin = admin_role(raw, role, enumeration, diagnostics);
    safe_role(role, &admin, field, registration, diagnostics);
    Some((field.name.clone(), admin))
}

/// Policies ask for the role of every caller, so every account has one that they see.
fn unfit(field: &Field) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_optional = matches!(field.presence, Presence::Optional);
    let reasons = [
        (
            field.encrypted,
            "`encrypted`, and policies do not see it",
            "remove `encrypted` there; who reads a role is for its `guarded` actions to say",
        ),
        (
            field.write_only,
            "`write_only`, and policies do not see it",
            "remove `write_only` there; who reads a role is for its `guarded` actions to say",
        ),
        (
            is_optional,
            "`optional`, and every account has a role",
            "remove `optional` there, and give it a `default`: the role of whoever has no other",
        ),
    ];
    let reasons = reasons.into_iter().filter(|(holds, ..)| *holds);
    reasons.map(|(_, why, help)| (why, help))
}

fn unknown_role_field(role: &Text, written: &spec::Resource, diagnostics: &mut Diagnostics) {
    let names = || written.fields.iter().map(|field| field.name.value.as_str());
    let is_known = written.unread.leaves_names_of(&["fields"]);
    if names().any(|name| name == role.value) || !is_known {
        return; // The field has a mistake of its own, which is reported where it stands.
    }
    let help = match nearest(&role.value, names()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!(
            "add it: `{}: {{type: enum, values: [user, admin], default: user, guarded: true}}`",
            brief(&role.value)
        ),
    };
    let message = format!(
        "`{}` has no field `{}`",
        written.name.value,
        brief(&role.value)
    );
    diagnostics.error(&code::ROLE, role.span, message, help);
}

fn admin_role(
    raw: &spec::Auth,
    role: &Text,
    enumeration: &Enumeration,
    diagnostics: &mut Diagnostics,
) -> String {
    let values = || {
        enumeration
            .choices
            .iter()
            .map(|choice| choice.value.as_str())
    };
    let admin = raw
        .admin_role
        .as_ref()
        .map_or("admin", |admin| admin.value.as_str());
    if !values().any(|value| value == admin) {
        let span = raw
            .admin_role
            .as_ref()
            .map_or(role.span, |admin| admin.span);
        let message = format!(
            "the administrators' role `{}` is not a value of `{}`",
            brief(admin),
            role.value
        );
        let help = match nearest(admin, values()) {
            Some(meant) => format!("did you mean `admin_role: {meant}`?"),
            None => format!("write `admin_role` with one of {}", listed(values())),
        };
        diagnostics.error(&code::ROLE, span, message, help);
    }
    admin.to_owned()
}

fn safe_role(
    role: &Text,
    admin: &str,
    field: &Field,
    registration: Registration,
    diagnostics: &mut Diagnostics,
) {
    let is_default =
        matches!(&field.presence, Presence::Default(literal) if literal.wire() == *admin);
    if is_default && registration == Registration::Open {
        let message = format!(
            "everyone who registers would be `{}`: it is the default of `{}`",
            brief(admin),
            field.name
        );
        diagnostics.error(
            &code::ROLE,
            role.span,
            message,
            "make another role the default",
        );
    }
    if !field.guarded && !field.read_only {
        let message = format!(
            "whoever may change an account may change its `{}`",
            field.name
        );
        diagnostics.warning(
            &code::ROLE,
            role.span,
            message,
            "add `guarded: true` to the field",
        );
    }
}
