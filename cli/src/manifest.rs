//! The manifest: every file that secapi wrote, whose it is, and what it held.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::write::ProjectPath;

mod claims;

pub use claims::Claims;

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Made again by every run.
    Tool,
    /// Written once, never changed again.
    Yours,
}

impl Owner {
    /// The word for it in the manifest and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Owner::Tool => "tool",
            Owner::Yours => "yours",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "tool" => Some(Owner::Tool),
            "yours" => Some(Owner::Yours),
            _ => None,
        }
    }
}

/// SHA-256 of a file's bytes, in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(String);

impl Hash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// Reads what [`Hash::as_str`] gave.
    #[must_use]
    pub fn parse(hex: &str) -> Option<Self> {
        let is_hex = |c: u8| c.is_ascii_digit() || (b'a'..=b'f').contains(&c);
        (hex.len() == 64 && hex.bytes().all(is_hex)).then(|| Self(hex.to_owned()))
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Hash {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        Self::parse(&hex).ok_or("a hash has 64 hexadecimal digits in lower case")
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What the manifest knows of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose file it is.
    pub owner: Owner,
    /// The template that made it.
    pub template: String,
    /// What was written.
    pub hash: Hash,
    /// The version of secapi that wrote it.
    pub version: String,
    /// What a tool's file holds beside that: the edits of its user, as a run found them and merged them in. Of a file that is
    /// its user's, what was offered for it; of one that nobody asks for any more, and whose user was told so, zeros.
    pub merged: Option<Hash>,
}

/// All files of a project that come from secapi.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    entries: BTreeMap<ProjectPath, Entry>,
}

const FIRST_LINE: &str = "# secapi manifest 1: path owner template hash version";

impl Manifest {
    /// What is known of a file.
    #[must_use]
    pub fn get(&self, path: &ProjectPath) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// Notes a file.
    pub fn insert(&mut self, path: ProjectPath, entry: Entry) {
        self.entries.insert(path, entry);
    }

    /// Says of every file that it is as this version has it.
    pub fn date(&mut self, version: &str) {
        for entry in self.entries.values_mut() {
            version.clone_into(&mut entry.version);
        }
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &ProjectPath) {
        self.entries.remove(path);
    }

    /// All files in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&ProjectPath, &Entry)> {
        self.entries.iter()
    }
}

/// One line a file, sorted, so that two branches merge. Only a file that was merged has a sixth word.
impl fmt::Display for Manifest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{FIRST_LINE}")?;
        for (path, entry) in &self.entries {
            let owner = entry.owner.as_str();
            let Entry {
                template,
                hash,
                version,
                ..
            } = entry;
            write!(out, "{path} {owner} {template} {hash} {version}")?;
            if let Some(merged) = &entry.merged {
                write!(out, " {merged}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// One line but the first.
fn parse_line(line: &str) -> Option<(ProjectPath, Entry)> {
    let mut words = line.split(' ');
    let path = ProjectPath::new(words.next()?).ok()?;
    let entry = Entry {
        owner: Owner::parse(words.next()?)?,
        template: words.next()?.to_owned(),
        hash: Hash::parse(words.next()?)?,
        version: words.next()?.to_owned(),
        merged: words
            .next()
            .map(|hex| Hash::parse(hex).ok_or(()))
            .transpose()
            .ok()?,
    };
    words.next().is_none().then_some((path, entry))
}

/// A manifest that was damaged, by hand or by a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadManifest {
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for BadManifest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "line {} is not `path owner template hash version [merged]`",
            self.line
        )
    }
}

impl std::error::Error for BadManifest {}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        let mut manifest = Manifest::default();
        for (path, owner) in [("src/main.rs", Owner::Yours), ("openapi.json", Owner::Tool)] {
            let entry = Entry {
                owner,
                template: "t".into(),
                hash: Hash::of(path.as_bytes()),
                version: "0.1.0".into(),
                merged: (owner == Owner::Tool).then(|| Hash::of(b"edited")),
            };
            manifest.insert(ProjectPath::new(path).unwrap(), entry);
        }
        manifest
    }

    fn read(text: &str) -> Result<Manifest, BadManifest> {
        let alone = |path: &ProjectPath, _: &[Entry]| panic!("{path} stands twice");
        Claims::parse(text)?.settle::<BadManifest>(alone)
    }

    #[test]
    fn prints_sorted_and_reads_itself() {
        let text = sample().to_string();
        let paths: Vec<_> = text
            .lines()
            .skip(1)
            .map(|l| l.split(' ').next().unwrap())
            .collect();
        assert_eq!(paths, ["openapi.json", "src/main.rs"]);
        assert_eq!(read(&text).unwrap(), sample());
    }

    #[test]
    fn refuses_a_damaged_line() {
        let text = sample().to_string();
        assert_eq!(
            read(&text.replace(" tool ", " tool")),
            Err(BadManifest { line: 2 })
        );
        let torn = format!("{text}<<<<<<< HEAD\n");
        assert_eq!(read(&torn), Err(BadManifest { line: 4 }));
        let merged = text.replace(Hash::of(b"edited").as_str(), "0123");
        assert_eq!(read(&merged), Err(BadManifest { line: 2 }));
        let climbing = text.replace("src/main.rs", "../main.rs");
        assert_eq!(read(&climbing), Err(BadManifest { line: 3 }));
    }

    #[test]
    fn hashes_as_sha256sum_does() {
        assert_eq!(
            Hash::of(b"abc").as_str(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
