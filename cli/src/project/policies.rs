//! The policies of a project, read and held against its spec.

use std::path::Path;

use secapi_runtime::authz::{self, Finding, Inspection, PolicySource, Unknown};

use super::reading::{policy_files, unread};
use super::{BYTE_ORDER_MARK, Input, POLICY_FOLDER, links};
use crate::diagnostic::{Code, Diagnostic, Severity, SourceId, Sources, Span, policy, spec, tool};
use crate::model::{self, Lists, Operation, Registration, Service};
use crate::spec::nearest;
use crate::write::MANIFEST;

impl Input {
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
}

/// A finding of the policy engine as a diagnostic.
fn of_finding(finding: Finding, sources: &Sources) -> Diagnostic {
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
