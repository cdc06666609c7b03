//! What of an earlier spec is what of this one, whatever either calls it: the same answer as for tables and their rows.

use std::collections::BTreeSet;

use crate::migrations::renames;
use crate::model::{Action, Field, Relation, Resource, Service};

/// Everything that is there before and after, as it was and as it is.
pub(super) type Pairs<'a, T> = Vec<(&'a T, &'a T)>;

pub(super) fn resources<'a>(old: &'a Service, new: &'a Service) -> Pairs<'a, Resource> {
    pairs(old.resources.iter(), new.resources.iter(), |it| {
        (it.name.as_str(), it.renamed_from.as_deref())
    })
}

pub(super) fn fields<'a>(was: &'a Resource, is: &'a Resource) -> Pairs<'a, Field> {
    pairs(was.fields.iter(), is.fields.iter(), |it| {
        (it.name.as_str(), it.renamed_from.as_deref())
    })
}

pub(super) fn actions<'a>(was: &'a Resource, is: &'a Resource) -> Pairs<'a, Action> {
    pairs(was.actions.iter(), is.actions.iter(), |it| {
        (it.name.as_str(), it.renamed_from.as_deref())
    })
}

/// The relations that the resource itself declares.
pub(super) fn relations<'a>(was: &'a Resource, is: &'a Resource) -> Pairs<'a, Relation> {
    let declared = |it: &&Relation| it.is_declared();
    let (old, new) = (was.relations.iter(), is.relations.iter());
    pairs(old.filter(declared), new.filter(declared), |it| {
        (it.name.as_str(), it.renamed_from.as_deref())
    })
}

/// The values of an enum, or of the elements of a list, that have another name now: the old one and the new one.
pub(super) fn values(was: &Field, is: &Field) -> Vec<(String, String)> {
    let (Some(old), Some(new)) = (was.kind.enumeration(), is.kind.enumeration()) else {
        return Vec::new();
    };
    let known = old.choices.iter().map(|it| it.value.as_str()).collect();
    let former = |value: &str| {
        let mut renamed = new.renamed.iter();
        let found = renamed.find(|(now, _)| now == value)?;
        Some(found.1.as_str())
    };
    let now = new.choices.iter().map(|it| it.value.as_str());
    let now: Vec<_> = now.map(|value| (value, former(value))).collect();
    let renamed = renames(&known, &now).into_iter();
    renamed
        .map(|(now, former)| (former.to_owned(), now.to_owned()))
        .collect()
}

/// The same, those apart whose old name is the name of another value now: `[free, taken]`.
pub(super) fn values_apart<C>(was: &Field, is: &Field) -> [C; 2]
where
    C: Default + Extend<(String, String)>,
{
    let now = is.kind.enumeration().map(|it| it.choices.as_slice());
    let is_word = |word: &str| now.unwrap_or_default().iter().any(|it| it.value == word);
    let (taken, free) = values(was, is)
        .into_iter()
        .partition(|(was, _)| is_word(was));
    [free, taken]
}

fn pairs<'a, T>(
    old: impl Iterator<Item = &'a T> + Clone,
    new: impl Iterator<Item = &'a T> + Clone,
    names: impl Fn(&'a T) -> (&'a str, Option<&'a str>),
) -> Pairs<'a, T> {
    let before = old.clone().map(|it| names(it).0).collect();
    let now: Vec<_> = new.clone().map(&names).collect();
    let renamed = renames(&before, &now);
    let given_up: BTreeSet<&str> = renamed.values().copied().collect();
    let former = |name: &'a str| {
        let own = Some(name).filter(|name| !given_up.contains(name));
        renamed.get(name).copied().or(own)
    };
    let pair = |is: &'a T| {
        let former = former(names(is).0)?;
        let was = old.clone().find(|it| names(it).0 == former)?;
        Some((was, is))
    };
    new.filter_map(pair).collect()
}
