//! What becomes of a value when its field changes, worked out in Rust, apart from the SQL that does it.

use super::kinds::{Type, Val, elements, list};
use super::world::Field;

/// What a value becomes.
enum Becomes {
    Value(Val),
    /// It has no place in the new type.
    Nothing,
    /// No database can hold it.
    Failure,
}

/// Whether a resource, as the test knows it, has a row of this id when the migration is done.
pub(super) type Exists<'a> = &'a dyn Fn(usize, &str) -> bool;

impl Field {
    fn fill(&self) -> Option<Val> {
        let literal = self.backfill.as_ref().or(self.default.as_ref());
        literal.map(|literal| literal.stored.clone())
    }

    /// What the value of a row becomes; `None` where the migration has to fail.
    pub(super) fn after(
        &self,
        before: Option<&Field>,
        value: Option<&Val>,
        exists: Exists<'_>,
    ) -> Option<Val> {
        let (Some(before), Some(value)) = (before, value) else {
            return Some(self.fill().unwrap_or(Val::Null));
        };
        let becomes = match value {
            Val::Null => Becomes::Value(Val::Null),
            value => self.becomes(before, value, exists),
        };
        Some(match becomes {
            Becomes::Failure => return None,
            Becomes::Value(Val::Null) if !self.optional => self.fill()?,
            Becomes::Value(value) => value,
            Becomes::Nothing => self.fill().unwrap_or(Val::Null),
        })
    }

    fn becomes(&self, before: &Field, value: &Val, exists: Exists<'_>) -> Becomes {
        match (&before.kind, &self.kind, value) {
            (Type::Ref(old, _), Type::Ref(new, _), _) if old == new => {
                Becomes::Value(value.clone())
            }
            (Type::Uuid | Type::Ref(..), Type::Ref(to, _), Val::Text(id)) => {
                match (exists(*to, id), self.optional) {
                    (true, _) => Becomes::Value(value.clone()),
                    (false, true) => Becomes::Nothing,
                    // Nothing could stand there instead.
                    (false, false) => Becomes::Failure,
                }
            }
            (old, new, value) => becomes(old, new, value),
        }
    }
}

fn becomes(old: &Type, new: &Type, value: &Val) -> Becomes {
    use Type::{Bool, Date, Datetime, Dec, Enum, Int, Ip, List, Num, Ref, Str, Time, Uuid, Wide};
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
        (List(olds), List(news), Val::Text(list)) => of_list(olds, news, list),
        (Ref(..), Uuid | Str, _) => kept(),
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

fn of_list(olds: &Type, news: &Type, value: &str) -> Becomes {
    use Type::{Enum, Int, Ip, Str, Time, Uuid, Wide};
    let fits = match (olds, news) {
        (Enum(_) | Str, Enum(_)) | (Uuid | Ip | Time | Enum(_), Str) | (Int, Wide) => true,
        _ => olds == news,
    };
    if !fits {
        return Becomes::Nothing;
    }
    let kept = elements(value).into_iter();
    let kept = kept.filter_map(|element| match becomes(olds, news, &element) {
        Becomes::Value(element) => Some(element),
        Becomes::Nothing | Becomes::Failure => None,
    });
    Becomes::Value(Val::Text(list(kept)))
}
