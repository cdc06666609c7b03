//! Rows of both kinds, and whoever asks for one of them.

use super::dice::Dice;
use super::world::{Kinds, callers_of};
use super::written::{Written, things, users};
use crate::authz::{Behind, Context, Decision, Engine, Entity, RowName, Subject};

pub(super) struct Table {
    pub(super) things: Vec<Written>,
    pub(super) users: Vec<Written>,
}

impl Table {
    pub(super) fn new(
        kinds: Kinds,
        dice: &mut Dice,
        count_of_things: usize,
        count_of_users: usize,
    ) -> Self {
        let mut things = things(dice, count_of_things);
        if kinds == Kinds::WithMembers {
            things.iter_mut().for_each(Written::have_members);
        }
        Self {
            things,
            users: users(dice, &callers_of(kinds), count_of_users),
        }
    }

    pub(super) fn rows(&self, kind: &str) -> &[Written] {
        match kind {
            "User" => &self.users,
            _ => &self.things,
        }
    }

    /// A caller with what policies look at behind it.
    pub(super) fn subject(
        &self,
        engine: &Engine,
        caller: Option<&Entity>,
        context: &Context,
    ) -> Subject {
        let mut around = Behind::default();
        if let Some(caller) = caller {
            self.look_up(&mut around, |around| engine.unknown_around(caller, around));
        }
        engine.subject(caller, context).unwrap().knowing(around)
    }

    pub(super) fn decide(
        &self,
        engine: &Engine,
        subject: &Subject,
        action: &str,
        row: &Entity,
        behind: &mut Behind,
    ) -> Decision {
        self.look_up(behind, |behind| {
            engine.unknown_behind(subject, action, row, behind)
        });
        engine.decide_knowing(subject, action, row, behind)
    }

    /// Finds rows as long as some are wanted; many are nowhere.
    fn look_up(&self, behind: &mut Behind, wanted: impl Fn(&Behind) -> Vec<RowName>) {
        loop {
            let wanted = wanted(behind);
            if wanted.is_empty() {
                return;
            }
            for (kind, id) in wanted {
                let mut rows = self.rows(kind).iter().map(|row| &row.entity);
                let row = rows.find(|row| row.id == id).cloned();
                behind.insert((kind, id), row);
            }
        }
    }
}
