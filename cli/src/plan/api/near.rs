//! Which part of two services a change between them can be seen in.
//!
//! A document of five hundred resources takes longer than everything else about a change of one of them. What a resource
//! has in the document depends on itself and on what it names, so two resources that are the same in both services, and
//! near no other that is not, look the same to every client.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Resource, Service};

/// Both services without the resources that no change is near to.
pub(super) fn both(old: &Service, new: &Service) -> (Service, Service) {
    if without_resources(old) != without_resources(new) {
        return (old.clone(), new.clone());
    }
    let (before, after) = (by_name(old), by_name(new));
    let names: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let differs = |name: &&str| before.get(name) != after.get(name);
    let mut links = Links::default();
    let all = || old.resources.iter().chain(&new.resources);
    for (resource, other) in all().flat_map(named_by) {
        links.naming.entry(other).or_default().insert(resource);
        links.named.entry(resource).or_default().insert(other);
    }
    let shows = reached(&links.naming, names.into_iter().filter(differs));
    // Who signs in is a part of every document.
    let identities = all().filter(|resource| resource.is_identity);
    let identities = identities.map(|resource| resource.name.as_str());
    let near = reached(&links.named, shows.into_iter().chain(identities));
    (only(old, &near), only(new, &near))
}

/// Who names whom, in both services.
#[derive(Default)]
struct Links<'a> {
    /// Those that name a resource.
    naming: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Those that a resource names.
    named: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

fn by_name(service: &Service) -> BTreeMap<&str, &Resource> {
    let resources = service.resources.iter();
    resources.map(|it| (it.name.as_str(), it)).collect()
}

fn named_by(resource: &Resource) -> impl Iterator<Item = (&str, &str)> {
    let references = resource.references().map(|(_, reference)| &reference.to);
    let relations = resource.relations.iter().map(|relation| &relation.to);
    references
        .chain(relations)
        .map(|other| (resource.name.as_str(), other.as_str()))
}

/// These, and all that the links lead to from there.
fn reached<'a>(
    links: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    from: impl Iterator<Item = &'a str>,
) -> BTreeSet<&'a str> {
    let mut open: Vec<&str> = from.collect();
    let mut reached = BTreeSet::new();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(links.get(next).into_iter().flatten());
        }
    }
    reached
}

fn without_resources(service: &Service) -> Service {
    only(service, &BTreeSet::new())
}

fn only(service: &Service, near: &BTreeSet<&str>) -> Service {
    let resources = service.resources.iter();
    let resources = resources.filter(|resource| near.contains(resource.name.as_str()));
    Service {
        resources: resources.cloned().collect(),
        ..service.clone()
    }
}
