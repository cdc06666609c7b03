//! How every other name is made from the one in the spec.
//!
//! INVARIANT: nothing outside of this module joins, cases or pluralises words to make a name.

use super::keyword::{is_rust_keyword, is_sql_keyword, is_taken_type};

/// The longest name of a resource or field.
pub(super) const LONGEST: usize = 48;

/// Whether the name is ASCII snake_case: words of lower-case letters and digits, a letter first.
pub(super) fn is_snake(name: &str) -> bool {
    is_words(name, '_')
}

/// Whether the name is a cargo package name in kebab-case or snake_case.
pub(super) fn is_package(name: &str) -> bool {
    is_words(&name.replace('-', "_"), '_')
}

fn is_words(name: &str, joint: char) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= LONGEST
        && name.split(joint).all(is_word)
}

/// The nearest legal name: `OrderLine` and `order-line` become `order_line`.
pub(super) fn snake(written: &str) -> Option<String> {
    let mut made = String::new();
    let mut previous = '_';
    for character in written.chars() {
        if character.is_ascii_alphanumeric() {
            if character.is_ascii_uppercase() && previous.is_ascii_lowercase() {
                made.push('_');
            }
            made.push(character.to_ascii_lowercase());
        } else if !made.is_empty() && !made.ends_with('_') {
            made.push('_');
        }
        previous = character;
    }
    let made = made
        .trim_end_matches('_')
        .get(..LONGEST.min(made.trim_end_matches('_').len()))?;
    let made = made
        .trim_start_matches(|c: char| !c.is_ascii_lowercase())
        .trim_end_matches('_');
    is_snake(made).then(|| made.to_owned())
}

/// `order_line` as `OrderLine`.
pub(crate) fn pascal(name: &str) -> String {
    no_acronym(name.split(['_', '-']).map(capitalized).collect())
}

/// `USD` as `Usd`, as Rust writes acronyms in types and variants.
fn no_acronym(name: String) -> String {
    if name.len() > 2 && name.bytes().all(|byte| byte.is_ascii_uppercase()) {
        capitalized(&name.to_ascii_lowercase())
    } else {
        name
    }
}

/// `order_line` as `order line`.
pub(crate) fn words(name: &str) -> String {
    name.replace(['_', '-'], " ")
}

/// `user-management` as `User management`.
pub(super) fn title(name: &str) -> String {
    capitalized(&words(name))
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(characters)
        .collect()
}

/// The stem of Rust types and the Cedar entity type. A word that Rust, Cedar or the runtime has a type
/// for gets `Item` behind it.
pub(super) fn type_name(name: &str) -> String {
    let plain = pascal(name);
    if is_taken_type(&plain) {
        format!("{plain}Item")
    } else {
        plain
    }
}

/// A Rust field or variable.
pub(crate) fn rust_ident(name: &str) -> String {
    match name {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if is_rust_keyword(name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

/// A Rust module and its file, which then have the same name.
pub(super) fn module(name: &str) -> String {
    if is_rust_keyword(name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// A table or column as SQL writes it.
pub(super) fn sql(name: &str) -> String {
    if is_sql_keyword(name) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

/// The index of a column. Databases keep tables and indexes in one list of names.
pub(crate) fn index(table: &str, column: &str, unique: bool) -> String {
    let end = if unique { "key" } else { "idx" };
    format!("{table}_{column}_{end}")
}

/// The index of a set of columns that no two rows share.
pub(crate) fn unique_set(table: &str, columns: &[String]) -> String {
    index(table, &columns.join("_"), true)
}

/// What is put behind a resource's type for the schemas of its bodies.
pub(super) const BODIES: [&str; 5] = ["List", "Create", "Update", "Register", "Including"];

/// The Rust variant for a value of an enum: `in-progress` is `InProgress`. `None` where the value has
/// neither letter nor digit of ASCII to make one of.
pub(super) fn variant(value: &str) -> Option<String> {
    let pieces = value.split(|c: char| !c.is_ascii_alphanumeric());
    let joined = no_acronym(pieces.map(capitalized).collect());
    match joined.chars().next()? {
        first if first.is_ascii_digit() => Some(format!("V{joined}")),
        _ if joined == "Self" => Some("SelfValue".to_owned()),
        _ => Some(joined),
    }
}

/// The stem of the Rust types of an action: `ProjectCloseAll`.
pub(crate) fn action_type(resource: &str, action: &str) -> String {
    format!("{}{}", type_name(resource), pascal(action))
}

/// The beginning of an operation's id: `close_all` is `closeAll`.
pub(crate) fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |out, word| out + &capitalized(word))
}

/// The function that answers an action. What the file of endpoints has already gets an underscore behind it.
pub(crate) fn endpoint(action: &str) -> String {
    let taken = matches!(
        action,
        "register"
            | "me"
            | "repeat"
            | "act_again"
            | "restore"
            | "disable"
            | "enable"
            | "sessions"
            | "revoke_sessions"
    );
    if taken {
        format!("{action}_")
    } else {
        rust_ident(action)
    }
}

/// The Rust type of an enum field. `UserView` is a type of the resource itself, so a field `view` gets another.
pub(super) fn enum_type(struct_name: &str, field: &str) -> String {
    let plain = pascal(field);
    let taken = [
        "Create", "Update", "Register", "View", "Row", "Rules", "Entity", "Item",
    ];
    if taken.contains(&plain.as_str()) {
        format!("{struct_name}{plain}Value")
    } else {
        no_acronym(format!("{struct_name}{plain}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_snake_case_is_a_name() {
        for right in ["a", "user", "order_line", "line_2", "a1_b2"] {
            assert!(is_snake(right), "{right}");
        }
        for wrong in [
            "",
            "_a",
            "a_",
            "a__b",
            "A",
            "order-line",
            "1a",
            "ä",
            "a b",
            &"x".repeat(49),
        ] {
            assert!(!is_snake(wrong), "{wrong}");
        }
        assert!(is_package("user-management"));
        assert!(!is_package("-user"));
    }

    #[test]
    fn the_nearest_legal_name() {
        assert_eq!(snake("OrderLine").as_deref(), Some("order_line"));
        assert_eq!(snake("order-line").as_deref(), Some("order_line"));
        assert_eq!(snake("2nd place!").as_deref(), Some("nd_place"));
        assert_eq!(snake("HTTPServer").as_deref(), Some("httpserver"));
        assert_eq!(snake("日本"), None);
        assert_eq!(snake(&"ab_".repeat(40)).map(|name| name.len()), Some(47));
    }

    #[test]
    fn keywords_survive_in_every_language() {
        assert_eq!(rust_ident("type"), "r#type");
        assert_eq!(rust_ident("self"), "self_");
        assert_eq!(module("type"), "type_");
        assert_eq!(sql("order"), "\"order\"");
        assert_eq!(sql("users"), "users");
        assert_eq!(type_name("option"), "OptionItem");
        assert_eq!(type_name("order_line"), "OrderLine");
        assert_eq!(type_name("a_b_c"), "Abc");
        assert_eq!(enum_type("User", "view"), "UserViewValue");
        assert_eq!(enum_type("A", "b_c"), "Abc");
    }

    #[test]
    fn values_become_variants() {
        assert_eq!(variant("in-progress").as_deref(), Some("InProgress"));
        assert_eq!(variant("1st").as_deref(), Some("V1st"));
        assert_eq!(variant("self").as_deref(), Some("SelfValue"));
        assert_eq!(variant("USD").as_deref(), Some("Usd"));
        assert_eq!(variant("a-b-c").as_deref(), Some("Abc"));
        assert_eq!(variant("★"), None);
    }
}
