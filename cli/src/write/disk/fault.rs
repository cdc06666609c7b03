//! Failures on purpose: every change of the disk by this thread is counted, and one fails, or it and all after it. And a
//! record of the changes, from which a power cut is worked out.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::{Path, PathBuf};

/// What is still to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The change after so many more fails: the disk is full for a moment.
    Once(usize),
    /// That change and all after it fail: nothing of a process that was killed reaches the disk any more.
    Death(usize),
}

/// A change of the disk that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// A file was made, or made anew, and holds this.
    Wrote(PathBuf, Vec<u8>),
    /// A file has another name.
    Renamed(PathBuf, PathBuf),
    /// A file is gone, or a folder with all that was in it.
    Removed(PathBuf),
    /// A file, or the names in a folder, are on the disk.
    Synced(PathBuf),
    /// Everything is.
    SyncedAll,
}

thread_local! {
    static NEXT: Cell<Option<Fault>> = const { Cell::new(None) };
    static COPIES: Cell<bool> = const { Cell::new(false) };
    static RECORD: RefCell<Option<Vec<Done>>> = const { RefCell::new(None) };
}

/// Arranges a failure, or none any more. Says what of the last one is still to come.
pub(crate) fn arrange(fault: Option<Fault>) -> Option<Fault> {
    NEXT.replace(fault)
}

/// Runs this on a disk where no file can have two names.
pub(crate) fn without_links<T>(run: impl FnOnce() -> T) -> T {
    COPIES.set(true);
    let out = run();
    COPIES.set(false);
    out
}

/// The changes that are made by this.
pub(crate) fn recorded(run: impl FnOnce()) -> Vec<Done> {
    RECORD.set(Some(Vec::new()));
    run();
    RECORD.take().unwrap_or_default()
}

pub(super) fn before() -> io::Result<()> {
    let (left, fails) = match NEXT.get() {
        None => (None, false),
        Some(Fault::Once(0)) => (None, true),
        Some(Fault::Death(0)) => (Some(Fault::Death(0)), true),
        Some(Fault::Once(more)) => (Some(Fault::Once(more - 1)), false),
        Some(Fault::Death(more)) => (Some(Fault::Death(more - 1)), false),
    };
    NEXT.set(left);
    if fails {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    } else {
        Ok(())
    }
}

/// Whether what is to be forced to the disk is: where somebody looks. Thousands of runs that are killed on purpose would wait
/// for the disk most of their time, and a killed process has nothing of it.
pub(super) fn forces() -> bool {
    RECORD.with_borrow(Option::is_some)
}

/// Whether a file can have two names.
pub(super) fn links() -> bool {
    !COPIES.get()
}

fn note(done: impl FnOnce() -> Done) {
    RECORD.with_borrow_mut(|record| {
        if let Some(record) = record {
            record.push(done());
        }
    });
}

pub(super) fn wrote(path: &Path, bytes: &[u8]) {
    note(|| Done::Wrote(path.to_owned(), bytes.to_owned()));
}

pub(super) fn linked(path: &Path, other: &Path) {
    note(|| Done::Wrote(other.to_owned(), std::fs::read(path).unwrap_or_default()));
}

pub(super) fn renamed(from: &Path, to: &Path) {
    note(|| Done::Renamed(from.to_owned(), to.to_owned()));
}

pub(super) fn removed(path: &Path) {
    note(|| Done::Removed(path.to_owned()));
}

pub(super) fn synced(path: &Path) {
    note(|| Done::Synced(path.to_owned()));
}

#[cfg(target_os = "linux")]
pub(super) fn synced_all() {
    note(|| Done::SyncedAll);
}
