//! Policies that name what the spec has no more: which ones, and a patch for each file (`authorization.md`, rule 11).
//!
//! A proposal never opens anything without saying so. A name that the spec says was changed (`renamed_from`) is changed; an
//! action that is gone leaves the list that it stands in; and a policy that cannot be told to go on without what is gone is
//! commented out as a whole, for without its condition it would be another one.

mod cases;
mod gone;
mod looks;
mod pairs;
mod renames;
mod taken;
mod words;

use std::ops::Range;

use cedar_policy::{Effect, Policy};
use regex::{NoExpand, Regex};
use secapi_runtime::authz::{self, Finding, PolicySource, Severity};

pub use self::cases::{CaseProposal, case_proposals, may_rename_cases};
use self::gone::Gone;
use self::looks::Looks;
use self::renames::{Renames, the_policy};
use self::taken::Taken;
use self::words::{Words, tree_of};
use crate::diagnostic::policy as codes;
use crate::model::{self, Resource, Service};
use crate::plan::actions::actions;

/// What one file needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The file, as it was read.
    pub file: String,
    /// Every policy in it that names what is gone.
    pub policies: Vec<Dropped>,
    /// The difference that makes the file fit, in unified form; `None` where no proposal makes it fit.
    pub patch: Option<String>,
    /// The file as the proposal has it, whether that fits or not.
    pub text: String,
}

/// A policy that names what is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// Its `@id`.
    pub id: String,
    /// Where it stands in the file, in bytes.
    pub span: Range<usize>,
    /// What it names: the field `title` of `item`.
    pub names: Vec<String>,
    /// The kinds of rows, with the namespace, that it looks at now where it looked at others before.
    pub kinds: Vec<String>,
    /// What is proposed.
    pub step: Step,
}

/// What is proposed for one policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The new names.
    Renamed,
    /// The list without the actions that are gone.
    Shortened,
    /// To comment out a permit, which closes what it opened.
    Closed,
    /// To comment out a forbid, which opens what it closed: somebody has to want that.
    Opened,
    /// Nothing: it says a word or a name that is another one now, in a way that only a person can change.
    ByHand,
    /// Nothing: it names what was given up and is something else now, and which of the two it means only a person knows.
    Taken,
}

impl Step {
    /// Whether the new text is all that is needed.
    fn is_whole(self) -> bool {
        !matches!(self, Self::ByHand | Self::Taken)
    }
}

/// The policies of `sources` that fitted `old` and do not fit `new`, and those that fit both and mean something else: with
/// a value which `new` calls otherwise, with a name that something else has now, or with a look at what is not there any
/// more. With a patch for each of their files.
#[must_use]
pub fn proposals(old: &Service, new: &Service, sources: &[PolicySource]) -> Vec<Proposal> {
    let comparison = Comparison::of(old, new);
    let suspects = suspects(new, sources);
    let mut out = Vec::new();
    for source in sources {
        let own = suspects.iter().filter(|(file, _)| *file == source.file);
        let own: Vec<usize> = own.map(|(_, at)| *at).collect();
        out.extend(comparison.proposal(source, &own));
    }
    out
}

/// Whether policies that fit `new` may mean something else than with `old`: they compare with a value that is called
/// otherwise, name what was given up and is something else now, or look at what is not there any more.
#[must_use]
pub fn may_mean_others(old: &Service, new: &Service) -> bool {
    !(Words::between(old, new).is_empty()
        && Taken::between(old, new).is_empty()
        && Looks::between(old, new).is_empty()
        && actions(old).is_subset(&actions(new)))
}

/// The resources that are called otherwise now: the old name, and the resource.
pub fn renamed_resources<'a>(
    old: &'a Service,
    new: &'a Service,
) -> impl Iterator<Item = (&'a str, &'a Resource)> {
    let pairs = pairs::resources(old, new).into_iter();
    let renamed = pairs.filter(|(was, is)| was.name != is.name);
    renamed.map(|(was, is)| (was.name.as_str(), is))
}

/// The places where policies do not fit a service, or never hold: the file, and the byte.
fn suspects(service: &Service, sources: &[PolicySource]) -> Vec<(String, usize)> {
    let schema = model::schema_model(service);
    // Whether a list can be asked of them is no question of whether they fit.
    let findings = authz::inspect(&schema, sources, authz::Lists::Scan).findings;
    let suspects = findings.into_iter();
    let suspects =
        suspects.filter(|finding| finding.severity == Severity::Error || never_holds(finding));
    suspects
        .map(|finding| (finding.file, finding.start))
        .collect()
}

/// Whether a finding says that a policy holds for no request at all.
fn never_holds(finding: &Finding) -> bool {
    finding.code == codes::SUSPICIOUS.name() && finding.message.contains("impossible")
}

/// What lies between two services, as policies see it.
struct Comparison<'a> {
    old: &'a Service,
    new: &'a Service,
    renames: Renames,
    gone: Gone,
    words: Words,
    taken: Taken,
    looks: Looks,
}

impl<'a> Comparison<'a> {
    fn of(old: &'a Service, new: &'a Service) -> Self {
        let renames = Renames::between(old, new);
        Self {
            old,
            new,
            gone: Gone::between(old, new, &renames),
            words: Words::between(old, new),
            taken: Taken::between(old, new),
            looks: Looks::between(old, new),
            renames,
        }
    }

    /// Brings the policies of one file in line, from the last to the first so that places stay.
    fn proposal(&self, source: &PolicySource, suspects: &[usize]) -> Option<Proposal> {
        authz::parsed(&source.text)?;
        let mut text = source.text.clone();
        let mut policies = Vec::new();
        for span in authz::statements(&source.text).into_iter().rev() {
            let statement = source.text.get(span.clone()).unwrap_or_default();
            let is_suspect = suspects.iter().any(|at| span.contains(at));
            if let Some((dropped, next)) = self.dropped(statement, &span, is_suspect) {
                text.replace_range(span, &next);
                policies.push(dropped);
            }
        }
        if policies.is_empty() {
            return None;
        }
        policies.reverse();
        let after = PolicySource {
            file: source.file.clone(),
            text,
        };
        let is_whole = policies.iter().all(|it| it.step.is_whole());
        Some(Proposal {
            patch: (is_whole && fits(self.new, &after))
                .then(|| patch(&source.file, &source.text, &after.text)),
            file: after.file,
            text: after.text,
            policies,
        })
    }

    /// What a policy names of what is gone, and what is proposed in its place; `None` where it is in order.
    fn dropped(
        &self,
        statement: &str,
        span: &Range<usize>,
        is_suspect: bool,
    ) -> Option<(Dropped, String)> {
        let looks = self.looks.changed_in(statement);
        let is_misfit = !looks.is_empty() || (is_suspect && self.is_misfit(statement));
        let is_renamed = looks.is_renamed && !looks.is_empty();
        let renamed = match is_misfit {
            true => self.renames.applied(statement),
            false => statement.to_owned(),
        };
        let namespace = &self.new.namespace;
        let kinds = looks.kinds.iter();
        let kinds: Vec<String> = kinds.map(|kind| format!("{namespace}::{kind}")).collect();
        let dropped = |names: Vec<String>, step: Step| Dropped {
            id: id_of(statement),
            span: span.clone(),
            names,
            kinds: kinds.clone(),
            step,
        };
        let taken = self.taken_in(statement, &renamed);
        if !taken.is_empty() {
            return Some((dropped(taken, Step::Taken), statement.to_owned()));
        }
        let words = match self.words.is_empty() {
            true => Vec::new(),
            false => self.words.named_in(&renamed),
        };
        let mut names = looks.names;
        if is_misfit {
            let gone = self.gone.named_in(statement).into_iter();
            names.extend(
                gone.filter(|name| !names.contains(name))
                    .collect::<Vec<_>>(),
            );
        } else if words.is_empty() {
            return None;
        }
        names.extend(words);
        let (step, next) = match is_misfit {
            true => self.step(statement, &self.words.applied(&renamed), is_renamed),
            false => self.reworded(statement),
        };
        Some((dropped(names, step), next))
    }

    /// Whether a policy that fitted before does not fit, or holds for no request for what its conditions ask. That a scope
    /// has nothing left to be about takes nothing away.
    fn is_misfit(&self, statement: &str) -> bool {
        if !stands(self.old, statement) {
            return false;
        }
        let holds = |service, statement: &str| !is_said(service, statement, never_holds);
        let asks = || without_conditions(statement).is_some_and(|scope| holds(self.new, &scope));
        !stands(self.new, statement)
            || (!holds(self.new, statement) && holds(self.old, statement) && asks())
    }

    /// What a policy names that is something else now, or would name with its new names.
    fn taken_in(&self, statement: &str, renamed: &str) -> Vec<String> {
        let mut names = self.taken.named_in(statement);
        if renamed != statement {
            names.append(&mut self.taken.named_in(renamed));
        }
        names.extend(self.words.taken_in(renamed));
        names.into_iter().collect()
    }

    fn step(&self, statement: &str, renamed: &str, is_renamed: bool) -> (Step, String) {
        let agrees = || self.looks.agree(statement, renamed);
        if renamed != statement && stands(self.new, renamed) && agrees() {
            return self.reworded(renamed);
        }
        // Everything is still there: what the policy says of other rows beside is no reason to give it up.
        if is_renamed && stands(self.new, statement) {
            return (Step::ByHand, statement.to_owned());
        }
        let shortened = without_actions(renamed, &self.gone.actions);
        if shortened != statement && stands(self.new, &shortened) {
            return (Step::Shortened, shortened);
        }
        let closes = effect(statement) != Some(Effect::Forbid);
        let step = if closes { Step::Closed } else { Step::Opened };
        (step, commented(statement))
    }

    /// A policy that fits, with the new words.
    fn reworded(&self, statement: &str) -> (Step, String) {
        let reworded = self.words.applied(statement);
        match self.words.named_in(&reworded).is_empty() {
            true => (Step::Renamed, reworded),
            false => (Step::ByHand, reworded),
        }
    }
}

/// Whether a policy by itself is valid for a service.
fn stands(service: &Service, statement: &str) -> bool {
    fits(service, &alone(statement))
}

fn alone(statement: &str) -> PolicySource {
    PolicySource {
        file: "policy".to_owned(),
        text: statement.to_owned(),
    }
}

fn fits(service: &Service, source: &PolicySource) -> bool {
    !findings(service, source)
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

fn is_said(service: &Service, statement: &str, what: fn(&Finding) -> bool) -> bool {
    findings(service, &alone(statement)).iter().any(what)
}

/// What is said of one file. What is said of the policies together has no file, and one file is not all of them.
fn findings(service: &Service, source: &PolicySource) -> Vec<Finding> {
    let schema = model::schema_model(service);
    let (sources, lists) = (std::slice::from_ref(source), authz::Lists::Scan);
    let mut findings = authz::inspect(&schema, sources, lists).findings;
    findings.retain(|finding| !finding.file.is_empty());
    findings
}

/// The scope of a policy.
fn without_conditions(statement: &str) -> Option<String> {
    let (_, mut tree) = tree_of(statement)?;
    *tree.get_mut("conditions")? = serde_json::Value::Array(Vec::new());
    Policy::from_json(None, tree).ok()?.to_cedar()
}

/// A list in a scope without the actions that are gone. An action that stands alone stays: without it the policy would
/// be about every action.
fn without_actions(statement: &str, gone: &[String]) -> String {
    let mut out = statement.to_owned();
    for action in gone {
        let entity = format!(r#"[\w:]*Action::"{}""#, regex::escape(action));
        for pattern in [format!(r"{entity}\s*,\s*"), format!(r",\s*{entity}")] {
            if let Ok(pattern) = Regex::new(&pattern) {
                out = pattern.replace_all(&out, NoExpand("")).into_owned();
            }
        }
    }
    out
}

fn commented(statement: &str) -> String {
    let lines: Vec<String> = statement
        .lines()
        .map(|line| format!("// {line}").trim_end().to_owned())
        .collect();
    lines.join("\n")
}

fn effect(statement: &str) -> Option<Effect> {
    the_policy(statement).map(|policy| policy.effect())
}

fn id_of(statement: &str) -> String {
    let id = the_policy(statement).and_then(|policy| policy.annotation("id").map(str::to_owned));
    id.unwrap_or_default()
}

fn patch(file: &str, before: &str, after: &str) -> String {
    // Whatever folder the command ran in, the patch is for the project's.
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    patch_of(&format!("policies/{name}"), before, after)
}

/// The patch for a file of the project.
fn patch_of(path: &str, before: &str, after: &str) -> String {
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/{path}"));
    options.set_modified_filename(format!("b/{path}"));
    options.create_patch(before, after).to_string()
}

#[cfg(test)]
mod tests;
