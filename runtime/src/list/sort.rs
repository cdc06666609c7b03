//! The order of a list.

use super::{Column, Kind, Listing, ORDERED_CHARACTERS};
use crate::Violation;

/// How many fields a list can be ordered by.
const MOST: usize = 4;

/// One field of the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) column: &'static Column,
    pub(super) descending: bool,
}

impl Key {
    /// How many bytes a value of it takes at most: a length and characters of up to four bytes, or a number.
    pub(super) fn room(&self) -> usize {
        match self.column.kind {
            Kind::Integer
            | Kind::WideInteger
            | Kind::Number
            | Kind::Decimal
            | Kind::Boolean
            | Kind::Date
            | Kind::Time
            | Kind::Datetime
            | Kind::Duration => VALUE,
            Kind::Uuid => VALUE + UUID,
            Kind::Text | Kind::Email | Kind::Ip | Kind::Reference | Kind::Choice(_) => {
                VALUE + 4 * ORDERED_CHARACTERS as usize
            }
        }
    }
}

/// What stands before the characters of a text, or for a number.
const VALUE: usize = 9;
const UUID: usize = 36;

/// Reads `-created_at,email` and ends the order with the id. Without a list that is the whole order.
pub(super) fn read(
    text: Option<&str>,
    listing: &Listing,
    readable_guarded: &dyn Fn(&str) -> bool,
    violations: &mut Vec<Violation>,
) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    let items: Vec<_> = text.iter().flat_map(|text| text.split(',')).collect();
    if items.len() > MOST {
        violations.push(wrong(
            "max_items",
            format!("must name at most {MOST} fields"),
        ));
    }
    for item in items.into_iter().take(MOST) {
        let (name, descending) = item
            .strip_prefix('-')
            .map_or((item, false), |name| (name, true));
        let column = listing.column(name, readable_guarded);
        match column.filter(|column| !column.list && column.kind != Kind::Reference) {
            None => violations.push(wrong("unknown_field", format!("cannot sort by {name:?}"))),
            Some(column) if keys.iter().any(|key| key.column.name == name) => {
                violations.push(wrong("repeated", format!("sorts by {} twice", column.name)));
            }
            Some(column) => keys.push(Key { column, descending }),
        }
    }
    end_with_id(&mut keys, listing);
    keys
}

/// No two rows share an id, so what stands behind it decides nothing.
fn end_with_id(keys: &mut Vec<Key>, listing: &Listing) {
    if let Some(place) = keys.iter().position(|key| key.column.name == "id") {
        keys.truncate(place + 1);
        return;
    }
    let id = listing.columns.iter().find(|column| column.name == "id");
    keys.extend(id.map(|column| Key {
        column,
        descending: false,
    }));
}

fn wrong(code: &'static str, detail: String) -> Violation {
    Violation::parameter("sort", code, detail)
}
