//! Exit codes, by whose fault it is.

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All is done.
    Done = 0,
    /// The user's input is wrong: spec, policy, arguments.
    Input = 1,
    /// The environment, or a bug of the tool.
    Environment = 2,
    /// A check found a difference.
    Difference = 3,
}

impl Exit {
    /// The number that the process ends with.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Input => 1,
            Self::Environment => 2,
            Self::Difference => 3,
        }
    }
}
