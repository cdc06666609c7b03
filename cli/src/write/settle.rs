//! Which of two entries of the manifest holds for a file, after two branches were merged.

use std::path::Path;

use super::disk;
use super::{ProjectPath, WriteError};
use crate::manifest::{BadManifest, Entry, Hash, Owner};
use crate::merge;

/// The entry that the file on the disk fits. Where git made a third text of two, what it made of their bases is the base
/// of that text: whatever else stands in the file was written by hand.
pub(super) fn decided(
    root: &Path,
    path: &ProjectPath,
    entries: &[Entry],
) -> Result<Entry, WriteError> {
    let now = read(root, path)?;
    let hash = now.as_deref().map(Hash::of);
    let holds = |entry: &&Entry| {
        let known = [Some(&entry.hash), entry.merged.as_ref()];
        hash.is_some() && known.contains(&hash.as_ref())
    };
    // What was handed over to its user on one branch stays so.
    let handed_over: Vec<&Entry> = entries
        .iter()
        .filter(|it| it.owner == Owner::Yours)
        .collect();
    let candidates = match handed_over.is_empty() {
        true => entries.iter().collect(),
        false => handed_over,
    };
    let only = candidates
        .first()
        .filter(|it| it.owner == Owner::Yours && candidates.len() == 1);
    if let Some(entry) = only.or_else(|| candidates.iter().find(|it| holds(it))) {
        return Ok((*entry).clone());
    }
    let failed = || WriteError::BadManifest(BadManifest { line: 1 });
    let first = candidates.first().copied().cloned().ok_or_else(failed)?;
    let base = read(root, &path.base().map_err(|_| failed())?)?;
    let base = base.and_then(|bytes| String::from_utf8(bytes).ok());
    let now = now.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(match base.zip(now) {
        None => first,
        Some((base, now)) => Entry {
            hash: nearest(&base, &now),
            merged: None,
            ..first
        },
    })
}

/// Of a base in which two runs of the tool contradict each other, the reading to which least was done by hand: nothing,
/// where the conflict stands in the file as it stands in the base.
fn nearest(base: &str, now: &str) -> Hash {
    let readings = merge::readings(base).into_iter();
    let nearest = readings.min_by_key(|reading| merge::distance(reading, now));
    Hash::of(nearest.as_deref().unwrap_or(base).as_bytes())
}

fn read(root: &Path, path: &ProjectPath) -> Result<Option<Vec<u8>>, WriteError> {
    disk::read(&disk::locate(root, path)?)
}
