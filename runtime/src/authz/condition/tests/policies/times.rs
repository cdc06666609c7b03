//! Moments and lengths of time.

use super::Scope;
use super::constants::{MOMENTS, SPANS};

impl Scope<'_> {
    pub(super) fn moment(&mut self) -> String {
        match self.dice.roll(5) {
            0 => "context.now".into(),
            1 => format!("resource.created_at.offset({})", self.span()),
            2 => "resource.created_at.toDate()".into(),
            3 => "resource.created_at".into(),
            _ => format!("datetime(\"{}\")", self.dice.pick(&MOMENTS)),
        }
    }

    pub(super) fn span(&mut self) -> String {
        match self.dice.roll(3) {
            0 => "resource.span".into(),
            _ => format!("duration(\"{}\")", self.dice.pick(&SPANS)),
        }
    }

    pub(super) fn of_time(&mut self) -> String {
        let (one, order, other) = (self.moment(), self.order(), self.moment());
        match self.dice.roll(5) {
            0 => format!("resource has due && resource.due {order} {other}"),
            1 => format!(
                "resource has due && resource.due.toTime() {order} {}",
                self.span()
            ),
            2 => format!("{one}.durationSince({other}) {order} {}", self.span()),
            _ => format!("{one} {order} {other}"),
        }
    }
}
