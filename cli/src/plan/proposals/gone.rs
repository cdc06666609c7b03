//! What a spec has no more, in words, and how to find it in a policy.

use std::collections::BTreeSet;

use regex::Regex;

use super::pairs::{self, Pairs};
use super::renames::Renames;
use crate::model::{Field, Relation, Resource, Service};
use crate::plan::actions::actions;

/// What the spec has no more under the name that it had.
pub(super) struct Gone {
    /// In words, and the pattern that finds it.
    names: Vec<(String, Regex)>,
    /// The actions that no action of now is.
    pub(super) actions: Vec<String>,
}

impl Gone {
    pub(super) fn between(old: &Service, new: &Service, renames: &Renames) -> Self {
        let mut gone = Self {
            names: Vec::new(),
            actions: Vec::new(),
        };
        let pairs = pairs::resources(old, new);
        if old.namespace != new.namespace {
            let words = format!("the namespace `{}`, now `{}`", old.namespace, new.namespace);
            gone.name(words, &format!(r"\b{}::", regex::escape(&old.namespace)));
        }
        gone.resources(old, &pairs);
        for (was, is) in &pairs {
            gone.fields(was, is);
            gone.relations(was, is);
        }
        gone.roles(old, new);
        gone.all_actions(old, new, renames);
        gone
    }

    /// What a policy names of it.
    pub(super) fn named_in(&self, statement: &str) -> Vec<String> {
        let names = self.names.iter();
        let names = names.filter(|(_, pattern)| pattern.is_match(statement));
        names.map(|(words, _)| words.clone()).collect()
    }

    fn name(&mut self, words: String, pattern: &str) {
        let pattern = Regex::new(pattern).ok();
        self.names.extend(pattern.map(|pattern| (words, pattern)));
    }

    fn resources(&mut self, old: &Service, pairs: &Pairs<'_, Resource>) {
        for was in &old.resources {
            let is = pairs.iter().find(|(it, _)| it.name == was.name);
            let is = is.map(|(_, is)| is.name.as_str());
            if is != Some(&was.name) {
                let words = format!("the resource `{}`{}", was.name, now(is));
                self.name(words, &format!(r"::{}\b", regex::escape(&was.kind)));
            }
        }
    }

    fn fields(&mut self, was: &Resource, is: &Resource) {
        let pairs = pairs::fields(was, is);
        let next = |field: &Field| pairs.iter().find(|(it, _)| it.name == field.name);
        for field in &was.fields {
            let next = next(field).map(|(_, is)| is.name.as_str());
            if next != Some(&field.name) {
                let name = regex::escape(&field.name);
                let words = format!("the field `{}` of `{}`{}", field.name, was.name, now(next));
                self.name(words, &format!(r#"(\.|has\s+|\["?){name}\b"#));
            }
        }
    }

    fn relations(&mut self, was: &Resource, is: &Resource) {
        let pairs = pairs::relations(was, is);
        let next = |relation: &Relation| pairs.iter().find(|(it, _)| it.name == relation.name);
        for relation in was.relations.iter().filter(|it| it.is_declared()) {
            let next = next(relation).map(|(_, is)| is.name.as_str());
            if next != Some(&relation.name) {
                let name = regex::escape(&relation.name);
                let words = format!(
                    "the relation `{}` of `{}`{}",
                    relation.name,
                    was.name,
                    now(next)
                );
                self.name(words, &format!(r"(\.|has\s+){name}\b"));
            }
        }
    }

    fn roles(&mut self, old: &Service, new: &Service) {
        let kept: BTreeSet<&str> = roles(new).collect();
        for role in roles(old).filter(|role| !kept.contains(role)) {
            let pattern = format!(r#"::Role::"{}""#, regex::escape(role));
            self.name(format!("the role `{role}`"), &pattern);
        }
    }

    fn all_actions(&mut self, old: &Service, new: &Service, renames: &Renames) {
        for action in actions(old).difference(&actions(new)) {
            let quoted = format!(r#""{}""#, regex::escape(action));
            let resource = action.split(':').next().unwrap_or_default();
            match renames.action(action) {
                // The resource's own name says it.
                Some(now) if !now.starts_with(&format!("{resource}:")) => {}
                Some(now) => {
                    self.name(format!("the action `{action}`, now `{now}`"), &quoted);
                }
                None => {
                    self.name(format!("the action `{action}`"), &quoted);
                    self.actions.push(action.clone());
                }
            }
        }
    }
}

/// The roles that policies may name.
pub(super) fn roles(service: &Service) -> impl Iterator<Item = &str> {
    let choices = role_field(service).and_then(|field| field.kind.enumeration());
    let choices = choices.into_iter().flat_map(|it| &it.choices);
    choices.map(|choice| choice.value.as_str())
}

/// The field that names the role.
pub(super) fn role_field(service: &Service) -> Option<&Field> {
    let name = service.auth.as_ref()?.role_field.as_deref()?;
    service.identity()?.field(name)
}

fn now(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!(", now `{name}`"))
}
