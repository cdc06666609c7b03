//! The folder of signing keys, which is read at the start and again whenever it changes, by the same rules.

use std::path::{Path, PathBuf};

use super::{Environment, Sources, key_checks, reader::Reader};
use super::{Purpose, Refusal};
use crate::auth::keys::Keyring;
use crate::encryption::EncryptionKeys;
use crate::secret::Secrets;

/// Where the signing keys are, and what a key has to be like to be taken over while the service runs.
#[derive(Debug)]
pub struct KeyFolder {
    path: PathBuf,
    environment: Environment,
}

impl KeyFolder {
    /// A folder, and where the service runs: production takes over no key that a start would refuse.
    #[must_use]
    pub fn new(path: PathBuf, environment: Environment) -> Self {
        Self { path, environment }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why a service would not take over the folder, as far as that shows without its secrets; a command that changes the
    /// folder asks first. What cannot be read at all is told by whoever reads it.
    #[must_use]
    pub fn unfit(&self) -> Vec<String> {
        match (self.environment, Keyring::load(&self.path)) {
            (Environment::Production, Ok(ring)) => key_checks::by_themselves(&self.path, &ring),
            _ => Vec::new(),
        }
    }

    /// Reads the keys and judges them as at the start: by themselves, and beside the other secrets of the service.
    ///
    /// # Errors
    /// Every reason against the folder as it is; names, never values.
    pub fn load(
        &self,
        secrets: &Secrets,
        encryption: Option<&EncryptionKeys>,
    ) -> Result<Keyring, Vec<String>> {
        let ring = Keyring::load(&self.path)
            .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let mut problems = Vec::new();
        if self.environment == Environment::Production {
            problems.extend(key_checks::by_themselves(&self.path, &ring));
            problems.extend(key_checks::shared(&ring, Some(secrets), encryption));
        }
        match problems.is_empty() {
            true => Ok(ring),
            false => Err(problems),
        }
    }
}

/// The folder of signing keys alone, for a command that needs nothing else of the configuration. Nothing is made.
///
/// # Errors
/// What is wrong with the configuration files as such.
pub fn signing_keys(sources: &Sources) -> Result<KeyFolder, Vec<Refusal>> {
    let mut reader = Reader::open(sources, Purpose::Run);
    let folder = reader.folder("signing_keys", "data/keys");
    match reader.layers.refusals.is_empty() {
        true => Ok(KeyFolder::new(folder, reader.layers.environment)),
        false => Err(reader.layers.refusals),
    }
}
