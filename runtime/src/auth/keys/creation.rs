//! Making a signing key: in development at the first start, and for a rotation.

use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{KeyError, KeyProblem, Keyring};
use crate::private_file;
use crate::value::Timestamp;

impl Keyring {
    /// Makes a new Ed25519 key in the folder, named after the time so that it becomes the signing one, for its owner's
    /// eyes only. The folder is made where it is missing.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn create(folder: &Path, now: Timestamp) -> Result<PathBuf, KeyError> {
        create(folder, &name(now))
    }
}

/// Makes a new key of this name.
pub(super) fn create(folder: &Path, kid: &str) -> Result<PathBuf, KeyError> {
    let unwritable = |path: &Path| KeyError::of(path, KeyProblem::Unreadable);
    private_file::make_folder(folder).map_err(|_| unwritable(folder))?;
    let pem = new_pem().ok_or_else(|| KeyError::of(folder, KeyProblem::NoRandomness))?;
    let path = folder.join(format!("{kid}.pem"));
    private_file::publish(&path, pem.as_bytes()).map_err(|_| unwritable(&path))?;
    Ok(path)
}

/// `2026-01-02T03:04:05.678Z` becomes `20260102T030405.678Z`: it sorts by time and is a legal `kid`.
pub(super) fn name(now: Timestamp) -> String {
    now.to_string()
        .chars()
        .filter(|character| !matches!(character, '-' | ':'))
        .collect()
}

fn new_pem() -> Option<Zeroizing<String>> {
    let document = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).ok()?;
    Some(pem(document.as_ref()))
}

pub(super) fn pem(pkcs8: &[u8]) -> Zeroizing<String> {
    let body = Zeroizing::new(STANDARD.encode(pkcs8));
    let lines = Zeroizing::new(wrapped(&body));
    Zeroizing::new(format!(
        "-----BEGIN PRIVATE KEY-----\n{}-----END PRIVATE KEY-----\n",
        lines.as_str()
    ))
}

fn wrapped(body: &str) -> String {
    let mut lines = String::with_capacity(body.len() + body.len() / 64 + 1);
    for (index, character) in body.chars().enumerate() {
        if index > 0 && index % 64 == 0 {
            lines.push('\n');
        }
        lines.push(character);
    }
    lines.push('\n');
    lines
}
