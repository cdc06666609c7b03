//! Where the database file is, and who may read it.

use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;

/// The file that a `sqlite:` URL names.
pub(super) fn file_of(url: &str) -> Result<PathBuf, Error> {
    let path = url
        .strip_prefix("sqlite://")
        .or_else(|| url.strip_prefix("sqlite:"))
        .ok_or_else(|| Error::internal("DATABASE_URL must begin with sqlite://"))?;
    if path.is_empty() || path == ":memory:" || path.contains(['?', '\0']) {
        return Err(Error::internal(
            "DATABASE_URL must name a file, as in sqlite://data/service.db, and take no options",
        ));
    }
    Ok(PathBuf::from(path))
}

/// Makes an empty file that only its owner reads, and the folders above it. SQLite gives its side files the same mode.
pub(super) fn prepare(path: &Path) -> Result<(), Error> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        private_folder(folder).map_err(|error| refusal("folder", folder, &error))?;
    }
    private_file(path).map_err(|error| refusal("file", path, &error))
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn refusal(what: &str, path: &Path, error: &io::Error) -> Error {
    let path = path.display();
    Error::unavailable(format!(
        "the database {what} {path} cannot be made or opened: {error}"
    ))
}
