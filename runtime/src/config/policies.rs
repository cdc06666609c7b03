//! The policy files: `*.cedar` directly in the folder; `bounds/`, `tests/` and hidden files are never loaded. The folder is
//! read at the start and again whenever it changes, by the same rules.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Environment, checks};
use crate::authz::{Engine, Finding, PolicySource, Position, over_broad};
use crate::service::Definition;

/// Where the policies are, and what they have to be like to be put in force while the service runs.
#[derive(Debug)]
pub struct PolicyFolder {
    path: PathBuf,
    environment: Environment,
}

impl PolicyFolder {
    /// A folder, and where the service runs: production puts no policy in force that permits everything to everyone, or that
    /// everybody can change.
    #[must_use]
    pub fn new(path: PathBuf, environment: Environment) -> Self {
        Self { path, environment }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file of this name holds policies.
    #[must_use]
    pub fn reads(name: &OsStr) -> bool {
        name.to_str()
            .is_some_and(|name| name.ends_with(".cedar") && !name.starts_with('.'))
    }

    /// Reads the policies and judges them as at the start.
    ///
    /// # Errors
    /// Every reason against the folder as it is.
    pub fn load(&self, in_force: &Engine) -> Result<Engine, Vec<String>> {
        let policies = judged(&self.path, |sources| in_force.reload(sources));
        let mut problems = Vec::new();
        if self.environment == Environment::Production {
            problems.extend(checks::boundless(&policies.boundless));
            problems.extend(checks::open_policies(&self.path));
        }
        match policies.engine {
            Ok(engine) if problems.is_empty() => Ok(engine),
            Ok(_) => Err(problems),
            Err(wrong) => Err([wrong, problems].concat()),
        }
    }
}

/// What the folder holds.
pub(super) struct Policies {
    /// The engine with all of them in force, or a sentence for each thing that is wrong.
    pub(super) engine: Result<Engine, Vec<String>>,
    /// Names of policies that permit everything to everyone.
    pub(super) boundless: Vec<String>,
}

/// Reads and validates the policies of a folder.
pub(super) fn load(folder: &Path, definition: &Definition) -> Policies {
    judged(folder, |sources| {
        Engine::load(definition.namespace, definition.schema, sources)
    })
}

fn judged(
    folder: &Path,
    load: impl FnOnce(&[PolicySource]) -> Result<Engine, Vec<Finding>>,
) -> Policies {
    let sources = match read(folder) {
        Ok(sources) => sources,
        Err(sentence) => {
            return Policies {
                engine: Err(vec![sentence]),
                boundless: Vec::new(),
            };
        }
    };
    let engine = load(&sources);
    let boundless = engine.as_ref().map(over_broad).unwrap_or_default();
    Policies {
        engine: engine.map_err(|findings| {
            findings
                .iter()
                .map(|finding| sentence(finding, &sources))
                .collect()
        }),
        boundless,
    }
}

fn read(folder: &Path) -> Result<Vec<PolicySource>, String> {
    let unreadable = |_| format!("the policy folder {} cannot be read", folder.display());
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let Some(file) = policy_name(&path) else {
            continue;
        };
        let text = fs::read_to_string(&path)
            .map_err(|_| format!("the policy file {} cannot be read as text", path.display()))?;
        sources.push(PolicySource { file, text });
    }
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(sources)
}

/// The name of a policy file, by its own name and by what it is behind a symlink.
fn policy_name(path: &Path) -> Option<String> {
    let name = path.file_name()?;
    let is_policy = PolicyFolder::reads(name) && path.is_file();
    is_policy.then(|| name.to_str().map(str::to_owned))?
}

fn sentence(finding: &Finding, sources: &[PolicySource]) -> String {
    let source = sources.iter().find(|source| source.file == finding.file);
    match source {
        Some(source) => {
            let place = Position::of(&source.text, finding.start);
            format!(
                "{}:{}:{}: {}",
                finding.file, place.line, place.column, finding.message
            )
        }
        None => finding.message.clone(),
    }
}
