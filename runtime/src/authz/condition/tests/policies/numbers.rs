//! Whole numbers and decimals, some of them at the ends of what there is.

use super::Scope;
use super::constants::{DECIMALS, LONGS};

impl Scope<'_> {
    pub(super) fn number_constant(&mut self) -> String {
        (*self.dice.pick(&LONGS)).to_owned()
    }

    pub(super) fn number(&mut self) -> String {
        match self.dice.roll(9) {
            0 | 1 => self.number_constant(),
            2 => format!("(resource.size + {})", self.number_constant()),
            3 => format!("(resource.size - {})", self.number_constant()),
            4 => format!(
                "(resource.size * {})",
                self.dice.pick(&["2", "-1", "0", "3"])
            ),
            5 => "(-resource.size)".into(),
            6 => {
                let unit =
                    *self
                        .dice
                        .pick(&["Milliseconds", "Seconds", "Minutes", "Hours", "Days"]);
                format!("resource.span.to{unit}()")
            }
            _ => "resource.size".into(),
        }
    }

    pub(super) fn order(&mut self) -> &'static str {
        self.dice.pick::<&str>(&["<", "<=", ">", ">=", "==", "!="])
    }

    pub(super) fn compared_numbers(&mut self) -> String {
        let (one, order, other) = (self.number(), self.order(), self.number());
        match self.dice.roll(5) {
            0 => format!("resource has extra && resource.extra {order} {other}"),
            1 if self.caller_is_user => {
                format!("principal has age && resource.size {order} principal.age")
            }
            2 => format!(
                "(if resource.open then {one} else {other}) {order} {}",
                self.number_constant()
            ),
            _ => format!("{one} {order} {other}"),
        }
    }

    /// Fails on some rows, in the places where a wrong emitter would not see it.
    pub(super) fn overflowing(&mut self) -> String {
        let fails = *self.dice.pick(&[
            "resource.size + 1 > 0",
            "resource.size * 2 > 3",
            "-resource.size < 0",
            "resource.size - 1 < 5",
        ]);
        let other = *self.dice.pick(&[
            "resource.open",
            "resource.title like \"a*\"",
            "true",
            "false",
        ]);
        match self.dice.roll(5) {
            0 => format!("({fails}) || {other}"),
            1 => format!("{other} || ({fails})"),
            2 => format!("({fails}) && {other}"),
            3 => format!("!(({fails}) || {other})"),
            _ => format!("[7, 8].contains(resource.size + 1) || {other}"),
        }
    }

    pub(super) fn of_decimal(&mut self) -> String {
        let constant = format!("decimal(\"{}\")", self.dice.pick(&DECIMALS));
        let function = *self.dice.pick(&[
            "lessThan",
            "lessThanOrEqual",
            "greaterThan",
            "greaterThanOrEqual",
        ]);
        match self.dice.roll(4) {
            0 => format!("resource.price == {constant}"),
            1 => format!("resource has cost && resource.cost.{function}(resource.price)"),
            _ => format!("resource.price.{function}({constant})"),
        }
    }
}
