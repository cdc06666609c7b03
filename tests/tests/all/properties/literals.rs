//! Text of a spec stays text: in Rust, SQL, Cedar, JSON and TOML.

use super::{assert_sound, generated, quoted};
use proptest::prelude::*;
use serde_json::Value;

/// Text that means something to one of the languages, and any other.
fn text() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        "\"#",
        "\"##\"",
        "*/",
        "/*",
        "//",
        "///",
        "\n#![allow(x)]",
        "'; DROP TABLE x; --",
        "\\",
        "\\n",
        "\\u{0}",
        "{}",
        "{{ x }}",
        "{% raw %}",
        "{# x #}",
        "${x}",
        "$x",
        "<script>",
        "-->",
        "]]>",
        "`",
        "```",
        "r#\"",
        "\r\n",
        "\n\n",
        "\t",
        "@id(\"x\")",
        "permit(principal, action, resource);",
        "\u{202e}",
        "\u{2028}",
        "\u{feff}",
        "é",
        "\u{1f600}",
        "#",
        "[x]",
        "[`x`]",
        "<x>",
        " ",
        "...",
        "x  ",
        "|",
        "\\\n",
        "%",
        "??",
        "\u{7f}",
        "\u{85}",
    ]);
    let pieces = prop_oneof![
        tricky.prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.chars().take(12).collect())
    ];
    prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
}

/// What an enum value may be.
fn choice() -> impl Strategy<Value = String> {
    text().prop_filter("is a value of an enum", |text| {
        let trimmed = !text.is_empty() && text.trim() == text && text.chars().count() <= 100;
        trimmed && !text.contains(',') && !text.chars().any(char::is_control)
    })
}

fn string_literals(source: &str) -> Vec<String> {
    fn walk(tokens: proc_macro2::TokenStream, found: &mut Vec<String>) {
        for token in tokens {
            match token.to_string() {
                text if text.starts_with('"')
                    || text.starts_with("r\"")
                    || text.starts_with("r#") =>
                {
                    if let Ok(literal) = syn::parse_str::<syn::LitStr>(&text) {
                        found.push(literal.value());
                    }
                }
                text if text.starts_with(['(', '{', '[']) => {
                    let inner = &text[1..text.len() - 1];
                    if let Ok(tokens) = inner.parse() {
                        walk(tokens, found);
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(source.parse().expect("it is Rust"), &mut found);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_description_stays_a_description(title in text(), about in text(), resource in text(), field in text()) {
        let spec = format!(
            "secapi: 1\nservice: {{name: shop, title: {}, description: {}}}\nresources:\n  thing:\n    description: {}\n    fields:\n      name: {{type: text, description: {}}}\n",
            quoted(&title), quoted(&about), quoted(&resource), quoted(&field),
        );
        if let Ok(tree) = generated(&spec) {
            assert_sound(&tree, &spec);
            let document: Value = serde_json::from_str(tree.text("openapi.json")).unwrap();
            if !title.trim().is_empty() {
                prop_assert_eq!(document["info"]["title"].as_str(), Some(title.as_str()));
            }
            let text = document.to_string();
            let inside = |part: &str| text.contains(quoted(part).trim_matches('"'));
            prop_assert!(inside(resource.trim()) && inside(field.trim()), "{}", text);
            // No line of it became code.
            for (path, bytes) in &tree.0 {
                if path.ends_with(".rs") {
                    let file = syn::parse_file(&String::from_utf8_lossy(bytes)).unwrap();
                    let allowed = |attribute: &syn::Attribute| attribute.path().is_ident("doc");
                    prop_assert!(file.attrs.iter().all(allowed), "{}", path);
                }
            }
        }
    }

    #[test]
    fn any_enum_value_stays_a_value(one in choice(), other in choice()) {
        let spec = format!(
            "secapi: 1\nservice: {{name: shop}}\nresources:\n  thing:\n    fields:\n      size: {{type: enum, values: [{}, {}], default: {}}}\n",
            quoted(&one), quoted(&other), quoted(&other),
        );
        if let Ok(tree) = generated(&spec) {
            assert_sound(&tree, &spec);
            let literals = string_literals(tree.text("src/generated/thing/entity.rs"));
            prop_assert!(literals.contains(&one) && literals.contains(&other), "{:?}", literals);
            let document: Value = serde_json::from_str(tree.text("openapi.json")).unwrap();
            prop_assert!(document.to_string().contains(&quoted(&one)));
        }
    }

    #[test]
    fn any_default_example_and_pattern_stay_values(value in text()) {
        let escaped: String = value.chars().map(|c| if c.is_alphanumeric() || !c.is_ascii() { c.to_string() } else if c.is_ascii_control() { format!("\\x{{{:x}}}", u32::from(c)) } else if c == ' ' { "[ ]".to_owned() } else { format!("\\{c}") }).collect();
        let spec = format!(
            "secapi: 1\nservice: {{name: shop}}\nresources:\n  thing:\n    fields:\n      a: {{type: text, default: {}}}\n      b: {{type: text, example: {}}}\n      c: {{type: string, max: 500, pattern: {}}}\n",
            quoted(&value), quoted(&value), quoted(&escaped),
        );
        if let Ok(tree) = generated(&spec) {
            assert_sound(&tree, &spec);
            let literals = string_literals(tree.text("src/generated/thing/input.rs"));
            prop_assert!(literals.iter().any(|literal| literal == &value), "{:?} is not in {:?}", value, literals);
            prop_assert!(literals.iter().any(|literal| literal.contains(&escaped)), "{:?} is not in {:?}", escaped, literals);
        }
    }
}
