//! The service that is measured: the default example, built for release, on a free port and a fresh database.

use std::path::{Path, PathBuf};
use std::process::Command;

use secapi_runtime::testing::TestService;
use serde_json::{Value, json};

/// What every account of a measurement signs in with.
pub(crate) const PASSWORD: &str = "Violet-Kettle-93-drifts";

/// A body of `POST {base}/users` or `{base}/auth/register`.
pub(crate) fn person(email: &str) -> Value {
    json!({ "email": email, "first_name": "Ann", "last_name": "Lee", "password": PASSWORD })
}

/// Builds the example and starts it with these settings.
pub(crate) fn service(environment: &[(&str, &str)]) -> TestService {
    let project = repository().join("examples/user-management");
    let binary = release_build(&project);
    std::env::set_current_dir(&project).expect("the example is there");
    TestService::start_with(&binary, environment)
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .expect("the repository is there")
}

fn release_build(project: &Path) -> String {
    let target = repository().join("target");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(&target)
        .current_dir(project)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the example builds");
    target.join("release/user-management").display().to_string()
}
