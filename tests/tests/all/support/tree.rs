//! The files of a folder, to be compared with those of another.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Path to content; paths have `/` and are relative to the folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree(pub BTreeMap<String, Vec<u8>>);

impl Tree {
    /// Everything in the folder but `target`, `.git` and the tool's cache. A folder that is not there is empty.
    pub fn read(folder: &Path) -> Self {
        let mut files = BTreeMap::new();
        walk(folder, folder, &mut files);
        Self(files)
    }

    /// The files whose path begins with one of these.
    pub fn only(mut self, prefixes: &[&str]) -> Self {
        self.0
            .retain(|path, _| prefixes.iter().any(|prefix| path.starts_with(prefix)));
        self
    }

    /// The text of a file.
    #[track_caller]
    pub fn text(&self, path: &str) -> &str {
        let bytes = self
            .0
            .get(path)
            .unwrap_or_else(|| panic!("no {path} among {:?}", self.0.keys()));
        std::str::from_utf8(bytes).expect("the file is UTF-8")
    }

    /// Fails the test with every path that differs and the first line that does.
    #[track_caller]
    pub fn assert_same(&self, expected: &Self) {
        let differences = self.differences(expected);
        assert!(differences.is_empty(), "{differences}");
    }

    fn differences(&self, expected: &Self) -> String {
        let mut report = String::new();
        for (path, bytes) in &expected.0 {
            match self.0.get(path) {
                None => writeln!(report, "missing: {path}").unwrap(),
                Some(found) if found != bytes => {
                    report.push_str(&first_difference(path, found, bytes))
                }
                Some(_) => {}
            }
        }
        for path in self.0.keys().filter(|path| !expected.0.contains_key(*path)) {
            writeln!(report, "not expected: {path}").unwrap();
        }
        report
    }
}

fn first_difference(path: &str, found: &[u8], expected: &[u8]) -> String {
    let (found, expected) = (
        String::from_utf8_lossy(found),
        String::from_utf8_lossy(expected),
    );
    let lines = found.lines().zip(expected.lines()).enumerate();
    let different = lines
        .clone()
        .find(|(_, (found, expected))| found != expected);
    match different {
        Some((line, (found, expected))) => {
            format!(
                "differs: {path}:{}\n  found    {found}\n  expected {expected}\n",
                line + 1
            )
        }
        None => format!("differs: {path} in length after line {}\n", lines.count()),
    }
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry can be read").path();
        let name = path.file_name().unwrap_or_default();
        if path.is_dir() {
            if name != "target" && name != ".git" {
                walk(root, &path, files);
            }
        } else {
            let relative = path.strip_prefix(root).expect("it is in the root");
            let relative = relative.to_string_lossy().replace('\\', "/");
            files.insert(relative, std::fs::read(&path).expect("a file can be read"));
        }
    }
}
