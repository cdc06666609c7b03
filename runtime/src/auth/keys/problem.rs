//! What can be wrong with the folder of signing keys.

use std::fmt::{Display, Formatter};
use std::path::{Path, PathBuf};

/// A file that is not a usable key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError {
    /// The file or the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: KeyProblem,
}

impl KeyError {
    pub(super) fn of(path: &Path, problem: KeyProblem) -> Self {
        Self {
            path: path.to_owned(),
            problem,
        }
    }
}

impl Display for KeyError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.problem)
    }
}

impl std::error::Error for KeyError {}

/// What can be wrong with a key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// The folder has no key.
    Missing,
    /// It cannot be read or written.
    Unreadable,
    /// The file name is not usable as a `kid`.
    Name,
    /// It is no private key in PKCS#8 PEM.
    NotAKey,
    /// It is a key of an algorithm that is not implemented yet.
    OtherAlgorithm,
    /// Another file holds the same key.
    Repeated,
    /// The folder holds more keys than a service takes.
    TooMany,
    /// The name of the last key is so long that none sorts after it.
    Unfollowable,
    /// The operating system gives no random bytes.
    NoRandomness,
}

impl Display for KeyProblem {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Missing => "holds no signing key (a file `<kid>.pem`)",
            Self::Unreadable => "cannot be read or written",
            Self::Name => "the name must be 1 to 64 of A-Z a-z 0-9 . _ - before `.pem`",
            Self::NotAKey => "is not one private key in PKCS#8 PEM",
            Self::OtherAlgorithm => "only Ed25519 keys (EdDSA) can be used yet",
            Self::Repeated => "holds the same key as another file",
            Self::TooMany => "holds more than 64 keys; remove those that are not needed any more",
            Self::Unfollowable => {
                "the last key has a name that leaves no room for one after it; rename it"
            }
            Self::NoRandomness => "no random bytes can be had",
        })
    }
}
