//! Texts, and patterns of them.

use super::Scope;
use super::constants::{PATTERNS, TEXTS};

impl Scope<'_> {
    pub(super) fn quoted(&mut self) -> String {
        format!("\"{}\"", self.dice.pick(&TEXTS))
    }

    pub(super) fn text(&mut self) -> String {
        match self.dice.roll(6) {
            0 => self.quoted(),
            1 => "resource.id".into(),
            2 if self.caller_is_user => "principal.id".into(),
            3 if self.caller_is_user => "principal.email".into(),
            _ => "resource.title".into(),
        }
    }

    pub(super) fn of_text(&mut self) -> String {
        let pattern = *self.dice.pick(&PATTERNS);
        let (one, other) = (self.text(), self.text());
        match self.dice.roll(6) {
            0 => format!("{one} == {other}"),
            1 => format!("resource has note && resource.note == {other}"),
            2 => format!("resource has note && resource.note like \"{pattern}\""),
            3 => format!("(if resource has note then resource.note else {one}) == {other}"),
            _ => format!("{one} like \"{pattern}\""),
        }
    }
}
