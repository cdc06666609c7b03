//! How the values of one kind become those of another, and what of them is lost.

use super::content::Single;
use super::dialect::Dialect;
use super::tables::{Column, Kind, Storage, Value};
use crate::render::sql::quote;

/// The greatest whole number that every JSON reader keeps exactly.
const GREATEST_WHOLE: i64 = 1 << 53;
const DAY: i64 = 86_400_000;

/// What happens to the values of a column whose kind changes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Conversion {
    /// They are stored as before.
    Same,
    /// A whole number is written out.
    Written,
    /// `true` or `false` is written out.
    Word,
    /// A whole number gets four digits after the point.
    Scaled,
    /// It becomes the nearest double.
    Nearest {
        /// What one is divided by.
        divisor: i64,
    },
    /// Digits after the point are cut off; so many remain.
    Cut(u8),
    /// The time of day is cut off.
    Day,
    /// Whole numbers within what every JSON reader keeps are kept.
    Whole(Number),
    /// Any whole number is kept.
    WideWhole(Number),
    /// 0 and 1 are kept.
    Bit,
    /// The words that the new column may hold are kept.
    Among(Vec<Value>),
    /// The elements that the lists of the new column may hold are kept.
    ElementsAmong(Vec<Value>),
    /// The ids of rows of this table are kept.
    Existing(String),
    /// Nothing of them can be kept.
    Lost,
}

/// What a whole number is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Integer,
    Double,
    Decimal,
}

impl Conversion {
    pub(super) fn of(before: &Column, after: &Column) -> Self {
        let (Some(old), Some(new)) = (before.kind, after.kind) else {
            return if before.storage == after.storage {
                Self::Same
            } else {
                Self::Lost
            };
        };
        if let (Kind::Uuid | Kind::Reference, Some(reference)) = (old, &after.references) {
            let before = before.references.as_ref();
            return match before.is_some_and(|before| before.table == reference.table) {
                true => Self::Same,
                false => Self::Existing(reference.table.clone()),
            };
        }
        if (old, new) == (Kind::Text, Kind::Enum) {
            return Self::Among(after.values.clone());
        }
        if (old, new) == (Kind::List(Single::Text), Kind::List(Single::Enum)) {
            return Self::ElementsAmong(after.values.clone());
        }
        Self::between(old, new)
    }

    fn between(old: Kind, new: Kind) -> Self {
        use Kind::{
            Boolean, Date, Datetime, Decimal, Enum, Integer, Ip, List, Number as Double, Reference,
            Text, Time, Uuid, WideInteger,
        };
        match (old, new) {
            _ if old == new => Self::Same,
            (Uuid | Ip | Time | Enum | Reference, Text) | (Reference, Uuid) => Self::Same,
            (Integer, WideInteger) | (Date, Datetime) | (Boolean, Integer | WideInteger) => {
                Self::Same
            }
            (Integer | WideInteger, Text) => Self::Written,
            (Boolean, Text) => Self::Word,
            (Integer | WideInteger, Decimal(_)) => Self::Scaled,
            (Integer | WideInteger, Double) => Self::Nearest { divisor: 1 },
            (Decimal(_), Double) => Self::Nearest { divisor: 10_000 },
            (Decimal(old), Decimal(new)) if new > old => Self::Same,
            (Decimal(_), Decimal(new)) => Self::Cut(new),
            (Datetime, Date) => Self::Day,
            (WideInteger, Integer) => Self::Whole(Number::Integer),
            (Double, Integer) => Self::Whole(Number::Double),
            (Double, WideInteger) => Self::WideWhole(Number::Double),
            (Decimal(_), Integer) => Self::Whole(Number::Decimal),
            (Decimal(_), WideInteger) => Self::WideWhole(Number::Decimal),
            (Integer | WideInteger, Boolean) => Self::Bit,
            // Elements are stored as their columns would hold them.
            (List(old), List(new)) if Self::between(old.kind(), new.kind()) == Self::Same => {
                Self::Same
            }
            _ => Self::Lost,
        }
    }

    /// Whether every value keeps all that it said.
    pub(super) fn keeps_all(&self, before: Option<Kind>) -> bool {
        match self {
            Self::Same | Self::Written | Self::Word | Self::Scaled => true,
            // A double holds each whole number of 53 bits.
            Self::Nearest { divisor: 1 } => before == Some(Kind::Integer),
            _ => false,
        }
    }

    /// Whether values that differ, as far as they are kept, differ afterwards.
    pub(super) fn is_one_to_one(&self, before: Option<Kind>) -> bool {
        // What does not fit is not kept.
        self.keeps_all(before)
            || matches!(
                self,
                Self::Bit
                    | Self::Among(_)
                    | Self::Existing(_)
                    | Self::Lost
                    | Self::Whole(_)
                    | Self::WideWhole(_)
            )
    }

    /// Whether there are values that have no counterpart at all.
    pub(super) fn loses_rows(&self) -> bool {
        matches!(
            self,
            Self::Whole(_)
                | Self::WideWhole(_)
                | Self::Bit
                | Self::Among(_)
                | Self::Existing(_)
                | Self::Lost
        )
    }

    /// The new value of an operand that fits.
    pub(super) fn value(&self, dialect: Dialect, operand: &str) -> String {
        match self {
            Self::Same
            | Self::Bit
            | Self::Among(_)
            | Self::ElementsAmong(_)
            | Self::Existing(_) => operand.to_owned(),
            Self::Written => dialect.cast(operand, Storage::Text),
            Self::Word => format!("CASE {operand} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
            Self::Scaled => format!("{operand} * 10000"),
            Self::Nearest { divisor: 1 } => dialect.cast(operand, Storage::Real),
            Self::Nearest { divisor } => {
                format!("{} / {divisor}", dialect.cast(operand, Storage::Real))
            }
            Self::Cut(digits) => {
                let unit = 10_i64.pow(4_u32.saturating_sub(u32::from(*digits)));
                format!("{operand} - {operand} % {unit}")
            }
            Self::Day => format!("{operand} - ({operand} % {DAY} + {DAY}) % {DAY}"),
            Self::Whole(number) | Self::WideWhole(number) => match number {
                Number::Integer => operand.to_owned(),
                Number::Double => dialect.cast(operand, Storage::Integer),
                Number::Decimal => format!("{operand} / 10000"),
            },
            Self::Lost => "NULL".to_owned(),
        }
    }

    /// Which operands fit; `None` where all do.
    pub(super) fn fits(&self, dialect: Dialect, operand: &str) -> Option<String> {
        Some(match self {
            Self::Whole(Number::Integer) => within(operand, GREATEST_WHOLE),
            Self::Whole(Number::Double) => {
                let whole = dialect.is_whole(operand);
                format!("{} AND {whole}", within(operand, GREATEST_WHOLE))
            }
            // The first double beyond 64 bits is no whole number of them.
            Self::WideWhole(Number::Double) => {
                let (least, beyond) = ("-9223372036854775808.0", "9223372036854775808.0");
                let whole = dialect.is_whole(operand);
                format!("{operand} >= {least} AND {operand} < {beyond} AND {whole}")
            }
            Self::Whole(Number::Decimal) | Self::WideWhole(Number::Decimal) => {
                format!("{operand} % 10000 = 0")
            }
            Self::Bit => format!("{operand} IN (0, 1)"),
            Self::Among(values) => format!("{operand} IN ({})", dialect.values(values)),
            Self::Existing(table) => format!(
                "EXISTS (SELECT 1 FROM {} AS \"there\" WHERE \"there\".\"id\" = {operand})",
                quote(table)
            ),
            _ => return None,
        })
    }
}

fn within(operand: &str, greatest: i64) -> String {
    format!("{operand} BETWEEN -{greatest} AND {greatest}")
}
