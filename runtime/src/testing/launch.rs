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
    ("SECAPI_LOG_FORMAT", "json"),
    ("RUST_LOG", "info"),
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

    /// Says what the resources' paths begin with, where the service does not publish its OpenAPI document.
    #[must_use]
    pub fn base_path(mut self, path: &str) -> Self {
        self.base_path = Some(path.to_owned());
        self
    }

    /// Starts the service with a fresh database.
    #[must_use]
    pub fn start(self) -> TestService {
        TestService::launch(self)
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
            .env("DATABASE_URL", database)
            .env("SECAPI_SIGNING_KEYS", folder.join("keys"))
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}
