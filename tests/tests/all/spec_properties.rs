//! Whatever the file holds, the reader answers; and what it accepts keeps its promises.

use std::collections::BTreeSet;

use proptest::prelude::*;
use secapi::diagnostic::{Colour, Diagnostics, Sources, human, json, plain};
use secapi::model::{FieldKind, Literal, Service, compile, schema_model};

/// Compiles a text and renders all that is said of it in every form.
fn compiled(text: &str) -> (Option<Service>, Diagnostics) {
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text);
    let (service, diagnostics) = compile(text, id);
    let all = diagnostics.clone().sorted();
    let shown = human(&all, &sources, Colour::Off) + &plain(&all, &sources);
    let unsafe_characters = shown.chars().filter(|c| c.is_control() && *c != '\n');
    assert_eq!(unsafe_characters.count(), 0, "{shown:?}");
    let _ = json(&all, &sources);
    assert_eq!(service.is_none(), diagnostics.has_errors(), "{shown}");
    (service, diagnostics)
}

/// YAML that looks like a spec often enough to get past the first checks.
fn yaml() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "secapi",
        "service",
        "name",
        "resources",
        "fields",
        "type",
        "string",
        "integer",
        "enum",
        "values",
        "min",
        "max",
        "default",
        "auth",
        "identity",
        "user",
        "email",
        "unique",
        "true",
        "false",
        "null",
        "1",
        "-5",
        "1e9",
        "{}",
        "[]",
        "&a",
        "*a",
        "<<",
        "!!str",
        "- x",
        "? y",
        "'",
        "\"",
        "|",
        ">",
        "#",
        "%",
        "@",
        "\t",
        "---",
        "...",
        "pattern",
        "'['",
        "2026-01-01",
        "plural",
        "role",
        "guarded",
    ]);
    let separator = prop::sample::select(vec![
        ": ", ":\n  ", ":\n    ", "\n", ", ", " {", "}", " [", "]", "\n- ", " ", "\r\n",
    ]);
    prop::collection::vec((words, separator), 0..60).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(word, separator)| format!("{word}{separator}"))
            .collect()
    })
}

/// Any text as a YAML string: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Any text with something in it.
fn title() -> impl Strategy<Value = String> {
    any::<String>().prop_filter("it is empty", |text| !text.trim().is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        compiled(&text);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        compiled(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn anything_like_yaml_is_answered(text in yaml()) {
        compiled(&text);
    }

    #[test]
    fn a_spec_with_a_piece_put_in_is_answered(piece in yaml(), at in 0_usize..700) {
        let spec = include_str!("../../cases/parts-without-effect-are-warned-of/secapi.yaml");
        let at = spec.floor_char_boundary(at);
        compiled(&format!("{}{piece}{}", &spec[..at], &spec[at..]));
    }

    #[test]
    fn any_text_stays_a_literal(title in title(), description in any::<String>()) {
        let text = format!(
            "secapi: 1\nservice: {{name: shop, title: {}}}\nresources: {{item: {{description: {}, fields: {{a: {{type: text, description: {}}}}}}}}}\n",
            quoted(&title), quoted(&description), quoted(&title),
        );
        let (service, diagnostics) = compiled(&text);
        let service = service.unwrap_or_else(|| panic!("{diagnostics:?}"));
        prop_assert_eq!(&service.title, &title);
        prop_assert_eq!(service.resources[0].description.as_ref(), Some(&description));
        prop_assert_eq!(service.resources[0].fields[0].description.as_ref(), Some(&title));
    }

    #[test]
    fn a_default_is_kept_or_refused(default in any::<String>()) {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources: {{item: {{fields: {{a: {{type: text, default: {}}}}}}}}}\n", quoted(&default));
        if let (Some(service), _) = compiled(&text) {
            prop_assert_eq!(service.resources[0].fields[0].default(), Some(&Literal::Text(default)));
        }
    }

    #[test]
    fn accepted_names_are_distinct_everywhere(names in prop::collection::btree_set("[a-z][a-z0-9_]{0,8}", 1..12), values in prop::collection::vec("[a-zA-Z0-9 _-]{1,8}", 1..6)) {
        let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
        let resources: String = names.iter().map(|name| format!("  {}: {{fields: {{{}: {{type: enum, values: [{}]}}}}}}\n", quoted(name), quoted(name), values.join(", "))).collect();
        let (service, _) = compiled(&format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}"));
        let Some(service) = service else { return Ok(()) };
        let count = service.resources.len();
        let distinct = |name: fn(&secapi::model::Resource) -> &str| service.resources.iter().map(name).collect::<BTreeSet<_>>().len();
        prop_assert_eq!(distinct(|resource| &resource.struct_name), count);
        prop_assert_eq!(distinct(|resource| &resource.table), count);
        prop_assert_eq!(distinct(|resource| &resource.path), count);
        prop_assert_eq!(distinct(|resource| &resource.module), count);
        for field in service.resources.iter().flat_map(|resource| &resource.fields) {
            let FieldKind::Enum(enumeration) = &field.kind else { continue };
            let variants: BTreeSet<_> = enumeration.choices.iter().map(|choice| &choice.variant).collect();
            prop_assert_eq!(variants.len(), enumeration.choices.len());
            prop_assert!(variants.iter().all(|variant| variant.starts_with(|c: char| c.is_ascii_uppercase())));
        }
        prop_assert_eq!(schema_model(&service).resources.len(), count);
    }
}

#[test]
fn a_large_spec_is_read_quickly() {
    let fields: String = (0..20)
        .map(|n| {
            format!(
                "      field_{n}: {{type: string, max: {}, optional: true}}\n",
                n + 1
            )
        })
        .collect();
    let resources: String = (0..500)
        .map(|n| format!("  thing_{n}_of_many:\n    fields:\n{fields}"))
        .collect();
    let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
    // In a debug build, on a busy machine. What is caught here is a reader that is not linear.
    let begin = std::time::Instant::now();
    let (service, _) = compiled(&text);
    assert_eq!(service.unwrap().resources.len(), 500);
    assert!(begin.elapsed().as_secs() < 30, "{:?}", begin.elapsed());
}

#[test]
fn hostile_sizes_are_refused_quickly() {
    let begin = std::time::Instant::now();
    for text in [
        "[".repeat(100_000),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        format!("secapi: [{}]", "1,".repeat(300_000)),
        format!("a: {}", "x".repeat(4 << 20)),
        (0..200_000).map(|n| format!("k{n}: 1\n")).collect(),
        "? ".repeat(50_000),
        "'".repeat(1_000_001),
    ] {
        assert!(compiled(&text).0.is_none());
    }
    assert!(begin.elapsed().as_secs() < 60, "{:?}", begin.elapsed());
}
