//! What single files of a project say: containers, git, migrations, the columns of lists.

use super::{SPEC, project, shop};
use crate::support::{Folder, Tree, repository, run, secapi, secapi_in};
use secapi_runtime::list::ORDERED_CHARACTERS;
use std::path::Path;

fn new(runtime: &str) -> Tree {
    let folder = Folder::new();
    let arguments = ["new", "my-api", "--no-git", "--runtime", runtime];
    secapi_in(folder.path(), arguments).expect(0);
    Tree::read(&folder.join("my-api"))
}

/// The lines of a Dockerfile that do something.
fn steps(tree: &Tree) -> Vec<&str> {
    let lines = tree.text("Dockerfile").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn a_container_gets_the_runtime_from_where_the_project_has_it() {
    for runtime in ["vendor", "version:0.1.0"] {
        let tree = new(runtime);
        assert!(!tree.text("Dockerfile").contains("runtime="), "{runtime}");
        assert!(steps(&tree).contains(&"WORKDIR /build"), "{runtime}");
        assert!(tree.text("compose.yaml").contains("build: .\n"));
    }
    let vendored = new("vendor");
    assert!(vendored.text(".dockerignore").contains("!vendor"));

    // Outside of the project, and so of what the build sees of itself.
    let tree = new("path:../../runtime");
    assert!(tree.text("Cargo.toml").contains("path = \"../../runtime\""));
    let context = "docker build --build-context runtime=\"../../runtime\" .";
    assert!(tree.text("Dockerfile").contains(context));
    let steps = steps(&tree);
    for step in [
        // As deep as the path climbs, so that it ends at /build/runtime.
        "WORKDIR /build/project/project",
        "COPY --from=runtime [\".\", \"../../runtime\"]",
        "COPY --from=build /build/project/project/target/release/my-api /service/my-api",
    ] {
        assert!(steps.contains(&step), "{step} in {steps:#?}");
    }
    let compose = tree.text("compose.yaml");
    assert!(
        compose.contains("        runtime: \"../../runtime\"\n"),
        "{compose}"
    );

    let steps_of_absolute = new("path:/srv/run time");
    let copied = "COPY --from=runtime [\".\", \"/srv/run time\"]";
    assert!(self::steps(&steps_of_absolute).contains(&copied));
}

#[test]
fn a_path_that_would_be_more_than_a_path_is_refused() {
    let folder = Folder::new();
    for path in ["path:$HOME/x", "path:a\"b", "path:a`b`", "path:a\\b"] {
        let arguments = ["new", "my-api", "--no-git", "--runtime", path];
        secapi_in(folder.path(), arguments).expect(1);
    }
    assert!(Tree::read(folder.path()).0.is_empty());
}

/// Docker copies the runtime's folder and nothing around it.
#[test]
fn the_runtime_builds_without_its_workspace() {
    let manifest = std::fs::read_to_string(repository().join("runtime/Cargo.toml")).unwrap();
    assert!(
        !manifest.contains("workspace = true"),
        "it inherits something"
    );
    let lints = |text: &str, prefix: &str| -> Vec<String> {
        let sections = text
            .split("\n[")
            .filter(|section| section.starts_with(prefix));
        let lines = sections
            .flat_map(str::lines)
            .filter(|line| line.contains(" = "));
        lines.map(str::to_owned).collect()
    };
    let workspace = std::fs::read_to_string(repository().join("Cargo.toml")).unwrap();
    let expected = lints(&workspace, "workspace.lints");
    assert!(expected.len() > 10);
    assert_eq!(lints(&manifest, "lints"), expected);
}

#[test]
fn keys_and_data_in_compose_belong_to_who_runs_it() {
    let tree = new("vendor");
    let compose: serde_json::Value = serde_saphyr::from_str(tree.text("compose.yaml")).unwrap();
    let service = &compose["services"]["my-api"];
    let user = service["user"].as_str().unwrap();
    assert!(user.starts_with("${SECAPI_USER:?"), "{user}");
    // Files of mode 0600: nothing may be owned by the image's own user.
    let volumes = service["volumes"].as_array().unwrap();
    assert!(
        volumes
            .iter()
            .all(|volume| volume.as_str().unwrap().starts_with("./"))
    );
    assert!(compose.get("volumes").is_none());
}

#[test]
fn git_leaves_the_bytes_of_migrations_alone() {
    let folder = Folder::new();
    secapi_in(folder.path(), ["new", "my-api"]).expect(0);
    let project = folder.join("my-api");
    let attribute = |path: &str| {
        let mut git = std::process::Command::new("git");
        git.current_dir(&project)
            .args(["check-attr", "text", "--", path]);
        run(&mut git, "").expect(0).stdout
    };
    assert!(attribute("migrations/sqlite/0001_init.sql").ends_with("unset\n"));
    assert!(attribute("vendor/secapi-runtime/src/lib.rs").ends_with("unset\n"));
    assert!(attribute("secapi.yaml").ends_with("auto\n"));
}

fn with_field(folder: &Path, field: &str) {
    let path = folder.join("secapi.yaml");
    let spec = std::fs::read_to_string(&path).unwrap();
    std::fs::write(
        path,
        format!("{spec}      {field}: {{type: string, max: 9, optional: true}}\n"),
    )
    .unwrap();
}

fn generate(folder: &Path) {
    run(secapi().current_dir(folder).arg("generate"), "").expect(0);
}

#[test]
fn the_next_migration_is_behind_the_highest_on_the_disk() {
    let folder = shop();
    folder.write("migrations/sqlite/0007_by_hand.sql", "SELECT 1;\n");
    with_field(folder.path(), "colour");
    generate(folder.path());
    let tree = Tree::read(folder.path());
    let next = "migrations/sqlite/0008_add_colour_to_items.sql";
    assert!(tree.0.contains_key(next), "{:?}", tree.0.keys());
    let wired = tree.text("src/generated/mod.rs");
    assert!(wired.contains(&format!("../../{next}")), "{wired}");
    assert!(wired.contains("number: 8"), "{wired}");
    // From now on the manifest knows it, and the gap stays.
    std::fs::remove_file(folder.join("migrations/sqlite/0007_by_hand.sql")).unwrap();
    with_field(folder.path(), "weight");
    generate(folder.path());
    let tree = Tree::read(folder.path());
    assert!(
        tree.0
            .contains_key("migrations/sqlite/0009_add_weight_to_items.sql")
    );
}

#[test]
fn a_text_is_long_where_a_list_is_ordered_by_its_beginning() {
    let spec = |max: u32| SPEC.replace("max: 80", &format!("max: {max}"));
    let column = |max: u32| {
        let folder = project(&spec(max));
        let tree = Tree::read(folder.path());
        let text = tree.text("src/generated/item/store.rs").to_owned()
            + tree.text("src/generated/item/mod.rs");
        let lines: Vec<_> = text
            .lines()
            .filter(|line| line.contains("Column::new(\"title\""))
            .collect();
        assert_eq!(lines.len(), 1, "{text}");
        lines[0].contains(".long()")
    };
    assert!(!column(ORDERED_CHARACTERS));
    assert!(column(ORDERED_CHARACTERS + 1));
}
