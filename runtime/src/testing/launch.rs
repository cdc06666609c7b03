//! How a service is started for a test: which binary, from which folder, with which environment.

use super::TestService;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What every test service gets, before the test's own settings.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("SECAPI_ENV", "development"),
    ("SECAPI_LISTEN", "127.0.0.1:0"),
    (
        "SECAPI_SECRET",
        "dGVzdC1vbmx5LXNlY3JldC0wMTIzNDU2Nzg5LWFiY2RlZg==",
    ),
    (
        "SECAPI_ENCRYPTION_KEYS",
        "test:Zk1xv0o5iKpE3tQw8uYc2RrNnB6jHfGdSsAaLlMmPp0=",
    ),
    ("SECAPI_LOG_FORMAT", "json"),
    ("RUST_LOG", "info"),
];

/// A test sends as many requests as it likes; one about limits sets its own.
const LIMITS: [&str; 3] = [
    "SECAPI_RATE_LIMITS__AUTH",
    "SECAPI_RATE_LIMITS__WRITE",
    "SECAPI_RATE_LIMITS__READ",
];

/// A binary, the folder it runs in and its environment.
#[derive(Debug, Clone)]
pub struct Launch {
    binary: PathBuf,
    directory: Option<PathBuf>,
    environment: Vec<(String, String)>,
    pub(super) base_path: Option<String>,
}

impl Launch {
    /// Runs this binary from the current folder.
    #[must_use]
    pub fn new(binary: impl Into<PathBuf>) -> Self {
        Self {
            binary: binary.into(),
            directory: None,
            environment: Vec::new(),
            base_path: None,
        }
    }

    /// Runs from this folder, in which the service finds `config/` and `policies/`.
    #[must_use]
    pub fn directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.directory = Some(path.into());
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Says what the resources' paths begin with, so that the OpenAPI document is not asked for it.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        self.base_path = Some(path.to_owned());
        self
    }

    /// Leaves the rate limits as the project has them. Without this a test service has none.
    #[must_use]
    pub fn limited(self) -> Self {
        // An empty variable is an unset one.
        LIMITS
            .iter()
            .fold(self, |launch, name| launch.set(name, ""))
    }

    /// Starts the service with a fresh database.
    #[must_use]
    pub fn start(self) -> TestService {
        TestService::launch(self)
    }

    /// No limit; in production, which refuses that, one that no test reaches.
    fn generosity(&self) -> &'static str {
        let set = self.environment.iter().rev();
        let mut set = set.filter(|(name, _)| name == "SECAPI_ENV");
        match set.next() {
            Some((_, environment)) if environment == "production" => "1000000/1s",
            _ => "off",
        }
    }

    /// The command, with its database and keys in `folder`.
    pub(super) fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.binary);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        let database = format!("sqlite://{}", folder.join("test.sqlite").display());
        command
            .envs(ENVIRONMENT.iter().copied())
            .envs(LIMITS.map(|name| (name, self.generosity())))
            .env("DATABASE_URL", database)
            .env("SECAPI_SIGNING_KEYS", folder.join("keys"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}
