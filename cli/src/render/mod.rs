//! From the model to files in memory.
//!
//! One template is one output file, filled in from one typed view. What comes out is checked before
//! anybody sees it: a file that does not parse is our mistake, never the user's.

mod code;
mod environment;
#[cfg(test)]
pub(crate) mod fixture;
mod layout;
mod lock;
mod plain;
mod project;
mod rust;
mod sample;
pub(crate) mod sql;
mod standing;
mod tests;
mod vendor;

pub use lock::{lock, packages};
pub use plain::{default_spec, plain};
pub use project::{Draft, Drafts, Inputs, parsed, source};
pub use rust::action::{skeleton, skeleton_imports};
pub use rust::filling::{
    RULE as FILLING_RULE, lines as filling_lines, skeleton as filling_skeleton,
};
pub use rust::service::PolicyIds;
pub use sample::unknown_of_administrator;
pub use standing::Standing;
pub use tests::{list_of_strangers, tests};
pub use vendor::{FOLDER as VENDOR_FOLDER, vendor};

use std::fmt;

/// The first line of every Rust file of the tool's.
pub const GENERATED: &str =
    "// Written by secapi. Edits here are found and reported, never lost: see README.md.";

/// A mistake of ours: a template that does not fit its view, or output that does not parse.
#[derive(Debug)]
pub struct RenderError {
    /// The template's path.
    pub template: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for RenderError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "template `{}`: {}", self.template, self.reason)
    }
}

impl std::error::Error for RenderError {}
