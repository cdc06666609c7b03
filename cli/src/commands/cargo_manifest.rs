//! What generated code needs of `Cargo.toml`, which is the project's own: said where it is not there, and never written.

use super::Report;
use super::failure::of_write_error;
use crate::diagnostic::{Diagnostic, project as codes};
use crate::model::Service;
use crate::runtime_choice;
use crate::write::{Project, ProjectPath};

/// A part of `Cargo.toml` that is to be added or changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// What is wrong.
    why: String,
    way: Way,
}

/// The way out.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    /// The lines that are right.
    Lines(String),
    /// What to do before anybody can say more.
    Words(&'static str),
}

impl Need {
    /// The warning about it.
    pub(super) fn diagnostic(&self) -> Diagnostic {
        let help = match &self.way {
            Way::Lines(lines) => format!("write into Cargo.toml:\n\n{lines}"),
            Way::Words(words) => (*words).to_owned(),
        };
        Diagnostic::warning(&codes::CARGO, None, self.why.clone()).help(help)
    }
}

/// Everything that `Cargo.toml` lacks, and everything that it says otherwise.
pub(super) fn needs(project: &Project, service: &Service) -> Result<Vec<Need>, Box<Report>> {
    let Ok(path) = ProjectPath::new("Cargo.toml") else {
        return Ok(Vec::new());
    };
    let bytes = project.read(&path);
    let bytes = bytes.map_err(|error| Box::new(of_write_error(&error)))?;
    let dependency = runtime_choice::of_project(project).dependency();
    let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(of(text.as_deref(), &service.name, &dependency))
}

fn of(text: Option<&str>, name: &str, dependency: &str) -> Vec<Need> {
    let Some(text) = text else {
        return vec![Need {
            why: "there is no Cargo.toml".to_owned(),
            way: Way::Words(
                "git has the one that was there; or `secapi new` somewhere else writes one to copy",
            ),
        }];
    };
    let Ok(manifest) = text.parse::<toml::Table>() else {
        return vec![Need {
            why: "Cargo.toml is not TOML".to_owned(),
            way: Way::Words("`cargo metadata` says where"),
        }];
    };
    let mut out = Vec::new();
    let package = manifest.get("package").and_then(|it| it.get("name"));
    let package = package.and_then(toml::Value::as_str);
    if package != Some(name) {
        out.push(Need {
            why: format!(
                "the spec names the service `{name}`, and Cargo.toml the package `{}`: generated tests look for a binary of the service's name",
                package.unwrap_or_default()
            ),
            way: Way::Lines(format!("[package]\nname = \"{name}\"")),
        });
    }
    let dependencies: [(&str, &str, Option<&str>, String); 3] = [
        (
            "dependencies",
            "secapi-runtime",
            None,
            format!("{{ {dependency} }}"),
        ),
        (
            "dev-dependencies",
            "secapi-runtime",
            Some("testing"),
            format!("{{ {dependency}, features = [\"testing\"] }}"),
        ),
        ("dev-dependencies", "serde_json", None, "\"1.0\"".to_owned()),
    ];
    for (table, crate_name, feature, value) in dependencies {
        let found = manifest.get(table).and_then(|table| table.get(crate_name));
        if !found.is_some_and(|found| feature.is_none_or(|feature| has(found, feature))) {
            let with = feature.map_or(String::new(), |feature| format!(" with `{feature}`"));
            out.push(Need {
                why: format!(
                    "generated code needs `{crate_name}`{with} among the {table} of Cargo.toml"
                ),
                way: Way::Lines(format!("[{table}]\n{crate_name} = {value}")),
            });
        }
    }
    out
}

fn has(dependency: &toml::Value, feature: &str) -> bool {
    let features = dependency.get("features").and_then(toml::Value::as_array);
    features.is_some_and(|features| features.iter().any(|it| it.as_str() == Some(feature)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "[package]\nname = \"shop\"\n[dependencies]\nsecapi-runtime = { path = \"x\" }\n[dev-dependencies]\nsecapi-runtime = { path = \"x\", features = [\"testing\"] }\nserde_json = { version = \"1\" }\n";

    fn lines(text: &str) -> Vec<String> {
        let needs = of(Some(text), "shop", "path = \"x\"");
        let lines = needs.into_iter().map(|need| match need.way {
            Way::Lines(lines) => lines,
            Way::Words(words) => panic!("{words}"),
        });
        lines.collect()
    }

    #[test]
    fn what_is_there_is_not_asked_for() {
        assert_eq!(lines(SOUND), Vec::<String>::new());
    }

    #[test]
    fn each_lack_is_told_with_its_lines() {
        assert_eq!(
            lines(&SOUND.replace("shop", "demo")),
            ["[package]\nname = \"shop\""]
        );
        let bare = lines("[package]\nname = \"shop\"\n");
        assert_eq!(
            bare,
            [
                "[dependencies]\nsecapi-runtime = { path = \"x\" }",
                "[dev-dependencies]\nsecapi-runtime = { path = \"x\", features = [\"testing\"] }",
                "[dev-dependencies]\nserde_json = \"1.0\"",
            ]
        );
        assert_eq!(lines(&SOUND.replace("\"testing\"", "")).len(), 1);
        assert!(of(None, "shop", "")[0].why.contains("no Cargo.toml"));
        let unread = &of(Some("[package"), "shop", "")[0];
        assert!(unread.why.contains("not TOML"));
        // What is no line of the file is not offered as one.
        let help = unread.diagnostic().help.unwrap();
        assert_eq!(help, "`cargo metadata` says where");
    }
}
