//! A folder of policies that somebody already has: `secapi new --policies DIR`.

use std::fmt::Display;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use secapi_policies::PolicyFile;

use crate::spec::MOST_BYTES;
use crate::write::ProjectPath;

/// How deep the folders of tests go.
const DEPTH: usize = 3;
const NO_FILE: &str = "it is no file; put the file itself in the place of a link";
const NAMES: &str = "rename it; a name has ASCII letters, digits, `.`, `_` and `-`";

/// Reads the policies, their tests and bounds. Everything else in the folder is left out.
///
/// # Errors
/// Where a file cannot be read, is none of text, is a link, or has a name that no file of a project may have: none is left
/// out without a word, since it may be the one that forbids.
pub fn read(folder: &Path) -> io::Result<Vec<PolicyFile>> {
    let mut out = Vec::new();
    collect(folder, "", DEPTH, &mut out)?;
    out.sort_by(|a, b| a.file_name.cmp(&b.file_name));
    Ok(out)
}

fn collect(folder: &Path, prefix: &str, depth: usize, out: &mut Vec<PolicyFile>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let kind = entry.file_type()?;
        let path = format!("{prefix}{name}");
        if kind.is_dir() && depth > 0 && is_ours(&path) {
            collect(&entry.path(), &format!("{path}/"), depth - 1, out)?;
        } else if is_policy(&path) {
            if !kind.is_file() {
                return Err(named(ErrorKind::InvalidInput, &path, NO_FILE));
            }
            ProjectPath::new(&path).map_err(|_| named(ErrorKind::InvalidFilename, &path, NAMES))?;
            let text = text(&entry.path()).map_err(|error| named(error.kind(), &path, &error))?;
            out.push(PolicyFile {
                file_name: path,
                text,
            });
        }
    }
    Ok(())
}

fn is_ours(path: &str) -> bool {
    matches!(path, "tests" | "tests/ALLOW" | "tests/DENY" | "bounds")
}

fn is_policy(path: &str) -> bool {
    let in_tests = path.starts_with("tests/") && path.ends_with(".json");
    in_tests || path.ends_with(".cedar")
}

fn text(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.len() > MOST_BYTES {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is over 4 MiB"));
    }
    fs::read_to_string(path)
}

/// What is wrong with one file of the folder.
fn named(kind: ErrorKind, path: &str, why: impl Display) -> io::Error {
    io::Error::new(kind, format!("`{path}`: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_no_project_takes_is_the_mistake_of_the_user() {
        let folder = std::env::temp_dir().join(format!("secapi-odd-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("we ird.cedar"), "").unwrap();
        let error = read(&folder).unwrap_err();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(error.kind(), ErrorKind::InvalidFilename);
        assert!(error.to_string().contains("`we ird.cedar`"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_told_and_not_left_out() {
        let folder = std::env::temp_dir().join(format!("secapi-link-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.txt"), "").unwrap();
        assert!(read(&folder).unwrap().is_empty());
        std::os::unix::fs::symlink("a.txt", folder.join("a.cedar")).unwrap();
        let error = read(&folder).unwrap_err();
        fs::remove_dir_all(&folder).unwrap();
        assert!(
            error.to_string().contains("`a.cedar`: it is no file"),
            "{error}"
        );
    }
}
