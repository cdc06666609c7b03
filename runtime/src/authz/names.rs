//! The names of the schema, parsed once, and plain facts turned into Cedar's values without parsing any name.

use super::facts::{Attribute, Context, Entity};
use super::shape::Seen;
use super::subject::entities_of;
use cedar_policy::{
    Entities, Entity as CedarEntity, EntityId, EntityTypeName, EntityUid, RestrictedExpression,
    Schema,
};
use std::collections::{HashMap, HashSet};
use std::fmt::{self, Display};
use time::OffsetDateTime;

/// Why facts could not be put to the engine. The decision is then a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EngineError {
    /// The schema has no entity type of this name.
    UnknownKind(String),
    /// The schema has no action of this name.
    UnknownAction(String),
    /// The action is not one that this caller can do to this kind of row.
    NotApplicable(String),
    /// A policy looks at a row of this kind behind a reference, and nobody has looked whether it is there.
    NotLookedUp(String),
    /// A value has no meaning in Cedar.
    Value(String),
}

impl EngineError {
    /// The error for a log: Cedar's own text about a value quotes it.
    #[must_use]
    pub fn without_values(&self) -> String {
        match self {
            Self::Value(_) => "a value could not be put to the policies".to_owned(),
            named => named.to_string(),
        }
    }
}

impl Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKind(kind) => write!(f, "the schema has no entity type `{kind}`"),
            Self::UnknownAction(action) => write!(f, "the schema has no action `{action}`"),
            Self::NotApplicable(action) => {
                write!(
                    f,
                    "the action `{action}` does not apply to this caller and row"
                )
            }
            Self::NotLookedUp(kind) => {
                write!(f, "a `{kind}` behind a reference was not looked up")
            }
            Self::Value(reason) => write!(f, "{reason}"),
        }
    }
}

impl std::error::Error for EngineError {}

/// An action of the schema.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) uid: EntityUid,
    /// Its entity alone, which carries the groups it is in: all that policies need that look into no other.
    pub(super) alone: Entities,
}

impl Action {
    /// Its entity and these.
    pub(super) fn beside(
        &self,
        others: impl IntoIterator<Item = CedarEntity>,
    ) -> Result<Entities, EngineError> {
        // Only what is new is closed over its ancestors, which is cheaper than closing all anew.
        let joined = self.alone.clone().add_entities(others, None);
        joined.map_err(|error| EngineError::Value(error.to_string()))
    }
}

/// The resource of whose guarded fields an action shows one.
fn read_field_of(action: &str) -> Option<&str> {
    let (resource, verb) = action.split_once(':')?;
    verb.starts_with("read:").then_some(resource)
}

/// Entity types and actions of one namespace by their plain names.
#[derive(Debug)]
pub(super) struct Names {
    types: HashMap<String, EntityTypeName>,
    actions: HashMap<String, Action>,
    /// How many guarded fields a resource has that somebody may read, by its name.
    readable: HashMap<String, usize>,
}

impl Names {
    pub(super) fn of(namespace: &str, schema: &Schema) -> Result<Self, EngineError> {
        let types = schema
            .entity_types()
            .filter(|name| name.namespace() == namespace)
            .map(|name| (name.basename().to_owned(), name.clone()))
            .collect();
        let entities = schema
            .action_entities()
            .map_err(|error| EngineError::Value(error.to_string()))?;
        let actions = entities
            .iter()
            .filter(|entity| entity.uid().type_name().namespace() == namespace)
            .map(|entity| {
                let (uid, alone) = (entity.uid(), entities_of([entity.clone()])?);
                Ok((uid.id().unescaped().to_owned(), Action { uid, alone }))
            })
            .collect::<Result<HashMap<String, Action>, EngineError>>()?;
        let mut readable = HashMap::new();
        for resource in actions.keys().filter_map(|action| read_field_of(action)) {
            *readable.entry(resource.to_owned()).or_default() += 1;
        }
        Ok(Self {
            types,
            actions,
            readable,
        })
    }

    /// How many guarded fields there are beside the one that this action shows, with it; none, where it shows none.
    pub(super) fn fields_with(&self, action: &str) -> usize {
        let resource = read_field_of(action);
        let known = resource.and_then(|resource| self.readable.get(resource));
        known.copied().unwrap_or_default()
    }

    pub(super) fn kind(&self, kind: &str) -> Result<&EntityTypeName, EngineError> {
        self.types
            .get(kind)
            .ok_or_else(|| EngineError::UnknownKind(kind.to_owned()))
    }

    pub(super) fn action(&self, action: &str) -> Result<&Action, EngineError> {
        self.actions
            .get(action)
            .ok_or_else(|| EngineError::UnknownAction(action.to_owned()))
    }

    pub(super) fn uid(&self, kind: &str, id: &str) -> Result<EntityUid, EngineError> {
        let name = self.kind(kind)?.clone();
        Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
    }

    /// A row as a Cedar entity, with those of its attributes that policies can see.
    pub(super) fn entity(&self, entity: &Entity, seen: &Seen) -> Result<CedarEntity, EngineError> {
        let attributes = entity
            .attributes
            .iter()
            .filter(|(name, _)| seen.contains(name))
            .map(|(name, value)| Ok(((*name).to_owned(), self.value(value)?)))
            .collect::<Result<HashMap<_, _>, EngineError>>()?;
        let parents = entity
            .parents
            .iter()
            .map(|(kind, id)| self.uid(kind, id))
            .collect::<Result<HashSet<_>, _>>()?;
        CedarEntity::new(self.uid(entity.kind, &entity.id)?, attributes, parents)
            .map_err(|error| EngineError::Value(error.to_string()))
    }

    /// The circumstances of a request as Cedar's context, with those members that policies can see.
    pub(super) fn context(
        &self,
        context: &Context,
        seen: &Seen,
    ) -> Result<cedar_policy::Context, EngineError> {
        let pairs = context_members(context)
            .filter(|(name, _)| seen.contains(name))
            .map(|(name, value)| Ok((name.to_owned(), self.value(&value)?)))
            .collect::<Result<Vec<_>, EngineError>>()?;
        cedar_policy::Context::from_pairs(pairs)
            .map_err(|error| EngineError::Value(error.to_string()))
    }

    fn value(&self, attribute: &Attribute) -> Result<RestrictedExpression, EngineError> {
        Ok(match attribute {
            Attribute::Bool(value) => RestrictedExpression::new_bool(*value),
            Attribute::Long(value) => RestrictedExpression::new_long(*value),
            Attribute::String(value) => RestrictedExpression::new_string(value.clone()),
            Attribute::Decimal(value) => RestrictedExpression::new_decimal(with_point(value)),
            Attribute::Datetime(ms) => RestrictedExpression::new_datetime(datetime_text(*ms)?),
            Attribute::Duration(ms) => RestrictedExpression::new_duration(format!("{ms}ms")),
            Attribute::Ip(ip) => RestrictedExpression::new_ip(ip.to_canonical().to_string()),
            Attribute::Entity { kind, id } => {
                RestrictedExpression::new_entity_uid(self.uid(kind, id)?)
            }
            Attribute::Set(values) => RestrictedExpression::new_set(
                values
                    .iter()
                    .map(|value| self.value(value))
                    .collect::<Result<Vec<_>, _>>()?,
            ),
        })
    }
}

fn context_members(context: &Context) -> impl Iterator<Item = (&'static str, Attribute)> {
    let scopes = context
        .scopes
        .iter()
        .cloned()
        .map(Attribute::String)
        .collect();
    let credential = context.credential.as_str().to_owned();
    let required = [
        ("ip", Attribute::Ip(context.ip)),
        ("now", Attribute::Datetime(context.now)),
        ("mfa", Attribute::Bool(context.mfa)),
        ("credential", Attribute::String(credential)),
        ("scopes", Attribute::Set(scopes)),
        ("in_scope", Attribute::Bool(context.in_scope)),
    ];
    let authenticated_at = context.authenticated_at.map(Attribute::Datetime);
    let optional = authenticated_at.map(|at| ("authenticated_at", at));
    required.into_iter().chain(optional)
}

/// Cedar writes every decimal with a point.
fn with_point(decimal: &str) -> String {
    if decimal.contains('.') {
        decimal.to_owned()
    } else {
        format!("{decimal}.0")
    }
}

/// Whether Cedar has this moment, in milliseconds since 1970 UTC.
pub(super) fn is_moment(ms: i64) -> bool {
    datetime_text(ms).is_ok()
}

/// Cedar reads years 0000 to 9999; anything else is refused here.
fn datetime_text(ms: i64) -> Result<String, EngineError> {
    let outside = || EngineError::Value(format!("{ms} ms is not within the years 0 to 9999"));
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000)
        .map_err(|_| outside())?;
    if at.year() < 0 {
        return Err(outside());
    }
    Ok(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond()
    ))
}
