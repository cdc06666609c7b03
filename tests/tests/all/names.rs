//! Names that generated code must not hide.

use secapi::diagnostic::Sources;
use secapi::model::{Service, compile};

fn service(resource: &str) -> Option<Service> {
    let text = format!("secapi: 1\nservice: {{name: shop}}\nresources: {{{resource}: {{}}}}\n");
    let id = Sources::new().add("secapi.yaml", text.as_str());
    compile(&text, id).0
}

/// Generated files import the runtime's prelude whole; a type of their own with such a name would win over it.
#[test]
fn no_resource_hides_a_type_of_the_prelude() {
    let prelude = include_str!("../../../runtime/src/prelude.rs");
    let code = prelude
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()));
    for word in words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())) {
        let snake: String = word
            .chars()
            .flat_map(|c| {
                c.is_ascii_uppercase()
                    .then_some('_')
                    .into_iter()
                    .chain([c.to_ascii_lowercase()])
            })
            .collect();
        // A name that is refused hides nothing either.
        let Some(service) = service(snake.trim_start_matches('_')) else {
            continue;
        };
        assert_ne!(service.resources[0].struct_name, word);
    }
}

#[test]
fn keywords_of_all_languages_are_names() {
    for word in [
        "type",
        "order",
        "in",
        "principal_of",
        "group",
        "match",
        "option",
        "user",
        "self",
        "string",
        "is",
        "has",
        "like",
        "decimal",
    ] {
        let service = service(word).unwrap_or_else(|| panic!("{word}"));
        assert!(
            service.resources[0]
                .struct_name
                .starts_with(|c: char| c.is_ascii_uppercase())
        );
    }
}
