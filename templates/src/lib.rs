//! The templates of a project, in a tree that looks like the project. No logic.

use include_dir::{Dir, include_dir};

static PROJECT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/project");

/// The text of a template, by its path in the tree.
#[must_use]
pub fn get(path: &str) -> Option<&'static str> {
    PROJECT.get_file(path)?.contents_utf8()
}

/// The paths of all templates.
#[must_use]
pub fn paths() -> Vec<&'static str> {
    let mut out = Vec::new();
    collect(&PROJECT, &mut out);
    out.sort_unstable();
    out
}

fn collect(folder: &'static Dir<'_>, out: &mut Vec<&'static str>) {
    out.extend(folder.files().filter_map(|file| file.path().to_str()));
    for inner in folder.dirs() {
        collect(inner, out);
    }
}
