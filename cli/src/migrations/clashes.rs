//! Renames onto a name that was in use: `{a, b}` becomes `{b}`, and `b` says that it was `a`. What is in both cannot be in one,
//! and which of the two is meant is for people to say.

use std::collections::BTreeSet;

use super::past::{Past, renames};
use super::tables::{Column, Snapshot, Table, Value};

/// A `renamed_from` at something that was there itself, which names something that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The keys that lead to what has it: `resources`, `item`, `fields`, `name`.
    pub place: Vec<String>,
    /// `resource`, `field`, `relation` or `value`.
    pub what: &'static str,
    /// What it is called.
    pub name: String,
    /// What it says that it was.
    pub former: String,
}

/// The renames of a spec that the last tables contradict. A key that has done its work is none as long as what it names is
/// nothing, or stays.
#[must_use]
pub fn clashes(before: &Snapshot, wanted: &Snapshot, past: &Past) -> Vec<Clash> {
    let owners: BTreeSet<&str> = before
        .tables
        .iter()
        .map(|table| table.of.as_str())
        .collect();
    let tables = wanted.tables.iter();
    let now: Vec<(&str, Option<&str>)> = tables
        .map(|table| (table.of.as_str(), past.table(&table.of, &owners)))
        .collect();
    let mut out: Vec<Clash> = clashing(&owners, &now).map(of_table).collect();
    let renamed = renames(&owners, &now);
    for table in &wanted.tables {
        let former = renamed.get(table.of.as_str()).copied();
        let former = former.unwrap_or(table.of.as_str());
        if let Some(old) = before.tables.iter().find(|old| old.of == former) {
            of_columns(old, table, past, &mut out);
        }
    }
    out
}

/// The names that say a former name which is one of `before` and goes, and that were there themselves.
fn clashing<'a>(
    before: &BTreeSet<&'a str>,
    now: &[(&'a str, Option<&'a str>)],
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let renamed = renames(before, now);
    let stays = |name: &str| now.iter().any(|(it, _)| *it == name);
    let is_clash = |(name, former): &(&'a str, &'a str)| {
        let taken = renamed.values().any(|it| it == former);
        let there = before.contains(name) && before.contains(former);
        there && !renamed.contains_key(name) && !taken && !stays(former)
    };
    let said = now
        .iter()
        .filter_map(|(name, former)| Some((*name, (*former)?)));
    said.filter(is_clash).collect::<Vec<_>>().into_iter()
}

fn of_table((name, former): (&str, &str)) -> Clash {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let (what, place) = match name.split_once('.') {
        Some((resource, relation)) => ("relation", vec![resource, "relations", relation]),
        None => ("resource", vec![name]),
    };
    clash(what, &place, last(name), last(former))
}

fn of_columns(old: &Table, table: &Table, past: &Past, out: &mut Vec<Clash>) {
    let before: BTreeSet<&str> = old
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let said: Vec<_> = table
        .columns
        .iter()
        .map(|column| (column, past.column(&table.of, &column.name)))
        .collect();
    let now: Vec<(&str, Option<&str>)> = said
        .iter()
        .map(|(column, past)| (column.name.as_str(), past.renamed_from.as_deref()))
        .collect();
    for (name, former) in clashing(&before, &now) {
        let place = [table.of.as_str(), "fields", name];
        out.push(clash("field", &place, name.to_owned(), former.to_owned()));
    }
    let renamed = renames(&before, &now);
    for (column, past) in &said {
        let former = renamed.get(column.name.as_str()).copied();
        let source = old.column(former.unwrap_or(&column.name));
        let Some(source) = source.filter(|_| !past.values.is_empty()) else {
            continue;
        };
        for (name, former) in of_values(source, column, &past.values) {
            let place = [table.of.as_str(), "fields", &column.name];
            out.push(clash("value", &place, name, former));
        }
    }
}

fn of_values(old: &Column, new: &Column, said: &[(Value, Value)]) -> Vec<(String, String)> {
    let words =
        |column: &Column| -> Vec<String> { column.values.iter().map(Value::word).collect() };
    let (before, now) = (words(old), words(new));
    let said: Vec<(String, String)> = said
        .iter()
        .map(|(now, old)| (now.word(), old.word()))
        .collect();
    let former = |word: &str| {
        said.iter()
            .find(|(it, _)| it == word)
            .map(|(_, former)| former.as_str())
    };
    let now: Vec<(&str, Option<&str>)> = now
        .iter()
        .map(|word| (word.as_str(), former(word)))
        .collect();
    let before = before.iter().map(String::as_str).collect();
    let found = clashing(&before, &now);
    found
        .map(|(name, former)| (name.to_owned(), former.to_owned()))
        .collect()
}

fn clash(what: &'static str, place: &[&str], name: String, former: String) -> Clash {
    let place = std::iter::once("resources").chain(place.iter().copied());
    Clash {
        place: place.map(str::to_owned).collect(),
        what,
        name,
        former,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Sources;
    use crate::model::{Service, compile};

    fn service(resources: &str) -> Service {
        let text = format!("secapi: 1\nservice: {{name: shop}}\nresources:\n{resources}");
        let mut sources = Sources::new();
        let id = sources.add("secapi.yaml", text.as_str());
        let (service, diagnostics) = compile(&text, id);
        service.unwrap_or_else(|| panic!("{diagnostics:?}"))
    }

    fn found(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (service(before), service(after));
        let (old, new) = (Snapshot::of(&before), Snapshot::of(&after));
        let found = clashes(&old, &new, &Past::of(&after)).into_iter();
        found
            .map(|it| {
                format!(
                    "{} {} was {} at {}",
                    it.what,
                    it.name,
                    it.former,
                    it.place.join(".")
                )
            })
            .collect()
    }

    const OLD: &str = "  item: {fields: {a: {type: string}, b: {type: string}, s: {type: enum, values: [x, y]}}, relations: {m: {many_to_many: item}, n: {many_to_many: item}}}\n  thing: {}\n";

    #[test]
    fn a_rename_onto_what_was_there_is_found_wherever_it_stands() {
        let field = OLD.replace("a: {type: string}, b: {", "b: {renamed_from: a, ");
        assert_eq!(
            found(OLD, &field),
            ["field b was a at resources.item.fields.b"]
        );
        let value = OLD.replace("[x, y]", "[{value: y, renamed_from: x}]");
        assert_eq!(
            found(OLD, &value),
            ["value y was x at resources.item.fields.s"]
        );
        let relation = OLD.replace("m: {many_to_many: item}, n: {", "n: {renamed_from: m, ");
        assert_eq!(
            found(OLD, &relation),
            ["relation n was m at resources.item.relations.n"]
        );
        let resource = "  item: {renamed_from: thing, fields: {a: {type: string}, b: {type: string}, s: {type: enum, values: [x, y]}}, relations: {m: {many_to_many: item}, n: {many_to_many: item}}}\n";
        assert_eq!(
            found(OLD, resource),
            ["resource item was thing at resources.item"]
        );
        // Also behind another name of the resource.
        let moved = field.replace("thing: {}", "thing: {renamed_from: other}");
        assert_eq!(
            found(&OLD.replace("thing: {}", "other: {}"), &moved).len(),
            1
        );
    }

    #[test]
    fn what_gives_way_or_stays_is_none() {
        let key = OLD.replace("b: {type", "b: {renamed_from: a, type");
        assert_eq!(
            found(OLD, &key),
            [""; 0],
            "the key has done its work, and `a` is a new one"
        );
        let moves = OLD
            .replace("a: {type: string}, b: {", "b: {renamed_from: a, ")
            .replace("s: {type", "c: {type: string, renamed_from: b}, s: {type");
        assert_eq!(found(OLD, &moves), [""; 0]);
        let plain = OLD.replace("a: {type: string}, b: {", "c: {renamed_from: a, ");
        assert_eq!(found(OLD, &plain), [""; 0]);
        let done = OLD.replace("a: {type: string}, b: {", "b: {renamed_from: a, ");
        assert_eq!(found(&done, &done), [""; 0]);
    }
}
