//! A difference as people read it: each step a sentence, and whether rows lose something by it.

use super::conversion::Conversion;
use super::difference::{Difference, Origin, TableChange};
use super::kept::Kept;
use super::marks;
use super::tables::{Column, Index, Kind, Table, Value};
use crate::model::{date_of, datetime_of, decimal_of, duration_of};

/// One step of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does: `drops age of users`.
    pub summary: String,
    /// Whether data is lost by it.
    pub destructive: bool,
    /// The keys of the spec that it comes from, as far as they are there: `resources`, `user`, `fields`, `age`.
    pub place: Vec<String>,
    /// The same as a part of a file's name: `drop_age_of_users`.
    pub(super) name: String,
}

impl Difference {
    /// All steps, in the order in which the migration takes them.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let dropped = self.dropped.iter().map(|table| {
            let Table { name, .. } = table;
            lossy(format!("drops the table {name}"), format!("drop_{name}"))
        });
        let renamed = self.changed.iter().filter_map(TableChange::renaming);
        let created = self.created.iter().map(|table| {
            let Table { name, .. } = table;
            harmless(format!("adds the table {name}"), format!("add_{name}"))
        });
        let changed = self.changed.iter().flat_map(|change| {
            let steps = change.steps().into_iter();
            steps.map(|step| step.in_resource(&change.after.of))
        });
        dropped
            .chain(renamed)
            .chain(created)
            .chain(changed)
            .collect()
    }
}

impl Step {
    fn of_field(mut self, field: &str) -> Self {
        self.place.extend(["fields".to_owned(), field.to_owned()]);
        self
    }

    fn in_resource(mut self, resource: &str) -> Self {
        self.place.insert(1, resource.to_owned());
        self
    }
}

impl TableChange {
    pub(super) fn renaming(&self) -> Option<Step> {
        let (old, new) = (&self.before.name, &self.after.name);
        (old != new).then(|| {
            harmless(
                format!("renames the table {old} to {new}"),
                format!("rename_{old}_to_{new}"),
            )
        })
    }

    /// The steps inside of the table.
    pub(super) fn steps(&self) -> Vec<Step> {
        let table = &self.after.name;
        let purged = marks::words(self);
        let purged = purged.map(|words| lossy(words, format!("give_up_soft_delete_of_{table}")));
        let mut out: Vec<Step> = purged.into_iter().collect();
        // What says that the marked rows go says that their mark goes.
        let is_told = |column: &&Column| self.purge.is_some() && marks::is_mark(column);
        let dropped = self.dropped.iter().filter(|column| !is_told(column));
        out.extend(dropped.map(|Column { name, .. }| {
            lossy(
                format!("drops {name} of {table}"),
                format!("drop_{name}_of_{table}"),
            )
        }));
        for (column, origin) in self.columns() {
            match origin {
                Origin::New(fill) => out.push(addition(table, column, fill.as_ref())),
                Origin::Kept(kept) => {
                    let steps = changes(table, column, kept).into_iter();
                    out.extend(steps.map(|step| step.of_field(&column.name)));
                    out.extend(self.agreement(column, kept));
                }
            }
        }
        // Indexes that merely follow another change are no news.
        let indexes = self.after.indexes.iter().filter(|new| self.is_news(new));
        out.extend(indexes.map(|index| index_step(table, index, true)));
        let gone = self.before.indexes.iter().filter(|old| self.is_gone(old));
        out.extend(gone.map(|index| index_step(table, index, false)));
        if self.before.primary_key != self.after.primary_key {
            out.push(harmless(
                format!("changes the primary key of {table}"),
                format!("change_key_of_{table}"),
            ));
        }
        out
    }

    /// Rows that differed where they have to, and may not any more. Of a unique index that is new its own step says so.
    fn agreement(&self, column: &Column, kept: &Kept) -> Option<Step> {
        let table = &self.after.name;
        let mut stays = self.after.indexes.iter().filter(|it| !self.is_news(it));
        let holds = |index: &&Index| index.unique && index.columns.contains(&column.name);
        let fills = kept.may_merge() || kept.fills_several(column);
        stays.find(holds).filter(|_| fills).map(|index| {
            let columns = index.columns.join(", ");
            let step = harmless(
                format!("keeps the unique index of {table} over {columns}{FAILS}"),
                format!("change_{}_of_{table}", column.name),
            );
            step.of_field(&column.name)
        })
    }

    fn is_news(&self, new: &Index) -> bool {
        !self.before.indexes.iter().any(|old| self.means(old, new))
    }

    fn is_gone(&self, old: &Index) -> bool {
        let has_columns = old.columns.iter().all(|column| self.now(column).is_some());
        has_columns && !self.after.indexes.iter().any(|new| self.means(old, new))
    }

    /// Whether two indexes are the same apart from names.
    fn means(&self, old: &Index, new: &Index) -> bool {
        let now = |name: &String| self.now(name).unwrap_or_default().to_owned();
        old.unique == new.unique
            && old.columns.iter().map(now).eq(new.columns.iter().cloned())
            && old.only_where_null.as_ref().map(now) == new.only_where_null
    }
}

fn addition(table: &str, column: &Column, fill: Option<&Value>) -> Step {
    let name = &column.name;
    let fill = fill.map_or(String::new(), |value| {
        format!(
            ", which rows that exist have as {}",
            told(value, column.kind)
        )
    });
    harmless(
        format!("adds {name} to {table}{fill}"),
        format!("add_{name}_to_{table}"),
    )
}

fn changes(table: &str, column: &Column, kept: &Kept) -> Vec<Step> {
    let Column { name, .. } = column;
    let before = &kept.before;
    let of = format!("{name} of {table}");
    let change = format!("change_{name}_of_{table}");
    let mut out = Vec::new();
    if before.name != *name {
        out.push(harmless(
            format!("renames {} of {table} to {name}", before.name),
            format!("rename_{}_of_{table}_to_{name}", before.name),
        ));
    }
    let kinds = before.kind.zip(column.kind);
    if let Some((old, new)) = kinds.filter(|(old, new)| old != new) {
        let lost = match &kept.conversion {
            Conversion::Lost => format!("; {}", instead(kept, "no value is kept, each")),
            Conversion::ElementsAmong(_) => {
                "; what is none of its values leaves the lists".to_owned()
            }
            conversion if conversion.loses_rows() => {
                format!("; {}", instead(kept, "what does not fit"))
            }
            _ => String::new(),
        };
        let summary = format!("changes {of} from {} to {}{lost}", old.words(), new.words());
        let destructive = !kept.conversion.keeps_all(before.kind);
        out.push(Step {
            destructive,
            ..harmless(summary, change.clone())
        });
    } else if before.storage != column.storage {
        out.push(lossy(format!("changes how {of} is stored"), change.clone()));
    }
    out.extend(values(&of, &change, column, kept));
    let presence = match (before.nullable, column.nullable) {
        (true, false) => {
            let rows = match &kept.fill {
                Some(fill) => format!("rows without a value get {}", told(fill, column.kind)),
                None => "it fails, and changes nothing, where a row has no value".to_owned(),
            };
            Some(format!("makes {of} required; {rows}"))
        }
        (false, true) => Some(format!("makes {of} optional")),
        _ => None,
    };
    let default = match (&before.default, &column.default) {
        (old, new) if old == new => None,
        (_, Some(new)) => Some(format!(
            "sets the default of {of} to {}",
            told(new, column.kind)
        )),
        (_, None) => Some(format!("takes the default of {of} away")),
    };
    let rest = [presence, default].into_iter().flatten();
    out.extend(rest.map(|summary| harmless(summary, change.clone())));
    out.extend(reference(&of, &change, column, kept));
    out
}

/// What a column refers to from now on.
fn reference(of: &str, change: &str, column: &Column, kept: &Kept) -> Option<Step> {
    let (old, new) = (&kept.before.references, &column.references);
    let summary = match new {
        _ if old == new => return None,
        Some(new) if kept.conversion.loses_rows() => {
            let rest = instead(kept, "what is not there");
            format!("makes {of} refer to {}; {rest}", new.table)
        }
        Some(new) if old.as_ref().is_some_and(|old| old.table == new.table) => {
            format!("changes what a deletion in {} does to {of}", new.table)
        }
        Some(new) => format!(
            "makes {of} refer to {}; it fails, and changes nothing, where one is not there",
            new.table
        ),
        None => format!("lets {of} refer to nothing"),
    };
    let destructive = kept.conversion.loses_rows();
    Some(Step {
        destructive,
        ..harmless(summary, change.to_owned())
    })
}

/// What becomes of the words of an enum.
fn values(of: &str, change: &str, column: &Column, kept: &Kept) -> Vec<Step> {
    let before = &kept.before;
    if before.kind != column.kind || before.values == column.values {
        return Vec::new();
    }
    let renamed = kept.renamed.iter().map(|(old, new)| {
        let summary = format!("renames the value {} of {of} to {}", shown(old), shown(new));
        harmless(summary, change.to_owned())
    });
    let removed = kept.removed.iter().map(|value| {
        let rows = match column.is_list() {
            true => "it leaves the lists that hold it".to_owned(),
            false => instead(kept, "a row that has it"),
        };
        lossy(
            format!("removes the value {} of {of}; {rows}", shown(value)),
            change.to_owned(),
        )
    });
    let is_new = |value: &&Value| {
        let renamed = kept.renamed.iter().any(|(_, now)| now == *value);
        !renamed && !before.values.contains(value)
    };
    let added = column.values.iter().filter(is_new).map(|value| {
        harmless(
            format!("adds the value {} to {of}", shown(value)),
            change.to_owned(),
        )
    });
    renamed.chain(removed).chain(added).collect()
}

fn instead(kept: &Kept, what: &str) -> String {
    match &kept.fill {
        Some(fill) => format!("{what} becomes {}", shown(fill)),
        None => format!("{what} becomes null"),
    }
}

/// What becomes of a migration that would break a unique index.
const FAILS: &str = "; it fails, and changes nothing, where two rows agree there";

fn index_step(table: &str, index: &Index, added: bool) -> Step {
    let what = if index.unique {
        "unique index"
    } else {
        "index"
    };
    let columns = index.columns.join(", ");
    let fails = if added && index.unique { FAILS } else { "" };
    let (does, name) = if added {
        ("adds", "add")
    } else {
        ("drops", "drop")
    };
    harmless(
        format!("{does} the {what} of {table} over {columns}{fails}"),
        format!("{name}_{}", index.name),
    )
}

/// A value in a sentence and in a comment: one line.
/// A value as the API would show it, where the database has it in another form.
fn told(value: &Value, kind: Option<Kind>) -> String {
    match (value, kind) {
        (Value::Integer(ms), Some(Kind::Date)) => date_of(*ms),
        (Value::Integer(ms), Some(Kind::Datetime)) => datetime_of(*ms),
        (Value::Integer(ms), Some(Kind::Duration)) => duration_of(*ms),
        (Value::Integer(units), Some(Kind::Decimal(scale))) => decimal_of(*units, scale),
        _ => shown(value),
    }
}

fn shown(value: &Value) -> String {
    let word: String = value
        .word()
        .chars()
        .flat_map(|c| {
            // Text that changes its direction would hide what the comment says.
            let is_plain =
                !c.is_control() && !matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            if is_plain {
                vec![c]
            } else {
                c.escape_unicode().collect()
            }
        })
        .collect();
    match value {
        Value::Text(_) => format!("'{word}'"),
        _ => word,
    }
}

fn harmless(summary: String, name: String) -> Step {
    Step {
        summary,
        destructive: false,
        place: vec!["resources".to_owned()],
        name,
    }
}

fn lossy(summary: String, name: String) -> Step {
    Step {
        destructive: true,
        ..harmless(summary, name)
    }
}
