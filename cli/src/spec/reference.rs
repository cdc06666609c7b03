//! The tables of the language as a page for people.
//!
//! `secapi schema` prints the same tables, so the page, the editors and the reader cannot differ; a test
//! holds the page in the repository to what this module writes.

use std::fmt::Write;

use super::language::{Key, ROOT, Shape, Standing, Table, Word};

const HEAD: &str = "\
# The language of `secapi.yaml`

Every key of the spec, from the tables that the compiler reads it with. A spec is one file `secapi.yaml`, or all `*.yaml` directly in
the folder `spec/`: their `resources` come together, and every other key stands in one of them.

It is YAML 1.2 without anchors, aliases, merge keys, tags and second documents; a key that stands twice is an error. A file has at most
4 MiB and 250,000 values. Names of resources, fields and actions are ASCII in snake_case, 48 characters at most.

A duration is a whole number with `ms`, `s`, `m`, `h`, `d` or `w`; a size one with `B`, `KiB`, `MiB` or `GiB`; a quota is a number of
requests in a duration, `5/15m`, and one of 0 blocks.
";

/// The page, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out = HEAD.to_owned();
    let mut tables: Vec<&'static Table> = vec![&ROOT];
    let mut next = 0;
    while let Some(table) = tables.get(next).copied() {
        section(table, &mut out);
        for key in table.keys {
            collect(&key.shape, &mut tables);
        }
        next += 1;
    }
    out
}

/// Each table once, in the order in which a reader meets it.
fn collect(shape: &'static Shape, tables: &mut Vec<&'static Table>) {
    match shape {
        Shape::Map(table) | Shape::Named(table) | Shape::TextOr(table)
            if !tables.iter().any(|there| there.name == table.name) =>
        {
            tables.push(table);
        }
        Shape::List(inner) | Shape::NamedValues(inner) => collect(inner, tables),
        _ => {}
    }
}

fn section(table: &Table, out: &mut String) {
    let _ = writeln!(out, "\n## {}\n\n{}\n", title(table), table.doc);
    let _ = writeln!(
        out,
        "| key | holds | default | meaning |\n| --- | --- | --- | --- |"
    );
    for key in table.keys {
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            key.name,
            cell(&holds(&key.shape)),
            default(key),
            cell(&meaning(key)),
        );
    }
    for key in table.keys {
        if let Some(words) = words(&key.shape) {
            listed(key, words, out);
        }
    }
}

fn title(table: &Table) -> String {
    match table.name {
        "spec" => "The file".to_owned(),
        name => format!("`{name}`"),
    }
}

fn default(key: &Key) -> String {
    match (key.default, key.required) {
        (Some(default), _) => format!("`{default}`"),
        (None, true) => "required".to_owned(),
        (None, false) => String::new(),
    }
}

fn meaning(key: &Key) -> String {
    let types = match key.types {
        [] => String::new(),
        types => format!(" For `{}`.", types.join("`, `")),
    };
    format!("{}{types}{}", key.doc, standing(key.standing))
}

fn holds(shape: &Shape) -> String {
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Whole => "a whole number".to_owned(),
        Shape::Flag => "`true` or `false`".to_owned(),
        Shape::Scalar => "a value".to_owned(),
        Shape::Value => "a value, or several in `[]`".to_owned(),
        Shape::Duration => "a duration".to_owned(),
        Shape::Size => "a size".to_owned(),
        Shape::Quota => "a quota".to_owned(),
        Shape::Words(words) => {
            let words: Vec<_> = words
                .iter()
                .map(|word| format!("`{}`", word.value))
                .collect();
            words.join(", ")
        }
        Shape::List(inner) => format!("a list: {}", holds(inner)),
        Shape::Map(table) => format!("a map: {}", link(table)),
        Shape::Named(table) => format!("names, each with a map: {}", link(table)),
        Shape::NamedValues(inner) => format!("names, each with {}", holds(inner)),
        Shape::TextOr(table) => format!("text, or a map: {}", link(table)),
    }
}

fn link(table: &Table) -> String {
    format!("[`{0}`](#{0})", table.name)
}

fn words(shape: &Shape) -> Option<&'static [Word]> {
    match shape {
        Shape::Words(words) => Some(words),
        Shape::List(inner) => words(inner),
        _ => None,
    }
}

fn listed(key: &Key, words: &[Word], out: &mut String) {
    let _ = writeln!(out, "\nWords of `{}`:\n", key.name);
    for word in words {
        let _ = writeln!(
            out,
            "- `{}`: {}{}",
            word.value,
            word.doc,
            standing(word.standing)
        );
    }
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Now => "",
        Standing::NoEffect => " (Without effect in this version.)",
        Standing::Later => " (Not in this version.)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/manual/language.md");

    /// `SECAPI_ACCEPT=1` writes the page anew.
    #[test]
    fn the_page_is_what_the_tables_say() {
        if std::env::var_os("SECAPI_ACCEPT").is_some() {
            #[allow(clippy::disallowed_methods, reason = "this test writes the page")]
            std::fs::write(PAGE, reference()).expect("the page can be written");
        }
        let page = std::fs::read_to_string(PAGE).expect("the page can be read");
        assert_eq!(
            page,
            reference(),
            "run it with SECAPI_ACCEPT=1 and read the difference"
        );
    }

    #[test]
    fn every_link_leads_to_a_section() {
        let page = reference();
        for link in page.split("](#").skip(1) {
            let name = link.split(')').next().expect("an end");
            assert!(page.contains(&format!("\n## `{name}`\n")), "{name}");
        }
        assert!(
            page.contains("| `on_delete` |"),
            "tables within tables are there"
        );
    }
}
