//! Rows as the store writes them and as the policies see them, from the same values.

use super::dice::Dice;
use super::world::{MEMBERS, MEMBERSHIP};
use crate::authz::condition::Field;
use crate::authz::{Attribute, Entity};
use crate::value::{Decimal, Scalar, Span, SqlValue, Timestamp};
use std::net::IpAddr;

const TEXTS: [&str; 33] = [
    "",
    "a",
    "A",
    "ä",
    "Ä",
    "ß",
    "SS",
    "%",
    "_",
    "[",
    "]",
    "?",
    "*",
    "\\",
    "'",
    "\"",
    "a%b",
    "a_b",
    "[a]",
    "a*b",
    "aXb",
    "\\%",
    "\u{1f600}",
    "x'y",
    "e\u{301}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "x\u{fffd}y",
    "x\u{fffe}y",
    "x\u{ffff}y",
    "NULL",
    "a,b",
];
const LONGS: [i64; 12] = [
    i64::MIN,
    i64::MIN + 1,
    -86_400_001,
    -1,
    0,
    1,
    2,
    5,
    6,
    86_400_000,
    i64::MAX - 1,
    i64::MAX,
];
const MOMENTS: [i64; 8] = [
    -62_167_219_200_000,
    -86_400_001,
    -1,
    0,
    1,
    86_399_999,
    1_760_000_000_000,
    253_402_300_799_999,
];
const SPANS: [i64; 8] = [
    i64::MIN / 2,
    -5_400_000,
    -1,
    0,
    1,
    999,
    86_400_000,
    i64::MAX / 2,
];
/// Some of these have no row.
const IDS: [&str; 9] = ["u1", "u2", "x1", "x2", "x3", "U1", "dangling", "", "u'1"];
const THING_IDS: [&str; 7] = ["u1", "t1", "t2", "t3", "t4", "dangling", "T1"];

/// A row, twice.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) entity: Entity,
    pub(super) cells: Vec<(&'static str, SqlValue)>,
}

impl Written {
    fn new(kind: &'static str, id: &str) -> Self {
        let entity = Entity {
            kind,
            id: id.into(),
            attributes: Vec::new(),
            parents: Vec::new(),
        };
        let mut row = Self {
            entity,
            cells: Vec::new(),
        };
        row.cell("id", &id.to_owned());
        row
    }

    fn cell(&mut self, name: &'static str, value: &impl Scalar) {
        self.cells.push((name, value.to_sql()));
        let attribute = value.to_cedar().map(|value| (name, value));
        self.entity.attributes.extend(attribute);
    }

    fn reference(&mut self, name: &'static str, kind: &'static str, id: Option<&str>) {
        let stored = id.map(str::to_owned);
        self.cells.push((name, stored.to_sql()));
        let attribute = id.map(|id| {
            let id = id.to_owned();
            (name, Attribute::Entity { kind, id })
        });
        self.entity.attributes.extend(attribute);
    }

    /// The entity that its members are in has its id.
    pub(super) fn have_members(&mut self) {
        let (kind, id) = (MEMBERSHIP, self.entity.id.clone());
        let members = (MEMBERS, Attribute::Entity { kind, id });
        self.entity.attributes.push(members);
    }

    fn references(&mut self, name: &'static str, kind: &'static str, ids: &[&str]) {
        let stored: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        self.cells.push((name, stored.to_sql()));
        let ids = stored.into_iter();
        let set = ids.map(|id| Attribute::Entity { kind, id }).collect();
        self.entity.attributes.push((name, Attribute::Set(set)));
    }
}

fn perhaps<T>(dice: &mut Dice, value: T) -> Option<T> {
    (!dice.one_in(3)).then_some(value)
}

fn several<T: Clone>(dice: &mut Dice, from: &[T]) -> Vec<T> {
    (0..dice.roll(4)).map(|_| dice.pick(from).clone()).collect()
}

pub(super) fn things(dice: &mut Dice, count: usize) -> Vec<Written> {
    (0..count).map(|number| thing(dice, number)).collect()
}

fn thing(dice: &mut Dice, number: usize) -> Written {
    let text = |dice: &mut Dice| (*dice.pick(&TEXTS)).to_owned();
    // Ids are unlike one another, and one of them is the name of a caller.
    let id = if number == 0 {
        "u1".to_owned()
    } else {
        format!("t{number}")
    };
    let mut row = Written::new("Thing", &id);
    row.cell("created_at", &Timestamp::from_millis(*dice.pick(&MOMENTS)));
    row.cell("updated_at", &Timestamp::from_millis(0));
    row.reference("owner", "User", Some(*dice.pick(&IDS)));
    let lead = *dice.pick(&IDS);
    row.reference("lead", "User", perhaps(dice, lead));
    let base = *dice.pick(&THING_IDS);
    row.reference("base", "Thing", perhaps(dice, base));
    row.cell("title", &text(dice));
    let note = text(dice);
    row.cell("note", &perhaps(dice, note));
    row.cell("open", &dice.one_in(2));
    let flag = dice.one_in(2);
    row.cell("flag", &perhaps(dice, flag));
    row.cell("size", dice.pick(&LONGS));
    let extra = *dice.pick(&LONGS);
    row.cell("extra", &perhaps(dice, extra));
    let decimals = [i64::MIN, -1, 0, 15_000, 15_001, i64::MAX].map(Decimal::from_ten_thousandths);
    row.cell("price", dice.pick(&decimals));
    let cost = *dice.pick(&decimals);
    row.cell("cost", &perhaps(dice, cost));
    let due = Timestamp::from_millis(*dice.pick(&MOMENTS));
    row.cell("due", &perhaps(dice, due));
    let spans = SPANS.map(|span| Span::from_millis(span).unwrap_or(Span::from_millis(0).unwrap()));
    row.cell("span", dice.pick(&spans));
    let addresses = ["10.0.0.1", "10.0.0.2", "2001:db8::1"].map(|it| it.parse::<IpAddr>().unwrap());
    let address = *dice.pick(&addresses);
    row.cell("address", &perhaps(dice, address));
    let texts = TEXTS.map(str::to_owned);
    row.cell("tags", &several(dice, &texts[..8]));
    let labels = several(dice, &texts[..8]);
    row.cell("labels", &perhaps(dice, labels));
    let marks = several(dice, &LONGS);
    row.cell("marks", &perhaps(dice, marks));
    row.cell("prices", &several(dice, &decimals));
    row.cell("flags", &several(dice, &[true, false]));
    row.references("peers", "User", &several(dice, &IDS));
    row
}

pub(super) fn users(dice: &mut Dice, callers: &[Option<Entity>], count: usize) -> Vec<Written> {
    let mut rows: Vec<Written> = (0..count)
        .map(|number| user(dice, &format!("x{number}")))
        .collect();
    // The callers' own rows say what the callers do.
    rows.extend(callers.iter().flatten().map(own));
    rows
}

fn user(dice: &mut Dice, id: &str) -> Written {
    let mut row = Written::new("User", id);
    row.cell("created_at", &Timestamp::from_millis(0));
    row.cell("updated_at", &Timestamp::from_millis(0));
    row.cell("email", &(*dice.pick(&TEXTS)).to_owned());
    let role = *dice.pick(&["user", "admin"]);
    row.cell("role", &role.to_owned());
    let age = *dice.pick(&LONGS);
    row.cell("age", &perhaps(dice, age));
    let boss = *dice.pick(&IDS);
    row.reference("boss", "User", perhaps(dice, boss));
    let desk = *dice.pick(&THING_IDS);
    row.reference("desk", "Thing", perhaps(dice, desk));
    let texts = TEXTS.map(str::to_owned);
    row.cell("skills", &several(dice, &texts[..8]));
    let decimals = [i64::MIN, 15_000, i64::MAX].map(Decimal::from_ten_thousandths);
    let ceiling = *dice.pick(&decimals);
    row.cell("ceiling", &perhaps(dice, ceiling));
    let shift = Span::from_millis(*dice.pick(&SPANS));
    row.cell("shift", &shift.unwrap_or_default());
    let since = Timestamp::from_millis(*dice.pick(&MOMENTS));
    row.cell("since", &perhaps(dice, since));
    row.entity.parents.push(("Role", role.into()));
    row
}

/// The row that says of a caller what is known of it.
fn own(caller: &Entity) -> Written {
    let mut row = Written {
        entity: caller.clone(),
        cells: Vec::new(),
    };
    for name in OF_USERS {
        row.cells
            .push((name, caller.attribute(name).map_or(SqlValue::Null, stored)));
    }
    row
}

/// The columns of users, in their order.
const OF_USERS: [&str; 12] = [
    "id",
    "created_at",
    "updated_at",
    "email",
    "role",
    "age",
    "boss",
    "desk",
    "skills",
    "ceiling",
    "shift",
    "since",
];

/// An attribute as a column has it.
fn stored(attribute: &Attribute) -> SqlValue {
    let text = |it: &Attribute| match it {
        Attribute::String(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    match attribute {
        Attribute::String(text) | Attribute::Entity { id: text, .. } => text.to_sql(),
        Attribute::Long(number) | Attribute::Datetime(number) | Attribute::Duration(number) => {
            number.to_sql()
        }
        Attribute::Decimal(decimal) => Decimal::parse(decimal).to_sql(),
        Attribute::Set(members) => members.iter().map(text).collect::<Vec<_>>().to_sql(),
        other => panic!("{other:?}"),
    }
}

/// Writes the column of the row that is listed, or of one that it refers to.
pub(super) fn write_column(field: &Field, text: &mut dyn FnMut(&'static str)) {
    let Field::Behind(reference, field) = field else {
        text("\"listed\".");
        return text(column(field));
    };
    text("(SELECT \"behind\".");
    text(column(field));
    text(match last(reference) {
        "base" | "desk" => " FROM (SELECT * FROM things) AS \"behind\" WHERE \"behind\".\"id\" = ",
        _ => " FROM (SELECT * FROM users) AS \"behind\" WHERE \"behind\".\"id\" = ",
    });
    write_column(reference, text);
    text(")");
}

/// The reference that is followed last.
fn last(reference: &Field) -> &str {
    match reference {
        Field::Behind(_, field) => last(field),
        Field::Role => "role",
        Field::Attribute(name) => name,
    }
}

/// The name of a column, as program text.
fn column(field: &Field) -> &'static str {
    let name = last(field);
    let known = [
        "\"id\"",
        "\"created_at\"",
        "\"updated_at\"",
        "\"owner\"",
        "\"lead\"",
        "\"title\"",
        "\"note\"",
        "\"open\"",
        "\"flag\"",
        "\"size\"",
        "\"extra\"",
        "\"price\"",
        "\"cost\"",
        "\"due\"",
        "\"span\"",
        "\"address\"",
        "\"tags\"",
        "\"labels\"",
        "\"marks\"",
        "\"prices\"",
        "\"flags\"",
        "\"peers\"",
        "\"email\"",
        "\"role\"",
        "\"age\"",
        "\"boss\"",
        "\"base\"",
        "\"desk\"",
        "\"skills\"",
        "\"ceiling\"",
        "\"shift\"",
        "\"since\"",
    ];
    known
        .into_iter()
        .find(|it| it.trim_matches('"') == name)
        .unwrap()
}
