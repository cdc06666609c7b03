//! What of a generated project is no longer what it was, was never good, or opens more than it should.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, audit as codes};
use crate::manifest::{Entry, Hash, Owner};
use crate::merge;
use crate::model::{Docs, Lists, Service};
use crate::plan;
use crate::render::{self, VENDOR_FOLDER};
use crate::revision;
use crate::version::VERSION;
use crate::write::{Project, ProjectPath, WriteError};

/// One thing that somebody should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: &'static Code,
    /// A sentence.
    pub message: String,
    /// The way out.
    pub help: String,
}

/// Output of earlier versions that turned out to be bad.
struct KnownBad {
    path: &'static str,
    is_bad: fn(&str) -> bool,
    why: &'static str,
    help: &'static str,
}

const KNOWN_BAD: &[KnownBad] = &[
    KnownBad {
        path: ".gitattributes",
        is_bad: |text| text.contains("text=auto") && !text.contains("/migrations/** -text"),
        why: "git may change the line ends of migrations, and a service refuses one whose bytes are not those that it applied",
        help: "add the line `/migrations/** -text`",
    },
    KnownBad {
        path: "compose.yaml",
        is_bad: |text| text.contains("SECAPI_SIGNING_KEYS") && !text.contains("\n    user:"),
        why: "the service does not run as the owner of keys and secrets, so they have to be readable by others",
        help: "name the owner by `user:`, as `secapi upgrade` offers it",
    },
    KnownBad {
        path: "Dockerfile",
        is_bad: |text| {
            !text.contains("nonroot") && !text.lines().any(|line| line.starts_with("USER "))
        },
        why: "the container runs as root",
        help: "end it on an image without root, or with `USER`",
    },
];

/// Looks at the files: the runtime's source, known-bad output, edits and conflicts of generated code.
///
/// # Errors
/// Where the disk fails.
pub fn files(project: &Project) -> Result<Vec<Finding>, WriteError> {
    let mut out = Vec::new();
    let vendored: Vec<_> = project
        .manifest()
        .iter()
        .filter(|(path, _)| is_vendored(path))
        .collect();
    let embedded = embedded(&vendored);
    for (path, entry) in &vendored {
        out.extend(of_vendored(project, path, entry, &embedded)?);
    }
    if !vendored.is_empty() {
        let foreign = foreign(project)?;
        out.extend(foreign.into_iter().map(of_foreign));
    }
    for bad in KNOWN_BAD {
        let text = ProjectPath::new(bad.path)
            .ok()
            .map(|path| project.read(&path))
            .transpose()?;
        let text = text
            .flatten()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if text.is_some_and(|text| (bad.is_bad)(&text)) {
            let message = format!(
                "`{}` is as an earlier version wrote it: {}",
                bad.path, bad.why
            );
            out.push(finding(&codes::KNOWN_BAD, message, bad.help));
        }
    }
    for (path, entry) in project.manifest().iter() {
        if entry.owner == Owner::Tool && !is_vendored(path) {
            out.extend(of_generated(project, path, entry)?);
        }
    }
    Ok(out)
}

fn finding(code: &'static Code, message: String, help: impl Into<String>) -> Finding {
    Finding {
        code,
        message,
        help: help.into(),
    }
}

fn is_vendored(path: &ProjectPath) -> bool {
    path.as_str().starts_with(VENDOR_FOLDER)
}

/// The runtime's files as this version of the tool has them; none where the project has another version's.
fn embedded(vendored: &[(&ProjectPath, &Entry)]) -> BTreeSet<(String, Hash)> {
    if vendored.is_empty() || vendored.iter().any(|(_, entry)| entry.version != VERSION) {
        return BTreeSet::new();
    }
    let drafts = render::vendor().unwrap_or_default().into_iter();
    drafts
        .map(|draft| (draft.path, Hash::of(draft.text.as_bytes())))
        .collect()
}

const PUT_BACK: &str = "take it from git, or delete it and run `secapi upgrade`";

fn of_vendored(
    project: &Project,
    path: &ProjectPath,
    entry: &Entry,
    embedded: &BTreeSet<(String, Hash)>,
) -> Result<Option<Finding>, WriteError> {
    let Some(bytes) = project.read(path)? else {
        let message = format!("`{path}` of the runtime's source is missing");
        return Ok(Some(finding(&codes::VENDORED, message, PUT_BACK)));
    };
    let now = Hash::of(&bytes);
    if now != entry.hash {
        let message = format!("`{path}` of the runtime's source is not what secapi wrote");
        return Ok(Some(finding(&codes::VENDORED, message, PUT_BACK)));
    }
    let known = embedded.is_empty() || embedded.contains(&(path.to_string(), now));
    Ok((!known).then(|| {
        let message =
            format!("`{path}` and the manifest agree, and secapi {VERSION} has another text");
        finding(&codes::VENDORED, message, PUT_BACK)
    }))
}

fn of_foreign(path: String) -> Finding {
    let message = format!("`{path}` lies in the runtime's source, and secapi did not put it there");
    finding(&codes::VENDORED, message, "remove it")
}

/// Files among the runtime's source that secapi did not put there.
///
/// # Errors
/// Where the disk fails.
pub fn foreign(project: &Project) -> Result<Vec<String>, WriteError> {
    let folder = VENDOR_FOLDER.trim_end_matches('/');
    let Ok(folder) = ProjectPath::new(folder) else {
        return Ok(Vec::new());
    };
    let all = project.files_below(&folder)?.into_iter();
    let foreign = all.filter(|path| {
        let known = ProjectPath::new(path.clone()).ok();
        known.is_none_or(|path| project.manifest().get(&path).is_none())
    });
    Ok(foreign.collect())
}

fn of_generated(
    project: &Project,
    path: &ProjectPath,
    entry: &Entry,
) -> Result<Option<Finding>, WriteError> {
    let is_test = path.as_str().starts_with("tests/security/");
    let Some(bytes) = project.read(path)? else {
        let message = format!("the generated security test `{path}` was deleted");
        let help = format!("`secapi generate --force-theirs {path}` brings it back");
        return Ok(is_test.then(|| finding(&codes::EDITED, message, help)));
    };
    let text = String::from_utf8_lossy(&bytes);
    if merge::has_markers(&text) && path.extension() == Some("rs") {
        let message = format!("`{path}` holds the markers of a conflict");
        return Ok(Some(finding(&codes::EDITED, message, "resolve it")));
    }
    let is_code = path.extension() == Some("rs");
    if Hash::of(&bytes) == entry.hash || !is_code || entry.merged == Some(Hash::of(&bytes)) {
        return Ok(None);
    }
    let message = format!("`{path}` is generated and was edited since the last run");
    let help = "`secapi generate` merges the edit and takes note of it";
    Ok(Some(finding(&codes::EDITED, message, help)))
}

/// Looks at settings that loosen something, and at secrets that git knows.
#[must_use]
pub fn settings(project: &Project, service: Option<&Service>) -> Vec<Finding> {
    let mut out = Vec::new();
    if let Some(service) = service {
        out.extend(of_service(service));
    }
    for path in revision::tracked(project.root(), &[".env", "keys", "secrets", "data"]) {
        let message = format!("git keeps `{path}`, which is secret or data");
        let help = format!("`git rm --cached {path}`, and replace every secret that was in it");
        out.push(finding(&codes::UNSAFE, message, help));
    }
    out
}

fn of_service(service: &Service) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut say = |message: String, help: &str| out.push(finding(&codes::UNSAFE, message, help));
    if service.http.docs == Docs::Always {
        let message = "`http.docs: always` shows the documentation in production too".to_owned();
        say(message, "leave it out, unless the API is a public one");
    }
    if service.lists == Lists::Scan {
        let message =
            "`authorization.lists: scan` lets a list read rows that its caller may not see"
                .to_owned();
        say(
            message,
            "leave it out, and change the policies that SQL cannot say",
        );
    }
    for origin in service
        .http
        .cors_origins
        .iter()
        .filter(|origin| origin.starts_with("http://"))
    {
        let message = format!(
            "`http.cors` lets pages of `{origin}` call, which anybody on the way can change"
        );
        say(message, "name the https origin");
    }
    let quotas = &service.rate_limits;
    for (name, tier) in [
        ("auth", &quotas.auth),
        ("write", &quotas.write),
        ("read", &quotas.read),
    ] {
        let per_second = u64::from(tier.quota.count) / tier.quota.window.as_secs().max(1);
        if per_second > MOST_PER_SECOND {
            let message =
                format!("`rate_limits.{name}` lets one caller ask {per_second} times a second");
            say(message, "lower it");
        }
    }
    out
}

/// More than this of one caller limits nothing.
const MOST_PER_SECOND: u64 = 1000;

/// The bases are what merges stand on: one that is not what was written is as good as none.
///
/// # Errors
/// Where the disk fails.
pub fn bases(project: &Project) -> Result<Vec<Finding>, WriteError> {
    let mut out = Vec::new();
    for (path, entry) in project.manifest().iter() {
        let Ok(base) = plan::base_of(path) else {
            continue;
        };
        let now = project.read(&base)?;
        if now.is_some_and(|bytes| Hash::of(&bytes) != entry.hash) {
            let message = format!("`{base}` is not what secapi kept there");
            let help = "take it from git; without it the next edit of that file is a conflict";
            out.push(finding(&codes::EDITED, message, help));
        }
    }
    Ok(out)
}
