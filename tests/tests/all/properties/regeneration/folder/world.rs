//! The project of a history, and what somebody does in it.

use super::super::changing::Spec;
use super::super::edits::{Edit, Files};
use super::seen::{Said, Seen, count};
use crate::support::{Folder, Tree, runtime_option};
use secapi::commands::{Surroundings, run};
use secapi::exit::Exit;
use secapi::write::ProjectPath;
use std::path::PathBuf;

/// The policies that somebody writes.
pub(super) const POLICIES: &str = "policies/mine.cedar";

/// A project on a real folder, with the spec that it follows.
pub(super) struct World<'a> {
    _folder: Folder,
    pub(super) project: PathBuf,
    pub(super) spec: Spec,
    pub(super) written: usize,
    pub(super) policies: usize,
    pub(super) seen: &'a Seen,
}

impl<'a> World<'a> {
    pub(super) fn new(seen: &'a Seen) -> Self {
        let folder = Folder::new();
        let spec = Spec::new();
        let given = folder.write("given/secapi.yaml", spec.text());
        let project = folder.join("project");
        let world = Self {
            _folder: folder,
            project,
            spec,
            written: 0,
            policies: 0,
            seen,
        };
        let (runtime, given) = (runtime_option(), given.display().to_string());
        let dir = world.project.display().to_string();
        let new = [
            "new",
            "shop",
            "--no-git",
            "--runtime",
            &runtime,
            "--dir",
            &dir,
            "--spec",
            &given,
        ];
        assert_eq!(world.command(&new).exit, Exit::Done);
        world
    }

    /// Runs a command in this process.
    pub(super) fn command(&self, arguments: &[&str]) -> Said {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = Surroundings {
            out: &mut out,
            err: &mut err,
            terminal: false,
            no_color: true,
            listen: None,
            database: None,
            build: None,
        };
        let words = ["secapi"].into_iter().chain(arguments.iter().copied());
        let exit = run(
            words.chain(["--format", "json"]).map(Into::into),
            surroundings,
        );
        count(&self.seen.runs, 1);
        let json = serde_json::from_slice(&out).unwrap();
        // Nothing that is written into a project is a mistake of the tool's.
        assert_ne!(exit, Exit::Environment, "{json}");
        Said { exit, json }
    }

    pub(super) fn here(&self, arguments: &[&str]) -> Said {
        let dir = self.project.display().to_string();
        let mut all = arguments.to_vec();
        all.extend(["--project", &dir]);
        self.command(&all)
    }

    /// A run that must not write anything.
    pub(super) fn only_looks(&self, arguments: &[&str]) -> Said {
        let before = self.tree();
        let said = self.here(arguments);
        self.tree().assert_same(&before);
        said
    }

    pub(super) fn tree(&self) -> Tree {
        Tree::read(&self.project)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        std::fs::write(self.project.join(path), text).unwrap();
    }

    pub(super) fn edit(&mut self, edits: &[Edit]) {
        let texts = self.tree().0.into_iter();
        let mut files: Files = texts
            .map(|(path, bytes)| {
                let text = String::from_utf8(bytes).unwrap();
                (ProjectPath::new(path).unwrap(), text)
            })
            .collect();
        for edit in edits {
            let path = edit.apply(&mut files, &mut self.written, is_editable);
            let place = self.project.join(path.as_str());
            match files.get(&path) {
                Some(text) => std::fs::write(place, text).unwrap(),
                None => std::fs::remove_file(place).unwrap(),
            }
        }
    }

    pub(super) fn add_policy(&mut self, numbers: [u16; 3]) {
        self.policies += 1;
        let place = self.project.join(POLICIES);
        let text = std::fs::read_to_string(&place).unwrap_or_default();
        let policy = self.spec.policy(self.policies, numbers);
        // It is added as its file has the others.
        let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let policy = format!("// by hand policy {}\n{policy}", self.policies).replace('\n', end);
        std::fs::write(place, text + &policy).unwrap();
    }

    pub(super) fn eject(&self, number: u16) {
        let files = self.tree().only(&["src/generated/", "tests/security/"]).0;
        let path = files.keys().nth(usize::from(number) % files.len()).unwrap();
        // Markers of a conflict are resolved in each round, so nothing keeps anybody from it; what was never the tool's, or
        // is not any more, is nobody's to hand over.
        let manifest = self.tree().text(".secapi/manifest").to_owned();
        if manifest
            .lines()
            .any(|line| line.starts_with(&format!("{path} ")))
        {
            assert_eq!(self.here(&["eject", path]).exit, Exit::Done, "{path}");
        }
    }
}

/// All Rust, and what else people write that is no spec.
fn is_editable(path: &ProjectPath) -> bool {
    let is_theirs =
        path.extension() == Some("rs") || path.as_str() == "README.md" || path.as_str() == POLICIES;
    is_theirs && !path.as_str().starts_with(".secapi/")
}
