//! How long logins are refused after so many failures, and how long they are held up.

use std::time::Duration;

/// What the spec says under `auth.lockout`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// Failures of one account from one address until its logins from there are refused. Ten times as many from all
    /// addresses slow every login of the account down.
    pub after: u32,
    /// How long failures are remembered after the last one, and after the end of a lock.
    pub within: Duration,
    /// The longest that logins are refused.
    pub longest: Duration,
    /// How the time grows.
    pub delay: Delay,
}

/// How the time grows for which logins are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delay {
    /// One second, doubling with each failure.
    Progressive,
    /// The whole time at once.
    Fixed,
}

/// The first lock, and the step in which all logins of an account are slowed down.
const SECOND: Duration = Duration::from_secs(1);
/// How many times more failures an account may have from all addresses than from one.
const ADDRESSES: u32 = 10;

impl Lockout {
    /// What holds where the spec says nothing.
    pub const DEFAULT: Self = Self {
        after: 5,
        within: Duration::from_secs(900),
        longest: Duration::from_secs(900),
        delay: Delay::Progressive,
    };

    /// For how long a failure from one address, of which there are so many now, refuses the next logins from there.
    pub(super) fn lock(self, failures: u32) -> Option<Duration> {
        let beyond = failures.checked_sub(self.after)?;
        Some(match self.delay {
            Delay::Fixed => self.longest,
            Delay::Progressive => {
                let doubled = 2_u32.checked_pow(beyond).unwrap_or(u32::MAX);
                SECOND.saturating_mul(doubled).min(self.longest)
            }
        })
    }

    /// For how long a login of an account with so many failures from all addresses is held up. It is never refused for
    /// them: whoever could do that would lock anyone out.
    pub(super) fn hold(self, failures: u32) -> Duration {
        let step = self.after.saturating_mul(ADDRESSES).max(1);
        SECOND.saturating_mul(failures / step)
    }

    /// Whether this failure is the first that slows the account down.
    pub(super) fn begins_to_hold(self, failures: u32) -> bool {
        failures == self.after.saturating_mul(ADDRESSES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_double_up_to_the_longest() {
        let lock = |failures| Lockout::DEFAULT.lock(failures).map(|lock| lock.as_secs());
        let locks: Vec<_> = (0..8).map(lock).collect();
        let none = None;
        assert_eq!(
            locks,
            [none, none, none, none, none, Some(1), Some(2), Some(4)]
        );
        assert_eq!(lock(14), Some(512));
        assert_eq!(lock(15), Some(900));
        assert_eq!(lock(u32::MAX), Some(900));
        let fixed = Lockout {
            delay: Delay::Fixed,
            ..Lockout::DEFAULT
        };
        assert_eq!(fixed.lock(4), None);
        assert_eq!(fixed.lock(5), Some(Duration::from_secs(900)));
    }

    #[test]
    fn an_account_is_held_up_by_a_second_for_every_fifty_failures() {
        let hold = |failures| Lockout::DEFAULT.hold(failures).as_secs();
        let holds = [0, 49, 50, 99, 100, 250].map(hold);
        assert_eq!(holds, [0, 0, 1, 1, 2, 5]);
    }
}
