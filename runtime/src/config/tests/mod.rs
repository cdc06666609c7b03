//! A project in a folder of its own, and what its configuration says.

mod encryption;
mod layers;
mod lists;
mod policies;
mod production;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::*;
use crate::authz::Lists;
use crate::service::{Docs, Https, Settings};

const SECRET: &str = "q8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1gM=";
const SCHEMA: &str = r#"namespace App {
    entity Role enum ["admin"];
    entity Anonymous enum ["anonymous"];
    entity User in [Role] { email: String };
    type RequestContext = { ip: ipaddr, now: datetime, mfa: Bool, credential: String, scopes: Set<String>, in_scope: Bool, authenticated_at?: datetime };
    action reads, writes, user, guarded_reads, guarded_writes, custom;
    action "user:read" in [reads, user] appliesTo { principal: [User, Anonymous], resource: [User], context: RequestContext };
}"#;
const POLICY: &str = r#"@id("administrators") permit (principal in App::Role::"admin", action, resource);
@id("scope") forbid (principal, action, resource) unless { context.in_scope };"#;

/// A project in a folder of its own, with a configuration that production accepts.
struct Project {
    sources: Sources,
    definition: Definition,
}

impl Project {
    fn new() -> Self {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let root =
            std::env::temp_dir().join(format!("secapi-config-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join("policies")).unwrap();
        fs::create_dir_all(root.join("config")).unwrap();
        let mut project = Self {
            sources: Sources {
                root,
                variables: Default::default(),
            },
            definition: definition(),
        };
        project.write("policies/app.cedar", POLICY);
        made::signing_key(&project.path("keys"));
        let keys = project.path("keys").display().to_string();
        for (name, value) in [
            ("SECAPI_ENV", "production"),
            ("SECAPI_LISTEN", "0.0.0.0:8080"),
            ("SECAPI_SECRET", SECRET),
            ("SECAPI_SIGNING_KEYS", &keys),
            ("SECAPI_PUBLIC_URL", "https://api.example/"),
            ("SECAPI_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1"),
            ("SECAPI_CORS_ORIGINS", "https://app.example"),
        ] {
            project.set(name, value);
        }
        project
    }

    fn development() -> Self {
        let mut project = Self::new();
        project.sources.variables.clear();
        project
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sources.root.join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.sources.variables.insert(name.into(), value.into());
        self
    }

    fn unset(&mut self, name: &str) {
        self.sources.variables.remove(name);
    }

    fn load(&self) -> Loaded {
        load(&self.sources, &self.definition, Purpose::Run)
    }

    fn config(&self) -> Config {
        self.load().config.unwrap()
    }

    /// The names of the checks that refuse; no sentence may hold the secret.
    fn refused_by(&self) -> Vec<&'static str> {
        let refusals = self.load().config.err().unwrap_or_default();
        for refusal in &refusals {
            assert!(!refusal.sentence.contains(SECRET), "{refusal}");
        }
        refusals.iter().map(|refusal| refusal.check).collect()
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.sources.root);
    }
}

fn definition() -> Definition {
    Definition {
        name: "app",
        title: "App",
        version: "0.1.0",
        namespace: "App",
        base_path: "/api/v1",
        schema: SCHEMA,
        openapi: "{}",
        migrations: &[],
        encrypted: &[],
        settings: Settings {
            passwords: crate::auth::passwords::Profile::Nist { min_length: 12 },
            access_ttl: Duration::from_secs(900),
            refresh_ttl: Duration::from_secs(3600),
            refresh_absolute_ttl: Duration::from_secs(7200),
            lockout: crate::auth::Lockout::DEFAULT,
            rate_limits: crate::limit::RateLimits::DEFAULT,
            body_limit: 1000,
            timeout: Duration::from_secs(1),
            cors_origins: &[],
            https: Https::Enforce,
            docs: Docs::Development,
            lists: Lists::Strict,
        },
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}
