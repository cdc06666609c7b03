//! The policy files: `*.cedar` directly in the folder; `bounds/`, `tests/` and hidden files are never loaded. The folder is
//! read at the start and again whenever it changes, by the same rules.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Environment, checks};
use crate::authz::{
    Engine, Finding, Lists, PolicySource, Position, over_broad, unsayable_lists, unscoped,
};
use crate::service::Definition;
use crate::watch::{Sighting, Watch};

/// Where the policies are, and what they have to be like to be put in force while the service runs.
#[derive(Debug)]
pub struct PolicyFolder {
    path: PathBuf,
    environment: Environment,
    /// As it was when the policies of the start were read.
    read: Option<Sighting>,
}

impl PolicyFolder {
    /// A folder, and where the service runs: production puts no policy in force that permits everything to everyone, or that
    /// everybody can change.
    #[must_use]
    pub fn new(path: PathBuf, environment: Environment) -> Self {
        Self {
            path,
            environment,
            read: None,
        }
    }

    /// With what was there before the policies of the start were read: what is the same still need not be read again.
    pub(super) fn having_read(mut self, was: Sighting) -> Self {
        self.read = Some(was);
        self
    }

    /// A watch over the folder. Half of a file may be valid, and lack the one policy that forbids.
    pub(crate) fn watch(&self) -> Watch {
        let watch = Watch::settled(Self::reads);
        match self.read.clone() {
            Some(was) => watch.having_read(was),
            None => watch,
        }
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file of this name holds policies.
    #[must_use]
    pub fn reads(name: &OsStr) -> bool {
        let name = name.as_encoded_bytes();
        name.ends_with(b".cedar") && !name.starts_with(b".")
    }

    /// Reads the policies and judges them as at the start.
    ///
    /// # Errors
    /// Every reason against the folder as it is.
    pub fn load(&self, in_force: &Engine, definition: &Definition) -> Result<Engine, Vec<String>> {
        let policies = judged(&self.path, definition, |sources| in_force.reload(sources));
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
    judged(folder, definition, |sources| {
        Engine::load(definition.namespace, definition.schema, sources)
    })
}

fn judged(
    folder: &Path,
    definition: &Definition,
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
    let engine = load(&sources).and_then(|engine| whole(engine, definition));
    let boundless = match &engine {
        Ok(engine) => over_broad(engine),
        Err(findings) => over_broad_elsewhere(&sources, findings, definition),
    };
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

/// The engine, where nothing speaks against the policies together that `secapi check` refuses: none keeps credentials within
/// their scopes, or the database cannot be asked for a list that it has to filter.
fn whole(engine: Engine, definition: &Definition) -> Result<Engine, Vec<Finding>> {
    // What permits nothing, such as a folder in which nothing is yet, has nothing to hold back: that is a warning of its own.
    let permits = engine.permit_ids().next().is_some();
    let unscoped = unscoped(&engine).filter(|_| permits);
    let mut findings: Vec<Finding> = unscoped.into_iter().collect();
    if definition.settings.lists == Lists::Strict {
        findings.extend(unsayable_lists(&engine));
    }
    match findings.is_empty() {
        true => Ok(engine),
        false => Err(findings),
    }
}

/// What the files in which nothing is wrong would open, so that every reason is told at once.
fn over_broad_elsewhere(
    sources: &[PolicySource],
    findings: &[Finding],
    definition: &Definition,
) -> Vec<String> {
    let is_sound = |source: &&PolicySource| findings.iter().all(|it| it.file != source.file);
    let sound: Vec<PolicySource> = sources.iter().filter(is_sound).cloned().collect();
    let engine = Engine::load(definition.namespace, definition.schema, &sound);
    engine.as_ref().map(over_broad).unwrap_or_default()
}

fn read(folder: &Path) -> Result<Vec<PolicySource>, String> {
    let unreadable = |_| format!("the policy folder {} cannot be read", folder.display());
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.file_name().is_some_and(PolicyFolder::reads) {
            sources.push(source(&path)?);
        }
    }
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(sources)
}

/// One file. What has the name of a policy and is none may have been the one that forbids, so nothing is left out: a link
/// that leads nowhere, a folder, a pipe, which would not even be opened.
fn source(path: &Path) -> Result<PolicySource, String> {
    let refused = |why: &str| format!("the policy file {} {why}", path.display());
    let facts = fs::metadata(path).map_err(|_| refused("cannot be read, or leads nowhere"))?;
    if !facts.is_file() {
        return Err(refused("is no file"));
    }
    let name = path.file_name().and_then(OsStr::to_str);
    let file = name.ok_or_else(|| refused("has a name that is not UTF-8"))?;
    let text = fs::read_to_string(path).map_err(|_| refused("cannot be read as text"))?;
    Ok(PolicySource {
        file: file.to_owned(),
        text,
    })
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
        // Without a place to look at, the way out is what helps.
        None => match &finding.help {
            Some(help) => format!("{}: {help}", finding.message),
            None => finding.message.clone(),
        },
    }
}
