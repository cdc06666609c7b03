//! What policies look at, and what became of it.
//!
//! A policy that asks `resource has due` stays valid without `due`: what it asks is false from then on, so a permit closes
//! and a forbid opens, and no validator says a word. So what a policy looks at is read from its syntax tree, for each kind of
//! row that its scope leaves over, once as the earlier spec has them and once as this one has them. What can never be
//! reached for such a row, behind `resource is …`, is not looked at: that is how a policy about several kinds of rows says
//! that it means the others. So it is with `resource.owner.name` where `owner` names other rows than before: the name is
//! there, and is another one's. `resource.owner is …` says that the rows of now are meant.

mod reader;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use super::pairs;
use super::renames::RowsOf;
use super::words::tree_of;
use crate::model::{Relation, Resource, Service};
use reader::{Read, read};
use world::{Kind, World};

/// An attribute of a kind of row.
type Attribute = (String, String);

/// What both specs know of attributes.
pub(super) struct Looks {
    old: World,
    new: World,
    rows: Vec<Rows>,
    /// Every attribute that was there, and what it is now.
    fates: BTreeMap<Attribute, Fate>,
    identity_moves: bool,
    /// Who signs in now, in words.
    caller: String,
}

/// The rows of one resource, before and now.
struct Rows {
    old: RowsOf,
    new: RowsOf,
    kinds: [String; 2],
}

/// What became of an attribute.
struct Fate {
    /// What it is called where it is looked at now; `None` where it is not there any more.
    next: Option<Attribute>,
    /// It, in words.
    words: String,
    is_of_another_kind: bool,
    /// The kind of rows that it names now, where it is another one.
    kind: Option<String>,
}

/// What a policy looks at that is not what it was.
#[derive(Debug, Default)]
pub(super) struct Changed {
    /// In words.
    pub(super) names: Vec<String>,
    /// Whether all of it is there under another name.
    pub(super) is_renamed: bool,
    /// The kinds of the rows that it looks at now, where it looked at others before.
    pub(super) kinds: Vec<String>,
    /// Whether something is compared that can never be equal any more.
    compares: bool,
}

impl Changed {
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty() && !self.compares
    }
}

impl Looks {
    pub(super) fn between(old: &Service, new: &Service) -> Self {
        let mut looks = Self {
            old: World::of(old),
            new: World::of(new),
            rows: Vec::new(),
            fates: BTreeMap::new(),
            identity_moves: false,
            caller: String::new(),
        };
        let pairs = pairs::resources(old, new);
        let kinds: BTreeMap<&str, &str> = pairs
            .iter()
            .flat_map(|(was, is)| {
                let relations = pairs::relations(was, is).into_iter();
                let members =
                    relations.filter_map(|(was, is)| was.membership().zip(is.membership()));
                members.chain([(was.kind.as_str(), is.kind.as_str())])
            })
            .collect();
        for (was, is) in &pairs {
            looks.rows.push(Rows {
                old: RowsOf::of(old, was),
                new: RowsOf::of(new, is),
                kinds: [was.kind.clone(), is.kind.clone()],
            });
            looks.attributes(was, is, &kinds);
        }
        let moved = old
            .identity()
            .map(|it| kinds.get(it.kind.as_str()).copied());
        let now = new.identity().map(|it| Some(it.kind.as_str()));
        looks.identity_moves = moved.is_some() && moved != now;
        let caller = new.identity().map(|it| format!(", now `{}`", it.name));
        looks.caller = format!("who signs in{}", caller.unwrap_or_default());
        looks
    }

    /// Whether every attribute is what it was: what a policy looks at is there then.
    pub(super) fn is_empty(&self) -> bool {
        let stays =
            |(was, fate): (&Attribute, &Fate)| fate.is_called(&was.1) && !fate.is_of_another_kind;
        !self.identity_moves && self.fates.iter().all(stays)
    }

    /// What a policy looks at that is gone or has another name, and what it compares that is of two kinds now.
    pub(super) fn changed_in(&self, statement: &str) -> Changed {
        let mut changed = Changed {
            is_renamed: true,
            ..Changed::default()
        };
        let Some((policy, tree)) = tree_of(statement) else {
            return changed;
        };
        for rows in self.rows.iter().filter(|rows| rows.old.concerns(&policy)) {
            let [was, is] = &rows.kinds;
            let before = read(&tree, &self.old, was);
            let after = read(&tree, &self.new, is);
            for attribute in &before.attributes {
                changed.attribute(attribute, self.fates.get(attribute));
            }
            for attribute in &before.passed {
                changed.passed(attribute, self.fates.get(attribute));
            }
            if self.identity_moves && before.is_about_caller {
                changed.is_renamed = false;
                changed.say(&self.caller);
            }
            for attributes in before.possible(&after) {
                let fates = attributes
                    .iter()
                    .filter_map(|it| Some((it, self.fates.get(it)?)));
                changed.comparison(fates.collect());
            }
        }
        changed
    }

    /// Whether a policy with its new names looks at what it looked at with the old ones, and at nothing else.
    pub(super) fn agree(&self, statement: &str, renamed: &str) -> bool {
        let Some(((old, old_tree), (new, new_tree))) = tree_of(statement).zip(tree_of(renamed))
        else {
            return false;
        };
        self.rows.iter().all(|rows| {
            let [was, is] = &rows.kinds;
            let both = (rows.old.concerns(&old), rows.new.concerns(&new));
            match both {
                (false, false) => return true,
                (true, true) => {}
                _ => return false,
            }
            let next = |attribute: &Attribute| self.fates.get(attribute)?.next.clone();
            let before = read(&old_tree, &self.old, was).attributes;
            let wanted: Option<BTreeSet<Attribute>> = before.iter().map(next).collect();
            wanted == Some(read(&new_tree, &self.new, is).attributes)
        })
    }

    fn attributes(&mut self, was: &Resource, is: &Resource, kinds: &BTreeMap<&str, &str>) {
        let fields = pairs::fields(was, is).into_iter();
        let fields = fields.map(|(was, is)| (was.name.as_str(), is.name.as_str()));
        let relations = pairs::relations(was, is).into_iter();
        let relations = relations.map(|(was, is)| (was.name.as_str(), is.name.as_str()));
        let pairs: BTreeMap<&str, &str> = fields.chain(relations).collect();
        for (name, kind) in self.old.attributes(&was.kind) {
            let next = pairs.get(name.as_str()).copied();
            let now = next.and_then(|next| self.new.attribute(&is.kind, next));
            let other = now.filter(|now| !kind.becomes(now, kinds));
            let fate = Fate {
                words: words(was, name, next, now),
                next: now.and(next).map(|next| (is.kind.clone(), next.to_owned())),
                is_of_another_kind: other.is_some(),
                kind: other.and_then(Kind::entity),
            };
            self.fates.insert((was.kind.clone(), name.clone()), fate);
        }
    }
}

impl Changed {
    fn attribute(&mut self, attribute: &Attribute, fate: Option<&Fate>) {
        let Some(fate) = fate else { return };
        if !fate.is_called(&attribute.1) {
            self.is_renamed &= fate.next.is_some();
            self.name(Some(fate));
        }
    }

    /// What it looks at behind an attribute is another row's now.
    fn passed(&mut self, attribute: &Attribute, fate: Option<&Fate>) {
        let is_other = |fate: &&Fate| fate.is_of_another_kind && fate.is_called(&attribute.1);
        let Some(fate) = fate.filter(is_other) else {
            return;
        };
        self.is_renamed = false;
        self.name(Some(fate));
        let kind = fate.kind.iter().filter(|kind| !self.kinds.contains(kind));
        let kind: Vec<String> = kind.cloned().collect();
        self.kinds.extend(kind);
    }

    /// A comparison that can never hold any more: for what it compares is something else now, or for who signs in is.
    fn comparison(&mut self, fates: Vec<(&Attribute, &Fate)>) {
        // That something is called otherwise, or is gone, is told already.
        if !fates.iter().all(|(it, fate)| fate.is_called(&it.1)) {
            return;
        }
        self.is_renamed = false;
        self.compares = true;
        for (_, fate) in fates {
            self.name(Some(fate).filter(|fate| fate.is_of_another_kind));
        }
    }

    fn name(&mut self, fate: Option<&Fate>) {
        if let Some(fate) = fate {
            self.say(&fate.words);
        }
    }

    fn say(&mut self, words: &str) {
        if !self.names.iter().any(|said| said == words) {
            self.names.push(words.to_owned());
        }
    }
}

impl Read {
    /// Of the comparisons that could hold before and cannot now, the attributes that are compared.
    fn possible<'a>(&'a self, after: &'a Read) -> impl Iterator<Item = &'a BTreeSet<Attribute>> {
        self.comparisons.iter().filter_map(|(comparison, before)| {
            let now = after.comparisons.get(comparison)?;
            (before.may_hold && !now.may_hold).then_some(&before.attributes)
        })
    }
}

impl Fate {
    /// Whether it is there under this name.
    fn is_called(&self, name: &str) -> bool {
        self.next.as_ref().is_some_and(|next| next.1 == name)
    }
}

/// An attribute in words: `the field `due` of `item`, now `until``.
fn words(was: &Resource, name: &str, next: Option<&str>, now: Option<&Kind>) -> String {
    let mut relations = was
        .relations
        .iter()
        .filter(|it: &&Relation| it.is_declared());
    let what = if relations.any(|it| it.name == name) {
        "relation"
    } else {
        "field"
    };
    let rest = match (next, now) {
        (None, _) => String::new(),
        (Some(next), None) if next == name => ", which policies do not see any more".to_owned(),
        (Some(next), None) => format!(", now `{next}`, which policies do not see any more"),
        (Some(next), Some(_)) if next != name => format!(", now `{next}`"),
        (Some(_), Some(_)) => ", which names something else now".to_owned(),
    };
    format!("the {what} `{name}` of `{}`{rest}", was.name)
}
