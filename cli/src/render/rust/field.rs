//! One field, as every template of a resource needs it.

use serde::Serialize;

use super::resource::Operations;
use super::values;
use crate::model::{Field, FieldKind, Presence, is_attribute};
use crate::render::code::Rust;
use crate::render::sql;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct FieldView {
    /// The name as a string literal.
    name: Rust,
    /// The name in a comment.
    word: Rust,
    /// What is to say about it, after its name.
    note: Rust,
    ident: Rust,
    /// Its place in a row.
    position: Rust,
    constant: Rust,
    base_type: Rust,
    row_type: Rust,
    change_type: Rust,
    rule_type: Rust,
    rule: Rust,
    /// How a creation reads it: `required("email", &EMAIL)`.
    create: Rust,
    /// How an update reads it.
    change: Rust,
    /// What it holds if a creation cannot name it.
    initial: Rust,
    /// Whether some body may name it, so that there is a rule for it.
    checked: bool,
    optional: bool,
    guarded: bool,
    read_only: bool,
    immutable: bool,
    write_only: bool,
    pub(super) encrypted: bool,
    /// Whether policies see it.
    told: bool,
    /// How an answer shows it, after the row: `field("email", &user.email)` without the row.
    shown: Shown,
    /// What it points to, where it is a `ref`.
    target: Option<TargetView>,
}

/// The resource that a `ref` points to.
#[derive(Clone, Debug, Serialize)]
struct TargetView {
    /// The Cedar entity type as a string literal.
    kind: Rust,
    /// Where the resource's own module is, seen from another's.
    place: Rust,
    /// How the field stands in a row, as an `Option`.
    id: Rust,
    /// Who sees it: the name of what makes a `RelatedField`.
    sight: Rust,
}

impl TargetView {
    fn new(field: &Field) -> Option<Self> {
        let reference = field.reference()?;
        let own = format!("self.{}", field.rust_ident);
        let sight = match (field.write_only, field.guarded) {
            (true, _) => "write_only",
            (false, true) => "guarded",
            (false, false) => "new",
        };
        Some(Self {
            kind: Rust::text(&reference.kind),
            place: Rust::code(format!("super::super::{}", reference.module)),
            id: Rust::code(if field.is_nullable() {
                own
            } else {
                format!("Some({own})")
            }),
            sight: Rust::name(sight),
        })
    }
}

impl FieldView {
    pub(crate) fn new(index: usize, field: &Field, has: &Operations) -> Self {
        let base = values::base_type(&field.kind);
        let row = values::row_type(field);
        Self {
            name: Rust::text(&field.name),
            word: Rust::name(&field.name),
            note: Rust::code(note(field)),
            ident: Rust::name(&field.rust_ident),
            position: Rust::code((index + sql::FIXED.len()).to_string()),
            constant: Rust::name(&field.const_name),
            change_type: Rust::code(format!("Option<{row}>")),
            base_type: Rust::code(base),
            row_type: Rust::code(row),
            rule_type: Rust::code(values::rule_type(&field.kind)),
            rule: Rust::code(values::rule(&field.kind)),
            create: Rust::code(create(field)),
            change: Rust::code(change(field)),
            initial: Rust::code(values::initial(field)),
            checked: !field.read_only && (has.make || !field.immutable),
            optional: field.is_nullable(),
            guarded: field.guarded,
            read_only: field.read_only,
            immutable: field.immutable,
            write_only: field.write_only,
            encrypted: field.encrypted,
            told: is_attribute(field),
            shown: Shown::new(field),
            target: TargetView::new(field),
        }
    }
}

/// `decimals("prices", row.prices.as_deref(), 2)` in its parts.
#[derive(Clone, Debug, Serialize)]
struct Shown {
    method: Rust,
    /// `&` before the row, where the value is not copied.
    borrow: Rust,
    /// What follows the field: `.as_deref(), 2`.
    end: Rust,
}

impl Shown {
    fn new(field: &Field) -> Self {
        let (method, borrow, end) = match &field.kind {
            FieldKind::Decimal { scale, .. } => ("decimal", "", format!(", {scale}")),
            FieldKind::List(rule) => match (&*rule.of, field.is_nullable()) {
                (FieldKind::Decimal { scale, .. }, true) => {
                    ("decimals", "", format!(".as_deref(), {scale}"))
                }
                (FieldKind::Decimal { scale, .. }, false) => {
                    ("decimals", "", format!(".as_slice(), {scale}"))
                }
                _ => ("field", "&", String::new()),
            },
            _ => ("field", "&", String::new()),
        };
        let method = match (method, field.guarded) {
            ("field", true) => "guarded".to_owned(),
            (method, true) => format!("guarded_{method}"),
            (method, false) => method.to_owned(),
        };
        Self {
            method: Rust::code(method),
            borrow: Rust::name(borrow),
            end: Rust::code(end),
        }
    }
}

fn note(field: &Field) -> String {
    let marks = [
        (field.unique, "unique"),
        (field.is_nullable(), "optional"),
        (field.guarded, "guarded"),
        (field.immutable, "set at creation only"),
        (field.read_only, "set by the service"),
        (field.write_only, "never returned"),
        (field.encrypted, "encrypted in the database"),
    ];
    let mut out = String::new();
    for (_, mark) in marks.iter().filter(|(holds, _)| *holds) {
        out += &format!(", {mark}");
    }
    out.push('.');
    let description = field.description.as_deref().map(Rust::doc);
    if let Some(words) = description.filter(|words| !words.as_str().is_empty()) {
        out += &format!(" {}", words.as_str());
    }
    out
}

fn create(field: &Field) -> String {
    let (name, rule) = (values::quoted(&field.name), &field.const_name);
    match &field.presence {
        Presence::Required => format!("required({name}, &{rule})"),
        Presence::Optional => format!("optional({name}, &{rule})"),
        Presence::Default(value) => {
            let made = match values::literal(value, &field.kind).as_str() {
                "vec![]" => "Vec::new".to_owned(),
                value => format!("|| {value}"),
            };
            format!("defaulted({name}, &{rule}, {made})")
        }
    }
}

fn change(field: &Field) -> String {
    let method = if field.is_nullable() {
        "changed_optional"
    } else {
        "changed"
    };
    format!(
        "{method}({}, &{})",
        values::quoted(&field.name),
        field.const_name
    )
}
