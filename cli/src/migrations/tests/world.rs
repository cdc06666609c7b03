//! A spec as the property tests change it, and rows as they ought to be afterwards. What becomes of a value is worked out
//! here in Rust, apart from the SQL that does it.

use std::collections::BTreeMap;

use crate::render::fixture::Dice;

/// A value as a database stores it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Val {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    Str,
    Int,
    Wide,
    Num,
    Dec(u8),
    Bool,
    Uuid,
    Date,
    Time,
    Datetime,
    Duration,
    Ip,
    Bytes,
    /// The values, each with what it was.
    Enum(Vec<(String, Option<String>)>),
}

/// A value that can stand in a spec.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lit {
    pub(super) yaml: String,
    pub(super) stored: Val,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// What the test knows it by, whatever it is called.
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) former: Option<String>,
    pub(super) kind: Type,
    pub(super) optional: bool,
    pub(super) default: Option<Lit>,
    pub(super) backfill: Option<Lit>,
    pub(super) unique: bool,
    pub(super) index: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) former: Option<String>,
    pub(super) plural: String,
    pub(super) fields: Vec<Field>,
    /// By the ids of fields.
    pub(super) unique: Vec<Vec<usize>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) resources: Vec<Resource>,
    pub(super) next: usize,
}

/// The rows of a resource: by field, in the order of their ids.
pub(super) type Rows = BTreeMap<usize, Vec<BTreeMap<usize, Val>>>;

/// What a value becomes.
pub(super) enum Becomes {
    Value(Val),
    /// It has no place in the new type.
    Nothing,
    /// No database can hold it.
    Failure,
}

impl World {
    pub(super) fn yaml(&self) -> String {
        let mut out = "secapi: 1\nservice: {name: shop}\nresources:\n".to_owned();
        for resource in &self.resources {
            out.push_str(&format!(
                "  {}:\n    plural: {}\n",
                resource.name, resource.plural
            ));
            if let Some(former) = &resource.former {
                out.push_str(&format!("    renamed_from: {former}\n"));
            }
            let sets: Vec<String> = resource
                .unique
                .iter()
                .map(|set| {
                    let names = set.iter().map(|id| resource.field(*id).name.as_str());
                    format!("[{}]", names.collect::<Vec<_>>().join(", "))
                })
                .collect();
            out.push_str(&format!("    unique: [{}]\n    fields:\n", sets.join(", ")));
            for field in &resource.fields {
                out.push_str(&format!("      {}: {{{}}}\n", field.name, field.yaml()));
            }
        }
        out
    }

    pub(super) fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }
}

impl Resource {
    pub(super) fn field(&self, id: usize) -> &Field {
        self.fields.iter().find(|field| field.id == id).unwrap()
    }

    /// Whether no two rows agree where none may.
    pub(super) fn holds(&self, rows: &[BTreeMap<usize, Val>]) -> bool {
        let alone = self.fields.iter().filter(|field| field.unique);
        let alone = alone.map(|field| vec![field.id]);
        let mut sets = alone.chain(self.unique.iter().cloned());
        sets.all(|set| {
            let keys: Vec<Vec<&Val>> = rows
                .iter()
                .map(|row| set.iter().map(|id| &row[id]).collect())
                .collect();
            let full = |key: &&Vec<&Val>| !key.contains(&&Val::Null);
            let full: Vec<_> = keys.iter().filter(full).collect();
            (0..full.len()).all(|at| !full[..at].contains(&full[at]))
        })
    }
}

impl Field {
    fn yaml(&self) -> String {
        let mut out = format!("type: {}", self.kind.yaml());
        for (key, on) in [
            ("optional", self.optional),
            ("unique", self.unique),
            ("index", self.index),
        ] {
            if on {
                out.push_str(&format!(", {key}: true"));
            }
        }
        for (key, literal) in [("default", &self.default), ("backfill", &self.backfill)] {
            if let Some(literal) = literal {
                out.push_str(&format!(", {key}: {}", literal.yaml));
            }
        }
        if let Some(former) = &self.former {
            out.push_str(&format!(", renamed_from: {former}"));
        }
        out
    }

    fn fill(&self) -> Option<Val> {
        let literal = self.backfill.as_ref().or(self.default.as_ref());
        literal.map(|literal| literal.stored.clone())
    }

    /// What the value of a row becomes; `None` where the migration has to fail.
    pub(super) fn after(&self, before: Option<&Field>, value: Option<&Val>) -> Option<Val> {
        let (Some(before), Some(value)) = (before, value) else {
            return Some(self.fill().unwrap_or(Val::Null));
        };
        let becomes = match value {
            Val::Null => Becomes::Value(Val::Null),
            value => becomes(&before.kind, &self.kind, value),
        };
        Some(match becomes {
            Becomes::Failure => return None,
            Becomes::Value(Val::Null) if !self.optional => self.fill()?,
            Becomes::Value(value) => value,
            Becomes::Nothing => self.fill().unwrap_or(Val::Null),
        })
    }
}

fn becomes(old: &Type, new: &Type, value: &Val) -> Becomes {
    use Type::{Bool, Date, Datetime, Dec, Enum, Int, Ip, Num, Str, Time, Uuid, Wide};
    const GREATEST: i64 = (1 << 53) - 1;
    let kept = || Becomes::Value(value.clone());
    let if_any = |value: Option<Val>| value.map_or(Becomes::Nothing, Becomes::Value);
    match (old, new, value) {
        (Enum(olds), Enum(values), Val::Text(word)) => {
            let now = values.iter().find(|(now, _)| now == word);
            // A value that was renamed, and is not there under its own name.
            let then = values
                .iter()
                .find(|(_, former)| former.as_ref() == Some(word));
            let then = then.filter(|(now, _)| !olds.iter().any(|(old, _)| old == now));
            if_any(then.or(now).map(|(now, _)| Val::Text(now.clone())))
        }
        (Str, Enum(values), Val::Text(word)) => if_any(
            values
                .iter()
                .any(|(now, _)| now == word)
                .then(|| value.clone()),
        ),
        _ if old == new => kept(),
        (Uuid | Ip | Time | Enum(_), Str, _) => kept(),
        (Int, Wide, _) | (Date, Datetime, _) | (Bool, Int | Wide, _) => kept(),
        (Int | Wide, Str, Val::Int(number)) => Becomes::Value(Val::Text(number.to_string())),
        (Bool, Str, Val::Int(number)) => Becomes::Value(Val::Text((*number == 1).to_string())),
        (Int | Wide, Dec(_), Val::Int(number)) => {
            let scaled = number.checked_mul(10_000);
            scaled.map_or(Becomes::Failure, |scaled| Becomes::Value(Val::Int(scaled)))
        }
        (Int | Wide, Num, Val::Int(number)) => Becomes::Value(Val::Real(*number as f64)),
        (Dec(_), Num, Val::Int(units)) => Becomes::Value(Val::Real(*units as f64 / 10_000.0)),
        (Dec(old), Dec(new), Val::Int(units)) if new < old => {
            let unit = 10_i64.pow(4 - u32::from(*new));
            Becomes::Value(Val::Int(units / unit * unit))
        }
        (Dec(_), Dec(_), _) => kept(),
        (Datetime, Date, Val::Int(ms)) => {
            Becomes::Value(Val::Int(ms.div_euclid(86_400_000) * 86_400_000))
        }
        (Wide, Int, Val::Int(number)) => if_any(
            (-GREATEST..=GREATEST)
                .contains(number)
                .then(|| value.clone()),
        ),
        (Num, Int | Wide, Val::Real(number)) => {
            let most = if *new == Int { GREATEST as f64 } else { 9.2e18 };
            let fits = number.trunc() == *number && number.abs() <= most;
            if_any(fits.then_some(Val::Int(*number as i64)))
        }
        (Dec(_), Int | Wide, Val::Int(units)) => {
            if_any((units % 10_000 == 0).then_some(Val::Int(units / 10_000)))
        }
        (Int | Wide, Bool, Val::Int(number)) => {
            if_any([0, 1].contains(number).then(|| value.clone()))
        }
        _ => Becomes::Nothing,
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

impl Type {
    pub(super) fn any(dice: &mut Dice) -> Self {
        match dice.roll(16) {
            0 | 1 => Self::Str,
            2 => Self::Int,
            3 => Self::Wide,
            4 => Self::Num,
            5 | 6 => Self::Dec(u8::try_from(dice.roll(5)).unwrap()),
            7 => Self::Bool,
            8 => Self::Uuid,
            9 => Self::Date,
            10 => Self::Time,
            11 => Self::Datetime,
            12 => Self::Duration,
            13 => Self::Ip,
            14 => Self::Bytes,
            _ => {
                let count = 2 + dice.roll(3);
                Self::Enum((0..count).map(|at| (format!("it's {at}"), None)).collect())
            }
        }
    }

    fn yaml(&self) -> String {
        match self {
            Self::Str => "string".into(),
            Self::Int => "integer".into(),
            Self::Wide => "integer, wide: true".into(),
            Self::Num => "number".into(),
            Self::Dec(scale) => format!("decimal, scale: {scale}"),
            Self::Bool => "boolean".into(),
            Self::Uuid => "uuid".into(),
            Self::Date => "date".into(),
            Self::Time => "time".into(),
            Self::Datetime => "datetime".into(),
            Self::Duration => "duration".into(),
            Self::Ip => "ip".into(),
            Self::Bytes => "bytes".into(),
            Self::Enum(values) => {
                let values: Vec<String> = values
                    .iter()
                    .map(|(value, former)| match former {
                        Some(former) => {
                            let (value, former) = (quoted(value), quoted(former));
                            format!("{{value: {value}, renamed_from: {former}}}")
                        }
                        None => quoted(value),
                    })
                    .collect();
                format!("enum, values: [{}]", values.join(", "))
            }
        }
    }

    /// A value for a default or a backfill.
    pub(super) fn literal(&self, dice: &mut Dice) -> Lit {
        let n = i64::try_from(dice.roll(9)).unwrap();
        let day = 20_454 + n;
        let (yaml, stored) = match self {
            Self::Str => (format!("'w\"{n}'"), Val::Text(format!("w\"{n}"))),
            Self::Int | Self::Wide => (n.to_string(), Val::Int(n)),
            Self::Num => (format!("{n}.5"), Val::Real(n as f64 + 0.5)),
            Self::Dec(0) => (format!("{n}"), Val::Int(n * 10_000)),
            Self::Dec(_) => (format!("{n}.5"), Val::Int(n * 10_000 + 5_000)),
            Self::Bool => ((n % 2 == 1).to_string(), Val::Int(n % 2)),
            Self::Uuid => {
                let id = format!("00000000-0000-7000-8000-{n:012}");
                (format!("'{id}'"), Val::Text(id))
            }
            Self::Date => (format!("2026-01-{:02}", n + 1), Val::Int(day * 86_400_000)),
            Self::Datetime => (
                format!("'2026-01-{:02}T00:00:01Z'", n + 1),
                Val::Int(day * 86_400_000 + 1_000),
            ),
            Self::Time => (format!("'08:30:0{n}'"), Val::Text(format!("08:30:0{n}"))),
            Self::Duration => (format!("PT{}M", n + 1), Val::Int((n + 1) * 60_000)),
            Self::Ip => (format!("192.0.2.{n}"), Val::Text(format!("192.0.2.{n}"))),
            Self::Bytes => ("YWJj".into(), Val::Blob(b"abc".to_vec())),
            Self::Enum(values) => {
                let at = usize::try_from(n).unwrap() % values.len();
                (quoted(&values[at].0), Val::Text(values[at].0.clone()))
            }
        };
        Lit { yaml, stored }
    }

    /// Whether a spec may still say this of the type.
    pub(super) fn takes(&self, value: &Val) -> bool {
        match (self, value) {
            (Self::Enum(values), Val::Text(word)) => values.iter().any(|(now, _)| now == word),
            _ => true,
        }
    }

    /// A value of a row.
    pub(super) fn value(&self, dice: &mut Dice) -> Val {
        const GREATEST: i64 = (1 << 53) - 1;
        let n = i64::try_from(dice.roll(2_000)).unwrap() - 1_000;
        let sometimes = dice.roll(6) == 0;
        match self {
            Self::Str if sometimes => Val::Text(format!("it's {}", dice.roll(4))),
            Self::Str => Val::Text(format!("{n}\\ \"ä\n;'--")),
            Self::Int if sometimes => {
                Val::Int([GREATEST, -GREATEST, 0, 1][usize::try_from(dice.roll(4)).unwrap()])
            }
            Self::Wide if sometimes => {
                Val::Int([i64::MAX, i64::MIN, 0, 1][usize::try_from(dice.roll(4)).unwrap()])
            }
            Self::Int | Self::Wide => Val::Int(n),
            Self::Num if sometimes => {
                Val::Real([1e300, -1e19, 0.1, 9e15][usize::try_from(dice.roll(4)).unwrap()])
            }
            Self::Num => Val::Real(n as f64 / 2.0),
            Self::Dec(scale) => Val::Int(n * 10_i64.pow(4 - u32::from(*scale))),
            Self::Bool => Val::Int(n.rem_euclid(2)),
            Self::Date => Val::Int(n * 86_400_000),
            Self::Datetime => Val::Int(n * 8_640_001),
            Self::Duration => Val::Int(n.abs() * 1_000),
            Self::Uuid => Val::Text(format!("00000000-0000-7000-8000-{:012}", n + 1_000)),
            Self::Time => Val::Text(format!("08:{:02}:00", n.rem_euclid(60))),
            Self::Ip => Val::Text(format!("192.0.2.{}", n.rem_euclid(256))),
            Self::Bytes => Val::Blob(n.to_be_bytes().to_vec()),
            Self::Enum(values) => {
                let at = usize::try_from(dice.roll(values.len() as u64)).unwrap();
                Val::Text(values[at].0.clone())
            }
        }
    }
}
