//! What a client asks of a list.

use super::encoding::pairs;
use super::filter::{Filter, Operator};
use super::search::Search;
use super::sort::{self, Key};
use super::visible::Visible;
use super::{Column, CursorKey, Include, Listing, Position};
use crate::authz::Condition;
use crate::permit::Granted;
use crate::related::RelatedField;
use crate::relation::{Reading, Relation};
use crate::resource::Resource;
use crate::store::Row;
use crate::value::{Id, Timestamp};
use crate::{Code, Error, Violation};

const DEFAULT_LIMIT: usize = 20;
const LARGEST_LIMIT: usize = 100;

/// A list as it was asked for: every part is legal, and refers to nothing that the caller may not know of.
#[derive(Clone, Debug)]
pub struct ListQuery {
    pub(super) listing: &'static Listing,
    pub(super) filters: Vec<Filter>,
    pub(super) search: Option<Search>,
    pub(super) keys: Vec<Key>,
    pub(super) visible: Visible,
    limit: usize,
    count: bool,
    include: Include,
    /// The select that the ids of the rows are in, in front of the id that it ends with.
    pub(super) within: Option<(&'static str, Id)>,
    after: Option<Position>,
    bound_to: Vec<u8>,
}

impl ListQuery {
    /// Reads a query string. A guarded column that `readable_guarded` denies is treated like one that does not exist.
    /// `binding` names caller and route: a cursor works for nobody and nowhere else.
    ///
    /// # Errors
    /// 400 `malformed_parameter` with everything that is wrong.
    pub fn parse(
        listing: &'static Listing,
        query: &str,
        readable_guarded: &dyn Fn(&str) -> bool,
        cursor_key: &CursorKey,
        binding: &[u8],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let known = Known {
            listing,
            readable_guarded,
            related: &[],
        };
        Self::read(&known, query, cursor_key, binding, now)
    }

    /// As [`ListQuery::parse`], of a list that can include rows of others.
    pub(crate) fn read(
        known: &Known<'_>,
        query: &str,
        cursor_key: &CursorKey,
        binding: &[u8],
        now: Timestamp,
    ) -> Result<Self, Error> {
        let asked = Asked::read(known, query);
        let bound_to = bound_to(binding, &asked);
        let mut violations = asked.violations;
        let after = asked.cursor.and_then(|cursor| {
            let after = cursor_key.open(&cursor, &bound_to, now, asked.keys.len());
            if after.is_none() && violations.is_empty() {
                violations.push(foreign_cursor());
            }
            after
        });
        if !violations.is_empty() {
            return Err(refusal(violations));
        }
        Ok(Self {
            listing: known.listing,
            filters: asked.filters,
            search: asked.search,
            keys: asked.keys,
            visible: Visible::default(),
            limit: asked.limit.unwrap_or(DEFAULT_LIMIT),
            count: asked.count,
            include: asked.include,
            within: None,
            after,
            bound_to,
        })
    }

    /// Only the rows that this row is related to, by one who may know which these are. A cursor is bound to the path, and so
    /// to the row.
    #[must_use]
    pub fn related_to<M: Relation>(self, row: &Granted<Reading<M>, M::Row>) -> Self {
        Self {
            within: Some((M::OTHERS, row.id())),
            ..self
        }
    }

    /// The row whose related rows are listed.
    #[must_use]
    pub(crate) fn related_row(&self) -> Option<Id> {
        self.within.map(|(_, row)| row)
    }

    /// How many rows a page has, 1 to 100.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether the rows are to be counted.
    #[must_use]
    pub fn wants_count(&self) -> bool {
        self.count
    }

    /// The list with guarded fields that the caller may read on some rows, and on which. Elsewhere they are unset, for filters and
    /// orders.
    #[must_use]
    pub fn reading(mut self, fields: Vec<(&'static str, Condition)>) -> Self {
        self.visible = Visible::new(fields);
        self
    }

    /// The list of only those rows that fulfil the condition. `None`, where the list has not all that it looks at.
    #[must_use]
    pub fn within(&self, condition: &Condition) -> Option<Self> {
        let mut query = self.clone();
        query.visible.rows(condition.clone())?;
        self.listing.can_say(condition).then_some(query)
    }

    /// What the rows are to be answered with.
    #[must_use]
    pub(crate) fn include(&self) -> &Include {
        &self.include
    }

    /// The same rows in the order of their ids, which needs no sorting: for who only counts them.
    #[must_use]
    pub(crate) fn by_id(&self) -> Self {
        // Every order ends with the id.
        let keys = self.keys.last().copied().into_iter().collect();
        Self {
            keys,
            ..self.clone()
        }
    }

    /// The place behind which the page begins, from the cursor.
    #[must_use]
    pub fn after(&self) -> Option<&Position> {
        self.after.as_ref()
    }

    /// The place of a row that [`crate::store::Transaction::page`] gave for this query.
    ///
    /// # Errors
    /// An internal error for a row of another query.
    pub fn position(&self, row: &Row) -> Result<Position, Error> {
        // The page's statement repeats the fields of the order at the end of each row.
        let values = row.last(self.keys.len()).map(<[_]>::to_vec);
        values
            .map(Position)
            .ok_or_else(|| Error::internal("a row has no place in this list"))
    }

    /// The cursor of a place: it continues this list, for this caller, on this route, within a day.
    ///
    /// # Errors
    /// An internal error where no random bytes are to be had.
    pub fn seal(
        &self,
        position: &Position,
        cursor_key: &CursorKey,
        now: Timestamp,
    ) -> Result<String, Error> {
        cursor_key.seal(position, &self.bound_to, now, 0)
    }

    /// The same of the place of a row that the caller may not read: the cursor is as long whatever stands in the row.
    ///
    /// # Errors
    /// As [`ListQuery::seal`].
    pub(crate) fn seal_hidden(
        &self,
        position: &Position,
        cursor_key: &CursorKey,
        now: Timestamp,
    ) -> Result<String, Error> {
        let room = self.keys.iter().map(Key::room).sum();
        cursor_key.seal(position, &self.bound_to, now, room)
    }
}

/// What the parameters of a list can name.
pub(crate) struct Known<'a> {
    pub(crate) listing: &'static Listing,
    /// Whether a guarded column is one that the caller may know of.
    pub(crate) readable_guarded: &'a dyn Fn(&str) -> bool,
    /// The references that can be included.
    pub(crate) related: &'a [&'static RelatedField],
}

/// What the parameters say, before the cursor is opened.
#[derive(Default)]
struct Asked {
    limit: Option<usize>,
    count: bool,
    cursor: Option<String>,
    include: Include,
    keys: Vec<Key>,
    filters: Vec<Filter>,
    search: Option<Search>,
    filter_texts: Vec<(&'static str, Operator, String)>,
    violations: Vec<Violation>,
}

impl Asked {
    fn read(known: &Known<'_>, query: &str) -> Self {
        let Known {
            listing,
            readable_guarded,
            related,
        } = *known;
        let mut asked = Self::default();
        let pairs = pairs(query, &mut asked.violations);
        let mut sort = None;
        for (place, (name, value)) in pairs.iter().enumerate() {
            let earlier = pairs.get(..place).unwrap_or_default();
            if earlier.iter().any(|(other, _)| other == name) {
                asked.wrong(name, "repeated", "must be given once");
                continue;
            }
            match name.as_str() {
                "limit" => asked.read_limit(value),
                "count" => asked.read_count(value),
                "cursor" => asked.cursor = Some(value.clone()),
                "include" if !related.is_empty() => {
                    asked.include = Include::read(value, related, &mut asked.violations);
                }
                "sort" => sort = Some(value.as_str()),
                "q" => asked.read_search(Search::columns(listing, readable_guarded), value),
                _ => asked.read_filter(listing, readable_guarded, name, value),
            }
        }
        asked.keys = sort::read(sort, listing, readable_guarded, &mut asked.violations);
        asked
    }

    fn read_limit(&mut self, text: &str) {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse() {
            Ok(limit @ 1..=LARGEST_LIMIT) if digits => self.limit = Some(limit),
            _ => self.wrong("limit", "type", "must be an integer from 1 to 100"),
        }
    }

    fn read_count(&mut self, text: &str) {
        match text {
            "true" => self.count = true,
            "false" => self.count = false,
            _ => self.wrong("count", "type", "must be true or false"),
        }
    }

    fn read_filter(
        &mut self,
        listing: &'static Listing,
        readable_guarded: &dyn Fn(&str) -> bool,
        name: &str,
        text: &str,
    ) {
        let (field, word) = split_name(name);
        let Some(column) = listing.column(field, readable_guarded) else {
            return self.wrong(name, "unknown_parameter", "is not a parameter of this list");
        };
        let Some(operator) = Operator::from_word(word) else {
            return self.wrong(name, "operator", "no such operator");
        };
        if self
            .filters
            .iter()
            .any(|filter| filter.column.name == field && filter.operator == operator)
        {
            return self.wrong(name, "repeated", "must be given once");
        }
        match Filter::read(column, operator, text) {
            Ok(filter) => {
                self.filters.push(filter);
                self.filter_texts
                    .push((column.name, operator, text.to_owned()));
            }
            Err(refused) => {
                self.violations
                    .push(Violation::parameter(name, refused.code, refused.detail))
            }
        }
    }

    /// A list that has nothing to search, or nothing that the caller may read everywhere, knows no such parameter.
    fn read_search(&mut self, columns: Vec<&'static Column>, text: &str) {
        if columns.is_empty() {
            return self.wrong("q", "unknown_parameter", "is not a parameter of this list");
        }
        match Search::read(columns, text) {
            Ok(search) => self.search = Some(search),
            Err(refused) => {
                self.violations
                    .push(Violation::parameter("q", refused.code, refused.detail))
            }
        }
    }

    fn wrong(&mut self, name: &str, code: &'static str, detail: &'static str) {
        self.violations
            .push(Violation::parameter(name, code, detail));
    }
}

/// `age[gte]` is `age` and `gte`; `age` alone is compared for equality.
fn split_name(name: &str) -> (&str, &str) {
    name.strip_suffix(']')
        .and_then(|name| name.split_once('['))
        .unwrap_or((name, "eq"))
}

/// What a cursor is bound to, each part with its length, so that no two lists look alike.
fn bound_to(binding: &[u8], asked: &Asked) -> Vec<u8> {
    let (keys, search) = (&asked.keys, &asked.search);
    let mut filters = asked.filter_texts.clone();
    filters.sort();
    let mut parts = vec![binding.to_vec()];
    parts.extend(
        keys.iter()
            .map(|key| format!("{} {}", key.column.name, key.descending).into_bytes()),
    );
    // No field of the order looks like this: a name has no `=`.
    parts.extend(
        search
            .as_ref()
            .map(|search| format!("q={}", search.text).into_bytes()),
    );
    parts.push(b"filters".to_vec());
    parts.extend(
        filters
            .iter()
            .map(|(name, operator, text)| format!("{name} {operator:?} {text}").into_bytes()),
    );
    let with_length = |part: &Vec<u8>| [format!("{}:", part.len()).as_bytes(), part].concat();
    parts.iter().map(with_length).collect::<Vec<_>>().concat()
}

fn foreign_cursor() -> Violation {
    Violation::parameter(
        "cursor",
        "cursor",
        "is not a cursor of this list, or is older than a day",
    )
}

fn refusal(violations: Vec<Violation>) -> Error {
    violations
        .into_iter()
        .fold(Error::new(Code::MalformedParameter), Error::with)
}
