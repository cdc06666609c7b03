//! What can go wrong between memory and disk.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::ProjectPath;

/// A refusal, or a failure of the machine. Nothing was changed in either case, unless it says so.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// `new` into a folder that holds something.
    NotEmpty(PathBuf),
    /// `new` where something else than a folder stands.
    NoFolder(PathBuf),
    /// The folder has no `.secapi/manifest`.
    NoProject(PathBuf),
    /// `.secapi/manifest` cannot be understood.
    BadManifest(crate::manifest::BadManifest),
    /// A symbolic link, or something that is no plain file or folder, stands on the way.
    NotPlain(PathBuf),
    /// A file changed while the run was preparing, or after an earlier run was interrupted.
    Changed(ProjectPath),
    /// Another run holds the project.
    Busy,
    /// An earlier run was interrupted, and this command writes nothing.
    Interrupted,
    /// The journal of an interrupted run cannot be understood.
    BadJournal,
    /// The operating system said no.
    Io {
        /// Where.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl WriteError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
        let path = path.to_owned();
        move |source| WriteError::Io { path, source }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotEmpty(path) => write!(out, "`{}` is not empty", path.display()),
            Self::NoFolder(path) => write!(
                out,
                "`{}` cannot be made: a file or a link to nothing is in the way",
                path.display()
            ),
            Self::NoProject(path) => {
                write!(
                    out,
                    "`{}` is no secapi project: it has no `.secapi/manifest`",
                    path.display()
                )
            }
            Self::BadManifest(reason) => write!(out, "`.secapi/manifest` is damaged: {reason}"),
            Self::NotPlain(path) => {
                write!(
                    out,
                    "`{}` is a link or stands in the way of a plain file or folder",
                    path.display()
                )
            }
            Self::Changed(path) => write!(out, "`{path}` changed while files were being written"),
            Self::Busy => write!(out, "another run of secapi is working in this project"),
            Self::Interrupted => write!(out, "an earlier run of secapi was interrupted here"),
            Self::BadJournal => write!(out, "`.secapi/journal` of an interrupted run is damaged"),
            Self::Io { path, source } => write!(out, "`{}`: {source}", path.display()),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::BadManifest(reason) => Some(reason),
            _ => None,
        }
    }
}
