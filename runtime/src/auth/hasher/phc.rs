//! Hashes as they are stored: PHC strings, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.

use argon2::Params;
use argon2::password_hash::phc::{self, Output, ParamsString, Salt};
use aws_lc_rs::{constant_time, rand};

use super::Parameters;
use crate::error::Error;

const SALT_BYTES: usize = 16;
pub(super) const OUTPUT_BYTES: usize = 32;
const VERSION: u32 = 19;

/// A password hash for the credentials table. It does not print itself.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("PasswordHash([redacted])")
    }
}

/// A stored hash, read and found to be within bounds.
pub(super) struct Stored {
    pub(super) parameters: Parameters,
    pub(super) salt: Vec<u8>,
    expected: Vec<u8>,
}

impl Stored {
    /// Reads a PHC string of argon2id version 19 whose cost is bounded.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text).ok_or_else(|| {
            Error::internal("a stored password hash is not argon2id within the accepted cost")
        })
    }

    fn read(text: &str) -> Option<Self> {
        let hash = phc::PasswordHash::new(text).ok()?;
        let ours = hash.algorithm.as_str() == "argon2id" && hash.version == Some(VERSION);
        let params = ours.then(|| Params::try_from(&hash).ok()).flatten()?;
        let plain = params.keyid().is_empty() && params.data().is_empty();
        let salt = hash.salt?.as_ref().to_vec();
        let expected = hash.hash?.as_bytes().to_vec();
        let sound = plain && salt.len() >= 8 && expected.len() >= 16;
        let parameters = Parameters::stored(&params)?;
        sound.then_some(Self {
            parameters,
            salt,
            expected,
        })
    }

    /// What the password of an account that does not exist is compared with: random, so that nothing matches it.
    pub(super) fn nobody(parameters: Parameters) -> Result<Self, Error> {
        Ok(Self {
            parameters,
            salt: random(SALT_BYTES)?,
            expected: random(OUTPUT_BYTES)?,
        })
    }

    /// Whether it is at least as much work as a hash made today.
    pub(super) fn as_strong_as(&self, parameters: Parameters) -> bool {
        self.parameters.at_least(parameters) && self.expected.len() >= OUTPUT_BYTES
    }

    pub(super) fn length(&self) -> usize {
        self.expected.len()
    }

    pub(super) fn equals(&self, output: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(&self.expected, output).is_ok()
    }
}

pub(super) fn new_salt() -> Result<Vec<u8>, Error> {
    random(SALT_BYTES)
}

/// Writes the PHC string of a fresh hash.
pub(super) fn write(
    parameters: Parameters,
    salt: &[u8],
    output: &[u8],
) -> Result<PasswordHash, Error> {
    let params = parameters
        .params(OUTPUT_BYTES)
        .and_then(|params| ParamsString::try_from(&params).ok());
    let hash = phc::PasswordHash {
        algorithm: argon2::ARGON2ID_IDENT,
        version: Some(VERSION),
        params: params.ok_or_else(|| Error::internal("argon2id refuses its parameters"))?,
        salt: Some(Salt::new(salt).map_err(Error::internal)?),
        hash: Some(Output::new(output).map_err(Error::internal)?),
    };
    Ok(PasswordHash(hash.to_string()))
}

fn random(length: usize) -> Result<Vec<u8>, Error> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| Error::internal("no random bytes can be had"))?;
    Ok(bytes)
}
