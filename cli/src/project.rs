//! The input of a run as it lies on the disk: the spec and the policies of a project.

mod reading;
mod settings;

use std::path::{Path, PathBuf};

use secapi_runtime::authz::{self, Engine, Finding, Inspection, PolicySource, Unknown};

use crate::diagnostic::{
    Code, Diagnostic, Diagnostics, Severity, Source, SourceId, Sources, Span, policy, spec, tool,
};
use crate::model::{self, Lists, Operation, Registration, Service};
use crate::spec::{MOST_BYTES, Places, SpecFile, merged_text, nearest};
use crate::write::MANIFEST;
pub use settings::{Setting, setting};

use reading::{bytes, files_of, link, parts_below, policy_files, shown, spec_files, unread};

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

    /// Checks policies that are no files yet against the spec.
    pub fn check_policy_texts(&mut self, policies: Vec<PolicySource>) {
        for policy in &policies {
            self.sources.add(policy.file.as_str(), policy.text.as_str());
        }
        self.policies = policies;
        let inspected = self.inspected(self.service.as_ref(), None);
        self.take(inspected);
    }

    /// Reads the policies of a project and checks them against its spec. A spec without a project and without the folder
    /// is checked alone; a project whose folder is gone has no policies, which is a mistake. Without a sound spec to
    /// compare with only their own text is checked.
    pub fn check_policies(&mut self, project: &Path) {
        if self.read_policies(project) {
            let inspected = self.inspected(self.service.as_ref(), None);
            self.take(inspected);
        }
    }

    /// Reads the policies of a project; whether they are all there, to be looked at.
    pub(crate) fn read_policies(&mut self, project: &Path) -> bool {
        let folder = project.join(POLICY_FOLDER);
        let files = match policy_files(&folder) {
            Ok(files) => files,
            // What is missing from policies that nobody could read is not to be said.
            Err(error) => {
                self.diagnostics.push(unread(&folder, error));
                return false;
            }
        };
        let links = links(project, [&folder].into_iter().chain(&files));
        self.diagnostics.extend(links.collect());
        for path in &files {
            if let Some(id) = self.file(path, &tool::IO) {
                let policy = self.policy(id);
                self.policies.extend(policy);
            }
        }
        let is_whole = self.policies.len() == files.len();
        is_whole && (folder.is_dir() || project.join(MANIFEST).exists())
    }

    /// A policy as the engine takes it, which a byte order mark is no part of.
    fn policy(&mut self, id: SourceId) -> Option<PolicySource> {
        let source = self.sources.get(id)?;
        if source.text.starts_with(BYTE_ORDER_MARK) {
            let span = Span {
                source: id,
                start: 0,
                end: BYTE_ORDER_MARK.len_utf8(),
            };
            let message = "the file begins with a byte order mark, which Cedar does not read";
            let help = "save it as UTF-8 without one (BOM)";
            self.diagnostics.error(&spec::ENCODING, span, message, help);
            return None;
        }
        Some(PolicySource {
            file: source.path.clone(),
            text: source.text.clone(),
        })
    }

    /// Holds the policies that were read against the spec. What an earlier run has called `sound` is not looked at again.
    pub(crate) fn inspected(&self, service: Option<&Service>, sound: Option<&str>) -> Inspection {
        match service {
            Some(service) => {
                let lists = match service.lists {
                    Lists::Strict => authz::Lists::Strict,
                    Lists::Scan => authz::Lists::Scan,
                };
                let schema = model::schema_model(service);
                authz::inspect_again(&schema, &self.policies, lists, sound)
            }
            None => Inspection {
                findings: authz::check_text(&self.policies),
                engine: None,
                sound: None,
                looked: true,
            },
        }
    }

    /// Takes over what was found out about the policies.
    pub(crate) fn take(&mut self, inspected: Inspection) {
        self.engine = inspected.engine;
        self.sound = inspected.sound;
        self.is_as_before = !inspected.looked;
        for finding in inspected.findings {
            let diagnostic = of_finding(finding, &self.sources);
            self.diagnostics.push(diagnostic);
        }
        let first_account = self.first_account();
        self.diagnostics.extend(first_account.into_iter().collect());
    }

    /// Where nothing makes the first account: who could sign in nobody knows, and so nobody could ever.
    #[must_use]
    pub fn first_account(&self) -> Option<Diagnostic> {
        let service = self.service.as_ref()?;
        let (auth, identity) = (service.auth.as_ref()?, service.identity()?);
        let engine = self.engine.as_ref()?;
        let create = format!("{}:{}", identity.name, Operation::Create.as_str());
        let is_made = auth.registration == Registration::Open
            || auth.admin_role.is_some()
            || (identity.has(Operation::Create) && authz::may_open(engine, &create));
        if is_made {
            return None;
        }
        let message = format!(
            "nothing makes the first {}: registration is closed, and without an administrator's role `create-admin` makes none",
            identity.words
        );
        let help = "name the enum field of roles and the administrators' one (`role`, `admin_role`), or write `registration: open`";
        let places = self.places();
        let span = places.key(&["auth", "registration"]);
        Some(Diagnostic::warning(&spec::IDENTITY, span, message).help(help))
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
