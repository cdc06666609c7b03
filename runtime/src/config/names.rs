//! Every setting: its key in a file and its variable in the environment.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// The key in `config/*.toml`; what stands before a point is the name of its table.
    pub(super) key: &'static str,
    /// The variable.
    pub(super) variable: &'static str,
    pub(super) kind: Kind,
}

/// How a setting may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One value, in a file or a variable.
    Plain,
    /// Several values: a list in a file, comma-separated in a variable.
    List,
    /// One value that may also stand in a file named by `<variable>_FILE`.
    Confidential,
    /// As `Confidential`, and never in a configuration file.
    Secret,
}

/// Chooses the layers, so it comes from the environment alone.
pub(super) const ENVIRONMENT: &str = "SECAPI_ENV";

/// What services with several instances often share; nothing of this service does yet, and whoever sets it should know.
pub(super) const SHARED: &str = "REDIS_URL";

pub(super) const NAMES: &[Name] = &[
    Name {
        key: "listen",
        variable: "SECAPI_LISTEN",
        kind: Kind::Plain,
    },
    Name {
        key: "ops_listen",
        variable: "SECAPI_OPS_LISTEN",
        kind: Kind::Plain,
    },
    Name {
        key: "database_url",
        variable: "DATABASE_URL",
        kind: Kind::Confidential,
    },
    Name {
        key: "secret",
        variable: "SECAPI_SECRET",
        kind: Kind::Secret,
    },
    Name {
        key: "signing_keys",
        variable: "SECAPI_SIGNING_KEYS",
        kind: Kind::Plain,
    },
    Name {
        key: "encryption_keys",
        variable: "SECAPI_ENCRYPTION_KEYS",
        kind: Kind::Secret,
    },
    Name {
        key: "public_url",
        variable: "SECAPI_PUBLIC_URL",
        kind: Kind::Plain,
    },
    Name {
        key: "cors_origins",
        variable: "SECAPI_CORS_ORIGINS",
        kind: Kind::List,
    },
    Name {
        key: "trusted_proxies",
        variable: "SECAPI_TRUSTED_PROXIES",
        kind: Kind::List,
    },
    Name {
        key: "max_connections",
        variable: "SECAPI_MAX_CONNECTIONS",
        kind: Kind::Plain,
    },
    Name {
        key: "max_connections_per_address",
        variable: "SECAPI_MAX_CONNECTIONS_PER_ADDRESS",
        kind: Kind::Plain,
    },
    Name {
        key: "head_timeout",
        variable: "SECAPI_HEAD_TIMEOUT",
        kind: Kind::Plain,
    },
    Name {
        key: "write_timeout",
        variable: "SECAPI_WRITE_TIMEOUT",
        kind: Kind::Plain,
    },
    Name {
        key: "rate_limits.auth",
        variable: "SECAPI_RATE_LIMITS__AUTH",
        kind: Kind::Plain,
    },
    Name {
        key: "rate_limits.write",
        variable: "SECAPI_RATE_LIMITS__WRITE",
        kind: Kind::Plain,
    },
    Name {
        key: "rate_limits.read",
        variable: "SECAPI_RATE_LIMITS__READ",
        kind: Kind::Plain,
    },
    Name {
        key: "policy_dir",
        variable: "SECAPI_POLICY_DIR",
        kind: Kind::Plain,
    },
    Name {
        key: "log",
        variable: "RUST_LOG",
        kind: Kind::Plain,
    },
    Name {
        key: "log_format",
        variable: "SECAPI_LOG_FORMAT",
        kind: Kind::Plain,
    },
];

impl Name {
    /// The variable that names a file with the value, where there may be one.
    pub(super) fn file_variable(self) -> Option<String> {
        matches!(self.kind, Kind::Confidential | Kind::Secret)
            .then(|| format!("{}_FILE", self.variable))
    }
}

/// Whether a variable is one of ours by its prefix and yet none that is read.
pub(super) fn is_unknown(variable: &str) -> bool {
    let is_file_of = |name: &Name| name.file_variable().is_some_and(|known| known == variable);
    variable.starts_with("SECAPI_")
        && variable != ENVIRONMENT
        && !NAMES
            .iter()
            .any(|name| name.variable == variable || is_file_of(name))
}
