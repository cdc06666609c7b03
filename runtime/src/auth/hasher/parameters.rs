//! How much work a password hash is.

use std::fmt::{Display, Formatter};

use argon2::{Algorithm, Argon2, Params, Version};

/// The cost of argon2id; OWASP's minimum at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameters {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Parameters {
    /// 19 MiB, two passes, one lane: the least that is accepted, and the default.
    pub const MINIMUM: Self = Self {
        memory_kib: 19_456,
        passes: 2,
        lanes: 1,
    };

    /// More work than this is refused, configured or stored: one hash must not become an attack.
    pub const MAXIMUM: Self = Self {
        memory_kib: 262_144,
        passes: 16,
        lanes: 4,
    };

    /// Parameters at or above the minimum.
    ///
    /// # Errors
    /// Below the minimum or above the maximum.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, InvalidParameters> {
        let wanted = Self {
            memory_kib,
            passes,
            lanes,
        };
        if wanted.within(Self::MINIMUM, Self::MAXIMUM) {
            Ok(wanted)
        } else {
            Err(InvalidParameters)
        }
    }

    /// The parameters that a stored hash names; weaker ones are still verified, costlier ones than the maximum are not.
    pub(super) fn stored(params: &Params) -> Option<Self> {
        let stored = Self {
            memory_kib: params.m_cost(),
            passes: params.t_cost(),
            lanes: params.p_cost(),
        };
        let least = Self {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        };
        stored.within(least, Self::MAXIMUM).then_some(stored)
    }

    /// How many 1 KiB blocks a worker needs for it.
    pub(super) fn blocks(self) -> Option<usize> {
        self.params(Params::DEFAULT_OUTPUT_LEN)
            .map(|params| params.block_count())
    }

    /// The algorithm set to this cost, for an output of `length` bytes.
    pub(super) fn argon2id(self, length: usize) -> Option<Argon2<'static>> {
        let params = self.params(length)?;
        Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    pub(super) fn params(self, length: usize) -> Option<Params> {
        Params::new(self.memory_kib, self.passes, self.lanes, Some(length)).ok()
    }

    /// Whether no dimension is below `other`'s.
    pub(super) fn at_least(self, other: Self) -> bool {
        self.memory_kib >= other.memory_kib
            && self.passes >= other.passes
            && self.lanes >= other.lanes
    }

    fn within(self, least: Self, most: Self) -> bool {
        self.at_least(least) && most.at_least(self)
    }

    /// As cheap as argon2 allows, for tests that hash a great deal.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            memory_kib: 64,
            passes: 1,
            lanes: 1,
        }
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self::MINIMUM
    }
}

/// The parameters lie outside of what is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidParameters;

impl Display for InvalidParameters {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        let (least, most) = (Parameters::MINIMUM, Parameters::MAXIMUM);
        write!(
            formatter,
            "argon2id takes {} to {} KiB of memory, {} to {} passes and {} to {} lanes",
            least.memory_kib, most.memory_kib, least.passes, most.passes, least.lanes, most.lanes
        )
    }
}

impl std::error::Error for InvalidParameters {}
