//! Who else may read or change a file.
//!
//! What a name resolves to counts, not the name: a mounted ConfigMap or Secret is a folder of symlinks. The folder that
//! is listed may be open to everyone with the sticky bit set, as container platforms mount it.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// Read, write or search by anybody but the owner.
pub(super) const ANY_ACCESS: u32 = 0o077;
/// Write by anybody but the owner.
pub(super) const WRITE: u32 = 0o022;
/// Write by everybody. Groups are left out where a platform shares volumes with the service by a group.
const WRITE_BY_ALL: u32 = 0o002;
/// In a folder: entries belong to whoever made them.
const STICKY: u32 = 0o1000;

/// Whether any of these permission bits is set on the resolved file. What is not there has none.
pub(super) fn has(path: &Path, bits: u32) -> bool {
    fs::metadata(path).is_ok_and(|facts| mode(&facts) & bits != 0)
}

/// Whether everybody may put files into the folder that a file is in.
pub(super) fn folder_is_open(file: &Path) -> bool {
    let resolved = fs::canonicalize(file);
    let folder = resolved.as_deref().unwrap_or(file).parent();
    folder.is_some_and(|folder| has(folder, WRITE_BY_ALL))
}

/// What everybody may change of a folder and of its files of this extension: the paths, resolved.
pub(super) fn open_to_all(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut open: Vec<PathBuf> = Vec::new();
    let mut judge = |path: &Path| {
        if is_open(path) && !open.iter().any(|known| known == path) {
            open.push(path.to_owned());
        }
    };
    judge(folder);
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        let is_one = path.extension().is_some_and(|it| it == extension);
        if let Some(resolved) = fs::canonicalize(&path).ok().filter(|_| is_one) {
            judge(&resolved);
            if let Some(parent) = resolved.parent() {
                judge(parent);
            }
        }
    }
    open.sort();
    open
}

fn is_open(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|facts| {
        let kept_apart = facts.is_dir() && mode(&facts) & STICKY != 0;
        mode(&facts) & WRITE_BY_ALL != 0 && !kept_apart
    })
}

#[cfg(unix)]
fn mode(facts: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    facts.permissions().mode()
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0
}
