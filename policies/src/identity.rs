//! The policies of the resource that signs in.

use crate::names::{PolicyNames, ResourceNames};
use crate::rename::anchored;

static USER: &str = include_str!("../user-management/user.cedar");

/// The shipped policies for the actions that the identity has, under its names. The file is made of paragraphs, each a
/// comment and the policy that it is about.
pub(crate) fn policies(names: &PolicyNames, identity: &ResourceNames) -> String {
    let anchors = names.anchors();
    let paragraphs: Vec<String> = USER
        .trim_end()
        .split("\n\n")
        .filter(|paragraph| applies(paragraph, names, identity))
        .map(|paragraph| anchored(&without_roles(paragraph, names), &anchors))
        .collect();
    format!("{}\n", paragraphs.join("\n\n"))
}

/// Whether the paragraph's policy is about an action that the identity has.
fn applies(paragraph: &str, names: &PolicyNames, identity: &ResourceNames) -> bool {
    let action = paragraph
        .split_once("App::Action::\"")
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(action, _)| action);
    match action {
        None => true,
        Some("user:register") => identity.has("register") && names.newcomers_are_harmless(),
        Some("guarded_reads") => !identity.guarded_reads.is_empty(),
        Some(action) => match action.strip_prefix("user:write:") {
            // Nobody but the one who guards a field knows who may write it: it is said of the fields of the shipped spec.
            Some(field) => {
                let mut guarded = identity.guarded_writes.iter();
                names.is_shipped_spec && guarded.any(|own| own == field)
            }
            None => identity.has(action.trim_start_matches("user:")),
        },
    }
}

/// Where there are no roles, there is none that a newcomer could claim.
fn without_roles(paragraph: &str, names: &PolicyNames) -> String {
    if names.role_condition().is_some() {
        return paragraph.to_owned();
    }
    paragraph
        .replace(", with the role that newcomers have", "")
        .replace("\nwhen { resource.role == \"user\" }", "")
}
