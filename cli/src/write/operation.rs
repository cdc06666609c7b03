//! What a run does to one file.

use super::ProjectPath;
use crate::manifest::Hash;

/// One change: what the file must be before it, and what it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The file.
    pub path: ProjectPath,
    /// What it holds now; `None` where it does not exist.
    pub expected: Option<Hash>,
    /// What it will hold; `None` removes it.
    pub contents: Option<Contents>,
}

/// Bytes and their hash, which is worked out once: some files have tens of megabytes.
///
/// INVARIANT: the hash is that of the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    bytes: Vec<u8>,
    hash: Hash,
}

impl Contents {
    /// A text that is known by its hash already.
    pub(crate) fn hashed(text: String, hash: Hash) -> Self {
        let bytes = text.into_bytes();
        debug_assert_eq!(hash, Hash::of(&bytes));
        Self { bytes, hash }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Their hash.
    #[must_use]
    pub fn hash(&self) -> &Hash {
        &self.hash
    }
}

impl From<Vec<u8>> for Contents {
    fn from(bytes: Vec<u8>) -> Self {
        let hash = Hash::of(&bytes);
        Self { bytes, hash }
    }
}

impl From<String> for Contents {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}
