//! What the tests share: the command, projects that it wrote, folders that vanish, trees to compare.

mod command;
mod folder;
mod project;
mod tree;

pub use command::{Finished, run, secapi, secapi_in};
pub use folder::Folder;
pub use project::{
    Project, agency, board, cargo, kettle, ledger, perilous, projects, shared_configuration, team,
    users, workshop,
};
pub use tree::Tree;

use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.expect("the package stands in the repository")
        .to_owned()
}

/// The option that lets a new project use this repository's runtime instead of a copy of it.
pub fn runtime_option() -> String {
    format!("path:{}", repository().join("runtime").display())
}
