//! A spec in several files as one tree, and that tree as one text.

use std::fmt::Write;

use super::node::{Entry, Node, Scalar, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, brief, spec};

/// Joins the trees of several files. Their resources come together; every other key stands in one of them,
/// but for the language's version, which each may repeat. INVARIANT: each of the trees is a map.
pub(super) fn merged(trees: Vec<Node>, diagnostics: &mut Diagnostics) -> Option<Node> {
    let mut trees = trees.into_iter();
    let mut root = trees.next()?;
    for tree in trees {
        if let (Value::Map(into), Value::Map(entries)) = (&mut root.value, tree.value) {
            for entry in entries {
                take(into, entry, diagnostics);
            }
        }
    }
    Some(root)
}

fn take(into: &mut Vec<Entry>, entry: Entry, diagnostics: &mut Diagnostics) {
    let Some(there) = into.iter_mut().find(|there| there.key == entry.key) else {
        return into.push(entry);
    };
    // `resources:` with nothing under it is no mistake where another file has some.
    if entry.key == "resources" && (there.value.is_null() || entry.value.is_null()) {
        if there.value.is_null() {
            *there = entry;
        }
        return;
    }
    match (&mut there.value.value, entry.value.value) {
        (Value::Map(into), Value::Map(more)) if entry.key == "resources" => {
            for resource in more {
                match into.iter().find(|there| there.key == resource.key) {
                    Some(there) => twice(there, resource.key_span, "resource", diagnostics),
                    None => into.push(resource),
                }
            }
        }
        (old, new) if entry.key == "secapi" && *old == new => {}
        // What is no map is told at its place where the tree is checked; beside it the others stay what they are.
        (_, value) if entry.key == "resources" => {
            let value = Node {
                span: entry.value.span,
                value,
            };
            into.push(Entry { value, ..entry });
        }
        _ => twice(there, entry.key_span, "key", diagnostics),
    }
}

/// Both places are told: which of the two is wrong, only the user knows.
fn twice(first: &Entry, again: Span, what: &str, diagnostics: &mut Diagnostics) {
    for place in [first.key_span, again] {
        let message = format!("the {what} `{}` stands in two files", brief(&first.key));
        diagnostics.push(
            Diagnostic::error(&spec::DUPLICATE_KEY, Some(place), message)
                .help("remove or rename one of the two"),
        );
    }
}

/// The tree as one file, without comments: what a project keeps of a spec in several files.
pub(super) fn text(root: &Node) -> String {
    let mut out = String::new();
    entries(root, 0, &mut out);
    out
}

fn entries(node: &Node, indent: usize, out: &mut String) {
    let Value::Map(entries) = &node.value else {
        return;
    };
    for entry in entries {
        let key = scalar(&Scalar {
            text: entry.key.clone(),
            plain: is_word(&entry.key),
        });
        let _ = write!(out, "{:indent$}{key}:", "");
        match &entry.value.value {
            Value::Map(inner) if !inner.is_empty() => {
                out.push('\n');
                self::entries(&entry.value, indent + 2, out);
            }
            _ => {
                let _ = writeln!(out, " {}", flow(&entry.value));
            }
        }
    }
}

fn flow(node: &Node) -> String {
    match &node.value {
        Value::Invalid => "null".to_owned(),
        Value::Scalar(written) => scalar(written),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let pairs = entries.iter().map(|entry| {
                let key = Scalar {
                    text: entry.key.clone(),
                    plain: is_word(&entry.key),
                };
                format!("{}: {}", scalar(&key), flow(&entry.value))
            });
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Without quotes only what had none and is nothing but letters, digits and a few signs; what had none and
/// is more is text, and so loses nothing by them.
fn scalar(scalar: &Scalar) -> String {
    match scalar.plain && (is_word(&scalar.text) || scalar.text.is_empty()) {
        true if scalar.text.is_empty() => "null".to_owned(),
        true => scalar.text.clone(),
        // What JSON writes with escapes, YAML reads in double quotes.
        false => serde_json::Value::from(scalar.text.as_str()).to_string(),
    }
}

fn is_word(text: &str) -> bool {
    let inside =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-' | '/' | '~');
    !text.is_empty() && text != "-" && text != "---" && text.chars().all(inside)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Sources;
    use crate::spec::{SpecFile, merged_text, parse_files};

    fn of(texts: &[&str]) -> (Sources, Vec<crate::diagnostic::SourceId>) {
        let mut sources = Sources::new();
        let ids = texts
            .iter()
            .enumerate()
            .map(|(at, text)| sources.add(format!("{at}.yaml"), *text));
        let ids = ids.collect();
        (sources, ids)
    }

    fn files<'a>(texts: &[&'a str], ids: &[crate::diagnostic::SourceId]) -> Vec<SpecFile<'a>> {
        let pairs = texts.iter().zip(ids);
        pairs
            .map(|(text, source)| SpecFile {
                text,
                source: *source,
            })
            .collect()
    }

    const SERVICE: &str = "secapi: 1\nservice: {name: shop}\nresources:\n  item: {fields: {title: {type: string, pattern: 'a: \"b\" #'}}}\n";
    const LABEL: &str = "# Labels.\nsecapi: 1\nresources:\n  label:\n    fields:\n      name: {type: string, default: '12', description: |-\n        x\n        }\n      on: {type: enum, values: [a, 'null', ünï]}\n";

    #[test]
    fn resources_of_several_files_come_together() {
        let label = LABEL.replace(
            "description: |-\n        x\n        }",
            "description: two words}",
        );
        let texts = [SERVICE, &label, "# nothing\n", "resources:\n"];
        let (_, ids) = of(&texts);
        let (spec, diagnostics) = parse_files(&files(&texts, &ids));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let names: Vec<_> = spec
            .expect("a spec")
            .resources
            .into_iter()
            .map(|r| r.name.value)
            .collect();
        assert_eq!(names, ["item", "label"]);
    }

    #[test]
    fn the_text_of_the_whole_reads_as_the_whole() {
        let label = LABEL.replace(
            "description: |-\n        x\n        }",
            "description: two words}",
        );
        let texts = [SERVICE, &label];
        let (_, ids) = of(&texts);
        let whole = merged_text(&files(&texts, &ids));
        let (spec, diagnostics) = crate::model::compile(&whole, ids[0]);
        assert!(diagnostics.is_empty(), "{whole}\n{diagnostics:?}");
        let (again, _) = crate::model::compile_files(&files(&texts, &ids));
        assert_eq!(
            format!("{:?}", spec.expect("a service")),
            format!("{:?}", again.expect("a service")),
            "{whole}"
        );
    }

    #[test]
    fn a_file_or_a_key_that_is_no_map_is_told_in_its_own_file() {
        for (text, what) in [
            ("- a\n", "the file is a map, found a list"),
            ("only words\n", "the file is a map, found `only words`"),
            (
                "resources: [a]\n",
                "`resources` is a map of names, found a list",
            ),
            ("resources: a\n", "`resources` is a map of names, found `a`"),
        ] {
            for texts in [[SERVICE, LABEL, text], [text, SERVICE, LABEL]] {
                let label = LABEL.replace("|-\n        x\n        }", "words}");
                let texts = texts.map(|text| if text == LABEL { &label } else { text });
                let (_, ids) = of(&texts);
                let (_, diagnostics) = parse_files(&files(&texts, &ids));
                let told = diagnostics.sorted();
                let at = texts.iter().position(|part| *part == text).unwrap();
                let found: Vec<_> = told
                    .iter()
                    .map(|one| (one.message.as_str(), one.span.map(|span| span.source)))
                    .collect();
                assert_eq!(found, [(what, Some(ids[at]))]);
            }
        }
        let texts = [SERVICE, "~\n"];
        let (_, ids) = of(&texts);
        assert!(parse_files(&files(&texts, &ids)).1.is_empty());
    }

    #[test]
    fn a_file_that_cannot_be_read_hides_no_mistake_of_the_others() {
        const WRONG: &str =
            "resources:\n  label:\n    fields: {name: {type: strng}, size: {typ: integer}}\n";
        for unread in ["secapi: [1\n", "- a\n"] {
            for texts in [[unread, WRONG], [WRONG, unread]] {
                let (_, ids) = of(&texts);
                let (spec, diagnostics) = parse_files(&files(&texts, &ids));
                assert!(spec.is_none());
                let at = ids[texts.iter().position(|text| *text == WRONG).unwrap()];
                let told = diagnostics.sorted();
                let here = |one: &&crate::diagnostic::Diagnostic| {
                    one.span.is_some_and(|span| span.source == at)
                };
                let found: Vec<_> = told.iter().filter(here).map(|it| &*it.message).collect();
                // The keys that are missing may stand in the other file.
                assert_eq!(
                    found,
                    [
                        "`resources.label.fields.name.type` cannot be `strng`",
                        "unknown key `typ` in `resources.label.fields.size`",
                    ]
                );
                assert_eq!(told.len(), 3, "{told:?}");
            }
        }
    }

    #[test]
    fn what_stands_in_two_files_is_told_at_both_places() {
        for (again, what) in [
            ("resources: {item: {}}\n", "the resource `item`"),
            ("service: {name: shop}\n", "the key `service`"),
            ("secapi: 2\n", "the key `secapi`"),
        ] {
            let texts = [SERVICE, again];
            let (_, ids) = of(&texts);
            let (_, diagnostics) = parse_files(&files(&texts, &ids));
            let told = diagnostics.sorted();
            let doubles: Vec<_> = told.iter().filter(|d| d.message.contains(what)).collect();
            let places: Vec<_> = doubles
                .iter()
                .filter_map(|d| d.span.map(|span| span.source))
                .collect();
            assert_eq!(places, ids, "{told:?}");
        }
    }
}
