//! The input of a run as it lies on the disk: the spec and the policies of a project. What is here reads the spec.

mod policies;
mod reading;
mod settings;

use std::path::{Path, PathBuf};

use secapi_runtime::authz::{Engine, PolicySource};

use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Source, SourceId, Sources, Span, spec, tool,
};
use crate::model::{self, Service};
use crate::spec::{MOST_BYTES, Places, SpecFile, merged_text};
use crate::write::MANIFEST;
pub use settings::{Setting, setting};

use reading::{bytes, files_of, link, parts_below, shown, spec_files, unread};

/// The name of the spec's file.
pub const SPEC_FILE: &str = "secapi.yaml";
/// The folder of a spec in several files.
pub const SPEC_FOLDER: &str = "spec";
/// The folder of the policies.
pub const POLICY_FOLDER: &str = "policies";

/// What some editors write before a text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// What was read, and all that was wrong with it.
#[derive(Debug, Default)]
pub struct Input {
    /// Every file that was read.
    pub sources: Sources,
    /// All that was wrong.
    pub diagnostics: Diagnostics,
    /// Which of them are the spec, in their order.
    spec_sources: Vec<SourceId>,
    /// Whether they lie in a folder of their own.
    pub spec_is_folder: bool,
    /// The service, where the spec has no mistakes.
    pub service: Option<Service>,
    /// The policies that were read, sorted by file.
    pub policies: Vec<PolicySource>,
    /// The engine with these policies, where they were checked and nothing is wrong with them.
    pub engine: Option<Engine>,
    /// The name of the policies and of all that they see, where nothing about them is an error, for the next run.
    pub sound: Option<String>,
    /// Whether policies were taken for sound because an earlier run had said so; its warnings are not among the diagnostics.
    pub(crate) is_as_before: bool,
}

impl Input {
    /// Reads the spec of a project.
    #[must_use]
    pub fn spec_of(project: &Path) -> Self {
        let (file, folder) = (project.join(SPEC_FILE), project.join(SPEC_FOLDER));
        let in_folder = match spec_files(&folder) {
            Ok(files) => files,
            Err(error) => return Self::unread(&folder, error),
        };
        let all = [&file, &folder].into_iter().chain(&in_folder);
        let links: Diagnostics = links(project, all).collect();
        if links.has_errors() {
            return Self {
                diagnostics: links,
                ..Self::default()
            };
        }
        match (file.exists(), in_folder.is_empty()) {
            (true, false) => Self::refused(
                &spec::DUPLICATE_KEY,
                format!(
                    "there are `{SPEC_FILE}` and `{SPEC_FOLDER}/*.yaml`, and a project has one spec"
                ),
                "move what is in the file into the folder, or the other way round",
            ),
            (false, false) => Self::spec(&folder),
            (_, true) => Self::spec(&file),
        }
    }

    /// Reads a spec: one file, or all `*.yaml` directly in a folder.
    #[must_use]
    pub fn spec(path: &Path) -> Self {
        let mut input = Self {
            spec_is_folder: path.is_dir(),
            ..Self::default()
        };
        if !input.spec_is_folder {
            let read = input.file(path, &spec::NOT_FOUND);
            input.spec_sources.extend(read);
        } else if let Some(refusal) = input.folder(path) {
            return refusal;
        }
        if !input.diagnostics.has_errors() {
            input.compile();
        }
        input
    }

    /// Takes a spec that is no file yet.
    #[must_use]
    pub fn spec_text(shown: &str, text: String) -> Self {
        Self::spec_texts([(shown.to_owned(), text)])
    }

    /// As [`Input::spec_text`], of several files.
    #[must_use]
    pub fn spec_texts(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut input = Self::default();
        for (shown, text) in files {
            input.spec_sources.push(input.sources.add(shown, text));
        }
        input.compile();
        input
    }

    /// The files of the spec.
    pub fn spec_files(&self) -> impl Iterator<Item = &Source> {
        self.spec_sources
            .iter()
            .filter_map(|id| self.sources.get(*id))
    }

    /// The whole spec as one text.
    #[must_use]
    pub fn whole_spec(&self) -> String {
        merged_text(&self.spec_parts())
    }

    /// Where each key of the spec stands.
    #[must_use]
    pub fn places(&self) -> Places {
        Places::of(&self.spec_parts())
    }

    fn spec_parts(&self) -> Vec<SpecFile<'_>> {
        let part = |id: &SourceId| {
            let text = self.sources.get(*id)?.text.as_str();
            Some(SpecFile { text, source: *id })
        };
        self.spec_sources.iter().filter_map(part).collect()
    }

    fn compile(&mut self) {
        let (service, diagnostics) = model::compile_files(&self.spec_parts());
        self.service = service;
        self.diagnostics.extend(diagnostics);
    }

    /// Reads the files of a folder, or says why they are no spec.
    fn folder(&mut self, folder: &Path) -> Option<Self> {
        let read = spec_files(folder)
            .and_then(|files| Ok((files, files_of(folder, "yml")?, parts_below(folder)?)));
        let (files, others, below) = match read {
            Ok(read) => read,
            Err(error) => return Some(Self::unread(folder, error)),
        };
        for other in others {
            let message = format!(
                "`{}` is not read: the parts of a spec end in `.yaml`",
                shown(&other)
            );
            let refusal = Diagnostic::error(&spec::NOT_FOUND, None, message);
            self.diagnostics
                .push(refusal.help("rename it, or move it away"));
        }
        for other in below {
            let message = format!(
                "`{}` is not read: the parts of a spec lie in the folder itself",
                shown(&other)
            );
            let refusal = Diagnostic::error(&spec::NOT_FOUND, None, message);
            self.diagnostics.push(refusal.help("move it up, or away"));
        }
        let mut bytes = 0;
        for path in &files {
            let read = self.file(path, &tool::IO);
            self.spec_sources.extend(read);
            bytes += self
                .spec_files()
                .last()
                .map_or(0, |source| source.text.len() as u64);
            if bytes > MOST_BYTES {
                let message = format!("the files in `{}` are over 4 MiB", shown(folder));
                return Some(Self::refused(
                    &spec::TOO_LARGE,
                    message,
                    "is this the right folder?",
                ));
            }
        }
        files.is_empty().then(|| {
            let message = format!("there is no `*.yaml` in `{}`", shown(folder));
            Self::refused(
                &spec::NOT_FOUND,
                message,
                "name a file, or a folder with the parts of a spec",
            )
        })
    }

    fn unread(folder: &Path, error: std::io::Error) -> Self {
        Self {
            diagnostics: [unread(folder, error)].into_iter().collect(),
            ..Self::default()
        }
    }

    fn refused(code: &'static Code, message: String, help: &str) -> Self {
        let refusal = Diagnostic::error(code, None, message).help(help);
        Self {
            diagnostics: [refusal].into_iter().collect(),
            ..Self::default()
        }
    }

    /// Reads a file into the sources. Its size is asked first, and never more than that is read.
    fn file(&mut self, path: &Path, missing: &'static Code) -> Option<SourceId> {
        let shown = shown(path);
        let bytes = match bytes(path) {
            Ok(bytes) => bytes,
            Err(refusal) => {
                self.diagnostics.push(refusal.diagnostic(&shown, missing));
                return None;
            }
        };
        let (text, wrong) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                (
                    String::from_utf8_lossy(error.as_bytes()).into_owned(),
                    Some(valid),
                )
            }
        };
        let id = self.sources.add(shown, text);
        let Some(start) = wrong else { return Some(id) };
        let span = Span {
            source: id,
            start,
            end: start + '\u{fffd}'.len_utf8(),
        };
        self.diagnostics.error(
            &spec::ENCODING,
            span,
            "the file is not UTF-8",
            "save it as UTF-8",
        );
        None
    }
}

/// What of these is a link. Within a project the tool follows none, since it would write to wherever one leads.
fn links<'a>(
    project: &Path,
    paths: impl Iterator<Item = &'a PathBuf>,
) -> impl Iterator<Item = Diagnostic> {
    let is_project = project.join(MANIFEST).exists();
    paths.filter_map(move |path| link(path).filter(|_| is_project))
}
