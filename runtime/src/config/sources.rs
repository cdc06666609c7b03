//! Where settings come from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use figment::providers::{Format as _, Toml};
use figment::util::nest;
use figment::value::{Dict, Map, Value};
use figment::{Error, Figment, Metadata, Profile, Provider};

use super::names::{ENVIRONMENT, Kind, NAMES, Name, SHARED, is_unknown};
use super::{Environment, Refusal};

/// A secret file that is longer is not one.
const SECRET_FILE_LIMIT: u64 = 64 * 1024;

/// A folder and the variables: all that configuration is read from.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The project's folder.
    pub root: PathBuf,
    /// The environment.
    pub variables: BTreeMap<String, String>,
}

impl Sources {
    /// The current folder and the environment of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Self {
            root: PathBuf::new(),
            variables: readable(std::env::vars_os()),
        }
    }
}

/// A value that is not UTF-8 is set all the same: what cannot be read of it is replaced, and what it is for refuses it.
/// Taken for unset, `SECAPI_ENV` would be development.
fn readable(variables: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, String> {
    variables
        .filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        })
        .collect()
}

/// All layers over each other.
pub(super) struct Layers {
    pub(super) environment: Environment,
    /// Whether `SECAPI_ENV` was set to something.
    pub(super) environment_is_set: bool,
    pub(super) figment: Figment,
    pub(super) refusals: Vec<Refusal>,
    pub(super) warnings: Vec<String>,
    /// Files that hold a secret, with the variable that names them.
    pub(super) secret_files: Vec<(String, PathBuf)>,
}

impl Layers {
    /// Reads every layer. `forced` answers for an environment other than the one that is set.
    pub(super) fn read(sources: &Sources, forced: Option<Environment>) -> Self {
        let mut layers = Self {
            environment: Environment::Development,
            environment_is_set: false,
            figment: Figment::new(),
            refusals: Vec::new(),
            warnings: Vec::new(),
            secret_files: Vec::new(),
        };
        let local = layers.choose_environment(sources, forced);
        layers.file(&sources.root.join("config/default.toml"));
        let own = format!("config/{}.toml", layers.environment.as_str());
        layers.file(&sources.root.join(own));
        layers.variables(&local, ".env");
        layers.variables(&sources.variables, "the environment");
        layers
    }

    /// Settles the environment; answers what `.env` holds, which counts in development only.
    fn choose_environment(
        &mut self,
        sources: &Sources,
        forced: Option<Environment>,
    ) -> BTreeMap<String, String> {
        let said = sources.variables.get(ENVIRONMENT).map(String::as_str);
        // Whatever it says is judged, also where another environment is asked about.
        self.take_environment(said);
        self.environment = forced.unwrap_or(self.environment);
        if self.environment == Environment::Production {
            return BTreeMap::new();
        }
        let local = dotenv(&sources.root.join(".env"));
        if !self.environment_is_set {
            self.take_environment(local.get(ENVIRONMENT).map(String::as_str));
        }
        if self.environment == Environment::Production {
            self.refuse(
                "environment",
                format!(
                    "{ENVIRONMENT} stands in .env, which is for development; set it in the environment, with all that .env holds"
                ),
            );
            return BTreeMap::new();
        }
        local
    }

    fn take_environment(&mut self, said: Option<&str>) {
        let environment = match said {
            None | Some("") => return,
            Some("development") => Environment::Development,
            Some("production") => Environment::Production,
            Some(_) => {
                self.refuse(
                    "environment",
                    format!("{ENVIRONMENT} must be `development` or `production`"),
                );
                Environment::Production
            }
        };
        (self.environment, self.environment_is_set) = (environment, true);
    }

    fn refuse(&mut self, check: &'static str, sentence: String) {
        self.refusals.push(Refusal { check, sentence });
    }

    /// One TOML file; one that is not there is an empty one.
    fn file(&mut self, path: &Path) {
        if !path.exists() {
            return;
        }
        let provider = Toml::file_exact(path);
        match provider.data() {
            Ok(data) => self.demand_known_keys(path, &data),
            // The parser's message would quote the line.
            Err(_) => {
                let sentence = format!("{} is not TOML, or cannot be read", path.display());
                return self.refuse("configuration file", sentence);
            }
        }
        self.figment = std::mem::take(&mut self.figment).merge(provider);
    }

    fn demand_known_keys(&mut self, path: &Path, data: &Map<Profile, Dict>) {
        for key in data.values().flat_map(Dict::iter).flat_map(keys_below) {
            let problem = match NAMES.iter().find(|name| name.key == key) {
                None => "is not a setting".to_owned(),
                Some(Name {
                    kind: Kind::Secret,
                    variable,
                    ..
                }) => {
                    format!(
                        "does not belong in a configuration file; set {variable} or {variable}_FILE"
                    )
                }
                Some(_) => continue,
            };
            self.refuse(
                "configuration file",
                format!("`{key}` in {} {problem}", path.display()),
            );
        }
    }

    fn variables(&mut self, variables: &BTreeMap<String, String>, place: &'static str) {
        if variables.get(SHARED).is_some_and(|url| !url.is_empty()) {
            self.warnings.push(format!(
                "{SHARED} in {place} is not used: each instance counts rate limits by itself"
            ));
        }
        for unknown in variables.keys().filter(|variable| is_unknown(variable)) {
            self.warnings.push(format!(
                "{unknown} in {place} is not a variable of this service"
            ));
        }
        for name in NAMES.iter().copied() {
            if let Some(value) = self.variable(name, variables) {
                let layer = Variable { name, place, value };
                self.figment = std::mem::take(&mut self.figment).merge(layer);
            }
        }
    }

    /// A variable, or the content of the file that its `_FILE` twin names. An empty one is unset, except for a list.
    fn variable(&mut self, name: Name, variables: &BTreeMap<String, String>) -> Option<String> {
        let direct = variables
            .get(name.variable)
            .filter(|value| !value.is_empty() || name.kind == Kind::List);
        let twin = name
            .file_variable()
            .filter(|twin| variables.get(twin).is_some_and(|path| !path.is_empty()));
        match (direct, twin) {
            (Some(_), Some(twin)) => {
                self.refuse(
                    "secret file",
                    format!("{} and {twin} are both set; keep one", name.variable),
                );
                None
            }
            (direct, None) => direct.cloned(),
            (None, Some(twin)) => {
                let path = PathBuf::from(variables.get(&twin)?);
                let content = read_secret(&path);
                if content.is_none() {
                    self.refuse(
                        "secret file",
                        format!("the file that {twin} names cannot be read as text"),
                    );
                }
                self.secret_files.push((twin, path));
                content
            }
        }
    }

    /// Where a setting was given, for sentences about it.
    pub(super) fn origin(&self, key: &str) -> String {
        self.figment
            .find_metadata(key)
            .map_or_else(|| "the defaults".to_owned(), describe)
    }
}

/// The names of the settings that a key of a file holds: its own, or of each key of its table.
fn keys_below((key, value): (&String, &Value)) -> Vec<String> {
    match value {
        Value::Dict(_, table) => table.keys().map(|inner| format!("{key}.{inner}")).collect(),
        _ => vec![key.clone()],
    }
}

fn describe(metadata: &Metadata) -> String {
    metadata
        .source
        .as_ref()
        .and_then(figment::Source::file_path)
        .map_or_else(
            || metadata.name.to_string(),
            |path| path.display().to_string(),
        )
}

fn read_secret(path: &Path) -> Option<String> {
    let length = fs::metadata(path).ok()?.len();
    if length > SECRET_FILE_LIMIT {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    Some(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// One variable as a layer of its own, so that a value remembers which one it came from.
struct Variable {
    name: Name,
    place: &'static str,
    value: String,
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("{} in {}", self.name.variable, self.place))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let value = Value::from(self.value.clone());
        let settings = nest(self.name.key, value).into_dict();
        Ok(Map::from([(
            Profile::Default,
            settings.unwrap_or_default(),
        )]))
    }
}

/// `NAME=value` lines, `export` and quotes allowed, `#` comments. A line of any other shape says nothing.
fn dotenv(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .map(str::trim)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='))
        .map(|(name, value)| (name.trim().to_owned(), unquoted(value.trim()).to_owned()))
        .collect()
}

fn unquoted(value: &str) -> &str {
    ['"', '\'']
        .iter()
        .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    #[test]
    fn a_variable_that_is_no_text_is_not_unset() {
        let value = OsString::from_vec(b"production\xff".to_vec());
        let variables = readable([(OsString::from(ENVIRONMENT), value)].into_iter());
        let sources = Sources {
            root: PathBuf::from("/nonexistent"),
            variables,
        };
        let layers = Layers::read(&sources, None);
        assert_eq!(layers.environment, Environment::Production);
        assert_eq!(layers.refusals[0].check, "environment");
    }
}
