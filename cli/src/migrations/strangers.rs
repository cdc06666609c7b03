//! Former names that nothing had: `renamed_from: tilte`. What should have been renamed is dropped then, and something empty
//! comes in its place, so a slip of the pen costs the data.

use std::collections::BTreeSet;

use super::past::{ColumnPast, Past};
use super::tables::{Column, Snapshot, Table};
use crate::spec::nearest;

/// A `renamed_from` that names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    /// The keys that lead to what has it: `resources`, `item`, `fields`, `name`.
    pub place: Vec<String>,
    /// What it says.
    pub former: String,
    /// What it may have meant: something that goes.
    pub meant: Option<String>,
}

/// The former names that the last tables do not know, of what is new in them. A key that has done its work is none, and
/// neither is one in a table that is new as a whole.
#[must_use]
pub fn strangers(before: &Snapshot, wanted: &Snapshot, past: &Past) -> Vec<Stranger> {
    let mut out = Vec::new();
    let owners: BTreeSet<&str> = before.tables.iter().map(|old| old.of.as_str()).collect();
    for table in &wanted.tables {
        let own = owned(before, &table.of);
        let former = past.table(&table.of, &owners);
        match (own, former) {
            (Some(old), _) => out.extend(of_columns(old, table, past)),
            (None, Some(former)) => match owned(before, former) {
                Some(old) => out.extend(of_columns(old, table, past)),
                None if before.tables.is_empty() => {}
                None => {
                    let gone = before.tables.iter().map(|old| old.of.as_str());
                    let gone = gone.filter(|of| owned(wanted, of).is_none());
                    out.push(stranger(&[&table.of], former, gone));
                }
            },
            (None, None) => {}
        }
    }
    out
}

fn owned<'a>(snapshot: &'a Snapshot, of: &str) -> Option<&'a Table> {
    let mut tables = snapshot.tables.iter();
    tables.find(|table| table.of == of && !of.is_empty())
}

fn of_columns(old: &Table, table: &Table, past: &Past) -> Vec<Stranger> {
    let mut out = Vec::new();
    for column in &table.columns {
        let said = past.column(&table.of, &column.name);
        let path = [table.of.as_str(), "fields", column.name.as_str()];
        let source = old.column(&column.name);
        let former = said.renamed_from.as_deref();
        match (source, former.filter(|former| old.column(former).is_none())) {
            (Some(source), _) => out.extend(of_values(source, column, &path, &said)),
            (None, Some(former)) => {
                let gone = old.columns.iter().map(|column| column.name.as_str());
                let gone = gone.filter(|name| table.column(name).is_none());
                out.push(stranger(&path, former, gone));
            }
            (None, None) => {}
        }
    }
    out
}

/// The words of an enum.
fn of_values(old: &Column, new: &Column, path: &[&str], said: &ColumnPast) -> Vec<Stranger> {
    let mut out = Vec::new();
    for (now, former) in &said.values {
        let is_known = old.values.contains(now) || old.values.contains(former);
        if is_known || old.values.is_empty() {
            continue;
        }
        let gone = old
            .values
            .iter()
            .filter(|value| !new.values.contains(value));
        let gone: Vec<String> = gone.map(super::Value::word).collect();
        let words = gone.iter().map(String::as_str);
        out.push(stranger(path, &former.word(), words));
    }
    out
}

fn stranger<'a>(path: &[&str], former: &str, gone: impl Iterator<Item = &'a str>) -> Stranger {
    let place = std::iter::once("resources").chain(path.iter().copied());
    Stranger {
        place: place.map(str::to_owned).collect(),
        meant: nearest(former, gone).map(str::to_owned),
        former: former.to_owned(),
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

    fn found(before: &str, after: &str) -> Vec<(String, String, Option<String>)> {
        let (before, after) = (service(before), service(after));
        let (old, new) = (Snapshot::of(&before), Snapshot::of(&after));
        let found = strangers(&old, &new, &Past::of(&after)).into_iter();
        found
            .map(|it| (it.place.join("."), it.former, it.meant))
            .collect()
    }

    const OLD: &str = "  item:\n    fields:\n      title: {type: string}\n      state: {type: enum, values: [open, done], default: open}\n";

    #[test]
    fn a_slip_in_a_former_name_is_found_with_what_was_meant() {
        let slip = OLD.replace(
            "title: {type: string}",
            "name: {type: string, renamed_from: tilte}",
        );
        let said = (
            "resources.item.fields.name".into(),
            "tilte".into(),
            Some("title".into()),
        );
        assert_eq!(found(OLD, &slip), [said]);
        let slip = OLD.replace("item:\n", "thing:\n    renamed_from: itme\n");
        assert_eq!(
            found(OLD, &slip),
            [("resources.thing".into(), "itme".into(), Some("item".into()))]
        );
    }

    #[test]
    fn a_key_that_applies_or_has_done_its_work_is_none() {
        let renamed = OLD.replace(
            "title: {type: string}",
            "name: {type: string, renamed_from: title}",
        );
        assert_eq!(found(OLD, &renamed), []);
        assert_eq!(
            found(&renamed.replace(", renamed_from: title", ""), &renamed),
            []
        );
        let moved = renamed.replace("item:\n", "thing:\n    renamed_from: item\n");
        assert_eq!(found(OLD, &moved), []);
        // The first tables of a service have no past.
        let other = "  other:\n    fields:\n      name: {type: string, renamed_from: title}\n";
        assert_eq!(found(OLD, &format!("{OLD}{other}")), []);
    }
}
