//! A file of the project as it is named on the command line.

use std::path::{Component, Path};

use crate::diagnostic::{Diagnostic, brief, project as codes, tool};
use crate::manifest::{Manifest, Owner};
use crate::spec::nearest;
use crate::write::ProjectPath;

/// The file of the manifest that is meant, and whose it is. It may be written from the project's folder, from here, or
/// in full.
pub(super) fn find(
    root: &Path,
    manifest: &Manifest,
    written: &str,
) -> Result<(ProjectPath, Owner), Diagnostic> {
    let candidates = [plain(Path::new(written)), below(root, Path::new(written))];
    let known = candidates.iter().flatten().find_map(|path| {
        let path = ProjectPath::new(path.clone()).ok()?;
        manifest.get(&path).map(|entry| (path, entry.owner))
    });
    known.ok_or_else(|| unknown(manifest, written))
}

/// `./a//b` as `a/b`; `None` for a path that climbs or begins at the root.
fn plain(path: &Path) -> Option<String> {
    let mut names = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(name) => names.push(name.to_str()?),
            _ => return None,
        }
    }
    Some(names.join("/"))
}

fn below(root: &Path, path: &Path) -> Option<String> {
    let whole = |path: &Path| std::path::absolute(path).ok();
    let (root, path) = (whole(root)?, whole(path)?);
    plain(path.strip_prefix(root).ok()?)
}

/// A file with the markers of a conflict is nobody's yet.
pub(super) fn unresolved(path: &ProjectPath) -> Diagnostic {
    let message = format!("`{path}` still holds the markers of a conflict");
    let help = "keep what should be and delete the markers, then hand it over";
    Diagnostic::error(&codes::CONFLICT, None, message).help(help)
}

fn unknown(manifest: &Manifest, written: &str) -> Diagnostic {
    let tools = || {
        let all = manifest
            .iter()
            .filter(|(_, entry)| entry.owner == Owner::Tool);
        all.map(|(path, _)| path.as_str())
    };
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    // A file in another folder is nearer than one of another name.
    let same_name = tools().find(|path| !written.contains('/') && last(path) == *written);
    let help = match same_name.or_else(|| nearest(written, tools())) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`.secapi/manifest` lists every file that secapi wrote".to_owned(),
    };
    let message = format!("secapi wrote no file `{}`", brief(written));
    Diagnostic::error(&codes::UNKNOWN_FILE, None, message).help(help)
}

/// A file of yours where one of the tool's is needed.
pub(super) fn yours(path: &ProjectPath) -> Diagnostic {
    let message = format!("`{path}` is yours: secapi never writes it again");
    let help =
        "to have it written anew, delete its line from `.secapi/manifest` and the file itself";
    Diagnostic::error(&codes::UNKNOWN_FILE, None, message).help(help)
}

/// A file that the tool wrote once and that the spec does not ask for any more.
pub(super) fn not_written(path: &ProjectPath) -> Diagnostic {
    let message =
        format!("`{path}` is no longer written: what it was made for is gone from the spec");
    Diagnostic::error(&tool::ARGUMENTS, None, message).help("delete it, or `secapi eject` it")
}

/// A file of the runtime's source.
pub(super) fn vendored(path: &ProjectPath) -> Diagnostic {
    let message = format!("`{path}` belongs to the runtime's source, which is replaced whole");
    let help = "a runtime of your own is a folder of your own: name it in `Cargo.toml`";
    Diagnostic::error(&codes::UNKNOWN_FILE, None, message).help(help)
}

/// A file that cannot stop following the spec.
pub(super) fn needed(path: &ProjectPath) -> Diagnostic {
    let message = format!("`{path}` has to follow the spec, so it cannot be handed over");
    Diagnostic::error(&codes::UNKNOWN_FILE, None, message)
        .help("copy it where you need another one")
}
