//! Where a project gets its runtime from.

use std::fmt;

use regex::Regex;

use crate::diagnostic::visible;
use crate::render::VENDOR_FOLDER;
use crate::write::{Project, ProjectPath};

/// The value of `--runtime`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runtime {
    /// The source, written into the project.
    Vendor,
    /// A folder on this machine, as the manifest will name it.
    Path(String),
    /// A version requirement on the registry.
    Version(String),
}

impl Runtime {
    /// Reads the value.
    ///
    /// # Errors
    /// With a sentence for the user.
    pub fn parse(value: &str) -> Result<Self, String> {
        // The path stands in files of cargo, docker and a shell, which give these characters meanings of their own.
        let special = |c: char| c.is_control() || matches!(c, '"' | '$' | '`' | '\\');
        let usable = |text: &str| !text.is_empty() && !text.chars().any(special);
        match value.split_once(':') {
            None if value == "vendor" => Ok(Self::Vendor),
            Some(("path", folder)) if usable(folder) => Ok(Self::Path(folder.to_owned())),
            Some(("version", requirement)) if is_requirement(requirement) => {
                Ok(Self::Version(requirement.to_owned()))
            }
            Some(("version", requirement)) => Err(format!(
                "`{}` is no version requirement of cargo, such as `0.1`, `=0.1.0` or `>=0.1, <0.3`",
                visible(requirement)
            )),
            _ => Err("must be `vendor`, `path:DIR` or `version:REQ`, without quotes, dollar signs and backslashes".to_owned()),
        }
    }

    /// What stands between the braces of the dependency in `Cargo.toml`.
    #[must_use]
    pub fn dependency(&self) -> String {
        match self {
            Self::Vendor => "path = \"vendor/secapi-runtime\"".to_owned(),
            Self::Path(folder) => format!("path = {}", toml::Value::from(folder.as_str())),
            Self::Version(requirement) => {
                format!("version = {}", toml::Value::from(requirement.as_str()))
            }
        }
    }
}

/// A requirement as cargo reads it: comparators with commas between them.
fn is_requirement(text: &str) -> bool {
    const COMPARATOR: &str = r"(?:=|>=?|<=?|\^|~)?\s*(?:[0-9]{1,9}(?:\.(?:[0-9]{1,9}|[*xX])){0,2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?|\*)";
    let all = format!(r"\A\s*{COMPARATOR}(?:\s*,\s*{COMPARATOR})*\s*\z");
    Regex::new(&all).is_ok_and(|regex| text.is_ascii() && regex.is_match(text))
}

/// Where an existing project gets its runtime from: what `Cargo.toml` says, and the manifest where that says nothing.
#[must_use]
pub fn of_project(project: &Project) -> Runtime {
    let text = ProjectPath::new("Cargo.toml")
        .ok()
        .and_then(|path| project.read(&path).ok().flatten())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    text.and_then(|text| of_manifest(&text))
        .unwrap_or(Runtime::Vendor)
}

fn of_manifest(text: &str) -> Option<Runtime> {
    let manifest: toml::Table = text.parse().ok()?;
    let dependency = manifest.get("dependencies")?.get("secapi-runtime")?;
    let word = |key: &str| dependency.get(key).and_then(toml::Value::as_str);
    let vendored = VENDOR_FOLDER.trim_end_matches('/');
    let (key, value) = match (word("path"), word("version").or(dependency.as_str())) {
        (Some(path), _) if path.trim_end_matches('/') == vendored => return Some(Runtime::Vendor),
        (Some(path), _) => ("path", path),
        (None, Some(version)) => ("version", version),
        (None, None) => return None,
    };
    Runtime::parse(&format!("{key}:{value}")).ok()
}

impl Runtime {
    /// The folder on this machine that a container cannot reach by itself.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        match self {
            Self::Path(folder) => Some(folder),
            Self::Vendor | Self::Version(_) => None,
        }
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vendor => write!(out, "vendor"),
            Self::Path(folder) => write!(out, "path:{folder}"),
            Self::Version(requirement) => write!(out, "version:{requirement}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_manifest_of_cargo_says_is_understood() {
        let of = |dependency: &str| {
            of_manifest(&format!("[dependencies]\nsecapi-runtime = {dependency}\n"))
        };
        assert_eq!(
            of("{ path = \"vendor/secapi-runtime\" }"),
            Some(Runtime::Vendor)
        );
        let folder = "{ path = \"../../runtime\", features = [] }";
        assert_eq!(of(folder), Some(Runtime::Path("../../runtime".into())));
        assert_eq!(of("\"=0.1.0\""), Some(Runtime::Version("=0.1.0".into())));
        assert_eq!(of("{ git = \"x\" }"), None);
    }

    #[test]
    fn reads_the_three_forms_and_no_other() {
        for value in [
            "vendor",
            "path:../../runtime",
            "version:=0.1.0",
            "version:0.1",
            "version:>=0.1, <0.3",
            "version:^1.0.0-rc.1+5",
            "version:1.*",
            "version:*",
        ] {
            assert_eq!(
                Runtime::parse(value).map(|runtime| runtime.to_string()),
                Ok(value.to_owned())
            );
        }
        for value in [
            "",
            "path:",
            "version:",
            "version:gar bage",
            "version:0.1 0.2",
            "version:1.2.3.4",
            "version:\"",
            "git:x",
            "vendor:x",
            "path:a\nb",
            "path:$HOME",
            "path:a\"b",
        ] {
            assert!(Runtime::parse(value).is_err(), "{value:?}");
        }
    }
}
