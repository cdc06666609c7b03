//! What development makes for itself at the first start: a root secret and a signing key, for their owner's eyes only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::auth::keys::Keyring;
use crate::secret::Secrets;
use crate::value::Timestamp;

/// The secret in the file; a new one is written there first where there is none.
pub(super) fn secret(path: &Path) -> Option<String> {
    if let Ok(text) = fs::read_to_string(path) {
        return Some(text.trim().to_owned());
    }
    let (_, text) = Secrets::generate().ok()?;
    write_private(path, text.expose()).ok();
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

/// Writes beside the path and links into place, so that nobody reads half a secret and none is ever replaced.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    let hidden = path.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&hidden)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&hidden, path));
    fs::remove_file(&hidden)?;
    linked
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether an entry of the ring decodes to text that someone typed: words, not bytes and not hexadecimal digits.
pub(super) fn is_typed(ring: &str) -> bool {
    ring.split(',').any(|entry| {
        STANDARD.decode(entry.trim()).is_ok_and(|bytes| {
            bytes
                .iter()
                .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
                && !bytes.iter().all(u8::is_ascii_hexdigit)
        })
    })
}
