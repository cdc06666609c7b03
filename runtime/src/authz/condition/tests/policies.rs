//! Random policies that are strictly valid, over every form that the language has for a row.

mod callers;
mod constants;
mod entities;
mod gaps;
mod numbers;
mod sets;
mod texts;
mod times;

use super::dice::Dice;
use super::world::Kinds;
pub(super) use gaps::GAP;

/// What a policy may look at.
struct Scope<'a> {
    dice: &'a mut Dice,
    /// `Thing` or `User`.
    kind: &'static str,
    kinds: Kinds,
    caller_is_user: bool,
}

/// The policies of one action of one kind of rows, often with one that allows it on all of them.
pub(super) fn group(
    kinds: Kinds,
    dice: &mut Dice,
    kind: &'static str,
    action: &str,
    name: &str,
) -> String {
    let mut out = conditional(kinds, dice, kind, action, name);
    if dice.one_in(2) {
        out.push_str(&format!(
            "@id(\"{name}-open\") permit (principal, action == App::Action::\"{action}\", resource is App::{kind});\n"
        ));
    }
    out
}

/// The policies of one action of one kind of rows, most of which look at the rows.
pub(super) fn conditional(
    kinds: Kinds,
    dice: &mut Dice,
    kind: &'static str,
    action: &str,
    name: &str,
) -> String {
    let mut out = String::new();
    let count = 1 + dice.roll(4);
    for number in 0..count {
        let forbids = dice.one_in(3);
        let effect = if forbids { "forbid" } else { "permit" };
        let (principal, caller_is_user) = *dice.pick(&[
            ("principal is App::User", true),
            ("principal is App::User", true),
            ("principal is App::User in App::Role::\"admin\"", true),
            ("principal in App::Role::\"admin\"", true),
            ("principal is App::User", true),
            ("principal in App::Role::\"user\"", true),
            ("principal", false),
            ("principal == App::User::\"u1\"", true),
        ]);
        let own = format!("resource is App::{kind}");
        let resource = match dice.roll(8) {
            0 => format!("resource == App::{kind}::\"u1\""),
            1 if kind == "User" => "resource is App::User in App::Role::\"admin\"".to_owned(),
            _ => own,
        };
        let mut text = format!(
            "@id(\"{name}-{number}\") {effect} ({principal}, action == App::Action::\"{action}\", {resource})"
        );
        let mut scope = Scope {
            dice: &mut *dice,
            kind,
            kinds,
            caller_is_user,
        };
        for _ in 0..scope.dice.roll(3) {
            let word = *scope.dice.pick(&["when", "when", "unless"]);
            text.push_str(&format!(" {word} {{ {} }}", scope.truth(3)));
        }
        out.push_str(&text);
        out.push_str(";\n");
    }
    out.push_str(&gaps::beside(dice, kind, action, name));
    out
}

impl Scope<'_> {
    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 || self.dice.one_in(4) {
            return self.atom();
        }
        let next = depth - 1;
        match self.dice.roll(7) {
            0 | 1 => format!("({}) && ({})", self.truth(next), self.truth(next)),
            2 | 3 => format!("({}) || ({})", self.truth(next), self.truth(next)),
            4 => format!("!({})", self.truth(next)),
            5 => format!(
                "(if ({}) then ({}) else ({}))",
                self.truth(next),
                self.truth(next),
                self.truth(next)
            ),
            _ => {
                let sign = *self.dice.pick(&["==", "!="]);
                format!("({}) {sign} ({})", self.truth(next), self.truth(next))
            }
        }
    }

    /// What is asked of the row, of a row that it refers to, or of one that the caller does. None of them need be there.
    fn atom(&mut self) -> String {
        if self.dice.one_in(2) {
            return self.atom_of(self.kind);
        }
        let row: &[(&str, &str, &str)] = match self.kind {
            "User" => &[
                ("User", "resource has boss && ", "resource.boss"),
                ("Thing", "resource has desk && ", "resource.desk"),
                (
                    "Thing",
                    "resource has boss && resource.boss has desk && ",
                    "resource.boss.desk",
                ),
                (
                    "Thing",
                    "resource has boss.desk.base && ",
                    "resource.boss.desk.base",
                ),
            ],
            _ => &[
                ("User", "", "resource.owner"),
                (
                    "User",
                    "resource has base && ",
                    "(if resource.open then resource.owner else resource.base.owner)",
                ),
                ("Thing", "resource has base && ", "resource.base"),
                (
                    "Thing",
                    "resource.owner has desk && ",
                    "resource.owner.desk",
                ),
                (
                    "Thing",
                    "resource has base && resource.base has base && ",
                    "resource.base.base",
                ),
                ("User", "resource has base && ", "resource.base.owner"),
                (
                    "Thing",
                    "resource has base && resource.base.owner has desk && ",
                    "resource.base.owner.desk",
                ),
            ],
        };
        let caller: &[(&str, &str, &str)] = &[
            ("User", "principal has boss && ", "principal.boss"),
            ("Thing", "principal has desk && ", "principal.desk"),
            (
                "Thing",
                "principal has boss.desk && ",
                "principal.boss.desk",
            ),
        ];
        let from_caller = self.caller_is_user && self.dice.one_in(4);
        let (kind, guard, path) = *self.dice.pick(if from_caller { caller } else { row });
        let mut asked = self.atom_of(kind);
        // Behind a third reference nothing is followed any more.
        while path.matches('.').count() > 2 && asked.contains("resource.base") {
            asked = self.atom_of(kind);
        }
        format!("{guard}({})", asked.replace("resource", path))
    }

    fn atom_of(&mut self, kind: &str) -> String {
        if kind == "User" {
            return self.atom_of_user();
        }
        match self.dice.roll(21) {
            0 => self.compared_numbers(),
            1 => self.of_text(),
            2 => self.of_entity(),
            3 => self.of_strings(),
            4 => self.of_numbers(),
            5 => self.of_decimal(),
            6 => self.of_time(),
            7 => self.of_truth(),
            8 => self.overflowing(),
            9 => {
                let name = *self.dice.pick(&[
                    "note", "lead", "flag", "due", "labels", "marks", "title", "address",
                ]);
                format!("resource has {name}")
            }
            10 => self.of_request(),
            11 => self.of_peers(),
            12 => self.of_records(),
            13 => self.of_many(),
            14 if self.kinds == Kinds::WithMembers => self.of_members(),
            15 | 16 if self.caller_is_user => self.of_the_callers_own(),
            _ => self.of_text(),
        }
    }

    fn of_truth(&mut self) -> String {
        let address = *self
            .dice
            .pick(&["10.0.0.1", "10.0.0.0/8", "2001:db8::1", "10.0.0.1/32"]);
        match self.dice.roll(6) {
            0 => "resource.open".into(),
            1 => "resource has flag && resource.flag".into(),
            2 => "resource has flag && resource.flag == resource.open".into(),
            3 => format!("resource has address && resource.address == ip(\"{address}\")"),
            4 => "resource has address && resource.address == context.ip".into(),
            _ => "[resource.open].contains(true)".into(),
        }
    }

    fn of_request(&mut self) -> String {
        let all = [
            "context.mfa",
            "context.in_scope",
            "context has authenticated_at && context.authenticated_at < resource.created_at",
            "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
            "context.scopes.contains(resource.title)",
            "resource is App::Thing",
            "resource is App::User",
        ];
        (*self.dice.pick(&all)).to_owned()
    }
}
