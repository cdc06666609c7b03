//! What goes with a row that is deleted, as a table that a statement finds by itself.
//!
//! A row is removed for good, or marked as deleted where that can be undone. Either takes other rows along. What is
//! removed takes everything that refers to it by `cascade`, marked or not, and what is marked and refers to it by
//! `restrict`: that could not come back without it. What is marked takes the live rows that refer to it by `cascade`, and
//! the compiler sees to it that those can be marked. INVARIANT: a live row refers to live rows alone.

use std::collections::HashMap;

use crate::model::{OnDelete, Referrer, Resource, Service, SoftDelete};
use crate::render::sql::quote;

/// The table of what goes. No resource can have a name that begins like it.
pub(super) const GONE: &str = "\"secapi_gone\"";

/// How rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// For good.
    Removed,
    /// They are marked, and can be brought back.
    Marked,
}

impl Way {
    /// How `DELETE` of this resource goes.
    pub(super) fn of(resource: &Resource) -> Self {
        match resource.soft_delete {
            Some(_) => Self::Marked,
            None => Self::Removed,
        }
    }
}

/// Which of the rows that refer to one that goes, go as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    All,
    Live,
    Marked,
}

/// A reference through which rows go along.
struct Edge<'a> {
    from: usize,
    referrer: &'a Referrer,
    to: usize,
    which: Which,
}

/// What goes with a row: kinds of rows by number, 0 being the row itself.
pub(super) struct Sweep<'a> {
    /// The resource of each kind.
    pub(super) kinds: Vec<&'a Resource>,
    edges: Vec<Edge<'a>>,
    /// References to rows of a kind that are emptied.
    pub(super) empties: Vec<(usize, &'a Referrer)>,
    /// References to rows of a kind that hold them; whether only live rows do.
    pub(super) holds: Vec<(usize, &'a Referrer, bool)>,
}

impl<'a> Sweep<'a> {
    pub(super) fn of(service: &'a Service, resource: &'a Resource, way: Way) -> Self {
        let mut sweep = Self {
            kinds: vec![resource],
            edges: Vec::new(),
            empties: Vec::new(),
            holds: Vec::new(),
        };
        let mut numbers: HashMap<&str, usize> = HashMap::from([(resource.name.as_str(), 0)]);
        let mut open = vec![(0, resource)];
        while let Some((from, resource)) = open.pop() {
            for referrer in &resource.referrers {
                let found = service.resource(&referrer.resource);
                let is_soft = found.is_some_and(|found| found.soft_delete.is_some());
                let which = match (way, referrer.on_delete) {
                    (_, OnDelete::SetNull) => {
                        sweep.empties.push((from, referrer));
                        continue;
                    }
                    (Way::Marked, OnDelete::Restrict) => {
                        sweep.holds.push((from, referrer, is_soft));
                        continue;
                    }
                    // The database refuses it by itself.
                    (Way::Removed, OnDelete::Restrict) if !is_soft => continue,
                    (Way::Removed, OnDelete::Restrict) => {
                        sweep.holds.push((from, referrer, true));
                        Which::Marked
                    }
                    (Way::Removed, OnDelete::Cascade) => Which::All,
                    (Way::Marked, OnDelete::Cascade) => Which::Live,
                };
                let next = numbers.len();
                let to = *numbers.entry(&referrer.resource).or_insert(next);
                sweep.edges.push(Edge {
                    from,
                    referrer,
                    to,
                    which,
                });
                if let Some(found) = found.filter(|_| to == next) {
                    sweep.kinds.push(found);
                    open.push((next, found));
                }
            }
        }
        sweep
    }

    /// Whether the row goes alone.
    pub(super) fn is_alone(&self) -> bool {
        self.edges.is_empty()
    }

    /// The kinds of what goes along.
    pub(super) fn along(&self) -> impl Iterator<Item = (usize, &'a Resource)> {
        let is_taken = |kind: usize| self.edges.iter().any(|edge| edge.to == kind);
        let kinds = self.kinds.iter().copied().enumerate();
        kinds.filter(move |(kind, _)| is_taken(*kind))
    }

    /// The kind of the rows of a table, where rows of it go.
    pub(super) fn kind(&self, table: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.table == table)
    }

    /// `WITH RECURSIVE …`: the table of what goes with the row `?1`. `live` says which rows of a table count as live.
    pub(super) fn table(&self, live: impl Fn(&str) -> String) -> String {
        let steps = self.edges.iter().map(|edge| edge.step(&live));
        format!(
            "WITH RECURSIVE {GONE} (\"kind\", \"id\") AS (SELECT 0, ?1{})",
            steps.collect::<String>()
        )
    }
}

impl Edge<'_> {
    fn step(&self, live: impl Fn(&str) -> String) -> String {
        let Self { from, to, .. } = self;
        let table = quote(&self.referrer.table);
        let column = quote(&self.referrer.column);
        let mark = mark(&table);
        let which = match self.which {
            Which::All => String::new(),
            Which::Live => format!(" AND {}", live(&table)),
            Which::Marked => format!(" AND {mark} IS NOT NULL"),
        };
        format!(
            " UNION SELECT {to}, {table}.\"id\" FROM {GONE} JOIN {table} ON {table}.{column} = {GONE}.\"id\" WHERE {GONE}.\"kind\" = {from}{which}"
        )
    }
}

/// When a row of this table, in quotes, was marked as deleted.
pub(super) fn mark(table: &str) -> String {
    format!("{table}.{}", quote(SoftDelete::COLUMN))
}

/// The rows of a table that are not marked.
pub(super) fn live(table: &str) -> String {
    format!("{} IS NULL", mark(table))
}

/// The rows of a kind that go.
pub(super) fn gone(kind: usize) -> String {
    format!("(SELECT \"id\" FROM {GONE} WHERE \"kind\" = {kind})")
}
