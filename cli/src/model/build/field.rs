//! One field: its names, its type, and whether it must be sent.

use super::reference::Targets;
use super::resource::{is_name, taken};
use super::{flags, kind};
use crate::diagnostic::{Code, Diagnostics, brief, spec as code};
use crate::model::{Field, FieldKind, Literal, Presence, name, reserved, value};
use crate::spec::{self, Given, Spanned};

/// What a field must know of its resource.
pub(super) struct Owner<'a> {
    pub(super) resource: &'a str,
    pub(super) struct_name: &'a str,
    pub(super) is_identity: bool,
    /// The list whose elements are described, if any.
    pub(super) list: Option<&'a str>,
    pub(super) targets: &'a Targets<'a>,
    pub(super) part: Part<'a>,
}

/// Where below its resource a field stands.
#[derive(Clone, Copy)]
pub(super) enum Part<'a> {
    /// Among the resource's own.
    Fields,
    /// In the body of this action.
    Input(&'a str),
    /// In the answer of this action.
    Output(&'a str),
}

impl Owner<'_> {
    /// The way to a key of a field, as diagnostics write it.
    pub(super) fn path(&self, field: &spec::Field) -> String {
        let part = match self.part {
            Part::Fields => "fields".to_owned(),
            Part::Input(action) => format!("actions.{}.input", brief(action)),
            Part::Output(action) => format!("actions.{}.output", brief(action)),
        };
        let (name, end) = match self.list {
            Some(list) => (list, ".of"),
            None => (field.name.value.as_str(), ""),
        };
        format!(
            "resources.{}.{part}.{}{end}",
            brief(self.resource),
            brief(name)
        )
    }
}

pub(super) fn field(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Field> {
    let named = is_named(raw, owner, diagnostics);
    let kind = kind::kind(raw, owner, diagnostics);
    flags::check(raw, kind.as_ref(), owner, diagnostics);
    let kind = kind?;
    let presence = presence(raw, &kind, owner, diagnostics);
    let is_reference = matches!(kind, FieldKind::Reference(_));
    let mut checked = |code, key, written: &Option<Spanned<Given>>| {
        let written = written.as_ref().filter(|_| !is_reference)?;
        literal(code, key, written, &kind, owner.path(raw), diagnostics)
    };
    let example = checked(&code::EXAMPLE, "example", &raw.example);
    let backfill = checked(&code::DEFAULT, "backfill", &raw.backfill);
    let name = raw.name.value.clone();
    let on = |flag: Option<Spanned<bool>>| flag.is_some_and(|flag| flag.value);
    named.then(|| Field {
        words: name::words(&name),
        rust_ident: name::rust_ident(&name),
        const_name: name.to_ascii_uppercase(),
        type_name: name::pascal(&name),
        column: name.clone(),
        sql_column: name::sql(&name),
        name,
        kind,
        presence,
        unique: on(raw.unique),
        // Deleting a row looks for those that refer to it.
        index: (on(raw.index) || is_reference) && !on(raw.unique),
        search: on(raw.search),
        immutable: on(raw.immutable),
        read_only: on(raw.read_only),
        write_only: on(raw.write_only),
        guarded: on(raw.guarded),
        encrypted: on(raw.encrypted),
        sensitive: on(raw.sensitive),
        description: raw.description.as_ref().map(|text| text.value.clone()),
        example,
        renamed_from: raw.renamed_from.as_ref().map(|text| text.value.clone()),
        backfill,
    })
}

/// Reports a name that no field can have.
pub(super) fn is_named(
    raw: &spec::Field,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> bool {
    free(raw, owner, diagnostics);
    is_name(&raw.name, "field", diagnostics)
}

fn free(raw: &spec::Field, owner: &Owner<'_>, diagnostics: &mut Diagnostics) {
    let name = raw.name.value.as_str();
    let of_identity = || reserved::identity_field(name).filter(|_| owner.is_identity);
    let reason = match owner.part {
        Part::Fields => reserved::field(name).or_else(of_identity),
        Part::Input(_) => reserved::sent(name),
        Part::Output(_) => None,
    };
    let Some(reason) = reason else {
        return;
    };
    let help = match name {
        "id" | "created_at" | "updated_at" | "version" | "password" | "password_hash" => {
            "remove it".to_owned()
        }
        _ => format!("choose another, such as `{}_{name}`", owner.resource),
    };
    taken(&code::RESERVED_NAME, &raw.name, reason, &help, diagnostics);
}

fn presence(
    raw: &spec::Field,
    kind: &FieldKind,
    owner: &Owner<'_>,
    diagnostics: &mut Diagnostics,
) -> Presence {
    let has_literals = !matches!(kind, FieldKind::Reference(_));
    let default = raw.default.as_ref().filter(|_| has_literals);
    let default = default.and_then(|written| {
        literal(
            &code::DEFAULT,
            "default",
            written,
            kind,
            owner.path(raw),
            diagnostics,
        )
    });
    match default {
        Some(literal) => Presence::Default(literal),
        None if raw.optional.is_some_and(|optional| optional.value) => Presence::Optional,
        None => Presence::Required,
    }
}

fn literal(
    code: &'static Code,
    key: &str,
    written: &Spanned<Given>,
    kind: &FieldKind,
    path: String,
    diagnostics: &mut Diagnostics,
) -> Option<Literal> {
    match value::given(kind, &written.value) {
        Ok(literal) => Some(literal),
        Err(expected) => {
            let message = format!(
                "`{path}.{key}` must be {expected}, found `{}`",
                brief(&found(&written.value))
            );
            diagnostics.error(
                code,
                written.span,
                message,
                format!(
                    "the service itself would refuse this {key}; change it, or the field's rules"
                ),
            );
            None
        }
    }
}

/// What was written, in a few words.
fn found(given: &Given) -> String {
    match given {
        Given::One(scalar) => scalar.text.clone(),
        Given::Several(items) => {
            let items: Vec<&str> = items.iter().map(|item| item.value.text.as_str()).collect();
            format!("[{}]", items.join(", "))
        }
    }
}
