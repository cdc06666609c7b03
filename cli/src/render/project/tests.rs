use std::process::Command;

use secapi_policies::Preset;

use super::*;
use crate::migrations::MigrationFile;
use crate::model::Service;
use crate::plan::{self, Policies};
use crate::render::fixture;
use crate::runtime_choice::Runtime;

/// All Rust of a project with the shipped policies, which have to be valid for any service.
fn render(service: &Service) -> Vec<Draft> {
    let files = plan::starting_policies(service, Preset::UserManagement, false);
    let policies = Policies::load(service, &plan::sources(&files)).unwrap();
    let ids = PolicyIds::new();
    let inputs = Inputs {
        service,
        policies: &ids,
        migrations: &["0001_init.sql", "0007_add_more.sql"]
            .map(|file| MigrationFile::of_file(file).unwrap()),
        standing: &Standing::default(),
    };
    let mut out = source(&inputs).unwrap().made;
    let tests = crate::render::tests(
        service,
        &policies.engine,
        &service.needing_a_rule(),
        &Standing::default(),
    );
    out.extend(tests.unwrap().made);
    out.extend(crate::render::plain(service, &Runtime::Vendor, "secapi.yaml").unwrap());
    out
}

/// Writes projects and asks rustfmt what it would change.
fn assert_formatted(name: &str, projects: &[Vec<Draft>]) {
    let root = std::env::temp_dir().join(format!("secapi-format-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&root);
    let mut wrong = String::new();
    for (index, drafts) in projects.iter().enumerate() {
        let project = root.join(index.to_string());
        for draft in drafts {
            let place = project.join(&draft.path);
            std::fs::create_dir_all(place.parent().unwrap()).unwrap();
            std::fs::write(&place, &draft.text).unwrap();
        }
        let mut command = Command::new("rustfmt");
        command
            .args(["--check", "--edition", "2024", "--color", "never"])
            .args(
                ["src/main.rs", "tests/rules.rs", "tests/security/main.rs"]
                    .map(|file| project.join(file)),
            );
        let output = command.output().unwrap();
        wrong += &String::from_utf8_lossy(&output.stdout);
        wrong += &String::from_utf8_lossy(&output.stderr);
    }
    if wrong.is_empty() {
        let _ = std::fs::remove_dir_all(&root);
    }
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.chars().take(6_000).collect::<String>()
    );
}

#[test]
fn the_default_project_is_formatted() {
    assert_formatted("default", &[render(&fixture::user_management())]);
}

#[test]
fn any_project_is_formatted() {
    let projects: Vec<_> = (0..40)
        .map(|seed| render(&fixture::any(seed, 3 + seed)))
        .collect();
    assert_formatted("any", &projects);
}
