//! This crate's own source as data. A project that does not want to depend on a registry gets it under
//! `vendor/`, byte for byte, but for two parts of the manifest that mean nothing there.

use include_dir::{Dir, include_dir};

static SOURCE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src");
static MANIFEST: &str = include_str!("../Cargo.toml");

/// The version of this crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One file of the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path below the crate's folder, written with `/`.
    pub path: String,
    /// What it holds.
    pub contents: Vec<u8>,
}

/// Every file that it takes to build this crate, sorted by path.
#[must_use]
pub fn files() -> Vec<SourceFile> {
    let mut out = vec![SourceFile {
        path: "Cargo.toml".to_owned(),
        contents: manifest(MANIFEST).into_bytes(),
    }];
    collect(&SOURCE, &mut out);
    out.sort_by(|a, b| a.path.cmp(&b.path));
    out
}

fn collect(folder: &Dir<'_>, out: &mut Vec<SourceFile>) {
    for file in folder.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        out.push(SourceFile {
            path: format!("src/{path}"),
            contents: file.contents().to_vec(),
        });
    }
    for inner in folder.dirs() {
        collect(inner, out);
    }
}

/// The manifest without what only the crate's own workspace knows: its lints, and what its tests and
/// measurements need.
fn manifest(text: &str) -> String {
    const HERE_ONLY: [&str; 3] = ["[lints", "[dev-dependencies", "[[bench"];
    let mut out = String::new();
    let mut kept = true;
    for line in text.lines() {
        if line.starts_with('[') {
            kept = !HERE_ONLY.iter().any(|section| line.starts_with(section));
        }
        if kept {
            out.push_str(line);
            out.push('\n');
        }
    }
    let end = out.trim_end().len();
    out.truncate(end);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifest_stands_on_its_own() {
        let text = manifest(MANIFEST);
        assert!(text.contains("[dependencies]"));
        assert!(!text.contains("workspace = true"));
        assert!(!text.contains("proptest"));
        assert!(!text.contains("[[bench]]"));
    }

    #[test]
    fn every_file_of_the_crate_is_there() {
        let paths: Vec<String> = files().into_iter().map(|file| file.path).collect();
        for path in [
            "Cargo.toml",
            "src/lib.rs",
            "src/authz/mod.rs",
            "src/source.rs",
        ] {
            assert!(paths.iter().any(|known| known == path), "{path}");
        }
    }
}
