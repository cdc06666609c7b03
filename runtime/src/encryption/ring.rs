//! The ring of keys: `kid:base64`, comma-separated, newest first.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::Error;
use crate::sealing::SealingKey;
use crate::secret::{MINIMUM_BYTES, Secret, SecretProblem, decode, expand, random};

/// The longest name of a key.
const LONGEST_NAME: usize = 32;
/// What the keys of fields are derived for.
const PURPOSE: &str = "encryption.fields";

/// The keys of encrypted fields, newest first: the first seals, all open. Never empty; clones share them.
#[derive(Clone, Debug)]
pub struct EncryptionKeys(Arc<[Entry]>);

#[derive(Debug)]
struct Entry {
    kid: String,
    /// As it was given, to be compared with other secrets.
    root: Secret<Vec<u8>>,
    key: SealingKey,
}

impl EncryptionKeys {
    /// Reads the value of `SECAPI_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// Names what is wrong with the first bad entry, by position and never by value.
    pub fn parse(text: &str) -> Result<Self, RingProblem> {
        let mut ring: Vec<Entry> = Vec::new();
        for (index, entry) in text.split(',').enumerate() {
            let place = index + 1;
            let (kid, secret) = entry
                .trim()
                .split_once(':')
                .filter(|(kid, _)| is_name(kid))
                .ok_or(RingProblem::Name(place))?;
            let root = decode(secret.trim(), place).map_err(RingProblem::Secret)?;
            if ring.iter().any(|known| known.kid == kid) {
                return Err(RingProblem::RepeatedName(place));
            }
            if ring
                .iter()
                .any(|known| known.root.expose() == root.expose())
            {
                return Err(RingProblem::Secret(SecretProblem::Repeated(place)));
            }
            let key = SealingKey::new(&expand(&root, PURPOSE));
            ring.push(Entry {
                kid: kid.to_owned(),
                root,
                key,
            });
        }
        Ok(Self(ring.into()))
    }

    /// The text of a ring of one new key of this name.
    pub(crate) fn generate(kid: &str) -> Result<Secret<String>, SecretProblem> {
        let bytes: Zeroizing<[u8; MINIMUM_BYTES]> = random()?;
        let key = Zeroizing::new(STANDARD.encode(bytes.as_ref()));
        Ok(Secret::new(format!("{kid}:{}", key.as_str())))
    }

    /// The name of the key that seals.
    pub(crate) fn newest(&self) -> &str {
        self.0.first().map_or("", |entry| &entry.kid)
    }

    /// Whether there is a key of this name.
    pub(crate) fn has(&self, kid: &str) -> bool {
        self.entry(kid).is_some()
    }

    /// Whether the test holds for one of the keys: for checks that none of them is used for two things.
    pub(crate) fn any(&self, test: impl Fn(&[u8]) -> bool) -> bool {
        self.0.iter().any(|entry| test(entry.root.expose()))
    }

    pub(super) fn seal(&self, bytes: Vec<u8>, bound_to: &[u8]) -> Result<Vec<u8>, Error> {
        let newest = self.0.first();
        let newest = newest.ok_or_else(|| Error::internal("there is no encryption key"))?;
        newest.key.seal(bytes, bound_to)
    }

    pub(super) fn open(&self, kid: &str, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        self.entry(kid)?.key.open(sealed, bound_to)
    }

    /// What only the newest key opens: kept beside the data, it tells a wrong key before any value is read.
    pub(crate) fn proof(&self) -> Result<Vec<u8>, Error> {
        self.seal(Vec::new(), PROOF)
    }

    /// Whether the key of this name is the one that made the proof.
    pub(crate) fn made(&self, kid: &str, proof: &[u8]) -> bool {
        self.open(kid, proof, PROOF).is_some()
    }

    fn entry(&self, kid: &str) -> Option<&Entry> {
        self.0.iter().find(|entry| entry.kid == kid)
    }
}

/// No value of a field is bound to this.
const PROOF: &[u8] = b"secapi.encryption.proof.v1";

fn is_name(kid: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=LONGEST_NAME).contains(&kid.len()) && kid.bytes().all(legal)
}

/// What is wrong with `SECAPI_ENCRYPTION_KEYS`. The number is the entry's place in the ring, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingProblem {
    /// The entry has no name of 1 to 32 letters, digits, `-`, `_` and `.` before a colon.
    Name(usize),
    /// The entry has the name of another one.
    RepeatedName(usize),
    /// What follows the colon is no secret.
    Secret(SecretProblem),
}

impl Display for RingProblem {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(entry) => write!(
                formatter,
                "entry {entry} is not `name:key` with a name of letters, digits, `-`, `_` and `.`"
            ),
            Self::RepeatedName(entry) => {
                write!(formatter, "entry {entry} has the name of another one")
            }
            Self::Secret(problem) => problem.fmt(formatter),
        }
    }
}

impl std::error::Error for RingProblem {}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kid: &str, seed: u8) -> String {
        let bytes: Vec<u8> = (0..32).map(|n| n ^ seed).collect();
        format!("{kid}:{}", STANDARD.encode(bytes))
    }

    #[test]
    fn a_ring_is_read_newest_first_and_prints_no_key() {
        let text = format!("{}, {}", entry("2026-02", 1), entry("2026-01", 2));
        let ring = EncryptionKeys::parse(&text).unwrap();
        assert_eq!(ring.newest(), "2026-02");
        assert!(ring.has("2026-01") && !ring.has("2026-03"));
        let printed = format!("{ring:?}");
        assert!(
            printed.contains("[redacted]") && !printed.contains("AQAD"),
            "{printed}"
        );
    }

    #[test]
    fn bad_rings_are_refused_by_position() {
        let twice = |second: String| format!("{},{second}", entry("a", 1));
        for (text, problem) in [
            (String::new(), RingProblem::Name(1)),
            (STANDARD.encode([7; 32]), RingProblem::Name(1)),
            (twice(":AAAA".into()), RingProblem::Name(2)),
            (entry("a b", 1), RingProblem::Name(1)),
            (entry(&"a".repeat(33), 1), RingProblem::Name(1)),
            (twice(entry("a", 2)), RingProblem::RepeatedName(2)),
            ("a:".into(), RingProblem::Secret(SecretProblem::Missing)),
            (
                "a:??".into(),
                RingProblem::Secret(SecretProblem::NotBase64(1)),
            ),
            (
                "a:AAAA".into(),
                RingProblem::Secret(SecretProblem::TooShort(1)),
            ),
            (
                twice(entry("b", 1)),
                RingProblem::Secret(SecretProblem::Repeated(2)),
            ),
            (
                format!("a:{}", STANDARD.encode([7; 32])),
                RingProblem::Secret(SecretProblem::Weak(1)),
            ),
        ] {
            assert_eq!(EncryptionKeys::parse(&text).unwrap_err(), problem, "{text}");
        }
    }

    #[test]
    fn a_generated_ring_reads_back_and_proves_itself() {
        let text = EncryptionKeys::generate("k1").unwrap();
        let ring = EncryptionKeys::parse(text.expose()).unwrap();
        let again = EncryptionKeys::parse(text.expose()).unwrap();
        let other = EncryptionKeys::generate("k1").unwrap();
        let other = EncryptionKeys::parse(other.expose()).unwrap();
        let proof = ring.proof().unwrap();
        assert!(again.made("k1", &proof));
        assert!(!other.made("k1", &proof) && !again.made("k2", &proof));
    }
}
