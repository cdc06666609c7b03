//! Who signs in, and how.

use super::service::is;
use super::{credentials, limits, role};
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Auth, FieldKind, Registration, Resource, TextShape, address};
use crate::spec::{self, Spec, Text, listed, nearest};

pub(super) fn auth(
    raw: &spec::Auth,
    spec: &Spec,
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) -> Option<Auth> {
    let passwords = credentials::passwords(raw, diagnostics);
    let (access_ttl, refresh_ttl, refresh_absolute_ttl) = credentials::lifetimes(raw, diagnostics);
    let lockout = limits::lockout(&raw.lockout, diagnostics);
    let registration = if is(raw.registration.as_ref(), "closed") {
        Registration::Closed
    } else {
        Registration::Open
    };
    let identity = raw.identity.as_ref()?;
    let written = find_identity(identity, spec, diagnostics)?;
    let index = resources
        .iter()
        .position(|resource| resource.name == identity.value)?;
    let resource = resources.get(index)?;
    email(identity, written, resource, diagnostics);
    if registration == Registration::Open {
        registrable(written, resource, diagnostics);
    }
    let role = role::role(raw, written, resource, registration, diagnostics);
    let (role_field, admin_role) = role.unzip();
    Some(Auth {
        resource: index,
        role_field,
        admin_role,
        registration,
        passwords,
        access_ttl,
        refresh_ttl,
        refresh_absolute_ttl,
        lockout,
    })
}

fn find_identity<'a>(
    identity: &Text,
    spec: &'a Spec,
    diagnostics: &mut Diagnostics,
) -> Option<&'a spec::Resource> {
    let found = spec
        .resources
        .iter()
        .find(|resource| resource.name.value == identity.value);
    if found.is_none() && spec.complete {
        let names = || {
            spec.resources
                .iter()
                .map(|resource| resource.name.value.as_str())
        };
        let help = match nearest(&identity.value, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("the resources are {}", listed(names())),
        };
        let message = format!(
            "there is no resource `{}` to sign in",
            brief(&identity.value)
        );
        diagnostics.error(&code::IDENTITY, identity.span, message, help);
    }
    found
}

/// Accounts are found by their address, so every account has one, and no two the same.
fn email(
    identity: &Text,
    written: &spec::Resource,
    resource: &Resource,
    diagnostics: &mut Diagnostics,
) {
    let Some(raw) = written
        .fields
        .iter()
        .find(|field| field.name.value == "email")
    else {
        if written.unread.leaves_names_of(&["fields"]) {
            let message = format!(
                "`{}` cannot sign in: it has no field `email`",
                identity.value
            );
            diagnostics.error(
                &code::IDENTITY,
                identity.span,
                message,
                "add `email: {type: email, unique: true}` to its fields",
            );
        }
        return;
    };
    let Some(email) = resource.field("email") else {
        return;
    };
    let is_address = matches!(&email.kind, FieldKind::Text(rule) if rule.shape == TextShape::Email);
    if !is_address || !email.unique || !email.is_required() || email.read_only {
        let message =
            "the identity's `email` must be of type `email`, unique, required and settable";
        diagnostics.error(
            &code::IDENTITY,
            raw.name.span,
            message,
            "write `email: {type: email, unique: true}`",
        );
    } else if address::of_tests(email).is_none() {
        let message =
            "no address is known that the identity's `email` takes, and so no first administrator";
        let help = "give it one as `example`, or loosen `max` and `pattern`; addresses are stored in lower case";
        diagnostics.error(&code::IDENTITY, raw.name.span, message, help);
    }
}

/// A stranger who registers must be able to send whatever is required.
fn registrable(written: &spec::Resource, resource: &Resource, diagnostics: &mut Diagnostics) {
    for field in &resource.fields {
        if field.is_required() && field.guarded && !field.read_only {
            let Some(raw) = written
                .fields
                .iter()
                .find(|raw| raw.name.value == field.name)
            else {
                continue;
            };
            if raw.default.is_some() {
                continue; // It has a default with a mistake of its own, which is reported where it stands.
            }
            let message = format!(
                "nobody could register: `{}` is required, and `guarded` against strangers",
                field.name
            );
            let help = "give it a `default`, make it `optional`, or write `registration: closed` under `auth`";
            diagnostics.error(&code::IDENTITY, raw.name.span, message, help);
        }
    }
}
