//! Policies that name what the spec has no more: which ones, and a patch for each file (`authorization.md`, rule 11).
//!
//! A proposal never opens anything without saying so. A name that the spec says was changed (`renamed_from`) is changed; an
//! action that is gone leaves the list that it stands in; and a policy that cannot be told to go on without what is gone is
//! commented out as a whole, for without its condition it would be another one.

use std::ops::Range;
use std::str::FromStr;

use cedar_policy::{Effect, PolicySet};
use regex::{NoExpand, Regex};
use secapi_runtime::authz::{self, Finding, PolicySource, Severity};

use super::actions::actions;
use crate::model::{self, Resource, Service};

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
}

/// The policies of `sources` that fitted `old` and do not fit `new`, with a patch for each of their files.
#[must_use]
pub fn proposals(old: &Service, new: &Service, sources: &[PolicySource]) -> Vec<Proposal> {
    let gone = Gone::between(old, new);
    let mut out = Vec::new();
    let mut patched = sources.to_vec();
    for source in &mut patched {
        let before = source.text.clone();
        let policies = of_file(old, new, &gone, source);
        if !policies.is_empty() {
            let patch = patch(&source.file, &before, &source.text);
            out.push((source.clone(), policies, patch));
        }
    }
    out.into_iter()
        .map(|(source, policies, patch)| Proposal {
            patch: fits(new, &source).then_some(patch),
            file: source.file,
            text: source.text,
            policies,
        })
        .collect()
}

/// What the spec has no more, as policies write it.
struct Gone {
    /// In words, and the pattern that finds it.
    names: Vec<(String, Option<Regex>)>,
    actions: Vec<String>,
    /// The pattern of an old name, and the new text.
    renamed: Vec<(Regex, String)>,
}

impl Gone {
    fn between(old: &Service, new: &Service) -> Self {
        let mut gone = Self {
            names: Vec::new(),
            actions: actions(old).difference(&actions(new)).cloned().collect(),
            renamed: Vec::new(),
        };
        for resource in &old.resources {
            match new.resource(&resource.name) {
                None => {
                    let pattern = format!(r"::{}\b", regex::escape(&resource.kind));
                    gone.name(format!("the resource `{}`", resource.name), &pattern);
                }
                Some(next) => gone.fields(resource, next),
            }
        }
        for action in gone.actions.clone() {
            let pattern = format!(r#""{}""#, regex::escape(&action));
            gone.name(format!("the action `{action}`"), &pattern);
        }
        gone
    }

    fn name(&mut self, words: String, pattern: &str) {
        self.names.push((words, Regex::new(pattern).ok()));
    }

    fn fields(&mut self, was: &Resource, is: &Resource) {
        for field in was
            .fields
            .iter()
            .filter(|field| is.field(&field.name).is_none())
        {
            let name = regex::escape(&field.name);
            let words = format!("the field `{}` of `{}`", field.name, was.name);
            self.name(words, &format!(r#"(\.|has\s+|\["?){name}\b"#));
            let next = is.fields.iter();
            let mut next = next.filter(|next| next.renamed_from.as_deref() == Some(&field.name));
            if let Some(next) = next.next() {
                self.rename(was, &field.name, &next.name);
            }
        }
    }

    fn rename(&mut self, resource: &Resource, old: &str, new: &str) {
        let side = if resource.is_identity {
            "principal|resource"
        } else {
            "resource"
        };
        let old_name = regex::escape(old);
        let attribute = Regex::new(&format!(r"\b({side})(\.|\s+has\s+){old_name}\b"));
        self.renamed.extend(
            attribute
                .ok()
                .map(|found| (found, format!("${{1}}${{2}}{new}"))),
        );
        for verb in ["read", "write"] {
            let action = |field: &str| format!(r#""{}:{verb}:{field}""#, resource.name);
            let found = Regex::new(&regex::escape(&action(old))).ok();
            self.renamed.extend(found.map(|found| (found, action(new))));
        }
    }

    fn named_in(&self, statement: &str) -> Vec<String> {
        let found =
            |pattern: &Option<Regex>| pattern.as_ref().is_some_and(|one| one.is_match(statement));
        let names = self.names.iter().filter(|(_, pattern)| found(pattern));
        names.map(|(words, _)| words.clone()).collect()
    }
}

/// Brings the policies of one file in line, from the last to the first so that places stay.
fn of_file(old: &Service, new: &Service, gone: &Gone, source: &mut PolicySource) -> Vec<Dropped> {
    if PolicySet::from_str(&source.text).is_err() {
        return Vec::new();
    }
    let text = source.text.clone();
    let mut out = Vec::new();
    for span in authz::statements(&text).into_iter().rev() {
        let Some(statement) = text.get(span.clone()) else {
            continue;
        };
        if stands(new, statement) || !stands(old, statement) {
            continue;
        }
        let (step, next) = step(new, gone, statement);
        source.text.replace_range(span.clone(), &next);
        out.push(Dropped {
            id: id_of(statement),
            names: gone.named_in(statement),
            span,
            step,
        });
    }
    out.reverse();
    out
}

/// Whether a policy by itself is valid for a service.
fn stands(service: &Service, statement: &str) -> bool {
    fits(
        service,
        &PolicySource {
            file: "policy".to_owned(),
            text: statement.to_owned(),
        },
    )
}

fn fits(service: &Service, source: &PolicySource) -> bool {
    let schema = authz::schema_text(&model::schema_model(service));
    // Whether a list can be asked of it is no question of whether it fits.
    let (sources, lists) = (std::slice::from_ref(source), authz::Lists::Scan);
    let findings = authz::check(&service.namespace, &schema, sources, lists);
    // What is said of the policies together has no file, and one file is not all of them.
    let concerns_it =
        |finding: &Finding| finding.severity == Severity::Error && !finding.file.is_empty();
    !findings.iter().any(concerns_it)
}

fn step(new: &Service, gone: &Gone, statement: &str) -> (Step, String) {
    let mut renamed = statement.to_owned();
    for (pattern, text) in &gone.renamed {
        renamed = pattern.replace_all(&renamed, text.as_str()).into_owned();
    }
    if renamed != statement && stands(new, &renamed) {
        return (Step::Renamed, renamed);
    }
    let shortened = without_actions(&renamed, &gone.actions);
    if shortened != statement && stands(new, &shortened) {
        return (Step::Shortened, shortened);
    }
    let closes = effect(statement) != Some(Effect::Forbid);
    let step = if closes { Step::Closed } else { Step::Opened };
    (step, commented(statement))
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
    let set = PolicySet::from_str(statement).ok()?;
    set.policies().next().map(cedar_policy::Policy::effect)
}

fn id_of(statement: &str) -> String {
    let set = PolicySet::from_str(statement).ok();
    let id = set.and_then(|set| set.policies().next()?.annotation("id").map(str::to_owned));
    id.unwrap_or_default()
}

fn patch(file: &str, before: &str, after: &str) -> String {
    // Whatever folder the command ran in, the patch is for the project's.
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(format!("a/policies/{name}"));
    options.set_modified_filename(format!("b/policies/{name}"));
    options.create_patch(before, after).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;

    fn service(item: &str) -> Service {
        let text = format!(
            "secapi: 1\nservice: {{name: shop}}\nauth: {{identity: user, role: role, admin_role: admin}}\nresources:\n  user:\n    fields:\n      email: {{type: email, unique: true}}\n      role: {{type: enum, values: [user, admin], default: user, guarded: true}}\n{item}"
        );
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.as_str());
        let (service, diagnostics) = model::compile(&text, id);
        service.unwrap_or_else(|| panic!("{diagnostics:?}"))
    }

    const ITEM: &str = "  item:\n    fields:\n      title: {type: string, max: 80}\n      note: {type: string, max: 80, guarded: true}\n";

    fn policy(id: &str, effect: &str, action: &str, condition: &str) -> String {
        format!(
            "@id(\"{id}\")\n{effect} (\n  principal in Shop::Role::\"user\",\n  action {action},\n  resource is Shop::Item\n){condition};\n"
        )
    }

    fn proposed(policies: &str, item: &str) -> Proposal {
        let source = PolicySource {
            file: "policies/item.cedar".into(),
            text: policies.into(),
        };
        let mut all = proposals(&service(ITEM), &service(item), &[source]);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    const TITLED: &str = " when { resource.title == \"x\" }";

    #[test]
    fn what_still_fits_gets_no_proposal() {
        let source = PolicySource {
            file: "policies/item.cedar".into(),
            text: policy("a", "permit", "== Shop::Action::\"item:read\"", TITLED)
                + "permit(this is no Cedar",
        };
        let more = ITEM.to_owned() + "      colour: {type: string, max: 9, optional: true}\n";
        assert_eq!(proposals(&service(ITEM), &service(&more), &[source]), []);
    }

    #[test]
    fn a_renamed_field_is_renamed() {
        let actions = "in [Shop::Action::\"item:read\", Shop::Action::\"item:read:note\"]";
        let source = PolicySource {
            file: "policies/item.cedar".into(),
            text: policy("a", "permit", actions, TITLED),
        };
        let mut new = service(&ITEM.replace("title:", "name:").replace("note:", "remark:"));
        for (field, old) in new.resources[1].fields.iter_mut().zip(["title", "note"]) {
            field.renamed_from = Some(old.to_owned());
        }
        let proposal = proposals(&service(ITEM), &new, &[source]).remove(0);
        assert_eq!(proposal.policies[0].step, Step::Renamed);
        let patch = proposal.patch.unwrap();
        for line in [
            "--- a/policies/item.cedar",
            "+) when { resource.name == \"x\" };",
            "\"item:read:remark\"",
        ] {
            assert!(patch.contains(line), "{patch}");
        }
    }

    #[test]
    fn an_action_that_is_gone_leaves_its_list() {
        let old = policy(
            "a",
            "permit",
            "in [Shop::Action::\"item:read\", Shop::Action::\"item:delete\"]",
            "",
        );
        let item = ITEM.replace(
            "  item:\n",
            "  item:\n    operations: [list, read, create]\n",
        );
        let proposal = proposed(&old, &item);
        assert_eq!(proposal.policies[0].step, Step::Shortened);
        assert_eq!(proposal.policies[0].names, ["the action `item:delete`"]);
        assert!(
            proposal
                .patch
                .unwrap()
                .contains("+  action in [Shop::Action::\"item:read\"],")
        );
    }

    #[test]
    fn a_policy_that_hangs_on_what_is_gone_is_commented_out_whole() {
        let alone = policy("b", "permit", "== Shop::Action::\"item:list\"", "");
        for (effect, step) in [("permit", Step::Closed), ("forbid", Step::Opened)] {
            let old = policy("a", effect, "== Shop::Action::\"item:read\"", TITLED) + &alone;
            let item = ITEM.replace("title", "name");
            let proposal = proposed(&old, &item);
            assert_eq!(proposal.policies.len(), 1, "the other one fits");
            let dropped = &proposal.policies[0];
            assert_eq!((dropped.id.as_str(), dropped.step), ("a", step));
            assert_eq!(dropped.names, ["the field `title` of `item`"]);
            let patch = proposal.patch.unwrap();
            let removed = patch
                .lines()
                .filter(|line| line.starts_with('-') && !line.starts_with("---"));
            for line in removed {
                assert!(
                    patch.contains(&format!("+// {}", &line[1..])),
                    "{line} in {patch}"
                );
            }
        }
    }

    #[test]
    fn an_action_that_stands_alone_does_not_become_every_action() {
        let old = policy("a", "permit", "== Shop::Action::\"item:delete\"", "");
        let item = ITEM.replace(
            "  item:\n",
            "  item:\n    operations: [list, read, create]\n",
        );
        let proposal = proposed(&old, &item);
        assert_eq!(proposal.policies[0].step, Step::Closed);
        let whole = "  archive:\n    fields:\n      title: {type: string, max: 80}\n";
        let proposal = proposed(&old, whole);
        assert_eq!(
            proposal.policies[0].names,
            ["the resource `item`", "the action `item:delete`"]
        );
    }
}
