//! Reading one file of the folder.

use std::fs::{self, DirEntry};
use std::io::Read as _;
use std::path::Path;

use zeroize::Zeroizing;

use super::{KeyError, KeyProblem, SigningKey};

/// Larger files are no keys.
const MAX_FILE: u64 = 16 * 1024;

pub(super) fn read(entry: &DirEntry) -> Result<Option<SigningKey>, Vec<KeyError>> {
    let path = entry.path();
    let refuse = |problem| vec![KeyError::of(&path, problem)];
    let name = entry.file_name();
    let name = name.to_str().ok_or_else(|| refuse(KeyProblem::Name))?;
    if name.starts_with('.') {
        return Ok(None);
    }
    if name.ends_with(".key") {
        return Err(refuse(KeyProblem::OtherAlgorithm));
    }
    let Some(kid) = name.strip_suffix(".pem") else {
        return Ok(None);
    };
    if !is_kid(kid) {
        return Err(refuse(KeyProblem::Name));
    }
    read_key(kid, &path).map(Some).map_err(refuse)
}

fn read_key(kid: &str, path: &Path) -> Result<SigningKey, KeyProblem> {
    // The file is opened once, so that what is judged is what is read; a symlink counts by what it points to.
    let file = fs::File::open(path).map_err(|_| KeyProblem::Unreadable)?;
    let facts = file.metadata().map_err(|_| KeyProblem::Unreadable)?;
    let mut pem = Zeroizing::new(Vec::new());
    file.take(MAX_FILE)
        .read_to_end(&mut pem)
        .map_err(|_| KeyProblem::Unreadable)?;
    let key = SigningKey::from_pem(kid, &pem)?;
    Ok(SigningKey {
        exposed: others_may_read(&facts),
        ..key
    })
}

#[cfg(unix)]
fn others_may_read(facts: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    facts.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn others_may_read(_: &fs::Metadata) -> bool {
    false
}

pub(super) fn is_kid(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

pub(super) fn repeated(folder: &Path, keys: &[SigningKey]) -> Vec<KeyError> {
    let twice = |key: &&SigningKey| {
        keys.iter()
            .any(|other| other.kid < key.kid && other.point == key.point)
    };
    keys.iter()
        .filter(twice)
        .map(|key| {
            KeyError::of(
                &folder.join(format!("{}.pem", key.kid)),
                KeyProblem::Repeated,
            )
        })
        .collect()
}
