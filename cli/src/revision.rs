//! The spec and the policies as git has them at a revision.

use std::fmt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use secapi_runtime::authz::PolicySource;

use crate::diagnostic::Sources;
use crate::model::{self, Service};
use crate::project::{POLICY_FOLDER, SPEC_FILE, SPEC_FOLDER};
use crate::spec::SpecFile;

/// The most bytes of one file that are taken: the limit of a spec.
const MOST_BYTES: u64 = crate::spec::MOST_BYTES;

/// What a revision holds of a project.
#[derive(Debug)]
pub struct Revision {
    /// The texts of the spec: of `secapi.yaml`, or of the files in `spec/`.
    pub spec: Vec<String>,
    /// The policies.
    pub policies: Vec<PolicySource>,
}

impl Revision {
    /// The service; `None` for a spec that this version of the tool does not take.
    #[must_use]
    pub fn service(&self) -> Option<Service> {
        let mut sources = Sources::new();
        let mut part = |text| SpecFile {
            text,
            source: sources.add(SPEC_FILE, text),
        };
        let parts: Vec<SpecFile<'_>> = self.spec.iter().map(|text| part(text.as_str())).collect();
        model::compile_files(&parts).0
    }
}

/// Why a revision cannot be compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRevision {
    /// git cannot be started.
    NoGit,
    /// git does not know it, or the folder is in no repository.
    Unknown(String),
    /// The project had no spec then.
    NoSpec(String),
    /// A file is too large, or no text.
    Unreadable(String),
}

impl fmt::Display for NoRevision {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoGit => write!(out, "git cannot be started, and it keeps the revisions"),
            Self::Unknown(name) => write!(out, "git knows no revision `{name}` here"),
            Self::NoSpec(name) => write!(out, "there is no `{SPEC_FILE}` at `{name}`"),
            Self::Unreadable(file) => {
                write!(out, "`{file}` of that revision is no text, or too large")
            }
        }
    }
}

impl std::error::Error for NoRevision {}

/// Reads the project in a folder as it was at a revision.
///
/// # Errors
/// Where git, the revision, or the spec at it is missing.
pub fn read(project: &Path, name: &str) -> Result<Revision, NoRevision> {
    let unknown = || NoRevision::Unknown(name.to_owned());
    // A name that begins with `-` is no option.
    let commit = format!("{name}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &commit,
    ];
    let commit = text(git(project, &arguments)?).ok_or_else(unknown)?;
    let commit = commit.trim();
    let mut spec: Vec<String> = file(project, commit, SPEC_FILE)?.into_iter().collect();
    if spec.is_empty() {
        spec = texts(project, commit, SPEC_FOLDER, ".yaml")?
            .into_iter()
            .map(|(_, text)| text)
            .collect();
    }
    if spec.is_empty() {
        return Err(NoRevision::NoSpec(name.to_owned()));
    }
    let policies = texts(project, commit, POLICY_FOLDER, ".cedar")?;
    let policy = |(file, text)| PolicySource { file, text };
    Ok(Revision {
        spec,
        policies: policies.into_iter().map(policy).collect(),
    })
}

/// The files directly in a folder of a commit that end like this, by name; hidden ones are left out.
fn texts(
    project: &Path,
    commit: &str,
    folder: &str,
    end: &str,
) -> Result<Vec<(String, String)>, NoRevision> {
    let folder = format!("{folder}/");
    let arguments = ["ls-tree", "-z", "--name-only", commit, "--", &folder];
    let listed = text(git(project, &arguments)?).unwrap_or_default();
    let is_meant = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or_default();
        name.ends_with(end) && !name.starts_with('.')
    };
    let mut out = Vec::new();
    for path in listed.split('\0').filter(is_meant) {
        let text = file(project, commit, path)?;
        out.extend(text.map(|text| (path.to_owned(), text)));
    }
    Ok(out)
}

/// Which of these files and folders git keeps, file by file; nothing where there is no repository.
#[must_use]
pub fn tracked(project: &Path, paths: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["ls-files", "-z", "--"]
        .iter()
        .chain(paths)
        .copied()
        .collect();
    let listed = git(project, &arguments)
        .ok()
        .and_then(text)
        .unwrap_or_default();
    let files = listed.split('\0').filter(|path| !path.is_empty());
    files.map(str::to_owned).collect()
}

/// A file of a commit; `None` where it has none.
fn file(project: &Path, commit: &str, path: &str) -> Result<Option<String>, NoRevision> {
    let object = format!("{commit}:./{path}");
    let size = text(git(project, &["cat-file", "-s", &object])?);
    let Some(size) = size.and_then(|size| size.trim().parse::<u64>().ok()) else {
        return Ok(None);
    };
    let unreadable = || NoRevision::Unreadable(path.to_owned());
    if size > MOST_BYTES {
        return Err(unreadable());
    }
    let shown = git(project, &["cat-file", "blob", &object])?;
    text(shown).map(Some).ok_or_else(unreadable)
}

fn git(project: &Path, arguments: &[&str]) -> Result<Output, NoRevision> {
    let mut command = Command::new("git");
    command.arg("-C").arg(project).args(arguments);
    command
        .stdin(Stdio::null())
        .output()
        .map_err(|_| NoRevision::NoGit)
}

fn text(output: Output) -> Option<String> {
    output
        .status
        .success()
        .then(|| String::from_utf8(output.stdout).ok())
        .flatten()
}
