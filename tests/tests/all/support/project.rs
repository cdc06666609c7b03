//! Projects that the command wrote, each built once for all tests.
//!
//! All of them share one target folder and, by their lock files, one set of dependencies: the first build pays for all.

use super::command::{BUILD, run_within};
use super::{Finished, Tree, repository, run, runtime_option, secapi};
use secapi_runtime::testing::{Launch, TestService};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

/// Cargo locks the target folder anyway; waiting here keeps the messages apart.
static CARGO: Mutex<()> = Mutex::new(());

/// A generated project on disk, with its binary.
#[derive(Debug)]
pub struct Project {
    pub folder: PathBuf,
    pub binary: PathBuf,
}

/// `secapi new` without a spec: user management.
pub fn users() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("users", None))
}

/// Every type and key of the spec; closed registration; guarded fields on a resource beside the identity.
pub fn workshop() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("workshop", Some("workshop")))
}

/// The smallest legal spec: no accounts.
pub fn board() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("board", Some("board")))
}

/// Rows that refer to others, in every way that the spec knows.
pub fn agency() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("agency", Some("agency")))
}

/// The example of tenants: relations of many rows to many, and policies that rest on them.
pub fn projects() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let example = repository().join("examples/projects");
        Project::scaffold_from("projects", Some(&example))
    })
}

/// A spec of one's own with the policies of a preset.
pub fn team() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("team", Some("team")))
}

/// A legal spec whose rules are odd: no documentation, the longest passwords, few addresses.
pub fn kettle() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("kettle", Some("kettle")))
}

/// Rows that need what nobody may send, and policies that look at the clock.
pub fn ledger() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("ledger", Some("ledger")))
}

/// What production refuses of a spec, and a rule of the project's own that panics.
pub fn perilous() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| Project::scaffold("perilous", Some("perilous")))
}

impl Project {
    /// Writes the project into `target/e2e/NAME` and builds it.
    fn scaffold(name: &str, case: Option<&str>) -> Self {
        let cases = repository().join("tests/projects");
        let case = case.map(|case| cases.join(case));
        Self::scaffold_from(name, case.as_deref())
    }

    /// From a folder with a spec, policies and files of the project's own.
    fn scaffold_from(name: &str, case: Option<&Path>) -> Self {
        let folder = repository().join("target/e2e").join(name);
        // What an earlier run left is not what is tested now.
        let _ = std::fs::remove_dir_all(&folder);
        let mut new = secapi();
        new.args([
            "new",
            name,
            "--no-git",
            "--runtime",
            &runtime_option(),
            "--dir",
        ])
        .arg(&folder);
        if let Some(case) = case {
            new.arg("--spec").arg(case.join("secapi.yaml"));
            let policies = case.join("policies");
            match policies.is_dir() {
                true => new.arg("--policies").arg(policies),
                false if name == "team" => new.args(["--preset", name]),
                false => &mut new,
            };
        }
        run(&mut new, "").expect(0);
        if let Some(case) = case.filter(|case| case.join("src").is_dir()) {
            let own = Tree::read(&case.join("src")).0.into_iter();
            let own = own
                .filter(|(path, _)| !path.starts_with("generated") && !path.ends_with("main.rs"));
            for (path, bytes) in own {
                std::fs::write(folder.join("src").join(path), bytes)
                    .expect("a file can be written");
            }
        }
        cargo(&folder, &["build", "--locked"]).expect(0);
        Self {
            binary: generated_target().join("debug").join(name),
            folder,
        }
    }

    /// How the project's service is started: from its folder, with its own configuration and policies.
    pub fn launch(&self) -> Launch {
        Launch::new(&self.binary).directory(&self.folder)
    }

    /// A running service with a database of its own.
    pub fn start(&self) -> TestService {
        self.launch().start()
    }
}

/// Runs cargo in a generated project, with the target folder that all of them share.
pub fn cargo(folder: &Path, arguments: &[&str]) -> Finished {
    let _one_at_a_time = CARGO.lock().unwrap_or_else(PoisonError::into_inner);
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .arg("--config")
        .arg(shared_configuration())
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", generated_target());
    run_within(&mut cargo, "", BUILD)
}

/// What is built with other settings is built once more.
pub fn shared_configuration() -> PathBuf {
    repository().join(".cargo/config.toml")
}

/// Where generated projects are built.
fn generated_target() -> PathBuf {
    repository().join("target")
}
