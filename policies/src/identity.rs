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
        .map(|paragraph| {
            let text = anchored(&without_roles(paragraph, names), &anchors);
            match names.same_role() {
                Some(condition) if action(paragraph) == Some("user:update") => {
                    with(&text, &condition)
                }
                _ => text,
            }
        })
        .collect();
    format!("{}\n", paragraphs.join("\n\n"))
}

/// Whether the paragraph's policy is about an action that the identity has.
fn applies(paragraph: &str, names: &PolicyNames, identity: &ResourceNames) -> bool {
    match action(paragraph) {
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

/// The action that the paragraph's policy names.
fn action(paragraph: &str) -> Option<&str> {
    let (_, rest) = paragraph.split_once("App::Action::\"")?;
    rest.split_once('"').map(|(action, _)| action)
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

/// Where nothing else guards the role, who changes itself does not change that. The policy is asked of the row as it would be,
/// and the caller is as it is.
fn with(text: &str, same_role: &str) -> String {
    text.replace("changes itself.", "changes itself, but not its role.")
        .replace(
            "{ principal == resource }",
            &format!("{{ principal == resource && {same_role} }}"),
        )
}
