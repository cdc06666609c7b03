//! Fields of type `ref`: what they point to, and what cannot hold.

use std::collections::{BTreeMap, HashMap};

use super::field::Owner;
use super::service::is;
use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::model::{Field, OnDelete, Reference, Referrer, Resource, name, plural};
use crate::spec::{self, Text, listed, nearest};

/// The resources of the file by name: whatever a reference can point to.
pub(super) struct Targets<'a> {
    written: &'a [spec::Resource],
    by_name: HashMap<&'a str, &'a spec::Resource>,
}

impl<'a> Targets<'a> {
    pub(super) fn of(written: &'a [spec::Resource]) -> Self {
        let named = |resource: &'a spec::Resource| (resource.name.value.as_str(), resource);
        Self {
            written,
            by_name: written.iter().map(named).collect(),
        }
    }

    pub(super) fn find(
        &self,
        to: &Text,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a spec::Resource> {
        let found = self.by_name.get(to.value.as_str()).copied();
        if found.is_none() {
            let names = || self.written.iter().map(|known| known.name.value.as_str());
            let help = match nearest(&to.value, names()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("the resources are {}", listed(names())),
            };
            let message = format!("there is no resource `{}` to refer to", brief(&to.value));
            diagnostics.error(&code::REFERENCE, to.span, message, help);
        }
        found
    }
}

/// What a field of type `ref` points to.
pub(super) fn reference(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Reference> {
    without_literals(raw, owner, diagnostics);
    let on_delete = on_delete(raw, owner, diagnostics);
    of_identity(raw, owner, on_delete, diagnostics);
    let Some(to) = &raw.to else {
        if raw.unread.leaves(&["to"]) {
            let message = format!("`{}` does not say what it points to", owner.path(raw));
            let help = "name the resource, such as `{type: ref, to: user}`";
            diagnostics.error(&code::REFERENCE, raw.name.span, message, help);
        }
        return None;
    };
    let target = owner.targets.find(to, diagnostics)?;
    of_undone_deletions(raw, target, owner, on_delete, diagnostics);
    let name = &target.name.value;
    let plural = target.plural.as_ref().map(|plural| plural.value.clone());
    Some(Reference {
        to: name.clone(),
        kind: name::type_name(name),
        module: name::module(name),
        table: plural.unwrap_or_else(|| plural::plural(name)),
        words: name::words(name),
        on_delete,
    })
}

fn on_delete(raw: &spec::Field, owner: &Owner<'_>, diagnostics: &mut Diagnostics) -> OnDelete {
    let Some(written) = &raw.on_delete else {
        return OnDelete::Restrict;
    };
    if is(Some(written), "cascade") {
        return OnDelete::Cascade;
    }
    if !is(Some(written), "set_null") {
        return OnDelete::Restrict;
    }
    if raw.unread.leaves(&["optional"]) && !is_optional(raw) {
        let message = format!(
            "`{}` is required, and `set_null` would empty it",
            owner.path(raw)
        );
        let help = "add `optional: true`, or write `on_delete: restrict` or `cascade`";
        diagnostics.error(&code::REFERENCE, written.span, message, help);
    }
    OnDelete::SetNull
}

fn is_optional(raw: &spec::Field) -> bool {
    raw.optional.is_some_and(|optional| optional.value)
}

/// No row is known when the file is written, so there is no id that could stand in it.
fn without_literals(raw: &spec::Field, owner: &Owner<'_>, diagnostics: &mut Diagnostics) {
    for (key, written) in [
        ("default", &raw.default),
        ("example", &raw.example),
        ("backfill", &raw.backfill),
    ] {
        let Some(written) = written else { continue };
        let message = format!(
            "`{}` is a reference and has no `{key}`: no row is known before the service runs",
            owner.path(raw)
        );
        let help = match key {
            "default" => "remove it; `optional: true` lets it be absent, and a rule can fill it in",
            "backfill" => "add the field with `optional: true`",
            _ => "remove it; generated tests create the row that they refer to",
        };
        diagnostics.error(&code::REFERENCE, written.span, message, help);
    }
}

/// A row that is only marked as deleted can come back, and what went with it has to come back as well.
fn of_undone_deletions(
    raw: &spec::Field,
    target: &spec::Resource,
    owner: &Owner<'_>,
    on_delete: OnDelete,
    diagnostics: &mut Diagnostics,
) {
    let own = owner.targets.by_name.get(owner.resource);
    let can_return = own.is_none_or(|own| own.soft_delete.is_some());
    let Some(written) = raw
        .on_delete
        .as_ref()
        .filter(|_| on_delete == OnDelete::Cascade && target.soft_delete.is_some() && !can_return)
    else {
        return;
    };
    let (own, target) = (brief(owner.resource), brief(&target.name.value));
    let message = format!(
        "`{}` would be lost with its `{target}`, which can come back: `{own}` has no `soft_delete`",
        owner.path(raw)
    );
    let help =
        format!("give `{own}` a `soft_delete` too, or write `on_delete: restrict`, or `set_null`");
    diagnostics.error(&code::REFERENCE, written.span, message, help);
}

/// An account comes before every other row, and ends by its own deletion alone.
fn of_identity(
    raw: &spec::Field,
    owner: &Owner<'_>,
    on_delete: OnDelete,
    diagnostics: &mut Diagnostics,
) {
    if !owner.is_identity {
        return;
    }
    if raw.unread.leaves(&["optional"]) && !is_optional(raw) {
        let message = format!(
            "`{}` is required, and the first administrator is created before any row it could point to",
            owner.path(raw)
        );
        diagnostics.error(
            &code::REFERENCE,
            raw.name.span,
            message,
            "add `optional: true`",
        );
    }
    if let Some(written) = raw
        .on_delete
        .as_ref()
        .filter(|_| on_delete == OnDelete::Cascade)
    {
        let message = format!(
            "`{}` would delete accounts along with another row: sessions would outlive them, and the last administrator could go",
            owner.path(raw)
        );
        let help = "write `on_delete: restrict`, or `set_null`";
        diagnostics.error(&code::REFERENCE, written.span, message, help);
    }
}

/// Tells each resource which fields point to it.
pub(crate) fn link(resources: &mut [Resource]) {
    let mut referrers: HashMap<String, Vec<Referrer>> = HashMap::new();
    for resource in resources.iter() {
        for (field, reference) in resource.references() {
            let referrer = Referrer {
                resource: resource.name.clone(),
                table: resource.table.clone(),
                column: field.column.clone(),
                on_delete: reference.on_delete,
            };
            referrers
                .entry(reference.to.clone())
                .or_default()
                .push(referrer);
        }
    }
    for resource in resources {
        resource.referrers = referrers.remove(&resource.name).unwrap_or_default();
    }
}

/// A required reference, from one resource to another, both by their place in the file.
struct Edge<'a> {
    field: &'a Field,
    to: usize,
}

/// Reports required references that lead back to where they begin: no first row could ever be created.
///
/// What needs nothing that is left is taken away, again and again; what remains leads into a circle. Each resource and
/// reference is looked at once.
pub(super) fn cycles(
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    let edges = required(resources);
    let mut needs: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); resources.len()];
    for (from, edges) in edges.iter().enumerate() {
        for edge in edges {
            if let Some(list) = needed_by.get_mut(edge.to) {
                list.push(from);
            }
        }
    }
    let mut free: Vec<usize> = (0..resources.len())
        .filter(|at| needs.get(*at) == Some(&0))
        .collect();
    while let Some(at) = free.pop() {
        for from in needed_by.get(at).into_iter().flatten() {
            if let Some(left) = needs.get_mut(*from) {
                *left -= 1;
                if *left == 0 {
                    free.push(*from);
                }
            }
        }
    }
    let mut reported = vec![false; resources.len()];
    for at in (0..resources.len()).filter(|at| needs.get(*at).is_some_and(|left| *left > 0)) {
        if let Some(circle) = circle(at, &edges, &needs, &mut reported) {
            report(&circle, raw, resources, diagnostics);
        }
    }
}

fn required(resources: &[Resource]) -> Vec<Vec<Edge<'_>>> {
    let named = resources.iter().enumerate();
    let places: HashMap<&str, usize> = named
        .map(|(at, resource)| (resource.name.as_str(), at))
        .collect();
    let edges = resources.iter().map(|resource| edges(resource, &places));
    edges.collect()
}

fn edges<'a>(resource: &'a Resource, places: &HashMap<&str, usize>) -> Vec<Edge<'a>> {
    let required = resource
        .references()
        .filter(|(field, _)| field.is_required());
    required
        .filter_map(|(field, reference)| {
            let to = *places.get(reference.to.as_str())?;
            Some(Edge { field, to })
        })
        .collect()
}

/// Follows what cannot be created until it comes back; none, where that was reported before.
fn circle<'a>(
    start: usize,
    edges: &'a [Vec<Edge<'a>>],
    needs: &[usize],
    reported: &mut [bool],
) -> Option<Vec<(usize, &'a Field)>> {
    let mut way: Vec<(usize, &Field)> = Vec::new();
    let mut place_on_way: BTreeMap<usize, usize> = BTreeMap::new();
    let mut at = start;
    while !place_on_way.contains_key(&at) {
        if reported.get(at).copied().unwrap_or(true) {
            return None;
        }
        let stuck = |edge: &&Edge<'_>| needs.get(edge.to).is_some_and(|left| *left > 0);
        let edge = edges.get(at)?.iter().find(stuck)?;
        place_on_way.insert(at, way.len());
        way.push((at, edge.field));
        at = edge.to;
    }
    for (passed, _) in &way {
        if let Some(mark) = reported.get_mut(*passed) {
            *mark = true;
        }
    }
    let begin = *place_on_way.get(&at)?;
    Some(way.split_off(begin))
}

fn report(
    circle: &[(usize, &Field)],
    raw: &[spec::Resource],
    resources: &[Resource],
    diagnostics: &mut Diagnostics,
) {
    // The earliest of them in the file is where it is told.
    let first = circle.iter().enumerate().min_by_key(|(_, (at, _))| *at);
    let Some((turn, (at, field))) = first else {
        return;
    };
    let name = |at: usize| resources.get(at).map_or("", |resource| &resource.name);
    let own = name(*at);
    let message = match circle {
        [_] => format!(
            "every `{own}` would need another `{own}` before it: none could ever be created"
        ),
        _ => {
            let others = circle.iter().cycle().skip(turn + 1).take(circle.len());
            let others: Vec<String> = others.map(|(at, _)| format!("`{}`", name(*at))).collect();
            format!(
                "`{own}` needs {}: no row of any of them could ever be created",
                others.join(", which needs ")
            )
        }
    };
    let written = raw.iter().find(|raw| raw.name.value == own);
    let written =
        written.and_then(|raw| raw.fields.iter().find(|raw| raw.name.value == field.name));
    let Some(written) = written else { return };
    let span = written.to.as_ref().map_or(written.name.span, |to| to.span);
    let help = "add `optional: true` to one of the references";
    diagnostics.error(&code::REFERENCE, span, message, help);
}
