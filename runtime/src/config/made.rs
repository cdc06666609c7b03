//! What development makes for itself at the first start: a root secret, a signing key and an encryption key, for their owner's eyes only.

use std::fs;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::auth::keys::Keyring;
use crate::encryption::EncryptionKeys;
use crate::private_file;
use crate::secret::{Secret, SecretProblem, Secrets};
use crate::value::Timestamp;

/// The secret in the file; a new one is written there first where there is none.
pub(super) fn secret(path: &Path) -> Option<String> {
    let make = || Secrets::generate().map(|(_, text)| text);
    kept(path, make)
}

/// The encryption keys in the file; a first one is written there where there is none.
pub(super) fn encryption_keys(path: &Path) -> Option<String> {
    kept(path, || EncryptionKeys::generate("k1"))
}

fn kept(
    path: &Path,
    make: impl FnOnce() -> Result<Secret<String>, SecretProblem>,
) -> Option<String> {
    if let Ok(text) = fs::read_to_string(path) {
        return Some(text.trim().to_owned());
    }
    write_private(path, make().ok()?.expose()).ok();
    // Another process may have been first; what is in the file counts.
    fs::read_to_string(path)
        .ok()
        .map(|text| text.trim().to_owned())
}

/// Makes a signing key where the folder has none. What stands in the way is found when the keys are loaded.
pub(super) fn signing_key(folder: &Path) {
    let has_one = fs::read_dir(folder).is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| entry.path().extension().is_some_and(|it| it == "pem"))
        })
    });
    if !has_one {
        Keyring::create(folder, Timestamp::now()).ok();
    }
}

/// Never half a secret, and never in the place of another one.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_file::make_folder(folder)?;
    }
    private_file::publish(path, text.as_bytes())
}

/// Whether an entry of the ring, or what stands behind its name, decodes to text that someone typed: words, not bytes and not hexadecimal digits.
pub(super) fn is_typed(ring: &str) -> bool {
    ring.split(',').any(|entry| {
        let entry = entry.rsplit(':').next().unwrap_or(entry);
        STANDARD.decode(entry.trim()).is_ok_and(|bytes| {
            bytes
                .iter()
                .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
                && !bytes.iter().all(u8::is_ascii_hexdigit)
        })
    })
}
