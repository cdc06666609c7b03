//! The policy file of a resource that nobody has opened yet.

use crate::names::{PolicyNames, ResourceNames};
use crate::rename::anchored;

static CLOSED: &str = include_str!("../closed/note.cedar");

/// Comments only: what there is to permit, and examples. Paragraphs that do not fit the resource are left out.
pub(crate) fn policies(names: &PolicyNames, resource: &ResourceNames) -> String {
    let anchors = names.anchors_for(resource);
    let reads = resource.has("list") || resource.has("read");
    let creates = names.identity_resource().is_some() && resource.has("create");
    let paragraphs: Vec<String> = CLOSED
        .trim_end()
        .split("\n//\n")
        .filter(|paragraph| match paragraph {
            paragraph if paragraph.contains("\"reads\"") => reads,
            paragraph if paragraph.contains("note:create") => creates,
            paragraph if paragraph.starts_with("// Examples") => reads || creates,
            _ => true,
        })
        .map(|paragraph| match paragraph.starts_with("// Actions") {
            true => actions(resource),
            false => anchored(paragraph, &anchors),
        })
        .collect();
    format!("{}\n", paragraphs.join("\n//\n"))
}

/// The actions that a policy can name, in lines of their own.
pub(crate) fn actions(resource: &ResourceNames) -> String {
    let list = |label: &str, actions: Vec<String>| match actions.is_empty() {
        true => None,
        false => Some(format!("// {label}: {}", actions.join(", "))),
    };
    let lines = [
        list("Actions", resource.actions().collect()),
        list(
            "Fields with actions of their own",
            resource.field_actions().collect(),
        ),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
