//! "Did you mean …?"

/// The word that was probably meant, if one is near.
#[must_use]
pub fn nearest<'a>(written: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = folded(written);
    let longest = written.chars().count();
    if longest > 64 {
        return None;
    }
    let most = (longest / 3).clamp(1, 3);
    let distance = |word: &str| strsim::damerau_levenshtein(&written, &folded(word));
    let scored = words
        .into_iter()
        .map(|word| (distance(word), word))
        .filter(|(distance, _)| *distance <= most);
    scored
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Case and the way of joining words do not count as mistakes.
fn folded(word: &str) -> String {
    word.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words as a sentence shows them: "`a`, `b` and `c`".
#[must_use]
pub fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        None => "none".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// What people of other tools write for our keys, and the answer.
pub(super) fn habit(table: &str, key: &str) -> Option<&'static str> {
    Some(match (table, key) {
        ("field", "required" | "not_null" | "mandatory") => {
            "a field is required unless it says `optional: true`"
        }
        ("field", "nullable" | "null") => "did you mean `optional`?",
        ("field", "length" | "max_length" | "maxLength" | "maximum" | "size" | "limit") => {
            "did you mean `max`?"
        }
        ("field", "min_length" | "minLength" | "minimum") => "did you mean `min`?",
        ("field", "regex" | "regexp" | "match") => "did you mean `pattern`?",
        ("field", "enum" | "choices" | "options" | "one_of") => {
            "did you mean `values`, with `type: enum`?"
        }
        ("field", "private" | "secret" | "hidden") => {
            "did you mean `guarded`, `write_only` or `sensitive`?"
        }
        ("field", "primary_key" | "primary" | "pk") => "every resource has a field `id` by itself",
        ("field", "references" | "foreign_key") => "did you mean `type: ref` with `to`?",
        ("resource", "columns" | "attributes" | "properties" | "schema") => {
            "did you mean `fields`?"
        }
        ("resource", "methods" | "endpoints" | "routes") => "did you mean `operations`?",
        ("spec", "entities" | "models" | "tables") => "did you mean `resources`?",
        ("spec", "cors" | "timeout" | "body_limit") => "this key stands under `http`",
        ("spec", "name" | "title" | "base_path" | "database") => "this key stands under `service`",
        ("spec", "version") => {
            "the version of the language is `secapi`, that of the API `service.version`"
        }
        ("spec", "tenant" | "tenancy") => {
            "a tenant is a resource that others refer to; there is no key for it"
        }
        _ => return None,
    })
}

/// What to write instead of a key that a type does not have.
pub(super) fn elsewhere(kind: &str, key: &str) -> Option<&'static str> {
    Some(match (kind, key) {
        ("list", "max") => "did you mean `max_items`? What each element keeps stands under `of`",
        ("list", "min" | "pattern" | "format" | "trim" | "values" | "scale" | "wide") => {
            "what each element keeps stands under `of`"
        }
        ("list", "unique" | "index" | "search") => {
            "a list is found by one of its elements, with `contains`; what is looked up more often is a resource of its own"
        }
        ("ref", "encrypted") => {
            "the database holds a reference to a row that is there, and has to read it for that"
        }
        ("json", "max") => "did you mean `max_bytes`?",
        ("json", "unique" | "index" | "search") => {
            "the database does not look into JSON; give what is looked up a field of its own"
        }
        _ => return None,
    })
}

/// What people of other tools write for our types.
pub(super) fn other_type(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "str" | "varchar" | "char" => "string",
        "int" | "int32" | "int64" | "long" | "bigint" | "smallint" | "u32" | "i64" => "integer",
        "float" | "double" | "real" | "f64" => "number",
        "money" | "numeric" | "currency" => "decimal",
        "bool" | "flag" => "boolean",
        "timestamp" | "date_time" | "instant" => "datetime",
        "mail" | "e-mail" => "email",
        "uri" | "link" | "href" => "url",
        "tel" | "telephone" => "phone",
        "binary" | "blob" | "file" => "bytes",
        "guid" => "uuid",
        "interval" | "timespan" => "duration",
        "inet" | "ip_address" | "ipaddr" => "ip",
        "choice" | "select" => "enum",
        "longtext" | "markdown" | "html" => "text",
        "array" | "set" => "list",
        "object" | "map" | "jsonb" => "json",
        "reference" | "relation" | "foreign_key" | "belongs_to" => "ref",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        let words = ["optional", "default", "min", "max"];
        assert_eq!(nearest("optionl", words), Some("optional"));
        assert_eq!(nearest("Optional", words), Some("optional"));
        assert_eq!(nearest("mx", words), Some("max"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(nearest("read-only", ["read_only"]), Some("read_only"));
        assert_eq!(nearest(&"x".repeat(10_000), words), None);
    }

    #[test]
    fn words_are_listed() {
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
