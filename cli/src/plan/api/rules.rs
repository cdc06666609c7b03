//! What the document does not say: orders, what no two rows share, quotas, origins, the size of bodies.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Breaking, Changes, accounts, fields};
use crate::model::{Field, Known, Lists, Quota, Relation, Resource, Service, SoftDelete, Tier};
use crate::openapi;

pub(super) fn compare(old: &Service, new: &Service, changes: &mut Changes) {
    http(old, new, changes);
    let tiers = |service: &'_ Service| {
        let limits = service.rate_limits.clone();
        [
            ("auth", limits.auth),
            ("write", limits.write),
            ("read", limits.read),
        ]
    };
    for ((name, was), (_, is)) in tiers(old).into_iter().zip(tiers(new)) {
        tier(&format!("rate_limits.{name}"), &was, &is, changes);
    }
    lists(old.lists, new.lists, changes);
    accounts::compare(old, new, changes);
    fields::compare(old, new, changes);
    for was in &old.resources {
        if let Some(is) = new.resource(&was.name) {
            let path = format!("{}{}", new.base_path, is.path);
            resource(was, is, &path, changes);
            quotas(was, is, &path, changes);
            targets(was, (new, is), &path, changes);
        }
    }
}

fn http(old: &Service, new: &Service, changes: &mut Changes) {
    let (was, is) = (old.http.body_limit, new.http.body_limit);
    if was != is {
        let text = format!("bodies may have {is} bytes, {was} before");
        bound("http.body_limit", is < was, text, changes);
    }
    let time = |service: &Service| service.http.timeout;
    shorter("http.timeout", time(old), time(new), changes);
    let origins = |service: &'_ Service| -> BTreeSet<String> {
        service.http.cors_origins.iter().cloned().collect()
    };
    for gone in origins(old).difference(&origins(new)) {
        let text = format!("browsers may not call from {gone} any more");
        changes.add("origin_removed", "http.cors_origins", Breaking::Yes, text);
    }
    for added in origins(new).difference(&origins(old)) {
        let text = format!("browsers may call from {added} now");
        changes.add("origin_added", "http.cors_origins", Breaking::No, text);
    }
}

/// That a page is full is a promise to whoever reads it, and that a short one tells of no hidden rows is one to those who
/// hid them.
fn lists(was: Lists, is: Lists, changes: &mut Changes) {
    let place = "authorization.lists";
    match (was, is) {
        (Lists::Strict, Lists::Scan) => {
            let text = "lists of which SQL cannot say the policies are decided row by row now: pages may be short before the last one, which tells that hidden rows exist, and each costs more";
            changes.add("pages_may_be_short", place, Breaking::Yes, text);
        }
        (Lists::Scan, Lists::Strict) => {
            let text = "every page but the last is full now";
            changes.add("pages_always_full", place, Breaking::No, text);
        }
        _ => {}
    }
}

/// What ends earlier than it did.
pub(super) fn shorter(place: &str, was: Duration, is: Duration, changes: &mut Changes) {
    if was != is {
        let text = format!("{} s, {} s before", is.as_secs(), was.as_secs());
        bound(place, is < was, text, changes);
    }
}

fn resource(was: &Resource, is: &Resource, path: &str, changes: &mut Changes) {
    let (before, after) = (openapi::sortable(was), openapi::sortable(is));
    for name in before.iter().filter(|name| !after.contains(name)) {
        let text = "lists are no longer ordered by it";
        changes.add(
            "sort_removed",
            &format!("GET {path}?sort={name}"),
            Breaking::Yes,
            text,
        );
    }
    uniqueness(was, is, path, changes);
    for relation in &is.relations {
        let mut before = was.relations.iter();
        let before = before.find(|before| before.name == relation.name);
        room(path, before.and_then(Relation::known), relation, changes);
    }
    if let (Some(was), Some(is)) = (was.soft_delete, is.soft_delete) {
        let place = format!("{path}/{{id}}/{}", SoftDelete::RESTORE);
        shorter(&place, was.purge_after, is.purge_after, changes);
    }
}

/// The quotas of single operations, of actions and of `restore`. A route that is new had none to be less than.
fn quotas(was: &Resource, is: &Resource, path: &str, changes: &mut Changes) {
    for operation in was.operations.intersection(&is.operations) {
        let of = |resource: &Resource| resource.rate_limits.get(operation).copied();
        let place = format!("{path} {}", operation.as_str());
        own_quota(&place, of(was), of(is), changes);
    }
    for action in &is.actions {
        let mut before = was.actions.iter();
        if let Some(before) = before.find(|before| before.name == action.name) {
            let place = format!("{path} {}", action.name);
            own_quota(&place, before.limit, action.limit, changes);
        }
    }
    if let (Some(was), Some(is)) = (was.soft_delete, is.soft_delete) {
        let place = format!("{path} {}", SoftDelete::RESTORE);
        own_quota(&place, was.limit, is.limit, changes);
    }
}

fn own_quota(place: &str, was: Option<Quota>, is: Option<Quota>, changes: &mut Changes) {
    match (was, is) {
        (Some(was), Some(is)) => quota(place, &was, &is, changes),
        (None, Some(is)) => {
            let text = format!("a limit of its own now: {is}");
            bound(place, true, text, changes);
        }
        (Some(was), None) => {
            let text = format!("no limit of its own any more, {was} before");
            bound(place, false, text, changes);
        }
        (None, None) => {}
    }
}

/// References and relations to other rows than before: whatever those look like, the id that a client has is none of theirs.
fn targets(was: &Resource, (new, is): (&Service, &Resource), path: &str, changes: &mut Changes) {
    let is_same = |before: &str, now: &str| {
        let renamed = new.resource(now).and_then(|it| it.renamed_from.as_deref());
        before == now || renamed == Some(before)
    };
    let mut compare = |place: String, before: &str, now: &str| {
        if !is_same(before, now) {
            let text = format!("it names rows of `{now}`, and of `{before}` before");
            changes.add("type_changed", &place, Breaking::Yes, text);
        }
    };
    for (field, now) in is.references() {
        if let Some(before) = was.field(&field.name).and_then(Field::reference) {
            compare(format!("{path}#{}", field.name), &before.to, &now.to);
        }
    }
    for relation in &is.relations {
        let mut before = was.relations.iter();
        if let Some(before) = before.find(|before| before.name == relation.name) {
            let place = format!("{path}/{{id}}/{}", relation.end);
            compare(place, &before.to, &relation.to);
        }
    }
}

/// A row that was taken before is refused where it has the values of another one now. What holds already, because fewer of
/// the fields are unique together, keeps nobody out.
fn uniqueness(was: &Resource, is: &Resource, path: &str, changes: &mut Changes) {
    let (before, after) = (keys(was), keys(is));
    let place = |key: &BTreeSet<&str>| {
        let names: Vec<&str> = key.iter().copied().collect();
        format!("{path}#{}", names.join("+"))
    };
    for key in after.difference(&before) {
        let is_new = key.iter().all(|name| was.field(name).is_none());
        let holds = before.iter().any(|known| known.is_subset(key));
        let text = "no two rows have the same value now";
        let breaking = Breaking::when(!holds && !is_new);
        changes.add("unique_added", &place(key), breaking, text);
    }
    for key in before.difference(&after) {
        let text = "several rows may have the same value now";
        changes.add("unique_removed", &place(key), Breaking::No, text);
    }
}

/// What no two rows share: single fields, and several together.
fn keys(resource: &Resource) -> BTreeSet<BTreeSet<&str>> {
    let single = resource.fields.iter().filter(|field| field.unique);
    let single = single.map(|field| BTreeSet::from([field.name.as_str()]));
    let several = resource.unique.iter();
    let several = several.map(|names| names.iter().map(String::as_str).collect());
    single.chain(several).collect()
}

/// How many rows one row can be related to.
fn room(path: &str, was: Option<&Known>, relation: &Relation, changes: &mut Changes) {
    if let (Some(Known::Set(was)), Some(Known::Set(is))) = (was, relation.known())
        && was != is
    {
        let text = format!("holds {is} rows at most, {was} before");
        let place = format!("{path}/{{id}}/{}", relation.end);
        bound(&place, is < was, text, changes);
    }
}

fn tier(place: &str, was: &Tier, is: &Tier, changes: &mut Changes) {
    quota(place, &was.quota, &is.quota, changes);
    let signed_in = |tier: &Tier| tier.authenticated.unwrap_or(tier.quota);
    let place = format!("{place}.authenticated");
    quota(&place, &signed_in(was), &signed_in(is), changes);
    let counts_more = |one: &Tier, other: &Tier| {
        one.keys.iter().any(|key| !other.keys.contains(key))
            || (other.skip_successful && !one.skip_successful)
    };
    if counts_more(is, was) {
        bound(
            &place,
            true,
            "more requests are counted".to_owned(),
            changes,
        );
    }
    if counts_more(was, is) {
        bound(
            &place,
            false,
            "fewer requests are counted".to_owned(),
            changes,
        );
    }
}

/// A quota is tighter where it has less in its window, or less in the same time.
fn quota(place: &str, was: &Quota, is: &Quota, changes: &mut Changes) {
    if was == is {
        return;
    }
    let rate = |one: &Quota, other: &Quota| u64::from(one.count) * other.window.as_secs();
    let tighter = is.count < was.count || rate(is, was) < rate(was, is);
    bound(place, tighter, format!("{is}, {was} before"), changes);
}

pub(super) fn bound(place: &str, tighter: bool, text: String, changes: &mut Changes) {
    let kind = if tighter {
        "limit_tightened"
    } else {
        "limit_loosened"
    };
    changes.add(kind, place, Breaking::when(tighter), text);
}
