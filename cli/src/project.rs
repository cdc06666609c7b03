//! The input of a run as it lies on the disk: the spec and the policies of a project.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use secapi_runtime::authz::{self, Engine, Finding, PolicySource, Unknown};

use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Severity, Source, SourceId, Sources, Span, policy, spec, tool,
};
use crate::model::{self, Lists, Service};
use crate::spec::{MOST_BYTES, Places, SpecFile, merged_text, nearest};
use crate::write::MANIFEST;

/// The name of the spec's file.
pub const SPEC_FILE: &str = "secapi.yaml";
/// The folder of a spec in several files.
pub const SPEC_FOLDER: &str = "spec";
/// The folder of the policies.
pub const POLICY_FOLDER: &str = "policies";

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
}

impl Input {
    /// Reads the spec of a project.
    #[must_use]
    pub fn spec_of(project: &Path) -> Self {
        let (file, folder) = (project.join(SPEC_FILE), project.join(SPEC_FOLDER));
        let in_folder = spec_files(&folder);
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
        let files = spec_files(folder);
        for other in files_of(folder, "yml") {
            let message = format!(
                "`{}` is not read: the parts of a spec end in `.yaml`",
                shown(&other)
            );
            let refusal = Diagnostic::error(&spec::NOT_FOUND, None, message);
            self.diagnostics
                .push(refusal.help("rename it, or move it away"));
        }
        for other in parts_below(folder) {
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

    fn refused(code: &'static Code, message: String, help: &str) -> Self {
        let refusal = Diagnostic::error(code, None, message).help(help);
        Self {
            diagnostics: [refusal].into_iter().collect(),
            ..Self::default()
        }
    }

    /// Checks policies that are no files yet against the spec.
    pub fn check_policy_texts(&mut self, policies: Vec<PolicySource>) {
        for policy in &policies {
            self.sources.add(policy.file.as_str(), policy.text.as_str());
        }
        self.policies = policies;
        self.compare();
    }

    /// Reads the policies of a project and checks them against its spec. A spec without a project and without the folder
    /// is checked alone; a project whose folder is gone has no policies, which is a mistake. Without a sound spec to
    /// compare with only their own text is checked.
    pub fn check_policies(&mut self, project: &Path) {
        let folder = project.join(POLICY_FOLDER);
        for path in policy_files(&folder) {
            if let Some(id) = self.file(&path, &tool::IO) {
                let source = self.sources.get(id);
                self.policies.extend(source.map(|source| PolicySource {
                    file: source.path.clone(),
                    text: source.text.clone(),
                }));
            }
        }
        if folder.is_dir() || project.join(MANIFEST).exists() {
            self.compare();
        }
    }

    fn compare(&mut self) {
        let findings = match &self.service {
            Some(service) => {
                let lists = match service.lists {
                    Lists::Strict => authz::Lists::Strict,
                    Lists::Scan => authz::Lists::Scan,
                };
                let schema = model::schema_model(service);
                let inspected = authz::inspect(&schema, &self.policies, lists);
                self.engine = inspected.engine;
                inspected.findings
            }
            None => authz::check_text(&self.policies),
        };
        for finding in findings {
            let diagnostic = of_finding(finding, &self.sources);
            self.diagnostics.push(diagnostic);
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

/// The files that count as policies: `*.cedar` directly in the folder, hidden ones left out.
fn policy_files(folder: &Path) -> Vec<PathBuf> {
    files_of(folder, "cedar")
}

/// The parts of a spec: `*.yaml` directly in the folder, hidden ones left out.
fn spec_files(folder: &Path) -> Vec<PathBuf> {
    files_of(folder, "yaml")
}

/// What would be parts of a spec if they did not lie in folders of their own.
fn parts_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
        .iter()
        .flat_map(|folder| spec_files(folder))
        .collect()
}

fn files_of(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| is_visible(path, extension))
        .collect();
    files.sort();
    files
}

fn is_visible(path: &Path, wanted: &str) -> bool {
    let hidden = path
        .file_name()
        .is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
    !hidden
        && path
            .extension()
            .is_some_and(|extension| extension == wanted)
}

/// Why a file was not read.
enum Refusal {
    Missing,
    NoFile,
    TooLarge,
    System(std::io::Error),
}

fn bytes(path: &Path) -> Result<Vec<u8>, Refusal> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => Refusal::Missing,
        _ => Refusal::System(error),
    };
    let about = fs::metadata(path).map_err(refused)?;
    if !about.is_file() {
        return Err(Refusal::NoFile);
    }
    if about.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = Vec::new();
    // The file may have grown since it was asked for its size.
    File::open(path)
        .map_err(refused)?
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(refused)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= MOST_BYTES) {
        Ok(bytes)
    } else {
        Err(Refusal::TooLarge)
    }
}

impl Refusal {
    fn diagnostic(self, shown: &str, missing: &'static Code) -> Diagnostic {
        match self {
            Self::Missing => Diagnostic::error(missing, None, format!("there is no file `{shown}`"))
                .help("run it in a project, name one by `--project DIR`, or make one by `secapi new NAME`"),
            Self::NoFile => Diagnostic::error(missing, None, format!("`{shown}` is not a file")),
            Self::TooLarge => Diagnostic::error(&spec::TOO_LARGE, None, format!("`{shown}` is over 4 MiB")).help("is this the right file?"),
            Self::System(error) => Diagnostic::error(&tool::IO, None, format!("`{shown}` cannot be read: {}", error.kind())),
        }
    }
}

/// The path as the user would write it.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// A finding of the policy engine as a diagnostic.
pub(crate) fn of_finding(finding: Finding, sources: &Sources) -> Diagnostic {
    let source = sources.find(&finding.file);
    let severity = match finding.severity {
        authz::Severity::Error => Severity::Error,
        authz::Severity::Warning => Severity::Warning,
    };
    let meant = finding.unknown.as_deref().and_then(meant);
    Diagnostic {
        code: Code::find(finding.code).unwrap_or(&policy::FINDING),
        severity,
        message: finding.message,
        help: meant
            .map(|name| format!("did you mean `{name}`?"))
            .or(finding.help),
        span: source.map(|source| Span {
            source,
            start: finding.start,
            end: finding.end,
        }),
    }
}

/// The name of the schema that is nearest to one that it does not have. Of two that are as near it is the first.
fn meant(unknown: &Unknown) -> Option<&str> {
    let known = || unknown.known.iter().map(String::as_str);
    let last = nearest(word(&unknown.written), known().map(word))?;
    known().find(|name| word(name) == last)
}

/// What is written last in a name, where mistakes are made: `note:read` of `Shop::Action::"note:read"`, and `Note` of
/// `Shop::Note`.
fn word(name: &str) -> &str {
    let name = name.strip_suffix('"').unwrap_or(name);
    match name.split_once("::\"") {
        Some((_, id)) => id,
        None => name.rsplit("::").next().unwrap_or(name),
    }
}
