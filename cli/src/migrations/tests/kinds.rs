//! The types of fields in the property tests: how a spec writes them, and values of each.

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
    List(Box<Type>),
    /// A row of the resource that the test knows by this, and what its deletion does.
    Ref(usize, OnDelete),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// A value that can stand in a spec.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lit {
    pub(super) yaml: String,
    pub(super) stored: Val,
}

/// The id of a row.
pub(super) fn id_of(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

impl Type {
    pub(super) fn any(dice: &mut Dice) -> Self {
        match dice.roll(19) {
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
            15..=17 => Self::List(Box::new(match dice.roll(5) {
                0 => Self::Str,
                1 => Self::Int,
                2 => Self::Uuid,
                _ => Self::words(dice),
            })),
            _ => Self::words(dice),
        }
    }

    fn words(dice: &mut Dice) -> Self {
        let count = 2 + dice.roll(3);
        Self::Enum((0..count).map(|at| (format!("it's {at}"), None)).collect())
    }

    /// `target` names a resource.
    pub(super) fn yaml(&self, target: &dyn Fn(usize) -> String) -> String {
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
            Self::List(of) => format!("list, of: {{type: {}}}", of.yaml(target)),
            Self::Ref(to, on_delete) => {
                let on_delete = match on_delete {
                    OnDelete::Restrict => "restrict",
                    OnDelete::Cascade => "cascade",
                    OnDelete::SetNull => "set_null",
                };
                format!("ref, to: {}, on_delete: {on_delete}", target(*to))
            }
        }
    }

    /// A value for a default or a backfill; no spec knows a row.
    pub(super) fn literal(&self, dice: &mut Dice) -> Option<Lit> {
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
                let id = id_of(u64::try_from(n).unwrap());
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
            Self::List(of) => {
                let of = of.literal(dice)?;
                (format!("[{}]", of.yaml), Val::Text(list([of.stored])))
            }
            Self::Ref(..) => return None,
        };
        Some(Lit { yaml, stored })
    }

    /// Whether a spec may still say this of the type.
    pub(super) fn takes(&self, value: &Val) -> bool {
        match (self, value) {
            (Self::Enum(values), Val::Text(word)) => values.iter().any(|(now, _)| now == word),
            (Self::List(of), Val::Text(list)) => elements(list).iter().all(|one| of.takes(one)),
            _ => true,
        }
    }

    /// A value of a row; of a reference somebody else has to say which one.
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
            // Among those of the first rows, now and then.
            Self::Uuid if sometimes => Val::Text(id_of(dice.roll(12))),
            Self::Uuid => Val::Text(id_of(1_000 + dice.roll(2_000))),
            Self::Time => Val::Text(format!("08:{:02}:00", n.rem_euclid(60))),
            Self::Ip => Val::Text(format!("192.0.2.{}", n.rem_euclid(256))),
            Self::Bytes => Val::Blob(n.to_be_bytes().to_vec()),
            Self::Enum(values) => {
                let at = usize::try_from(dice.roll(values.len() as u64)).unwrap();
                Val::Text(values[at].0.clone())
            }
            Self::List(of) => {
                let count = dice.roll(5);
                Val::Text(list((0..count).map(|_| of.value(dice))))
            }
            Self::Ref(..) => Val::Null,
        }
    }
}

/// A list as it is stored.
pub(super) fn list(elements: impl IntoIterator<Item = Val>) -> String {
    let element = |element: Val| match element {
        Val::Int(number) => serde_json::Value::from(number),
        Val::Text(text) => text.into(),
        other => panic!("no element of these tests: {other:?}"),
    };
    let elements = elements.into_iter().map(element);
    elements.collect::<serde_json::Value>().to_string()
}

/// What a list holds.
pub(super) fn elements(list: &str) -> Vec<Val> {
    let list: Vec<serde_json::Value> = serde_json::from_str(list).unwrap();
    let element = |element: &serde_json::Value| match element.as_i64() {
        Some(number) => Val::Int(number),
        None => Val::Text(element.as_str().unwrap().to_owned()),
    };
    list.iter().map(element).collect()
}
