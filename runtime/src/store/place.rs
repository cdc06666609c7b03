//! Where the database file is, and who may read it.

use std::io;
use std::path::{Path, PathBuf};

use crate::{Error, private_file};

/// The file that a `sqlite:` URL names.
///
/// # Errors
/// For another kind of URL, one without a file, and one with options.
pub(crate) fn file_of(url: &str) -> Result<PathBuf, Error> {
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
        private_file::make_folder(folder).map_err(|error| refusal("folder", folder, &error))?;
    }
    private_file::make_empty(path).map_err(|error| refusal("file", path, &error))
}

fn refusal(what: &str, path: &Path, error: &io::Error) -> Error {
    let path = path.display();
    Error::unavailable(format!(
        "the database {what} {path} cannot be made or opened: {error}"
    ))
}
