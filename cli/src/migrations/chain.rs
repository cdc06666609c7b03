//! How migrations follow one another: each names the state that it continues from and the one that it leaves.

use std::fmt;

use super::MigrationFile;

/// What the comments on top of a migration say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The hash of the snapshot that it continues from; `None` for the first.
    pub parent: Option<String>,
    /// The hash of the snapshot that it leaves.
    pub snapshot: String,
}

impl Header {
    /// Reads it; `None` where the file says nothing of the kind, as one that was written by hand.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let comments = || text.lines().take_while(|line| line.starts_with("--"));
        let find = |key: &str| comments().find_map(|line| line.strip_prefix(key));
        let parent = find("-- parent: ")?.trim().to_owned();
        let snapshot = find("-- snapshot: ")?.trim().to_owned();
        Some(Self {
            parent: Some(parent).filter(|parent| parent != "none"),
            snapshot,
        })
    }
}

/// Two migrations of which the second does not continue where the first ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The one before; `None` where the very first continues from something.
    pub first: Option<MigrationFile>,
    /// The one that does not follow.
    pub second: MigrationFile,
}

/// The first break in a chain of migrations, which are in the order of their numbers.
#[must_use]
pub fn broken(files: &[(MigrationFile, Header)]) -> Option<Break> {
    let mut before: Option<&(MigrationFile, Header)> = None;
    for next in files {
        let (file, header) = next;
        let snapshot = before.map(|(_, header)| &header.snapshot);
        let same_number = before.is_some_and(|(before, _)| before.number == file.number);
        if header.parent.as_ref() != snapshot || same_number {
            return Some(Break {
                first: before.map(|(file, _)| file.clone()),
                second: file.clone(),
            });
        }
        before = Some(next);
    }
    None
}

impl fmt::Display for Break {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.second.file();
        match &self.first {
            Some(first) => write!(
                out,
                "the migration `{second}` does not continue where `{}` ends: each of two branches has added one",
                first.file()
            ),
            None => write!(
                out,
                "the migration `{second}` continues from one that is not there"
            ),
        }
    }
}
