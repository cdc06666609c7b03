//! Rows behind references, as far as somebody has looked them up.

use super::engine::Engine;
use super::facts::Entity;
use super::look::{Look, Reached};
use super::names::EngineError;
use super::subject::Subject;
use cedar_policy::{Entity as CedarEntity, EntityUid};
use std::collections::HashMap;

/// A row by its kind and its id.
pub type RowName = (&'static str, String);

/// What another moment makes something else of.
const MOMENTS: [&str; 4] = ["now", "authenticated_at", "created_at", "updated_at"];

/// Rows behind references: those that were looked up and are there, and those that were and are not. To policies a row that is
/// not there has no attributes and is in nothing, which is what Cedar says of an entity that it is not told of.
#[derive(Debug, Clone, Default)]
pub struct Behind {
    rows: HashMap<&'static str, HashMap<String, Option<Entity>>>,
}

impl Behind {
    /// Notes what was found where a row was looked up.
    pub fn insert(&mut self, (kind, id): RowName, found: Option<Entity>) {
        self.rows.entry(kind).or_default().insert(id, found);
    }

    /// What was found; `None`, where nobody has looked.
    pub(super) fn get(&self, kind: &str, id: &str) -> Option<Option<&Entity>> {
        let found = self.rows.get(kind)?.get(id)?;
        Some(found.as_ref())
    }

    /// All that was looked up, in the order of kinds and ids.
    pub(super) fn sorted(&self) -> Vec<(&'static str, &str, Option<&Entity>)> {
        let mut all: Vec<_> = Vec::new();
        for (kind, rows) in &self.rows {
            all.extend(
                rows.iter()
                    .map(|(id, row)| (*kind, id.as_str(), row.as_ref())),
            );
        }
        all.sort_unstable_by_key(|(kind, id, _)| (*kind, *id));
        all
    }
}

/// What is put to the policies beside the action: the entities of the caller's side, and those of the row's.
pub(super) struct Sides {
    /// The caller and the rows behind it, as they are stored.
    pub(super) caller: Vec<CedarEntity>,
    /// The row as it is or would be stored, and the rows behind it.
    pub(super) row: Vec<CedarEntity>,
    /// What is known of rows that nobody looked up: their memberships.
    pub(super) memberships: Vec<CedarEntity>,
}

impl Sides {
    /// Whether both sides have another idea of one entity. That is so where the row is the caller, or somewhere behind it, and
    /// would be stored as something else than it is.
    pub(super) fn disagree(&self) -> bool {
        self.caller.iter().any(|known| {
            let mut same = self.row.iter().filter(|row| row.uid() == known.uid());
            same.any(|row| !row.deep_eq(known))
        })
    }

    /// All of them, each entity once, as the row's side has it.
    pub(super) fn joined(self) -> Vec<CedarEntity> {
        let of_row: Vec<EntityUid> = self.row.iter().map(CedarEntity::uid).collect();
        let others = self.caller.into_iter();
        let others = others.filter(|entity| !of_row.contains(&entity.uid()));
        let mut all: Vec<_> = others.chain(self.memberships).collect();
        all.extend(self.row);
        all
    }
}

impl Engine {
    /// The rows that the policies of an action look at behind a row and that nobody has looked up. Where there are some, they
    /// are to be looked up and it has to be asked again: there may be others behind them.
    #[must_use]
    pub fn unknown_behind(
        &self,
        subject: &Subject,
        action: &str,
        row: &Entity,
        behind: &Behind,
    ) -> Vec<RowName> {
        if !self.looks.row.is_far() {
            return Vec::new();
        }
        let Ok((_, bucket)) = self.bucket(subject, action, row.kind) else {
            return Vec::new();
        };
        let looks = bucket
            .slices(subject.uids.iter())
            .map(|slice| &slice.looks.row);
        let own: Vec<&Entity> = std::iter::once(row).chain(&subject.facts).collect();
        named(self.reached(looks, row, &own, behind))
    }

    /// The rows that policies look at behind a caller and that nobody has looked up, as [`Engine::unknown_behind`].
    #[must_use]
    pub fn unknown_around(&self, caller: &Entity, around: &Behind) -> Vec<RowName> {
        let look = std::iter::once(&self.looks.caller);
        named(self.reached(look, caller, &[caller], around))
    }

    /// Whether the policies of an action look at rows behind those of a kind, or behind this caller.
    #[must_use]
    pub fn looks_behind(&self, subject: &Subject, action: &str, kind: &str) -> bool {
        let Ok((_, bucket)) = self.bucket(subject, action, kind) else {
            return false;
        };
        let mut slices = bucket.slices(subject.uids.iter());
        let needs = |look: &Look| look.needs_others(&self.memberships);
        slices.any(|slice| needs(&slice.looks.row) || needs(&slice.looks.caller))
    }

    /// Whether what the policies of an action say may be another thing at another moment: they look at the time, at that of the
    /// sign-in, or at that of a row, which one made at another moment has otherwise.
    #[must_use]
    pub fn looks_at_the_moment(&self, subject: &Subject, action: &str, kind: &str) -> bool {
        let Ok((_, bucket)) = self.bucket(subject, action, kind) else {
            return false;
        };
        let mut slices = bucket.slices(subject.uids.iter());
        slices.any(|slice| MOMENTS.iter().any(|name| slice.seen.contains(name)))
    }

    fn reached<'a, 'l>(
        &self,
        looks: impl Iterator<Item = &'l Look>,
        from: &'a Entity,
        own: &[&'a Entity],
        behind: &'a Behind,
    ) -> Reached<'a> {
        let mut reached = Reached::default();
        for look in looks {
            look.reach(from, own, behind, &self.memberships, &mut reached);
        }
        reached
    }

    /// Whether all is known of the caller that policies look at.
    pub(super) fn is_known_around(&self, subject: &Subject) -> bool {
        let caller = subject.facts.as_ref();
        caller.is_none_or(|caller| self.unknown_around(caller, &subject.around).is_empty())
    }

    /// The rows behind the caller as Cedar takes them, with those of their attributes that policies can see.
    pub(super) fn around(&self, subject: &Subject) -> Result<Vec<CedarEntity>, EngineError> {
        let rows = self.facts_around(subject)?;
        let rows = rows.into_iter();
        rows.map(|row| self.names.entity(row, &self.seen)).collect()
    }

    /// The rows behind the caller.
    pub(super) fn facts_around<'a>(
        &self,
        subject: &'a Subject,
    ) -> Result<Vec<&'a Entity>, EngineError> {
        let Some(caller) = subject
            .facts
            .as_ref()
            .filter(|_| self.looks.caller.is_far())
        else {
            return Ok(Vec::new());
        };
        let look = std::iter::once(&self.looks.caller);
        let reached = self.reached(look, caller, &[caller], &subject.around);
        let rows = known(reached)?;
        let others = rows.into_iter().filter(|row| !is_same(row, caller));
        Ok(others.collect())
    }

    /// The caller, the row, and what policies look at behind both.
    pub(super) fn sides(
        &self,
        subject: &Subject,
        row: &Entity,
        looks: &[&Look],
        behind: &Behind,
    ) -> Result<Sides, EngineError> {
        let caller = subject
            .facts
            .as_ref()
            .filter(|caller| !is_same(caller, row));
        let own: Vec<&Entity> = std::iter::once(row).chain(caller).collect();
        let reached = self.reached(looks.iter().copied(), row, &own, behind);
        let reached = known(reached)?;
        let others = reached.into_iter().filter(|other| !is_same(other, row));
        let of_row: Vec<&Entity> = std::iter::once(row).chain(others).collect();
        let of_caller = self.facts_around(subject)?;
        let mut facts: Vec<&Entity> = subject.facts.iter().chain(of_caller).collect();
        facts.extend(&of_row);
        let memberships = self.memberships.behind(&facts, &self.names, &self.seen)?;
        let entity = |row: &&Entity| self.names.entity(row, &self.seen);
        let mut caller = vec![self.entity_of(subject)?.clone()];
        caller.extend(self.around(subject)?);
        Ok(Sides {
            caller,
            row: of_row.iter().map(entity).collect::<Result<_, _>>()?,
            memberships,
        })
    }
}

fn is_same(one: &Entity, other: &Entity) -> bool {
    one.kind == other.kind && one.id == other.id
}

fn named(reached: Reached<'_>) -> Vec<RowName> {
    let unknown = reached.unknown.into_iter();
    unknown.map(|(kind, id)| (kind, id.to_owned())).collect()
}

/// A decision by some of the rows would be a guess.
fn known(reached: Reached<'_>) -> Result<Vec<&Entity>, EngineError> {
    match reached.unknown.first() {
        None => Ok(reached.rows),
        Some((kind, _)) => Err(EngineError::NotLookedUp((*kind).to_owned())),
    }
}
