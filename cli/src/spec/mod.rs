//! The resource spec as it stands in the file: YAML text in, typed structs with places out.
//!
//! Four steps, each with one job: `yaml` reads text into a tree, `check` compares the tree with
//! the tables of `language`, `raw` takes it apart into structs, and `schema` prints the same tables
//! for editors. What the keys *mean* is not known here; that is the model's.

pub mod addition;
mod check;
pub mod edit;
mod language;
pub(crate) mod measure;
mod merge;
mod node;
mod places;
mod raw;
mod reference;
mod schema;
mod suggest;
mod wording;
mod yaml;

pub use node::{Looks, Scalar};
pub use places::Places;
pub use raw::{
    Action, Auth, Field, Given, Http, Lockout, Quota, RateLimits, Relation, Resource, Service,
    SoftDelete, Spanned, Spec, Text, Tier, Unread,
};
pub use reference::reference;
pub use schema::json_schema;
pub use suggest::{listed, nearest};

use crate::diagnostic::{Diagnostics, SourceId};
use node::{Node, Value};

/// The greatest size of a spec in bytes. Checked before a file is read.
pub const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// One file of a spec.
#[derive(Clone, Copy, Debug)]
pub struct SpecFile<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its place among the sources, for the spans.
    pub source: SourceId,
}

/// Reads the text of a spec. Reports every mistake of form.
///
/// Without a result only where the text is not YAML at all, or over the budget. With mistakes the result
/// holds what could be read, so that the model can look for mistakes of meaning in the same run.
#[must_use]
pub fn parse(text: &str, source: SourceId) -> (Option<Spec>, Diagnostics) {
    parse_files(&[SpecFile { text, source }])
}

/// As [`parse`], of a spec in several files: their resources come together, every other key stands in one
/// of them.
#[must_use]
pub fn parse_files(files: &[SpecFile<'_>]) -> (Option<Spec>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let spec = tree(files, &mut diagnostics).map(|mut root| {
        check::check(&mut root, &mut diagnostics);
        raw::lower(&root)
    });
    (spec, diagnostics)
}

/// The whole spec as one text: the only file as it is, or else all of them joined, without comments.
#[must_use]
pub fn merged_text(files: &[SpecFile<'_>]) -> String {
    match files {
        [only] => only.text.to_owned(),
        _ => tree(files, &mut Diagnostics::new())
            .as_ref()
            .map(merge::text)
            .unwrap_or_default(),
    }
}

/// Without a result where one of the files has none: what is missing then would be told as a mistake.
fn tree(files: &[SpecFile<'_>], diagnostics: &mut Diagnostics) -> Option<Node> {
    let trees: Vec<_> = files
        .iter()
        .map(|file| yaml::read(file.text, file.source, diagnostics))
        .collect();
    let is_read = trees.iter().all(Option::is_some);
    let mut trees: Vec<Node> = trees.into_iter().flatten().collect();
    let are_maps = files.len() == 1 || are_maps(&mut trees, diagnostics);
    let merged = merge::merged(trees, diagnostics);
    if is_read && are_maps {
        return merged;
    }
    // What the other files have may be looked at all the same.
    if let Some(mut part) = merged {
        check::check_part(&mut part, diagnostics);
    }
    None
}

/// Whether every file is a map; each that is none is told at its own place, and left out. One with nothing in it counts as a map.
fn are_maps(trees: &mut Vec<Node>, diagnostics: &mut Diagnostics) -> bool {
    trees.retain(|tree| !tree.is_null());
    let is_map = |tree: &Node| matches!(tree.value, Value::Map(_));
    for tree in trees.iter_mut().filter(|tree| !is_map(tree)) {
        check::check(tree, diagnostics);
    }
    let all = trees.len();
    trees.retain(is_map);
    trees.len() == all
}
