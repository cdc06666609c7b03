//! The caller of a request, made ready for decisions.

use super::behind::Behind;
use super::engine::Engine;
use super::facts::{Context, Entity};
use super::names::{Action, EngineError};
use super::partial::Unresolved;
use super::shape::Seen;
use cedar_policy::{Entities, Entity as CedarEntity, EntityTypeName, EntityUid, Request};
use std::borrow::Cow;
use std::sync::OnceLock;

/// The kind of a caller without a credential, and its only id.
const ANONYMOUS: (&str, &str) = ("Anonymous", "anonymous");

/// What a row itself says that it is in.
const ROLE: &str = "Role";

/// A caller and the circumstances of its request, made ready once and used for every decision of that request.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The caller and its ancestors, each once, the caller first.
    pub(super) uids: Vec<EntityUid>,
    pub(super) uid: EntityUid,
    /// As far as policies can see it; made when the first of them looks.
    entity: OnceLock<CedarEntity>,
    /// As far as policies can see it.
    context: cedar_policy::Context,
    pub(super) facts: Option<Entity>,
    /// The rows behind the caller.
    pub(super) around: Behind,
    pub(super) circumstances: Context,
}

impl Engine {
    /// Makes a caller ready for the decisions of one request; without one it is the anonymous caller.
    ///
    /// # Errors
    /// When the caller's name or the context cannot be expressed in the schema's types.
    pub fn subject(
        &self,
        caller: Option<&Entity>,
        context: &Context,
    ) -> Result<Subject, EngineError> {
        let (kind, id) = caller.map_or(ANONYMOUS, |caller| (caller.kind, caller.id.as_str()));
        let uid = self.names.uid(kind, id)?;
        let mut uids = vec![uid.clone()];
        for (kind, id) in caller.iter().flat_map(|caller| &caller.parents) {
            let ancestor = self.names.uid(kind, id)?;
            if !uids.contains(&ancestor) {
                uids.push(ancestor);
            }
        }
        Ok(Subject {
            uids,
            uid,
            entity: OnceLock::new(),
            context: self.names.context(context, &self.seen)?,
            facts: caller.cloned(),
            around: Behind::default(),
            circumstances: context.clone(),
        })
    }

    /// The caller as far as policies can see it.
    pub(super) fn entity_of<'a>(
        &self,
        subject: &'a Subject,
    ) -> Result<&'a CedarEntity, EngineError> {
        if let Some(entity) = subject.entity.get() {
            return Ok(entity);
        }
        let entity = self.caller(subject.facts.as_ref(), &self.seen)?;
        Ok(subject.entity.get_or_init(|| entity))
    }

    fn caller(&self, caller: Option<&Entity>, seen: &Seen) -> Result<CedarEntity, EngineError> {
        match caller {
            Some(caller) => self.names.entity(caller, seen),
            None => Ok(CedarEntity::with_uid(
                self.names.uid(ANONYMOUS.0, ANONYMOUS.1)?,
            )),
        }
    }

    /// The request with everything in it that the schema asks for.
    pub(super) fn unresolved<'a>(
        &self,
        subject: &'a Subject,
        action: &'a Action,
        kind: &'a EntityTypeName,
    ) -> Result<Unresolved<'a>, EngineError> {
        let mut entities = vec![self.caller(subject.facts.as_ref(), &Seen::All)?];
        for row in self.facts_around(subject)? {
            entities.push(self.names.entity(row, &Seen::All)?);
        }
        Ok(Unresolved {
            principal: &subject.uid,
            action: &action.uid,
            resource: kind,
            context: self.names.context(&subject.circumstances, &Seen::All)?,
            entities: entities_of(entities)?,
        })
    }
}

impl Subject {
    /// The same caller with the rows behind it, as far as policies look at them ([`Engine::unknown_around`]).
    #[must_use]
    pub fn knowing(self, around: Behind) -> Self {
        Self { around, ..self }
    }

    /// The caller as the log names it: by kind and id.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.facts {
            None => ANONYMOUS.1.to_owned(),
            Some(facts) => format!("{}:{}", facts.kind, facts.id),
        }
    }

    /// Whether a row is the caller's own, or one that was looked up behind it.
    #[must_use]
    pub fn knows(&self, kind: &str, id: &str) -> bool {
        let is_own = |facts: &Entity| facts.kind == kind && facts.id == id;
        self.facts.as_ref().is_some_and(is_own) || self.around.get(kind, id).is_some()
    }

    /// A row, with the caller's memberships where it is the caller's own: they are no part of a row, and the same on both
    /// of its faces.
    pub(super) fn joined<'a>(&self, row: &'a Entity) -> Cow<'a, Entity> {
        let facts = self.facts.as_ref();
        let own = facts.filter(|facts| facts.kind == row.kind && facts.id == row.id);
        let memberships = own.iter().flat_map(|facts| &facts.parents);
        let mut memberships = memberships.filter(|(kind, _)| *kind != ROLE).peekable();
        if memberships.peek().is_none() {
            return Cow::Borrowed(row);
        }
        let mut joined = row.clone();
        joined.parents.extend(memberships.cloned());
        Cow::Owned(joined)
    }

    pub(super) fn request(
        &self,
        action: &Action,
        resource: &EntityUid,
    ) -> Result<Request, EngineError> {
        Request::new(
            self.uid.clone(),
            action.uid.clone(),
            resource.clone(),
            self.context.clone(),
            None,
        )
        .map_err(|error| EngineError::Value(error.to_string()))
    }
}

/// The entities of one request.
pub(super) fn entities_of(
    entities: impl IntoIterator<Item = CedarEntity>,
) -> Result<Entities, EngineError> {
    Entities::from_entities(entities, None).map_err(|error| EngineError::Value(error.to_string()))
}
