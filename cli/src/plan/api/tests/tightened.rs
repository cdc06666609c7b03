//! Limits and targets of which the document says nothing.

use super::*;
use crate::model::{Delay, FieldKind};

/// That a change is told as breaking, and the way back is not.
#[track_caller]
fn tightens(old: &Service, new: &Service, kind: &'static str, path: &str) {
    let forth = told(old, new);
    assert!(forth.contains(&(kind, path.to_owned(), true)), "{forth:?}");
    let back = told(new, old);
    assert!(back.iter().any(|(_, place, _)| place == path), "{back:?}");
    assert!(back.iter().all(|(_, _, breaking)| !breaking), "{back:?}");
}

fn project(rest: &str) -> Service {
    service(&format!(
        "  project:\n    soft_delete: {{purge_after: 90d}}\n    actions: {{archive: {{}}}}\n    fields: {{title: {{type: string}}}}\n{rest}"
    ))
}

#[test]
fn quotas_of_actions_and_of_restore() {
    let limits = |text: &str| project(&format!("    rate_limits: {{{text}}}\n"));
    for name in ["archive", "restore", "create"] {
        let path = format!("/api/v1/projects {name}");
        let loose = limits(&format!("{name}: 10/1m"));
        let tight = limits(&format!("{name}: 1/1m"));
        tightens(&loose, &tight, "limit_tightened", &path);
        tightens(&project(""), &loose, "limit_tightened", &path);
    }
    // What had no route had no quota either.
    let fewer = project("    operations: [list, read, delete]\n");
    let more =
        project("    operations: [list, read, delete, create]\n    rate_limits: {create: 1/1m}\n");
    assert!(told(&fewer, &more).iter().all(|(_, _, breaking)| !breaking));
}

#[test]
fn what_ends_sooner() {
    let old = project("");
    let mut new = old.clone();
    let soft = new.resources.iter_mut().find(|it| it.name == "project");
    soft.unwrap().soft_delete.as_mut().unwrap().purge_after /= 2;
    tightens(
        &old,
        &new,
        "limit_tightened",
        "/api/v1/projects/{id}/restore",
    );
    for (path, change) in [
        (
            "http.timeout",
            (|it| it.http.timeout /= 2) as fn(&mut Service),
        ),
        ("auth.refresh_token.ttl", |it| {
            it.auth.as_mut().unwrap().refresh_ttl /= 2
        }),
        ("auth.refresh_token.absolute_ttl", |it| {
            it.auth.as_mut().unwrap().refresh_absolute_ttl /= 2;
        }),
        ("auth.lockout.after", |it| {
            it.auth.as_mut().unwrap().lockout.after -= 1
        }),
        ("auth.lockout.for", |it| {
            it.auth.as_mut().unwrap().lockout.longest *= 2
        }),
        ("auth.lockout.within", |it| {
            it.auth.as_mut().unwrap().lockout.within *= 2
        }),
        ("auth.lockout.delay", |it| {
            it.auth.as_mut().unwrap().lockout.delay = Delay::Fixed
        }),
    ] {
        let mut new = old.clone();
        change(&mut new);
        tightens(&old, &new, "limit_tightened", path);
    }
}

#[test]
fn a_reference_to_rows_of_another_resource() {
    let shop = |to: &str, former: &str| {
        service(&format!(
            "  label: {{fields: {{name: {{type: string}}}}}}\n  tag: {{{former}fields: {{name: {{type: string}}}}}}\n  item:\n    fields: {{by: {{type: ref, to: {to}}}}}\n    relations: {{marks: {{many_to_many: {to}}}}}\n"
        ))
    };
    let (label, tag) = (shop("label", ""), shop("tag", ""));
    for (old, new) in [(&label, &tag), (&tag, &label)] {
        let changes = told(old, new);
        for path in ["/items#by", "/items/{id}/marks"] {
            let wanted = ("type_changed", format!("/api/v1{path}"), true);
            assert!(changes.contains(&wanted), "{wanted:?}: {changes:?}");
        }
    }
    // Another name for the same rows is no other target; its own routes are told.
    let mut renamed = tag.clone();
    for resource in &mut renamed.resources {
        resource.renamed_from = (resource.name == "tag").then(|| "sign".to_owned());
    }
    let mut old = tag.clone();
    old.resources.retain(|resource| resource.name != "tag");
    for field in old.resources.iter_mut().flat_map(|it| &mut it.fields) {
        if let FieldKind::Reference(reference) = &mut field.kind {
            reference.to = "sign".to_owned();
        }
    }
    let changes = api_changes(&old, &renamed);
    let is_target =
        |change: &&ApiChange| change.kind == "type_changed" && change.path.ends_with("#by");
    let fields = changes
        .iter()
        .filter(is_target)
        .filter(|it| it.path == "/api/v1/items#by");
    assert_eq!(fields.count(), 0, "{changes:?}");
}

#[test]
fn many_lines_where_one_was_break_nobody() {
    both_ways(
        "{type: string, max: 80}",
        "{type: text, max: 80}",
        &[("limit_loosened", false)],
        &[("limit_tightened", true)],
    );
}
