//! Rows, accounts, and who is who.

use super::Scope;
use crate::authz::condition::tests::world::Kinds;

impl Scope<'_> {
    pub(super) fn atom_of_user(&mut self) -> String {
        let text = self.quoted();
        let number = self.number_constant();
        match self.dice.roll(13) {
            0 => "resource in App::Role::\"admin\"".into(),
            1 => "resource in [App::Role::\"admin\", App::Role::\"user\"]".into(),
            2 => "resource.role == \"user\"".into(),
            3 => format!("resource has age && resource.age < {number}"),
            4 => format!("resource.email == {text}"),
            5 if self.caller_is_user => "principal == resource".into(),
            6 if self.caller_is_user && self.kinds == Kinds::Plain => "resource in principal".into(),
            7 if self.caller_is_user => "resource has boss && principal in resource.boss".into(),
            8 if self.caller_is_user => "principal.role == resource.role".into(),
            9 if self.caller_is_user => "principal.skills.containsAny(resource.skills)".into(),
            10 if self.caller_is_user => {
                "principal has ceiling && resource has ceiling && resource.ceiling.lessThan(principal.ceiling)"
                    .into()
            }
            11 if self.caller_is_user => "resource.shift <= principal.shift".into(),
            12 => format!("resource.skills.contains({text})"),
            _ => "resource == App::User::\"u2\"".into(),
        }
    }

    pub(super) fn of_entity(&mut self) -> String {
        let someone = match self.caller_is_user {
            true => *self
                .dice
                .pick(&["principal", "App::User::\"u1\"", "App::User::\"nobody\""]),
            false => *self.dice.pick(&["App::User::\"u1\"", "App::User::\"U1\""]),
        };
        match self.dice.roll(7) {
            0 => format!("resource.owner == {someone}"),
            1 => format!("resource.owner != {someone}"),
            2 => format!("resource has lead && resource.lead == {someone}"),
            3 => "resource has lead && resource.lead == resource.owner".into(),
            4 if self.caller_is_user => "principal in resource.owner".into(),
            5 if self.caller_is_user => {
                "principal has boss && principal.boss == resource.owner".into()
            }
            6 if self.caller_is_user => {
                "resource has lead && principal in [resource.owner, resource.lead]".into()
            }
            _ => format!("[App::User::\"u2\", {someone}].contains(resource.owner)"),
        }
    }
}
