//! The default policies of a new service, with their tests.
//!
//! The files in the folders beside `src/` are ordinary policies of a service whose namespace is `App`, whose identity is the
//! resource `user` and which has a resource `note`. [`preset`] gives them with the names of another service, and leaves out
//! the policies for actions that it does not have.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod closed;
mod identity;
mod names;
mod opened;
mod rename;
#[cfg(test)]
mod tests;

pub use names::{IdentityNames, PolicyNames, ReferenceNames, ResourceNames};

use include_dir::{Dir, include_dir};

static ADMINISTRATORS: &str = include_str!("../user-management/administrators.cedar");
static SCOPE: &str = include_str!("../user-management/scope.cedar");
static CASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/user-management/tests");

/// A set of default policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Preset {
    /// People register, see and change themselves; administrators do all. Every other resource is closed.
    UserManagement,
    /// And what refers to an account is that account's alone.
    OwnerOnly,
    /// And what is related to accounts is seen by those; what refers to such a thing is theirs together; the rest is its
    /// owner's.
    Team,
    /// And everything is read by everyone, and changed by its owner.
    PublicRead,
}

/// One file below `policies/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its path below `policies/`, such as `user.cedar` or `tests/ALLOW/….json`.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

/// The policy files of a new service, sorted by name. The shipped spec's bring their tests with them.
#[must_use]
pub fn preset(preset: Preset, names: &PolicyNames) -> Vec<PolicyFile> {
    let mut files = vec![file(
        "scope.cedar",
        rename::anchored(SCOPE, &names.anchors()),
    )];
    if names.admin_role.is_some() {
        files.push(file(
            "administrators.cedar",
            rename::anchored(ADMINISTRATORS, &names.anchors()),
        ));
    }
    if let Some(identity) = names.identity_resource() {
        files.push(file(
            &file_name(&identity.name),
            identity::policies(names, identity),
        ));
    }
    let others = names
        .resources
        .iter()
        .filter(|resource| !names.is_identity(resource));
    files.extend(others.map(|resource| {
        file(
            &file_name(&resource.name),
            opened::policies(preset, names, resource),
        )
    }));
    if names.is_shipped_spec {
        files.extend(cases(names));
    }
    files.sort_by(|a, b| a.file_name.cmp(&b.file_name));
    files
}

/// The policy file of a resource that is added to a service: comments only, closed by default.
#[must_use]
pub fn closed(names: &PolicyNames, resource: &ResourceNames) -> PolicyFile {
    file(
        &file_name(&resource.name),
        closed::policies(names, resource),
    )
}

fn file(file_name: &str, text: String) -> PolicyFile {
    PolicyFile {
        file_name: file_name.to_owned(),
        text,
    }
}

/// A resource's own file; two names are taken by files of every service.
#[must_use]
pub fn file_name(resource: &str) -> String {
    match resource {
        "administrators" | "scope" => format!("{resource}-resource.cedar"),
        _ => format!("{resource}.cedar"),
    }
}

/// The tests of the user management preset, which has the fields of its own spec.
fn cases(names: &PolicyNames) -> Vec<PolicyFile> {
    let anchors = names.case_anchors();
    CASES
        .dirs()
        .flat_map(Dir::files)
        .filter_map(|case| {
            let path = case.path().to_str()?.replace('\\', "/");
            let text = rename::anchored(case.contents_utf8()?, &anchors);
            Some(file(&format!("tests/{path}"), text))
        })
        .collect()
}
