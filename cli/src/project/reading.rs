//! Finding and reading the files of a spec and of policies.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, spec, tool};
use crate::spec::MOST_BYTES;

/// The files that count as policies: `*.cedar` directly in the folder, hidden ones left out.
pub(super) fn policy_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    files_of(folder, "cedar")
}

/// The parts of a spec: `*.yaml` directly in the folder, hidden ones left out.
pub(super) fn spec_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    files_of(folder, "yaml")
}

/// None where there is no folder. One that cannot be read is not an empty one.
pub(super) fn files_of(folder: &Path, extension: &str) -> std::io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if is_visible(&path, extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn is_visible(path: &Path, wanted: &str) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden
        && path
            .extension()
            .is_some_and(|extension| extension == wanted)
}

/// Why a file was not read.
pub(super) enum Refusal {
    Missing,
    NoFile,
    TooLarge,
    System(std::io::Error),
}

pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let refused = |error: std::io::Error| match is_missing(&error) {
        true => Refusal::Missing,
        false => Refusal::System(error),
    };
    let about = fs::metadata(path).map_err(refused)?;
    if !about.is_file() {
        return Err(Refusal::NoFile);
    }
    if about.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = Vec::new();
    // The file may have grown since it was asked for its size.
    File::open(path)
        .map_err(refused)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(refused)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES) {
        Ok(bytes)
    } else {
        Err(Refusal::TooLarge)
    }
}

impl Refusal {
    pub(super) fn diagnostic(self, shown: &str, missing: &'static Code) -> Diagnostic {
        match self {
            Self::Missing => Diagnostic::error(missing, None, format!("there is no file `{shown}`"))
                .help("run it in a project, name one by `--project DIR`, or make one by `secapi new NAME`"),
            Self::NoFile => Diagnostic::error(missing, None, format!("`{shown}` is not a file"))
                .help("put a file in its place; a spec in several files is the folder `spec/`"),
            Self::TooLarge => Diagnostic::error(&spec::TOO_LARGE, None, format!("`{shown}` is over 4 MiB")).help("is this the right file?"),
            Self::System(error) => Diagnostic::error(&tool::IO, None, format!("`{shown}` cannot be read: {}", error.kind()))
                .help("whoever runs secapi must be allowed to read it: `ls -ld` shows whose it is"),
        }
    }
}

/// A folder that is there, and that the system does not let anybody read.
pub(super) fn unread(folder: &Path, error: std::io::Error) -> Diagnostic {
    Refusal::System(error).diagnostic(&shown(folder), &tool::IO)
}

/// What is said of a link.
pub(super) fn link(path: &Path) -> Option<Diagnostic> {
    let about = fs::symlink_metadata(path).ok()?;
    let message = format!(
        "`{}` is a link, and secapi follows none within a project",
        shown(path)
    );
    let refusal = Diagnostic::error(&tool::IO, None, message);
    about
        .is_symlink()
        .then(|| refusal.help("put the file or the folder itself in its place"))
}

/// The path as the user would write it.
pub(super) fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
