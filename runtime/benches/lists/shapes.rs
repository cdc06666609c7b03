//! The lists that are measured: one or more of each preset, and what somebody would write by hand who has no policies.

use secapi_runtime::authz::{Engine, Entity};
use secapi_runtime::list::{Column, CursorKey, Kind, ListQuery, Listing};
use secapi_runtime::value::Timestamp;

use super::world::{allowed, condition, preset, user};

/// One in a thousand rows is of the busy owner, the others are shared by 10,000.
pub(crate) const BUSY: &str = "busy";
const OWNER: &str = "o77";

static NOTES: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "owner", "organization", "state", "title", "budget" FROM "notes""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("owner", r#""owner""#, Kind::Reference),
        Column::new("organization", r#""organization""#, Kind::Reference),
        Column::new("state", r#""state""#, Kind::Text),
        Column::new("title", r#""title""#, Kind::Text),
        Column::new("budget", r#""budget""#, Kind::Integer).guarded(),
    ],
    references: || &[],
};

static USERS: Listing = Listing {
    select: r#"SELECT "id", "created_at", "updated_at", "version", "role" FROM "users""#,
    columns: &[
        Column::new("id", r#""id""#, Kind::Uuid),
        Column::new("role", r#""role""#, Kind::Text).role(),
    ],
    references: || &[],
};

/// Who reads a budget.
const BUDGET_OF_OPEN: &str = r#"@id("budget") permit (principal is App::User, action == App::Action::"note:read:budget",
    resource is App::Note) when { resource.state == "open" };"#;
const BUDGET_OF_TEAM: &str = r#"@id("budget") permit (principal is App::User, action == App::Action::"note:read:budget",
    resource is App::Note) when { principal in resource.organization.members && resource.state == "open" };"#;

/// A list, and how somebody would write it who has no policies.
pub(crate) struct Shape {
    pub(crate) label: String,
    table: &'static str,
    engine: Engine,
    caller: Entity,
    query: &'static str,
    /// What the rows have to fulfil, with `?1`, `?2`, … for the values.
    by_hand: String,
    values: Vec<String>,
    /// What orders the rows before their ids do.
    ordered: Option<&'static str>,
    /// A place behind the fiftieth row is tried as well.
    pub(crate) goes_on: bool,
    /// The indexes that find the rows; the first of a table is that of its ids.
    pub(crate) indexes: &'static [Index],
    /// Every row is the caller's: they are walked through in the order of their ids.
    pub(crate) walks: bool,
    /// So many rows are the caller's that PostgreSQL may rather walk through them as well, as it does for the statement by hand.
    pub(crate) may_walk: bool,
}

#[derive(Clone, Copy)]
pub(crate) enum Index {
    Ids,
    Owner,
    Organization,
}

impl Shape {
    /// The list that the service makes of it.
    pub(crate) fn list(&self) -> ListQuery {
        let (listing, kind) = match self.table {
            "users" => (&USERS, "User"),
            _ => (&NOTES, "Note"),
        };
        let name = kind.to_lowercase();
        let (key, now) = (CursorKey::new(&[7; 32]), Timestamp::from_millis(0));
        let query = ListQuery::parse(listing, self.query, &|_| true, &key, b"", now);
        let mut query = query.expect("a legal query");
        if self.query.contains("budget") {
            let budget = allowed(&self.engine, "note:read:budget", kind, &self.caller);
            query = query.reading(vec![("budget", budget)]);
        }
        let condition = condition(&self.engine, &name, kind, &self.caller);
        query
            .within(&condition)
            .expect("a list that can say what its policies look at")
    }

    /// The statement by hand, of the first page or of the one behind this id.
    pub(crate) fn by_hand(&self, after: Option<&str>) -> (String, Vec<String>) {
        let select = match self.table {
            "users" => USERS.select,
            _ => NOTES.select,
        };
        let mut values = self.values.clone();
        let behind = after.map(|id| {
            values.push(id.to_owned());
            format!(r#" AND "id" > ?{}"#, values.len())
        });
        let behind = behind.unwrap_or_default();
        let order = self.ordered.map(|by| format!("{by}, ")).unwrap_or_default();
        let rows = &self.by_hand;
        (
            format!(r#"{select} WHERE {rows}{behind} ORDER BY {order}"id" LIMIT 21"#),
            values,
        )
    }

    pub(crate) fn table(&self) -> &'static str {
        self.table
    }
}

pub(crate) fn shapes() -> Vec<Shape> {
    let mut shapes = vec![
        Shape {
            table: "users",
            ..shape(
                "user-management: oneself",
                preset(&[], ""),
                r#""id" = ?1"#,
                Index::ID,
            )
        },
        of_owner(OWNER, "about 100 rows"),
        of_owner(BUSY, "one in a thousand"),
        Shape {
            values: Vec::new(),
            goes_on: true,
            walks: true,
            ..shape(
                "public-read: all rows",
                preset(&["owner-only/note.cedar", "public-read/note.cedar"], ""),
                "1 = 1",
                Index::ID,
            )
        },
    ];
    shapes.extend([2, 20].map(group));
    shapes.extend([1, 3, 8, 20, 200].map(of_organizations));
    shapes.extend(guarded());
    shapes
}

impl Index {
    const ID: &[Self] = &[Self::Ids];
}

/// A list of notes for somebody who owns some.
fn shape(label: &str, engine: Engine, by_hand: &str, indexes: &'static [Index]) -> Shape {
    Shape {
        label: label.to_owned(),
        table: "notes",
        engine,
        caller: user(OWNER),
        query: "",
        by_hand: by_hand.to_owned(),
        values: vec![OWNER.to_owned()],
        ordered: None,
        goes_on: false,
        indexes,
        walks: false,
        may_walk: false,
    }
}

fn of_owner(owner: &str, rows: &str) -> Shape {
    let label = format!("owner-only: {rows}");
    let engine = preset(&["owner-only/note.cedar"], "");
    Shape {
        caller: user(owner),
        values: vec![owner.to_owned()],
        goes_on: true,
        ..shape(&label, engine, r#""owner" = ?1"#, &[Index::Owner])
    }
}

/// Notes that are somebody's own, and so many that it is a member of.
fn group(count: u32) -> Shape {
    let mut caller = user(OWNER);
    let ids: Vec<String> = (1..=count).map(|it| note(it * 40_009)).collect();
    let members = ids.iter().map(|id| ("NoteMembers", id.clone()));
    caller.parents.extend(members);
    let files = [
        "owner-only/note.cedar",
        "team/group.cedar",
        "team/leader.cedar",
    ];
    let by_hand = format!(r#"("owner" = ?1 OR "id" IN ({}))"#, holes(2, ids.len()));
    Shape {
        caller,
        values: std::iter::once(OWNER.to_owned()).chain(ids).collect(),
        goes_on: true,
        ..shape(
            &format!("team: own notes, and a member of {count}"),
            preset(&files, ""),
            &by_hand,
            &[Index::Owner, Index::Ids],
        )
    }
}

/// So many placeholders, from this number on.
fn holes(first: usize, count: usize) -> String {
    let holes: Vec<String> = (first..first + count)
        .map(|number| format!("?{number}"))
        .collect();
    holes.join(", ")
}

/// Notes of so many organizations, each of which has about 100.
fn of_organizations(count: usize) -> Shape {
    let ids: Vec<String> = (0..count).map(|it| format!("g{}", it * 37 + 1)).collect();
    let mut caller = user(OWNER);
    let members = ids.iter().map(|id| ("OrganizationMembers", id.clone()));
    caller.parents.extend(members);
    let by_hand = format!(r#""organization" IN ({})"#, holes(1, count));
    Shape {
        caller,
        values: ids,
        goes_on: true,
        may_walk: count > 3,
        ..shape(
            &format!("team: notes of {count} organizations"),
            preset(&["team/shared.cedar"], ""),
            &by_hand,
            &[Index::Organization],
        )
    }
}

/// Lists that ask for a field which the caller reads on some rows: who has the same rule writes the same `CASE` by hand.
fn guarded() -> [Shape; 2] {
    let owned = preset(&["owner-only/note.cedar"], BUDGET_OF_OPEN);
    let shared = preset(&["team/shared.cedar"], BUDGET_OF_TEAM);
    let budget = r#"(CASE WHEN "state" = 'open' THEN "budget" END)"#;
    let order = r#"(CASE WHEN "state" = 'open' THEN "budget" END) NULLS LAST"#;
    let query = "sort=budget&budget[gte]=500";
    let owned = Shape {
        caller: user(BUSY),
        values: vec![BUSY.to_owned()],
        query,
        ordered: Some(order),
        ..shape(
            "owner-only: filtered and ordered by a guarded field",
            owned,
            &format!(r#""owner" = ?1 AND {budget} >= 500"#),
            &[Index::Owner],
        )
    };
    let mut caller = user(OWNER);
    let ids = [1, 2].map(|it| format!("g{it}"));
    let members = ids.iter().map(|id| ("OrganizationMembers", id.clone()));
    caller.parents.extend(members);
    let shared = Shape {
        caller,
        values: ids.to_vec(),
        query,
        ordered: Some(order),
        ..shape(
            "team: filtered and ordered by a guarded field",
            shared,
            &format!(r#""organization" IN (?1, ?2) AND {budget} >= 500"#),
            &[Index::Organization],
        )
    };
    [owned, shared]
}

/// The id of a note: ids come in the order of their time, as those of version 7 do.
fn note(number: u32) -> String {
    format!("{number:08x}-0000-7000-8000-{number:012x}")
}
