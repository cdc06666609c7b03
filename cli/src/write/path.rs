//! Paths inside a project, and nothing else.

use std::fmt;

/// The folder of the texts that files had when they were written.
const BASE: &str = ".secapi/base/";

/// A path below the project's root: relative, with `/` between plain names.
///
/// INVARIANT: it cannot leave the project, so joining it to the root is always safe in name
/// (links on the way are looked for when the disk is touched).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectPath(String);

impl ProjectPath {
    /// Takes a path that is written with `/`.
    ///
    /// # Errors
    /// Where it is empty, absolute, climbs, or holds a character that a manifest line or another
    /// operating system would not take.
    pub fn new(path: impl Into<String>) -> Result<Self, BadPath> {
        let path = path.into();
        if path.split('/').all(is_plain_name) {
            Ok(Self(path))
        } else {
            Err(BadPath(path))
        }
    }

    /// Where the text is kept that this file had when it was written.
    ///
    /// # Errors
    /// Never: what is below a plain folder is a path as well.
    pub fn base(&self) -> Result<Self, BadPath> {
        let name = self.0.rsplit('/').next().unwrap_or_default();
        // What git and cargo look for by its name must not be found in the folder of the bases.
        let means_something = name.starts_with('.') || name == "Cargo.toml";
        let end = if means_something { ".txt" } else { "" };
        Self::new(format!("{BASE}{self}{end}"))
    }

    /// Whether it is the place of a kept text.
    pub(super) fn is_base(&self) -> bool {
        self.0.starts_with(BASE)
    }

    /// Whether it is what one run knows of the one before: of its files, its tables, its spec and its policies.
    pub(super) fn is_record(&self) -> bool {
        self.0 == super::MANIFEST || self.0.starts_with(".secapi/snapshot/")
    }

    /// The path as it is written in the manifest.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders above the file, outermost first.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0
            .match_indices('/')
            .filter_map(|(end, _)| self.0.get(..end))
    }

    /// The file's last extension, without the dot.
    #[must_use]
    pub fn extension(&self) -> Option<&str> {
        let name = self.0.rsplit('/').next()?;
        name.rsplit_once('.').map(|(_, extension)| extension)
    }
}

impl fmt::Display for ProjectPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

fn is_plain_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !name.is_empty() && name != "." && name != ".." && name.chars().all(plain)
}

/// A path that no file of a project may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadPath(pub String);

impl fmt::Display for BadPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is no path inside a project", self.0)
    }
}

impl std::error::Error for BadPath {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_relative_paths_are_taken() {
        for good in [
            "a",
            "src/main.rs",
            ".env.example",
            "migrations/sqlite/0001_init.sql",
        ] {
            assert!(ProjectPath::new(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/",
            "/etc/passwd",
            "../up",
            "a/../b",
            "a//b",
            "a/",
            "./a",
            "a b",
            "a\nb",
            "c:\\d",
        ] {
            assert!(ProjectPath::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn folders_come_outermost_first() {
        let path = ProjectPath::new("a/b/c.rs").unwrap();
        assert_eq!(path.folders().collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(path.extension(), Some("rs"));
    }
}
