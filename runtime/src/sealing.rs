//! Authenticated encryption, in the one way in which this crate uses it: for cursors, and for fields in the database.
//!
//! AES-256-GCM (NIST SP 800-38D) under a key of its own for each value, made by HMAC-SHA-256 from a root key and 24 random
//! bytes, so that no number of values wears a key out and no nonce is ever used twice with one key.

use std::fmt::{self, Debug, Formatter};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use aws_lc_rs::rand;

use crate::Error;

const SALT: usize = 24;

/// A root key. It prints as nothing.
#[derive(Clone)]
pub(crate) struct SealingKey(hmac::Key);

impl SealingKey {
    pub(crate) fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(HMAC_SHA256, bytes))
    }

    /// What opens to these bytes, under this key and with the same binding alone.
    ///
    /// # Errors
    /// An internal error where no random bytes are to be had.
    pub(crate) fn seal(&self, bytes: Vec<u8>, bound_to: &[u8]) -> Result<Vec<u8>, Error> {
        let mut salt = [0; SALT];
        rand::fill(&mut salt).map_err(|_| Error::internal("no random bytes to seal with"))?;
        let cipher = self
            .cipher(&salt)
            .ok_or_else(|| Error::internal("a sealing key is not usable"))?;
        let mut sealed = bytes;
        cipher
            .seal_in_place_append_tag(once(), Aad::from(bound_to), &mut sealed)
            .map_err(|_| Error::internal("a value cannot be sealed"))?;
        Ok([salt.as_slice(), &sealed].concat())
    }

    /// The bytes, if they were sealed under this key and with this binding.
    pub(crate) fn open(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        let (salt, sealed) = sealed.split_first_chunk::<SALT>()?;
        let mut bytes = sealed.to_vec();
        let opened = self
            .cipher(salt)?
            .open_in_place(once(), Aad::from(bound_to), &mut bytes)
            .ok()?;
        let length = opened.len();
        bytes.truncate(length);
        Some(bytes)
    }

    fn cipher(&self, salt: &[u8; SALT]) -> Option<LessSafeKey> {
        let key = hmac::sign(&self.0, salt);
        let key = UnboundKey::new(&AES_256_GCM, key.as_ref()).ok()?;
        Some(LessSafeKey::new(key))
    }
}

/// The key of a value is used for that value alone.
fn once() -> Nonce {
    Nonce::assume_unique_for_key([0; 12])
}

impl Debug for SealingKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("SealingKey([redacted])")
    }
}
