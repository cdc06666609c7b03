//! Whether a file is what it was, asked of the disk as cheaply as git asks it: by size and time of change.

use std::collections::HashSet;
use std::fs::Metadata;
use std::time::{Duration, SystemTime};

use super::disk::{self, Durable};
use super::{Project, ProjectPath, WriteError};

/// What tells a file from what it was before and will be later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When it was changed last, in nanoseconds since 1970.
    pub changed: u64,
}

/// Where what only saves time is kept.
pub const CACHE: &str = ".secapi/cache";

/// The times of files are those of a clock that ticks every few milliseconds.
const TICK: Duration = Duration::from_millis(100);
/// On some disks it ticks every two seconds.
const SLOW_TICK: Duration = Duration::from_secs(3);

impl Stamp {
    fn of(about: &Metadata) -> Option<Self> {
        Some(Self {
            size: about.len(),
            changed: nanoseconds(about.modified().ok()?)?,
        })
    }

    /// Whether whatever changes the file after `time` gives it another stamp.
    #[must_use]
    pub fn is_older_than(&self, time: SystemTime) -> bool {
        let counts_seconds = self.changed.is_multiple_of(1_000_000_000);
        let tick = if counts_seconds { SLOW_TICK } else { TICK };
        let last = time.checked_sub(tick).and_then(nanoseconds);
        last.is_some_and(|last| self.changed < last)
    }
}

fn nanoseconds(time: SystemTime) -> Option<u64> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_nanos()).ok()
}

impl Project {
    /// The stamps of these files; `None` where one of them has none, as one that is not there.
    ///
    /// # Errors
    /// As [`Project::read`].
    pub fn stamps<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a ProjectPath>,
    ) -> Result<Option<Vec<Stamp>>, WriteError> {
        let (mut out, mut plain) = (Vec::new(), HashSet::new());
        for path in paths {
            let place = disk::locate_among(self.root(), path, &mut plain)?;
            let Some(stamp) = disk::metadata(&place)?.as_ref().and_then(Stamp::of) else {
                return Ok(None);
            };
            out.push(stamp);
        }
        Ok(Some(out))
    }

    /// Keeps what only saves time, in a folder that git does not see. No run depends on it.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn keep(&self, path: &ProjectPath, text: &str) -> Result<(), WriteError> {
        let place = disk::locate(self.root(), path)?;
        let folder = self.root().join(CACHE);
        disk::make_folder(&folder)?;
        disk::write(&folder.join(".gitignore"), b"*\n", Durable::No)?;
        let draft = place.with_extension("new");
        disk::write(&draft, text.as_bytes(), Durable::No)?;
        disk::rename(&draft, &place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(changed: u64) -> Stamp {
        Stamp { size: 1, changed }
    }

    #[test]
    fn what_may_share_its_tick_with_a_later_change_is_not_older() {
        let second = 1_000_000_000;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(100);
        assert!(stamp(99 * second + 500_000_001).is_older_than(now));
        assert!(!stamp(99 * second + 950_000_001).is_older_than(now));
        assert!(!stamp(100 * second + 1).is_older_than(now));
        // Whole seconds are those of a disk that counts no parts of them.
        assert!(!stamp(98 * second).is_older_than(now));
        assert!(stamp(96 * second).is_older_than(now));
    }
}
