//! Rotation: a new key signs from now on, and keys that no token can be verified with any more are removed.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::reading::is_kid;
use super::{KeyError, KeyProblem, Keyring, creation};
use crate::value::Timestamp;

/// How much longer than its tokens live a key is kept: clocks differ, and a service takes a moment to see a new key.
const MARGIN: Duration = Duration::from_secs(60);

impl Keyring {
    /// Adds an Ed25519 key to the folder under a name that sorts last, so that it signs, and answers that name. The other
    /// keys go on verifying. A folder that is not there is made.
    ///
    /// # Errors
    /// Everything that is wrong with the folder as it is, and then nothing is added: a service would not take the new key
    /// over. Also where the file cannot be written.
    pub fn rotate(folder: &Path, now: Timestamp) -> Result<String, Vec<KeyError>> {
        let kid = match Self::load(folder) {
            Ok(ring) => after(ring.signing().kid(), now)
                .ok_or_else(|| vec![KeyError::of(folder, KeyProblem::Unfollowable)])?,
            Err(problems) if problems.iter().all(|problem| is_absence(problem, folder)) => {
                creation::name(now)
            }
            Err(problems) => return Err(problems),
        };
        creation::create(folder, &kid).map_err(|error| vec![error])?;
        Ok(kid)
    }

    /// Removes every key whose successor has been in the folder for longer than an access token lives (`lifetime`), and
    /// answers their names. The key that signs always stays.
    ///
    /// # Errors
    /// Everything that is wrong with the folder, and then nothing is removed; else the file that cannot be removed.
    pub fn prune(
        folder: &Path,
        lifetime: Duration,
        now: SystemTime,
    ) -> Result<Vec<String>, Vec<KeyError>> {
        let ring = Self::load(folder)?;
        let mut removed = Vec::new();
        let pairs = ring.iter().skip(1).zip(ring.iter());
        for (key, successor) in pairs {
            let path = |kid: &str| folder.join(format!("{kid}.pem"));
            if age(&path(successor.kid()), now) > lifetime.saturating_add(MARGIN) {
                let path = path(key.kid());
                fs::remove_file(&path)
                    .map_err(|_| vec![KeyError::of(&path, KeyProblem::Unreadable)])?;
                removed.push(key.kid().to_owned());
            }
        }
        Ok(removed)
    }
}

/// No key yet, or not even the folder. A key file that leads nowhere is neither: another key may sort behind the new one.
fn is_absence(problem: &KeyError, folder: &Path) -> bool {
    let is_gone = || problem.path == folder && matches!(fs::exists(folder), Ok(false));
    problem.problem == KeyProblem::Missing || is_gone()
}

/// How long the file has been what it is. One from the future, or without a time, is taken for new.
fn age(path: &Path, now: SystemTime) -> Duration {
    let written = fs::metadata(path).and_then(|facts| facts.modified());
    written
        .ok()
        .and_then(|written| now.duration_since(written).ok())
        .unwrap_or_default()
}

/// A name of the present that sorts after `last`. Names that people gave, such as `main`, keep their beginning.
fn after(last: &str, now: Timestamp) -> Option<String> {
    let now = creation::name(now);
    let stem = last
        .rsplit_once('-')
        .filter(|(_, end)| end.len() == now.len() && end.ends_with('Z'))
        .map_or(last, |(stem, _)| stem);
    let candidates = [
        now.clone(),
        format!("{stem}-{now}"),
        format!("{last}-{now}"),
    ];
    candidates
        .into_iter()
        .find(|name| name.as_str() > last && is_kid(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millis(milliseconds)
    }

    #[test]
    fn a_new_name_sorts_last_whatever_the_others_are_called() {
        let year = 365 * 24 * 3_600_000;
        for last in [
            "main",
            "2026-01",
            "z",
            "zz-top",
            "20991231T235959.999Z",
            "A",
        ] {
            let mut last = last.to_owned();
            for step in 1..5 {
                let next = after(&last, at(step * year)).unwrap();
                assert!(next > last && is_kid(&next), "{next} after {last}");
                assert!(next.len() <= 41, "{next} grows");
                last = next;
            }
        }
        // A clock that was put back, and two rotations in one millisecond.
        let first = after("main", at(2 * year)).unwrap();
        assert!(after(&first, at(year)).unwrap() > first);
        assert!(after(&first, at(2 * year)).unwrap() > first);
        assert_eq!(after(&"z".repeat(64), at(1)), None);
    }

    #[test]
    fn the_new_key_signs_and_the_old_ones_stay() {
        let folder = Folder::new();
        let keys = folder.path().join("keys");
        let first = Keyring::rotate(&keys, at(1_000)).unwrap();
        let second = Keyring::rotate(&keys, at(1_000)).unwrap();
        let ring = Keyring::load(&keys).unwrap();
        assert_eq!(ring.signing().kid(), second);
        assert!(ring.find(&first).is_some());
        assert!(!ring.signing().exposed());
    }

    #[test]
    fn nothing_is_added_to_a_folder_that_no_service_would_read() {
        let folder = Folder::new();
        Keyring::rotate(folder.path(), at(1_000)).unwrap();
        fs::write(folder.path().join("broken.pem"), "not a key").unwrap();
        let problems = Keyring::rotate(folder.path(), at(2_000)).unwrap_err();
        assert_eq!(problems[0].problem, KeyProblem::NotAKey);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_leads_nowhere_is_not_taken_for_an_empty_folder() {
        let folder = Folder::new();
        std::os::unix::fs::symlink("nowhere", folder.join("main.pem")).unwrap();
        let problems = Keyring::rotate(folder.path(), Timestamp::now()).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_key_goes_once_the_last_token_of_it_has_expired() {
        let folder = Folder::new();
        let first = Keyring::rotate(folder.path(), at(1_000)).unwrap();
        let second = Keyring::rotate(folder.path(), at(2_000)).unwrap();
        let lifetime = Duration::from_secs(900);
        let now = SystemTime::now();
        let prune = |later| Keyring::prune(folder.path(), lifetime, now + later);
        // Its own age does not count: it signed until the second was there.
        assert_eq!(prune(Duration::ZERO).unwrap(), Vec::<String>::new());
        assert_eq!(prune(lifetime).unwrap(), Vec::<String>::new());
        assert_eq!(prune(lifetime + 2 * MARGIN).unwrap(), [first]);
        assert_eq!(prune(100 * lifetime).unwrap(), Vec::<String>::new());
        let left = Keyring::load(folder.path()).unwrap();
        assert_eq!(left.signing().kid(), second);
    }
}
