//! What a spec has to say before a migration can be written, and what may have been meant otherwise.

use std::fmt;

use super::conversion::Conversion;
use super::difference::Origin;
use super::kept::Kept;
use super::tables::{Column, Table, Value};

/// What keeps a migration from being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field: `user.age`.
    pub field: String,
    /// What is missing.
    pub lack: Lack,
}

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Rows that exist would have no value.
    Value,
    /// Rows that exist would refer to nothing, and no row is known before the service runs.
    Target,
    /// Rows that exist would all have one value, and no two may.
    OwnValues,
    /// Rows that exist would have no value, and no statement can encrypt one.
    Sealed,
    /// The values that are there are encrypted, or would have to be, and no statement of a migration has a key.
    Key,
}

impl Problem {
    pub(super) fn of(table: &Table, column: &Column, origin: &Origin) -> Option<Self> {
        let alone = |index: &super::Index| {
            index.unique && index.columns.len() == 1 && index.columns.contains(&column.name)
        };
        let is_unique = table.indexes.iter().any(alone);
        let lack = match origin {
            Origin::New(Some(_)) if is_unique => Lack::OwnValues,
            Origin::New(None) if is_unique && !column.nullable => Lack::OwnValues,
            Origin::New(None) if !column.nullable && column.references.is_some() => Lack::Target,
            Origin::New(None) if !column.nullable && column.is_sealed() => Lack::Sealed,
            Origin::New(None) if !column.nullable => Lack::Value,
            Origin::Kept(kept) if needs_a_key(kept, column) => Lack::Key,
            Origin::Kept(kept) if is_unique && needs_own_values(kept, column) => Lack::OwnValues,
            Origin::Kept(kept)
                if kept.must_fill(column)
                    && kept.fill.is_none()
                    && !has_own_values(kept, column, is_unique) =>
            {
                match column.references {
                    Some(_) => Lack::Target,
                    None => Lack::Value,
                }
            }
            Origin::Kept(kept)
                if !kept.removed.is_empty()
                    && kept.fill.is_none()
                    && !column.nullable
                    // What is gone leaves the lists, and they stay.
                    && !column.is_list() =>
            {
                Lack::Value
            }
            _ => return None,
        };
        Some(Self {
            field: field(table, &column.name),
            lack,
        })
    }

    /// The way out.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.lack {
            Lack::Value => "give it a `default`, or say what those rows get: `backfill: 'literal'`",
            Lack::Target => {
                "make it `optional: true`, give each row what it refers to, and require it after that"
            }
            Lack::OwnValues => {
                "make it `optional: true` without a default, give each row its value, and require it after that"
            }
            Lack::Sealed => {
                "make it `optional: true`, give each row its value through the service, and require it after that"
            }
            Lack::Key => {
                "leave it as it was; add a field of another name, move the values over through the service, and remove this one after that"
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match self.lack {
            Lack::Value | Lack::Target | Lack::Sealed => {
                write!(out, "rows that exist would have no value in `{field}`")
            }
            Lack::OwnValues => write!(
                out,
                "rows that exist would all have the same value in `{field}`, which is unique"
            ),
            Lack::Key => write!(
                out,
                "no migration can change what is in `{field}`: only the service has the keys of encrypted values"
            ),
        }
    }
}

/// Whether each row has a value by now that nothing in a spec could say: that is what a unique field, an encrypted one or a
/// reference is made required for.
fn has_own_values(kept: &Kept, column: &Column, is_unique: bool) -> bool {
    let has_own = is_unique || column.is_sealed() || column.references.is_some();
    has_own && kept.conversion == Conversion::Same
}

/// Whether rows that exist would get one value for all of them, or could only be given one.
fn needs_own_values(kept: &Kept, column: &Column) -> bool {
    let has_no_value = !kept.removed.is_empty() || kept.conversion != Conversion::Same;
    match kept.fill {
        Some(_) => kept.fills_several(column),
        None => kept.must_fill(column) && has_no_value,
    }
}

/// Whether values would have to be encrypted, decrypted, or changed while they are encrypted.
fn needs_a_key(kept: &Kept, column: &Column) -> bool {
    let is_sealed = column.is_sealed() || kept.before.is_sealed();
    let stays = kept.conversion == Conversion::Same;
    is_sealed && !(stays && kept.renamed.is_empty() && kept.removed.is_empty())
}

/// A drop and an addition that could be meant as a rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Where the key would stand: `resources.user.fields.years`.
    pub place: String,
    /// What is dropped.
    pub dropped: String,
    /// What is added.
    pub added: String,
}

impl Likeness {
    /// A field that goes and one that comes, of the same kind; each is named once.
    pub(super) fn of_columns<'a>(
        table: &Table,
        dropped: &[Column],
        added: impl Iterator<Item = &'a Column>,
    ) -> Vec<Self> {
        let mut left: Vec<&Column> = dropped.iter().collect();
        let mut out = Vec::new();
        for new in added {
            // What is encrypted is bound to its name.
            let alike = |old: &&Column| {
                old.kind == new.kind && old.storage == new.storage && !old.is_sealed()
            };
            if let Some(at) = left.iter().position(alike) {
                let old = left.remove(at);
                out.push(Self {
                    place: format!("resources.{}.fields.{}", table.of, new.name),
                    dropped: old.name.clone(),
                    added: new.name.clone(),
                });
            }
        }
        out
    }

    /// A table that goes and one that comes, with at least half of its own columns the same.
    pub(super) fn of_tables(dropped: &[Table], added: &[Table]) -> Vec<Self> {
        let own = |table: &Table| -> Vec<(String, super::Storage)> {
            let own = table.columns.iter().filter(|column| column.kind.is_some());
            own.map(|column| (column.name.clone(), column.storage))
                .collect()
        };
        let mut left: Vec<&Table> = dropped
            .iter()
            .filter(|table| !table.of.is_empty() && !table.columns.iter().any(Column::is_sealed))
            .collect();
        let mut out = Vec::new();
        for new in added {
            let columns = own(new);
            let alike = |old: &&Table| {
                let old = own(old);
                let common = old.iter().filter(|column| columns.contains(column)).count();
                common > 0 && 2 * common >= old.len().max(columns.len())
            };
            // The tables of relations all have the same columns; what they relate tells them apart.
            let relates_alike = |old: &&Table| {
                let related = |table: &Table| relation(&table.of).map(|_| table.columns.clone());
                related(old) == related(new)
            };
            if let Some(at) = left.iter().position(|old| alike(old) && relates_alike(old)) {
                let old = left.remove(at);
                out.push(match (relation(&old.of), relation(&new.of)) {
                    (Some((_, dropped)), Some((resource, added))) => Self {
                        place: format!("resources.{resource}.relations.{added}"),
                        dropped: dropped.to_owned(),
                        added: added.to_owned(),
                    },
                    _ => Self {
                        place: format!("resources.{}", new.of),
                        dropped: old.of.clone(),
                        added: new.of.clone(),
                    },
                });
            }
        }
        out
    }

    /// A value that goes and one that comes.
    pub(super) fn of_values(table: &Table, column: &Column, origin: &Origin) -> Vec<Self> {
        let Origin::Kept(kept) = origin else {
            return Vec::new();
        };
        let is_new = |value: &&Value| {
            let renamed = kept.renamed.iter().any(|(_, now)| now == *value);
            !renamed && !kept.before.values.contains(value)
        };
        let added = column.values.iter().filter(is_new);
        let pairs = kept.removed.iter().zip(added);
        pairs
            .map(|(old, new)| Self {
                place: format!(
                    "the value `{}` of resources.{}.fields.{}",
                    new.word(),
                    table.of,
                    column.name
                ),
                dropped: old.word(),
                added: new.word(),
            })
            .collect()
    }
}

/// The resource and the name of the relation that a table is known by.
fn relation(owner: &str) -> Option<(&str, &str)> {
    owner.split_once('.')
}

/// A field as people name it.
pub(super) fn field(table: &Table, column: &str) -> String {
    let of = if table.of.is_empty() {
        &table.name
    } else {
        &table.of
    };
    format!("{of}.{column}")
}
