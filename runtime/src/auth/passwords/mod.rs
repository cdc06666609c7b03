//! Which passwords an account may have.
//!
//! [`Password`] is what a person typed, in Unicode's composed form (NFC) and of bounded length: the only thing the
//! hasher takes, so the same password typed on another system still matches and no request can make it hash megabytes.
//! [`Profile`] says which of them a new password may be. Violations name a rule and never a value.

mod blocklist;

use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::error::{Error, Violation};
use crate::secret::Secret;

/// The most bytes of a password in UTF-8, before and after normalisation.
pub const MAX_BYTES: usize = 1024;

/// A password in NFC, bounded, ready for the hasher.
#[derive(Debug, Clone)]
pub struct Password(Secret<String>);

impl Password {
    /// Takes what a person typed; `None` when it is longer than [`MAX_BYTES`].
    #[must_use]
    pub fn new(typed: &Secret<String>) -> Option<Self> {
        if typed.expose().len() > MAX_BYTES {
            return None;
        }
        // Composition can lengthen a text threefold: the buffer never moves, so no copy of it stays behind.
        let mut composed = Zeroizing::new(String::with_capacity(3 * MAX_BYTES + 8));
        composed.extend(typed.expose().nfc());
        (composed.len() <= MAX_BYTES).then(|| Self(Secret::new(composed.to_string())))
    }

    /// The text, for hashing and for the rules.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The rules of `auth.passwords.profile`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// NIST SP 800-63B-4: length and a blocklist, no composition rule.
    Nist {
        /// The fewest characters: 15 where the password stands alone, 8 where a second factor is required.
        min_length: usize,
    },
    /// A lower-case letter, an upper-case letter, a digit and a symbol, and the same blocklist.
    Composition {
        /// The fewest characters.
        min_length: usize,
        /// The most characters.
        max_length: usize,
    },
}

impl Profile {
    /// NIST's rules for a password that is the only factor.
    pub const NIST: Self = Self::Nist { min_length: 15 };
    /// The defaults of the composition profile.
    pub const COMPOSITION: Self = Self::Composition {
        min_length: 12,
        max_length: 128,
    };

    /// [`Profile::NIST`], as generated settings write it.
    #[must_use]
    pub const fn nist() -> Self {
        Self::NIST
    }

    /// The composition profile with lengths of its own.
    #[must_use]
    pub const fn composition(min_length: usize, max_length: usize) -> Self {
        Self::Composition {
            min_length,
            max_length,
        }
    }

    /// Checks a new password of the body member `field`. `context` holds words that it must not contain: the e-mail
    /// address and the service's name.
    ///
    /// # Errors
    /// Every violation, each at `/field`.
    pub fn check(
        &self,
        field: &str,
        typed: &Secret<String>,
        context: &[&str],
    ) -> Result<Password, Vec<Violation>> {
        let mut broken = Vec::new();
        let password = Password::new(typed);
        match &password {
            None => broken.push(("too_long", format!("must be at most {MAX_BYTES} bytes"))),
            Some(password) => {
                self.lengths(password.expose(), &mut broken);
                self.classes(password.expose(), &mut broken);
                blocked(password.expose(), context, &mut broken);
            }
        }
        match password {
            Some(password) if broken.is_empty() => Ok(password),
            _ => Err(broken
                .into_iter()
                .map(|(code, detail)| Violation::body(format!("/{field}"), code, detail))
                .collect()),
        }
    }

    /// As [`Profile::check`], as a 422.
    ///
    /// # Errors
    /// 422 with every violation.
    pub fn accept(
        &self,
        field: &str,
        typed: &Secret<String>,
        context: &[&str],
    ) -> Result<Password, Error> {
        self.check(field, typed, context).map_err(Error::validation)
    }

    /// The fewest characters, for documents and for generated passwords.
    #[must_use]
    pub fn min_length(&self) -> usize {
        match *self {
            Self::Nist { min_length } | Self::Composition { min_length, .. } => min_length,
        }
    }

    fn lengths(&self, password: &str, broken: &mut Vec<Broken>) {
        let length = password.chars().count();
        let min = self.min_length();
        if length < min {
            broken.push(("too_short", format!("must have at least {min} characters")));
        }
        if let Self::Composition { max_length, .. } = *self
            && length > max_length
        {
            broken.push((
                "too_long",
                format!("must have at most {max_length} characters"),
            ));
        }
    }

    fn classes(&self, password: &str, broken: &mut Vec<Broken>) {
        if matches!(self, Self::Nist { .. }) {
            return;
        }
        for (code, kind, holds) in CLASSES {
            if !password.chars().any(*holds) {
                broken.push((code, format!("must have {kind}")));
            }
        }
    }
}

type Broken = (&'static str, String);
type Class = (&'static str, &'static str, fn(char) -> bool);

const CLASSES: &[Class] = &[
    (
        "missing_lowercase",
        "a lower-case letter",
        char::is_lowercase,
    ),
    (
        "missing_uppercase",
        "an upper-case letter",
        char::is_uppercase,
    ),
    ("missing_digit", "a digit", char::is_numeric),
    ("missing_symbol", "a symbol", is_symbol),
];

fn is_symbol(character: char) -> bool {
    !character.is_alphanumeric() && !character.is_control()
}

fn blocked(password: &str, context: &[&str], broken: &mut Vec<Broken>) {
    if blocklist::is_common(password) {
        broken.push(("too_common", "is one that attackers try first".to_owned()));
    }
    if blocklist::contains_context(password, context) {
        broken.push((
            "contains_context",
            "must not contain the e-mail address or the name of the service".to_owned(),
        ));
    }
}

#[cfg(test)]
mod tests;
