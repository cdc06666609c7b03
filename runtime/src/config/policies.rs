//! The policy files: `*.cedar` directly in the folder; `bounds/`, `tests/` and hidden files are never loaded.

use std::fs;
use std::path::Path;

use crate::authz::{Engine, Finding, Lists, PolicySource, Position, over_broad, unsayable_lists};
use crate::service::Definition;

/// What the folder holds.
pub(super) struct Policies {
    /// The engine with all of them in force, or a sentence for each thing that is wrong.
    pub(super) engine: Result<Engine, Vec<String>>,
    /// Names of policies that permit everything to everyone.
    pub(super) boundless: Vec<String>,
}

/// Reads and validates the policies of a folder.
pub(super) fn load(folder: &Path, definition: &Definition) -> Policies {
    let sources = match read(folder) {
        Ok(sources) => sources,
        Err(sentence) => {
            return Policies {
                engine: Err(vec![sentence]),
                boundless: Vec::new(),
            };
        }
    };
    let engine = in_force(definition, &sources);
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

/// The engine, where nothing is wrong with the policies, and the database can be asked for every list.
fn in_force(definition: &Definition, sources: &[PolicySource]) -> Result<Engine, Vec<Finding>> {
    let engine = Engine::load(definition.namespace, definition.schema, sources)?;
    let unsayable = match definition.settings.lists {
        Lists::Strict => unsayable_lists(&engine),
        Lists::Scan => Vec::new(),
    };
    match unsayable.is_empty() {
        true => Ok(engine),
        false => Err(unsayable),
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
    let name = path.file_name()?.to_str()?;
    let is_policy = name.ends_with(".cedar") && !name.starts_with('.') && path.is_file();
    is_policy.then(|| name.to_owned())
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
