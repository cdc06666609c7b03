//! Values that must not be printed, and the keys derived from `SECAPI_SECRET`.
//!
//! [`Secret`] keeps a value out of every log and message and wipes it when it is dropped. [`Secrets`] is the ring of
//! root secrets: the newest makes values, the older ones still verify, and no purpose shares a key with another.

use std::fmt::{Debug, Display, Formatter};

use aws_lc_rs::{hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::{Zeroize, Zeroizing};

/// A value that prints as `[redacted]` and is wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; every call is a place to look at in a review.
    #[must_use]
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> Debug for Secret<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<T: Zeroize> Display for Secret<T> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("[redacted]")
    }
}

/// The fewest bytes that a root secret may have.
pub const MINIMUM_BYTES: usize = 32;

/// The ring of root secrets, newest first; never empty.
#[derive(Debug, Clone)]
pub struct Secrets {
    newest: Secret<Vec<u8>>,
    older: Vec<Secret<Vec<u8>>>,
}

impl Secrets {
    /// Reads the value of `SECAPI_SECRET`: base64 of at least 32 bytes each, comma-separated, newest first.
    ///
    /// # Errors
    /// Names what is wrong with the first bad entry, by position and never by value.
    pub fn parse(text: &str) -> Result<Self, SecretProblem> {
        let mut ring: Vec<Secret<Vec<u8>>> = Vec::new();
        for (index, entry) in text.split(',').enumerate() {
            let secret = decode(entry.trim(), index + 1)?;
            if ring.iter().any(|known| known.expose() == secret.expose()) {
                return Err(SecretProblem::Repeated(index + 1));
            }
            ring.push(secret);
        }
        let mut ring = ring.into_iter();
        let newest = ring.next().ok_or(SecretProblem::Missing)?;
        Ok(Self {
            newest,
            older: ring.collect(),
        })
    }

    /// A new random ring of one, and its text for a `.env` file.
    ///
    /// # Errors
    /// When the operating system gives no random bytes.
    pub fn generate() -> Result<(Self, Secret<String>), SecretProblem> {
        let bytes = random()?;
        let text = Secret::new(STANDARD.encode(bytes.as_ref()));
        let ring = Self {
            newest: Secret::new(bytes.to_vec()),
            older: Vec::new(),
        };
        Ok((ring, text))
    }

    /// The key of one purpose, from the newest secret: what new values are made with.
    #[must_use]
    pub fn derive(&self, purpose: &'static str) -> [u8; 32] {
        expand(&self.newest, purpose)
    }

    /// The keys of one purpose, newest first: what values are verified with.
    #[must_use]
    pub fn derive_all(&self, purpose: &'static str) -> Vec<[u8; 32]> {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .map(|secret| expand(secret, purpose))
            .collect()
    }

    /// Whether the test holds for one of the root secrets: for checks that none of them is used for two things.
    pub(crate) fn any(&self, test: impl Fn(&[u8]) -> bool) -> bool {
        std::iter::once(&self.newest)
            .chain(&self.older)
            .any(|secret| test(secret.expose()))
    }
}

/// What is wrong with `SECAPI_SECRET`. The number is the entry's place in the ring, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretProblem {
    /// There is no entry, or an empty one.
    Missing,
    /// The entry is not base64.
    NotBase64(usize),
    /// The entry has fewer than 32 bytes.
    TooShort(usize),
    /// The entry repeats one byte or a run of few bytes, or counts.
    Weak(usize),
    /// The entry stands in the ring twice.
    Repeated(usize),
    /// The operating system gives no random bytes.
    NoRandomness,
}

impl Display for SecretProblem {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing => write!(formatter, "is empty or has an empty entry"),
            Self::NotBase64(entry) => write!(formatter, "entry {entry} is not base64"),
            Self::TooShort(entry) => write!(
                formatter,
                "entry {entry} has fewer than {MINIMUM_BYTES} bytes"
            ),
            Self::Weak(entry) => write!(formatter, "entry {entry} is not random"),
            Self::Repeated(entry) => write!(formatter, "entry {entry} repeats another one"),
            Self::NoRandomness => write!(formatter, "no random bytes can be had"),
        }
    }
}

impl std::error::Error for SecretProblem {}

/// Random bytes for a new secret.
pub(crate) fn random() -> Result<Zeroizing<[u8; MINIMUM_BYTES]>, SecretProblem> {
    let mut bytes = Zeroizing::new([0u8; MINIMUM_BYTES]);
    rand::fill(bytes.as_mut()).map_err(|_| SecretProblem::NoRandomness)?;
    Ok(bytes)
}

pub(crate) fn decode(entry: &str, number: usize) -> Result<Secret<Vec<u8>>, SecretProblem> {
    if entry.is_empty() {
        return Err(SecretProblem::Missing);
    }
    let bytes = STANDARD
        .decode(entry)
        .map(Secret::new)
        .map_err(|_| SecretProblem::NotBase64(number))?;
    if bytes.expose().len() < MINIMUM_BYTES {
        return Err(SecretProblem::TooShort(number));
    }
    if distinct(bytes.expose()) < 8 || is_sequence(bytes.expose()) || repeats(bytes.expose()) {
        return Err(SecretProblem::Weak(number));
    }
    Ok(bytes)
}

/// 32 random bytes have fewer than eight different values about never; typed placeholders often do.
fn distinct(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .collect::<std::collections::BTreeSet<_>>()
        .len()
}

/// The same part again and again, the last time perhaps not to its end: the entropy is that of the part.
fn repeats(bytes: &[u8]) -> bool {
    let repeats_by = |length: usize| {
        let again = bytes.iter().skip(length);
        again.zip(bytes).all(|(later, before)| later == before)
    };
    (1..=bytes.len() / 2).any(repeats_by)
}

/// Every byte as far from the one before it: the bytes of an example, never of a generator.
fn is_sequence(bytes: &[u8]) -> bool {
    let steps = bytes.iter().zip(bytes.iter().skip(1));
    let mut steps = steps.map(|(before, after)| after.wrapping_sub(*before));
    let first = steps.next();
    steps.all(|step| Some(step) == first)
}

/// HKDF-SHA256 (RFC 5869) for an output of one block, which HMAC gives without a failure case.
pub(crate) fn expand(secret: &Secret<Vec<u8>>, purpose: &'static str) -> [u8; 32] {
    let extract = hmac::Key::new(hmac::HMAC_SHA256, SALT);
    let prk = hmac::sign(&extract, secret.expose());
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, prk.as_ref()));
    context.update(purpose.as_bytes());
    context.update(&[1]);
    let tag = context.sign();
    let mut key = [0u8; 32];
    for (to, from) in key.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    key
}

const SALT: &[u8] = b"secapi.secret.v1";

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::hkdf;

    fn entry(seed: u8) -> String {
        STANDARD.encode((0..32).map(|n| n ^ seed).collect::<Vec<u8>>())
    }

    #[test]
    fn a_secret_prints_as_redacted() {
        let secret = Secret::new("hunter2".to_owned());
        assert_eq!(format!("{secret} {secret:?}"), "[redacted] [redacted]");
        let ring = Secrets::parse(&entry(1)).unwrap();
        assert!(!format!("{ring:?}").contains("32"), "{ring:?}");
    }

    #[test]
    fn a_ring_is_read_newest_first() {
        let both = Secrets::parse(&format!("{}, {}", entry(1), entry(2))).unwrap();
        let newest = Secrets::parse(&entry(1)).unwrap();
        let older = Secrets::parse(&entry(2)).unwrap();
        assert_eq!(both.derive("cursor"), newest.derive("cursor"));
        assert_eq!(
            both.derive_all("cursor"),
            vec![newest.derive("cursor"), older.derive("cursor")]
        );
    }

    #[test]
    fn purposes_do_not_share_a_key() {
        let ring = Secrets::parse(&entry(1)).unwrap();
        assert_ne!(ring.derive("cursor"), ring.derive("etag"));
    }

    #[test]
    fn bad_rings_are_refused_by_position() {
        let short = STANDARD.encode([7u8; 31]);
        let flat = STANDARD.encode([7u8; 32]);
        let cases = [
            (String::new(), SecretProblem::Missing),
            (format!("{},", entry(1)), SecretProblem::Missing),
            ("not base64!".to_owned(), SecretProblem::NotBase64(1)),
            (format!("{},{short}", entry(1)), SecretProblem::TooShort(2)),
            (flat, SecretProblem::Weak(1)),
            (
                STANDARD.encode((0..32).collect::<Vec<u8>>()),
                SecretProblem::Weak(1),
            ),
            (
                STANDARD.encode((0..32).map(|n| 255 - 3 * n).collect::<Vec<u8>>()),
                SecretProblem::Weak(1),
            ),
            (
                format!("{},{}", entry(1), entry(1)),
                SecretProblem::Repeated(2),
            ),
        ];
        for (text, problem) in cases {
            assert_eq!(Secrets::parse(&text).unwrap_err(), problem, "{text}");
        }
    }

    #[test]
    fn a_generated_secret_reads_back() {
        let (ring, text) = Secrets::generate().unwrap();
        let again = Secrets::parse(text.expose()).unwrap();
        assert_eq!(ring.derive("etag"), again.derive("etag"));
    }

    #[test]
    fn derivation_is_hkdf() {
        let secret = Secret::new((0..40).collect::<Vec<u8>>());
        let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(secret.expose());
        let mut expected = [0u8; 32];
        prk.expand(&[b"cursor"], hkdf::HKDF_SHA256)
            .unwrap()
            .fill(&mut expected)
            .unwrap();
        assert_eq!(expand(&secret, "cursor"), expected);
    }
}
