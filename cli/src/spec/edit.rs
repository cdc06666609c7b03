//! Additions to the text of a spec that keep its comments, its order and its style.
//!
//! Only text is put in; nothing that stands there is written anew. Afterwards the text is read again, and
//! must be the old tree with the addition in it: where a style is too unusual for that, nothing is changed.

mod json;
mod piece;
mod place;
mod style;

use piece::Piece;
use place::Place;

use super::addition::Addition;
use super::node::{Entry, Node, Value};
use super::{suggest, yaml};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, brief, spec, tool};

/// Whether a resource of this name stands in the text.
#[must_use]
pub fn has_resource(text: &str, name: &str) -> bool {
    tree(text, SourceId::default()).is_ok_and(|root| find(&root, &["resources", name]).is_some())
}

/// The text with another resource behind the last one.
///
/// # Errors
/// Where there is one of that name already, or the place for it was not found.
pub fn with_resource(
    text: &str,
    source: SourceId,
    name: &str,
    fields: &[Addition],
) -> Result<String, Diagnostic> {
    let root = tree(text, source)?;
    if let Some(there) = find(&root, &["resources", name]) {
        let message = format!("there is a resource `{}` already", brief(name));
        return Err(
            Diagnostic::error(&tool::ARGUMENTS, Some(there.key_span), message)
                .help("`secapi add field RESOURCE FIELD:TYPE` adds fields to it"),
        );
    }
    let added = Piece::resource(name, fields);
    insert(text, source, &root, &["resources"], vec![added])
}

/// The text with more fields behind the last one of a resource.
///
/// # Errors
/// Where there is no such resource, it has one of the fields already, or the place for them was not found.
pub fn with_fields(
    text: &str,
    source: SourceId,
    resource: &str,
    fields: &[Addition],
) -> Result<String, Diagnostic> {
    let root = tree(text, source)?;
    if find(&root, &["resources", resource]).is_none() {
        return Err(no_resource(&root, resource));
    }
    for field in fields {
        if let Some(there) = find(&root, &["resources", resource, "fields", &field.name]) {
            let message = format!("`{resource}` has a field `{}` already", brief(&field.name));
            return Err(
                Diagnostic::error(&tool::ARGUMENTS, Some(there.key_span), message)
                    .help("change it there"),
            );
        }
    }
    let path = ["resources", resource, "fields"];
    insert(
        text,
        source,
        &root,
        &path,
        fields.iter().map(Piece::field).collect(),
    )
}

fn tree(text: &str, source: SourceId) -> Result<Node, Diagnostic> {
    let mut diagnostics = Diagnostics::new();
    let root = yaml::read(text, source, &mut diagnostics);
    match (root, diagnostics.sorted().into_iter().next()) {
        (Some(root), None) => Ok(root),
        (_, Some(first)) => Err(first),
        (None, None) => Err(Diagnostic::error(
            &spec::SYNTAX,
            None,
            "the spec is not YAML",
        )),
    }
}

fn no_resource(root: &Node, name: &str) -> Diagnostic {
    let there = find(root, &["resources"]).map(|entry| entries(&entry.value));
    let names = there
        .unwrap_or_default()
        .iter()
        .map(|entry| entry.key.as_str());
    let names: Vec<&str> = names.collect();
    let message = format!("there is no resource `{}`", brief(name));
    let help = match suggest::nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the resources are {}", suggest::listed(names)),
    };
    Diagnostic::error(&tool::ARGUMENTS, None, message).help(help)
}

fn find<'a>(root: &'a Node, path: &[&str]) -> Option<&'a Entry> {
    let (last, before) = path.split_last()?;
    let map = before
        .iter()
        .try_fold(root, |node, key| entry(node, key).map(|entry| &entry.value))?;
    entry(map, last)
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    entries(node).iter().find(|entry| entry.key == key)
}

fn entries(node: &Node) -> &[Entry] {
    match &node.value {
        Value::Map(entries) => entries,
        _ => &[],
    }
}

fn insert(
    text: &str,
    source: SourceId,
    root: &Node,
    path: &[&str],
    added: Vec<Piece>,
) -> Result<String, Diagnostic> {
    let place = Place::of(text, root, path);
    let edited = place.and_then(|place| place.put(text, &added));
    let kept = edited.filter(|edited| {
        tree(edited, source).is_ok_and(|new| is_with(root, &new, path, added.len()))
    });
    kept.ok_or_else(|| {
        let span = find(root, path).map(|entry| entry.key_span);
        let lines: Vec<String> = added.iter().map(|piece| piece.flow(1)).collect();
        let message = format!(
            "`{}` is written in a way that cannot be added to",
            path.join(".")
        );
        Diagnostic::error(&tool::ARGUMENTS, span, message).help(format!(
            "nothing was changed; write it there: `{}`",
            lines.join(", ")
        ))
    })
}

/// Whether `new` is `old` with so many more entries in the map at `path`, and nothing else is different.
fn is_with(old: &Node, new: &Node, path: &[&str], more: usize) -> bool {
    let Some((first, rest)) = path.split_first() else {
        let (old, new) = (entries(old), entries(new));
        return new.len() == old.len() + more
            && old
                .iter()
                .zip(new)
                .all(|(old, new)| is_same_entry(old, new));
    };
    let (before, after) = (entries(old), entries(new));
    let nothing = Node {
        span: old.span,
        value: Value::Map(Vec::new()),
    };
    let is_new = entry(old, first).is_none();
    after.len() == before.len() + usize::from(is_new)
        && after.iter().all(|added| match entry(old, &added.key) {
            Some(old) if added.key == *first => is_with(&old.value, &added.value, rest, more),
            Some(old) => is_same(&old.value, &added.value),
            None => added.key == *first && is_with(&nothing, &added.value, rest, more),
        })
}

fn is_same_entry(old: &Entry, new: &Entry) -> bool {
    old.key == new.key && is_same(&old.value, &new.value)
}

fn is_same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Map(old), Value::Map(new)) => {
            old.len() == new.len()
                && old
                    .iter()
                    .zip(new)
                    .all(|(old, new)| is_same_entry(old, new))
        }
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same(old, new))
        }
        (old, new) => old == new,
    }
}

#[cfg(test)]
mod tests;
