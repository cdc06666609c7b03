//! Specs that are valid by construction, as far as names and limits go.

use super::quoted;
use proptest::prelude::*;

/// Names that some language has for itself, and plain ones.
fn name() -> impl Strategy<Value = String> {
    let keywords = prop::sample::select(vec![
        "type",
        "order",
        "match",
        "select",
        "group",
        "where",
        "fn",
        "self",
        "in",
        "is",
        "has",
        "like",
        "if",
        "then",
        "else",
        "async",
        "await",
        "dyn",
        "struct",
        "enum",
        "impl",
        "trait",
        "mod",
        "use",
        "table",
        "index",
        "values",
        "from",
        "box",
        "string",
        "option",
        "result",
        "some",
        "none",
        "ok",
        "err",
        "vec",
        "error",
        "body",
        "input",
        "row",
        "scope",
        "call",
        "permit",
        "now",
        "user",
        "named",
        "view",
        "store",
        "entity",
        "visible",
        "default",
        "null",
        "true_value",
        "primary",
        "references",
        "check",
        "unique",
        "column",
        "key",
        "value",
        "name",
        "r",
        "ids",
        "created",
        "request",
        "reply",
    ]);
    prop_oneof![
        keywords.prop_map(str::to_owned),
        "[a-z][a-z0-9]{0,6}(_[a-z][a-z0-9]{0,5}){0,2}"
    ]
}

fn choices() -> impl Strategy<Value = String> {
    prop::collection::btree_set("[a-z]{1,8}(-[a-z]{1,5})?", 1..6).prop_map(|values| {
        let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
        format!("type: enum, values: [{}]", values.join(", "))
    })
}

/// What a list holds.
fn element() -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec![
        "type: string, max: 30",
        "type: integer",
        "type: number",
        "type: decimal, scale: 3",
        "type: boolean",
        "type: uuid",
        "type: email",
        "type: time",
        "type: datetime",
        "type: ip",
        "type: bytes, max: 8",
    ]);
    prop_oneof![plain.prop_map(str::to_owned), choices()]
}

/// A field without its name: a flow map.
fn field() -> impl Strategy<Value = String> {
    let kind = prop_oneof![
        (0_u32..5, 5_u32..300, any::<bool>()).prop_map(|(min, max, trim)| format!(
            "type: string, min: {min}, max: {max}, trim: {trim}"
        )),
        (1_u32..5000).prop_map(|max| format!("type: text, max: {max}")),
        Just("type: text, search: true".to_owned()),
        Just("type: string, format: person_name, max: 40".to_owned()),
        Just("type: string, max: 20, pattern: '[A-Z]{2,5}-[0-9]+'".to_owned()),
        (-1000_i64..0, 0_i64..1000)
            .prop_map(|(min, max)| format!("type: integer, min: {min}, max: {max}")),
        Just("type: integer, wide: true".to_owned()),
        (-1000.0_f64..0.0, 0.0_f64..1000.0)
            .prop_map(|(min, max)| format!("type: number, min: {min:.3}, max: {max:.3}")),
        (0_u8..=4).prop_map(|scale| format!("type: decimal, scale: {scale}, min: 0")),
        prop::sample::select(vec![
            "boolean", "uuid", "email", "url", "phone", "date", "time", "datetime", "duration",
            "ip", "bytes"
        ])
        .prop_map(|kind| format!("type: {kind}")),
        choices(),
        (element(), 1_u32..1000)
            .prop_map(|(element, max)| format!("type: list, of: {{{element}}}, max_items: {max}")),
        prop::sample::select(vec!["type: json", "type: json, max_bytes: 4KiB"])
            .prop_map(str::to_owned),
    ];
    let flags = prop::sample::select(vec![
        "",
        ", optional: true",
        ", unique: true",
        ", index: true",
        ", immutable: true",
        ", write_only: true",
        ", guarded: true",
        ", guarded: true, optional: true",
        ", sensitive: true",
        ", encrypted: true",
        ", encrypted: true, guarded: true, optional: true",
        ", read_only: true, optional: true",
        ", optional: true, unique: true",
        ", immutable: true, optional: true",
    ]);
    (kind, flags).prop_map(|(kind, flags)| format!("{{{kind}{flags}}}"))
}

/// A field that refers to an earlier resource, which is chosen when all are known.
fn reference() -> impl Strategy<Value = (usize, &'static str)> {
    let marks = prop::sample::select(vec![
        "",
        ", on_delete: cascade",
        ", optional: true, on_delete: set_null",
        ", optional: true, guarded: true",
        ", immutable: true",
        ", read_only: true, on_delete: cascade",
        ", optional: true, unique: true",
        ", optional: true, write_only: true",
    ]);
    (any::<usize>(), marks)
}

/// What stands before the fields, the fields, and references to earlier resources.
type Written = (String, String, Vec<(usize, &'static str)>);

fn resource() -> impl Strategy<Value = Written> {
    let operations =
        prop::sample::subsequence(vec!["list", "read", "create", "update", "delete"], 1..=5);
    let concurrency = prop::sample::select(vec!["optional", "required"]);
    let fields = prop::collection::btree_map(name(), field(), 0..8);
    let references = prop::collection::vec(reference(), 0..3);
    let parts = (operations, concurrency, fields, references);
    parts.prop_map(|(operations, concurrency, fields, references)| {
        let fields: String = fields
            .iter()
            .map(|(name, field)| format!("      {}: {field}\n", quoted(name)))
            .collect();
        let head = format!(
            "    operations: [{}]\n    concurrency: {concurrency}\n",
            operations.join(", ")
        );
        (head, fields, references)
    })
}

/// The part with accounts, or none.
fn identity() -> impl Strategy<Value = Option<String>> {
    let registration = prop::sample::select(vec!["open", "closed"]);
    let profile = prop::sample::select(vec!["nist", "composition"]);
    let auth = (registration, profile).prop_map(|(registration, profile)| {
        format!(
            "auth: {{identity: account_holder, role: rank, admin_role: top, registration: {registration}, \
             passwords: {{profile: {profile}}}}}\n"
        )
    });
    prop::option::of(auth)
}

/// A whole spec.
pub(super) fn spec() -> impl Strategy<Value = String> {
    let resources = prop::collection::btree_map(name(), resource(), 1..4);
    (identity(), resources).prop_map(|(auth, resources)| {
        let mut text = "secapi: 1\nservice: {name: shop}\n".to_owned();
        text.push_str(auth.as_deref().unwrap_or_default());
        text.push_str("resources:\n");
        if auth.is_some() {
            text.push_str(
                "  account_holder:\n    fields:\n      email: {type: email, unique: true}\n      \
                 rank: {type: enum, values: [low, top], default: low, guarded: true}\n      \
                 nick: {type: string, max: 30}\n",
            );
        }
        let mut earlier: Vec<&str> = auth.iter().map(|_| "account_holder").collect();
        for (name, (head, fields, references)) in &resources {
            text.push_str(&format!(
                "  {}:\n{head}    fields:\n      plain: {{type: boolean}}\n{fields}",
                quoted(name)
            ));
            for (place, (target, marks)) in references.iter().enumerate() {
                if let Some(target) = target
                    .checked_rem(earlier.len())
                    .and_then(|at| earlier.get(at))
                {
                    text.push_str(&format!(
                        "      to_{place}: {{type: ref, to: {}{marks}}}\n",
                        quoted(target)
                    ));
                }
            }
            earlier.push(name);
        }
        text
    })
}
