//! Rules of single fields that the document does not have, or not all of: patterns that only the service reads, the earliest
//! and the latest moment, what must stand behind a reference, what happens where it is deleted.

use super::{Breaking, Changes};
use crate::model::{
    Field, FieldKind, Format, OnDelete, Operation, Resource, Service, TextRule, TextShape,
};

pub(super) fn compare(old: &Service, new: &Service, changes: &mut Changes) {
    for was in &old.resources {
        let Some(is) = new.resource(&was.name) else {
            continue;
        };
        let path = format!("{}{}", new.base_path, is.path);
        for field in &is.fields {
            if let Some(before) = was.field(&field.name) {
                let place = format!("{path}#{}", field.name);
                let mut found = Found::new(&place, ways(is, before, field), changes);
                kind(&before.kind, &field.kind, &mut found);
                deletion(before, field, &place, changes);
            }
        }
        if old.registers(was) && new.registers(is) {
            let path = format!("{}/auth/register", new.base_path);
            let taken = is.fields.iter().filter(|field| !field.guarded);
            of_body(&was.fields, taken, &path, "POST", changes);
        }
        for action in &is.actions {
            let mut before = was.actions.iter();
            if let Some(before) = before.find(|before| before.name == action.name) {
                let path = action.path(&path);
                let method = action.method.as_str();
                of_body(&before.input, action.input.iter(), &path, method, changes);
            }
        }
    }
}

fn of_body<'a>(
    before: &[Field],
    after: impl Iterator<Item = &'a Field>,
    path: &str,
    method: &str,
    changes: &mut Changes,
) {
    for field in after.filter(|field| !field.read_only) {
        if let Some(was) = before.iter().find(|was| was.name == field.name) {
            let place = format!("{path}#{}", field.name);
            let ways = Ways {
                sent: vec![method],
                is_got: false,
            };
            kind(
                &was.kind,
                &field.kind,
                &mut Found::new(&place, ways, changes),
            );
        }
    }
}

/// How a client meets a field.
struct Ways<'a> {
    /// The methods of the bodies that it was in, and is.
    sent: Vec<&'a str>,
    /// Whether it is in answers.
    is_got: bool,
}

fn ways(resource: &Resource, was: &Field, is: &Field) -> Ways<'static> {
    let is_taken = !was.read_only && !is.read_only;
    let is_changed = !was.immutable && !is.immutable;
    let bodies = [
        ("POST", resource.has(Operation::Create)),
        ("PATCH", resource.has(Operation::Update) && is_changed),
    ];
    let bodies = bodies.into_iter().filter(|(_, there)| *there && is_taken);
    Ways {
        sent: bodies.map(|(method, _)| method).collect(),
        is_got: !was.write_only && !is.write_only,
    }
}

/// Where changes of one field are told.
struct Found<'f> {
    place: &'f str,
    ways: Ways<'f>,
    changes: &'f mut Changes,
}

impl<'f> Found<'f> {
    fn new(place: &'f str, ways: Ways<'f>, changes: &'f mut Changes) -> Self {
        Self {
            place,
            ways,
            changes,
        }
    }

    /// What is taken in bodies now.
    fn sent(&mut self, kind: &'static str, breaking: bool, text: &str) {
        for method in &self.ways.sent {
            let breaking = Breaking::when(breaking);
            self.changes
                .at(kind, self.place, breaking, text, Some(method));
        }
    }

    fn bound(&mut self, tighter: bool, text: &str) {
        let kind = if tighter {
            "limit_tightened"
        } else {
            "limit_loosened"
        };
        self.sent(kind, tighter, text);
    }
}

fn kind(was: &FieldKind, is: &FieldKind, found: &mut Found<'_>) {
    match (was, is) {
        (FieldKind::List(was), FieldKind::List(is)) => return kind(&was.of, &is.of, found),
        (FieldKind::Text(was), FieldKind::Text(is)) => text(was, is, found),
        (_, FieldKind::Text(is)) => becomes_text(is, found),
        (FieldKind::Uuid, FieldKind::Reference(to)) => {
            let text = format!("it has to be the id of a row of `{}` now", to.to);
            found.bound(true, &text);
        }
        (FieldKind::Reference(to), FieldKind::Uuid) => {
            let text = format!("it need not be the id of a row of `{}` any more", to.to);
            found.bound(false, &text);
        }
        _ => {}
    }
    range(was, is, found);
}

fn text(was: &TextRule, is: &TextRule, found: &mut Found<'_>) {
    match (was.shape, is.shape) {
        (TextShape::String, TextShape::Text) => found.bound(false, "many lines are taken now"),
        (TextShape::Text, TextShape::String) => found.bound(true, "one line alone is taken now"),
        (TextShape::Phone, TextShape::Phone) => {}
        (_, TextShape::Phone) => found.sent("type_changed", true, PHONE),
        (TextShape::Phone, TextShape::String | TextShape::Text) => {
            found.bound(false, "other texts than telephone numbers are taken now");
            if found.ways.is_got {
                let text = "other texts than telephone numbers are possible now";
                let (place, breaking) = (found.place, Breaking::Yes);
                let changes = &mut *found.changes;
                changes.at("type_changed", place, breaking, text, Some("answers"));
            }
        }
        // These have a format, which the document says.
        _ => {}
    }
    if was.pattern != is.pattern {
        let shown = |rule: &TextRule| match &rule.pattern {
            Some(pattern) => format!("`{pattern}`"),
            None => "none".to_owned(),
        };
        // One that is another may refuse what the old one took.
        let text = format!("pattern: {} before, {} now", shown(was), shown(is));
        found.bound(is.pattern.is_some(), &text);
    }
    match (was.format, is.format) {
        (None, Some(Format::PersonName)) => found.bound(true, NAMES),
        (Some(Format::PersonName), None) => {
            found.bound(false, "other characters than those of names are taken now");
        }
        _ => {}
    }
    trim(was, is, found);
}

const PHONE: &str = "telephone numbers alone are taken now";
const NAMES: &str = "characters of names alone are taken now";

/// White space at the ends is part of the value where it is not removed: a pattern refuses it, and what is nothing else has a
/// length.
fn trim(was: &TextRule, is: &TextRule, found: &mut Found<'_>) {
    let has_look = |rule: &TextRule| {
        rule.pattern.is_some()
            || rule.format.is_some()
            || !matches!(rule.shape, TextShape::String | TextShape::Text)
    };
    match (was.trim, is.trim) {
        (false, true) => {
            let text = "white space at both ends is removed now, and does not count";
            found.bound(is.min > 0, text);
        }
        (true, false) => {
            let text = "white space at both ends is no longer removed";
            found.bound(has_look(is), text);
        }
        _ => {}
    }
}

/// What was no text has no pattern that could be compared.
fn becomes_text(is: &TextRule, found: &mut Found<'_>) {
    if is.shape == TextShape::Phone {
        found.sent("type_changed", true, PHONE);
    }
    if let Some(pattern) = &is.pattern {
        found.bound(true, &format!("pattern: none before, `{pattern}` now"));
    }
    if is.format == Some(Format::PersonName) {
        found.bound(true, NAMES);
    }
}

/// Limits for which JSON Schema has no words, so that the document leaves them out.
fn range(was: &FieldKind, is: &FieldKind, found: &mut Found<'_>) {
    let (before, after) = match (ends(was), ends(is)) {
        (Some(before), Some(after)) if same_type(was, is) => (before, after),
        _ => return,
    };
    if before != after {
        let tighter = after.0 > before.0 || after.1 < before.1;
        let text =
            "the earliest and the latest value, or the least and the greatest, are others now";
        found.bound(tighter, text);
    }
}

fn same_type(was: &FieldKind, is: &FieldKind) -> bool {
    std::mem::discriminant(was) == std::mem::discriminant(is)
}

/// The least and the greatest value of a type whose values are strings on the wire.
fn ends(kind: &FieldKind) -> Option<(i64, i64)> {
    let of = |min: Option<i64>, max: Option<i64>| {
        Some((min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX)))
    };
    match kind {
        FieldKind::Date(range)
        | FieldKind::Time(range)
        | FieldKind::Datetime(range)
        | FieldKind::Duration(range) => of(
            range.min.as_ref().map(|moment| moment.ms),
            range.max.as_ref().map(|moment| moment.ms),
        ),
        FieldKind::Decimal { range, .. } => of(
            range.min.as_ref().map(|value| value.units),
            range.max.as_ref().map(|value| value.units),
        ),
        FieldKind::WideInteger(range) => of(range.min, range.max),
        _ => None,
    }
}

/// What becomes of a row whose reference names one that is deleted, and of that deletion.
fn deletion(was: &Field, is: &Field, place: &str, changes: &mut Changes) {
    let (Some(was), Some(is)) = (was.reference(), is.reference()) else {
        return;
    };
    if was.on_delete == is.on_delete {
        return;
    }
    let (kind, breaking, now) = match is.on_delete {
        OnDelete::Restrict => (
            "deletion_refused",
            Breaking::Yes,
            "is refused with 409 as long as a row names it",
        ),
        OnDelete::Cascade => (
            "deletion_widened",
            Breaking::Yes,
            "deletes the rows that name it as well",
        ),
        OnDelete::SetNull => (
            "deletion_loosened",
            Breaking::No,
            "leaves the rows that name it, with nothing in this field",
        ),
    };
    let before = match was.on_delete {
        OnDelete::Restrict => "was refused",
        OnDelete::Cascade => "deleted them",
        OnDelete::SetNull => "emptied the field",
    };
    let text = format!(
        "a deletion of a row of `{}` {now}, and {before} before",
        is.to
    );
    changes.add(kind, place, breaking, text);
}
