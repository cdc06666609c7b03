//! Tokens whose signatures were checked already.
//!
//! A client sends one token a thousand times before it ends, and checking an Ed25519 signature costs more than all else
//! in a request. What is remembered is that the very same bytes were checked under the very same keys; whether the
//! token is still in time, and whether its session lives, is asked anew each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::Signed;

/// How many tokens are remembered at least; twice as many at most, some 100 bytes each.
const REMEMBERED: usize = 8192;

/// The SHA-256 of a token: what can be read out of this memory opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// A bounded memory. Only tokens that we signed come into it, so a stranger cannot push others out.
#[derive(Debug, Default)]
pub(super) struct Verified(Mutex<Generations>);

/// Two maps instead of a clock: a full young one becomes the old one, and what was not asked for since is forgotten.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Digest, Signed>,
    old: HashMap<Digest, Signed>,
}

impl Verified {
    pub(super) fn find(&self, digest: &Digest) -> Option<Signed> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signed) = generations.young.get(digest) {
            return Some(*signed);
        }
        let signed = generations.old.remove(digest)?;
        generations.keep(*digest, signed);
        Some(signed)
    }

    pub(super) fn keep(&self, digest: Digest, signed: Signed) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.keep(digest, signed);
    }
}

impl Generations {
    fn keep(&mut self, digest: Digest, signed: Signed) {
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(digest, signed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Id;

    fn signed(exp: i64) -> Signed {
        Signed {
            account: Id::new(),
            session: Id::new(),
            iat: 0,
            nbf: 0,
            exp,
        }
    }

    #[test]
    fn the_memory_is_bounded_and_keeps_what_is_in_use() {
        let memory = Verified::default();
        let used = Digest::of("used");
        memory.keep(used, signed(1));
        for number in 0..3 * REMEMBERED {
            memory.keep(Digest::of(&number.to_string()), signed(2));
            assert_eq!(memory.find(&used).map(|signed| signed.exp), Some(1));
        }
        assert!(memory.find(&Digest::of("0")).is_none());
        let generations = memory.0.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 2 * REMEMBERED);
    }
}
