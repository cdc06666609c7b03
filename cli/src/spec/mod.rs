//! The resource spec as it stands in the file: YAML text in, typed structs with places out.
//!
//! Four steps, each with one job: `yaml` reads text into a tree, `check` compares the tree with
//! the tables of `language`, `raw` takes it apart into structs, and `schema` prints the same tables
//! for editors. What the keys *mean* is not known here; that is the model's.

mod check;
mod language;
pub(crate) mod measure;
mod node;
mod raw;
mod schema;
mod suggest;
mod wording;
mod yaml;

pub use node::{Looks, Scalar};
pub use raw::{
    Auth, Field, Given, Http, Lockout, Quota, RateLimits, Resource, Service, Spanned, Spec, Text,
    Tier,
};
pub use schema::json_schema;
pub use suggest::{listed, nearest};

use crate::diagnostic::{Diagnostics, SourceId};

/// The greatest size of a spec in bytes. Checked before a file is read.
pub const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// Reads the text of a spec. Reports every mistake of form.
///
/// Without a result only where the text is not YAML at all, or over the budget. With mistakes the result
/// holds what could be read, so that the model can look for mistakes of meaning in the same run.
#[must_use]
pub fn parse(text: &str, source: SourceId) -> (Option<Spec>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let root = yaml::read(text, source, &mut diagnostics);
    let spec = root.map(|mut root| {
        check::check(&mut root, &mut diagnostics);
        raw::lower(&root)
    });
    (spec, diagnostics)
}
