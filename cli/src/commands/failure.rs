//! What a command says where the disk, the folder or the tool itself keeps it from its work.

use super::Report;
use super::last::SPEC;
use crate::diagnostic::{Diagnostic, project, tool};
use crate::exit::Exit;
use crate::project::SPEC_FILE;
use crate::write::WriteError;

/// A failure of the disk, or a refusal of `write`.
pub(super) fn of_write_error(error: &WriteError) -> Report {
    let message = error.to_string();
    let (code, exit, help) = match error {
        WriteError::NotEmpty(_) | WriteError::NoFolder(_) => (
            &project::NOT_EMPTY,
            Exit::Input,
            "name a folder that does not exist yet, or an empty one",
        ),
        WriteError::NoProject(root) if root.join(SPEC).exists() => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "it was one: take `.secapi/manifest` back, as by `git checkout HEAD -- .secapi/manifest`; without it nobody knows which files are the tool's",
        ),
        WriteError::NoProject(folder) if folder.join(SPEC_FILE).exists() => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "the spec lies there alone: `secapi new NAME --spec secapi.yaml --dir DIR` makes a project of it in another folder",
        ),
        WriteError::NoProject(_) => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "run it in a project, or name one by `--project DIR`",
        ),
        WriteError::Interrupted => (
            &project::INTERRUPTED,
            Exit::Difference,
            "`secapi generate` finishes it, or takes it back where files have changed since",
        ),
        WriteError::Changed(_) => (
            &project::INTERRUPTED,
            Exit::Difference,
            "nothing was changed; run it again",
        ),
        WriteError::BadJournal => (
            &project::INTERRUPTED,
            Exit::Environment,
            "delete `.secapi/journal` to give that run up: what it has written stays as it is",
        ),
        WriteError::BadManifest(_) => (
            &project::NOT_A_PROJECT,
            Exit::Input,
            "take it from git; after a merge keep the lines of both sides",
        ),
        WriteError::NotPlain(_) => (
            &tool::IO,
            Exit::Environment,
            "nothing was changed; put the file or the folder itself in its place: secapi follows no links within a project",
        ),
        WriteError::Busy => (
            &tool::IO,
            Exit::Environment,
            "nothing was changed; run it again when the other run has ended",
        ),
        WriteError::Io { .. } => (
            &tool::IO,
            Exit::Environment,
            "nothing was changed; see to the permissions or the room on the disk, and run it again",
        ),
    };
    let diagnostic = Diagnostic::error(code, None, message).help(help);
    Report {
        exit,
        ..Report::of(diagnostic)
    }
}

/// A mistake of ours.
pub(super) fn bug(reason: impl std::fmt::Display) -> Report {
    let diagnostic = Diagnostic::error(&project::BUG, None, reason.to_string())
        .help("please report it with the spec that shows it");
    Report {
        exit: Exit::Environment,
        ..Report::of(diagnostic)
    }
}
