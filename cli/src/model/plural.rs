//! English plurals. Where the rule is wrong, the spec says `plural`.

/// The plural of a name in snake_case: only its last word changes.
pub(super) fn plural(name: &str) -> String {
    match name.rsplit_once('_') {
        Some((first, last)) => format!("{first}_{}", word(last)),
        None => word(name),
    }
}

fn word(word: &str) -> String {
    irregular(word).map_or_else(|| regular(word), str::to_owned)
}

fn irregular(word: &str) -> Option<&'static str> {
    Some(match word {
        "person" => "people",
        "child" => "children",
        "man" => "men",
        "woman" => "women",
        "foot" => "feet",
        "tooth" => "teeth",
        "goose" => "geese",
        "mouse" => "mice",
        "datum" => "data",
        "criterion" => "criteria",
        "hero" => "heroes",
        "potato" => "potatoes",
        "tomato" => "tomatoes",
        "echo" => "echoes",
        "leaf" => "leaves",
        "shelf" => "shelves",
        "life" => "lives",
        "knife" => "knives",
        "half" => "halves",
        "quiz" => "quizzes",
        "bus" => "buses",
        "gas" => "gases",
        "data" => "data",
        "metadata" => "metadata",
        "equipment" => "equipment",
        "information" => "information",
        "feedback" => "feedback",
        "staff" => "staff",
        "news" => "news",
        "series" => "series",
        "species" => "species",
        _ => return None,
    })
}

fn regular(word: &str) -> String {
    let before_y = word
        .strip_suffix('y')
        .filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    if let Some(stem) = before_y.filter(|stem| !stem.is_empty()) {
        return format!("{stem}ies");
    }
    if let Some(stem) = word.strip_suffix("sis") {
        return format!("{stem}ses");
    }
    if word.ends_with("ss")
        || word.ends_with("us")
        || word.ends_with(['x', 'z'])
        || word.ends_with("ch")
        || word.ends_with("sh")
    {
        return format!("{word}es");
    }
    // A word that already ends in a single `s` is taken for a plural.
    if word.len() > 1 && word.ends_with('s') {
        word.to_owned()
    } else {
        format!("{word}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals() {
        for (one, many) in [
            ("user", "users"),
            ("category", "categories"),
            ("day", "days"),
            ("address", "addresses"),
            ("status", "statuses"),
            ("box", "boxes"),
            ("branch", "branches"),
            ("analysis", "analyses"),
            ("person", "people"),
            ("order_line", "order_lines"),
            ("news", "news"),
            ("users", "users"),
            ("y", "ys"),
            ("s", "ss"),
            ("photo", "photos"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
