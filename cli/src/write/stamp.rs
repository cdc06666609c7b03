//! Whether a file is what it was, asked of the disk as cheaply as git asks it: by size, times and number.

use std::collections::HashSet;
use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::disk;
use super::{Project, ProjectPath, WriteError};

/// What tells a file from what it was before and will be later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u64; 4]", into = "[u64; 4]")]
pub struct Stamp {
    /// Its size in bytes.
    pub size: u64,
    /// When its text was changed last, in nanoseconds since 1970. Whoever may write a file may say that it is older.
    pub changed: u64,
    /// When anything about it was changed last, the time above among it. Nobody can set this one.
    pub touched: u64,
    /// Its number on the disk: a file that was moved here has another one.
    pub number: u64,
}

impl From<[u64; 4]> for Stamp {
    fn from([size, changed, touched, number]: [u64; 4]) -> Self {
        Self {
            size,
            changed,
            touched,
            number,
        }
    }
}

impl From<Stamp> for [u64; 4] {
    fn from(stamp: Stamp) -> Self {
        [stamp.size, stamp.changed, stamp.touched, stamp.number]
    }
}

/// The times of files are those of a clock that ticks every few milliseconds.
const TICK: Duration = Duration::from_millis(100);
/// On some disks it ticks every two seconds.
const SLOW_TICK: Duration = Duration::from_secs(3);

impl Stamp {
    /// That of the file that lies there; `None` where there is none, or the system tells nothing for sure.
    pub(super) fn at(place: &Path) -> Result<Option<Self>, WriteError> {
        Ok(disk::metadata(place)?.as_ref().and_then(Self::of))
    }

    #[cfg(unix)]
    fn of(about: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let seconds = u64::try_from(about.ctime()).ok()?;
        let rest = u64::try_from(about.ctime_nsec()).ok()?;
        Some(Self {
            size: about.len(),
            changed: nanoseconds(about.modified().ok()?)?,
            touched: seconds.checked_mul(1_000_000_000)?.checked_add(rest)?,
            number: about.ino(),
        })
    }

    /// A system whose times anybody can set tells nothing for sure; there every run is a whole one.
    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// Whether whatever changes the file after `time` gives it another stamp.
    #[must_use]
    pub fn is_older_than(&self, time: SystemTime) -> bool {
        is_before(self.changed.max(self.touched), time)
    }

    /// Whether whoever writes to the file after `time` gives it another stamp, unless they set its time back within one tick. A file
    /// that was given a second name is touched by that, and not changed.
    pub(super) fn is_changed_before(&self, time: SystemTime) -> bool {
        is_before(self.changed, time)
    }
}

/// Whether a clock that ticked then has ticked again by `time`.
fn is_before(ticked: u64, time: SystemTime) -> bool {
    let counts_seconds = ticked.is_multiple_of(1_000_000_000);
    let tick = if counts_seconds { SLOW_TICK } else { TICK };
    let last = time.checked_sub(tick).and_then(nanoseconds);
    last.is_some_and(|last| ticked < last)
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
            let Some(stamp) = Stamp::at(&place)? else {
                return Ok(None);
            };
            out.push(stamp);
        }
        Ok(Some(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(touched: u64) -> Stamp {
        Stamp::from([1, touched, touched, 1])
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
        // A time that somebody has set back says nothing, and one in the future neither.
        assert!(!Stamp::from([1, second, 100 * second + 1, 1]).is_older_than(now));
        assert!(!Stamp::from([1, 200 * second + 1, second + 1, 1]).is_older_than(now));
    }
}
