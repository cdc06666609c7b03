//! Policies by what their scope can match, so that a decision looks at those that can apply and at no others.
//!
//! INVARIANT: a policy that is left out of a lookup has a scope that is false for that request. Scopes are evaluated
//! before conditions and cannot fail, so such a policy can neither be satisfied nor raise an error, and leaving it
//! out changes nothing. A policy that is looked up by a principal's own or an ancestor's uid has a scope that this
//! principal meets, which is not asked again.

use super::membership::Memberships;
use super::slice::Slice;
use cedar_policy::{
    ActionConstraint, Entities, EntityTypeName, EntityUid, Policy, PrincipalConstraint,
    ResourceConstraint, Schema,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Why policies could not be indexed.
type IndexError = Box<dyn std::error::Error>;

/// The buckets of all requests that the schema allows.
#[derive(Debug)]
pub(super) struct Index {
    buckets: HashMap<EntityUid, Vec<Bucket>>,
    by_action: HashMap<EntityUid, Vec<String>>,
}

/// The policies for one action, one type of principal and one type of resource.
#[derive(Debug)]
pub(super) struct Bucket {
    principal: EntityTypeName,
    resource: EntityTypeName,
    /// Policies whose scope names no principal.
    open: Option<Arc<Slice>>,
    /// Policies whose scope names an entity that the principal must be or be in.
    scoped: HashMap<EntityUid, Arc<Slice>>,
}

impl Index {
    /// Indexes policies that are valid for the schema.
    pub(super) fn new(
        schema: &Schema,
        policies: &[Policy],
        memberships: &Memberships,
    ) -> Result<Self, IndexError> {
        let groups = Groups::of(&schema.action_entities()?);
        let scopes: Vec<Scope> = policies
            .iter()
            .map(|policy| Scope::of(&groups, policy))
            .collect();
        let mut sets = Interned {
            policies,
            memberships,
            sets: HashMap::new(),
        };
        let candidates = Candidates::of(&scopes);
        let mut buckets: HashMap<EntityUid, Vec<Bucket>> = HashMap::new();
        for env in schema.request_envs() {
            let members = candidates
                .of_action(env.action())
                .filter(|(_, scope)| scope.covers(env.principal(), env.action(), env.resource()));
            let mut by_principal: BTreeMap<Option<&EntityUid>, Vec<usize>> = BTreeMap::new();
            for (number, scope) in members {
                by_principal
                    .entry(scope.principal.as_ref())
                    .or_default()
                    .push(number);
            }
            let mut bucket = Bucket::empty(env.principal(), env.resource());
            for (principal, numbers) in by_principal {
                bucket.insert(principal, sets.set_of(numbers)?);
            }
            buckets
                .entry(env.action().clone())
                .or_default()
                .push(bucket);
        }
        let by_action = ids_by_action(schema, policies, &candidates);
        Ok(Self { buckets, by_action })
    }

    /// The bucket for such a request; none where the schema does not allow it.
    pub(super) fn bucket(
        &self,
        action: &EntityUid,
        principal: &EntityTypeName,
        resource: &EntityTypeName,
    ) -> Option<&Bucket> {
        self.buckets
            .get(action)?
            .iter()
            .find(|bucket| bucket.principal == *principal && bucket.resource == *resource)
    }

    /// The ids of the policies whose scope covers the action, sorted.
    pub(super) fn ids(&self, action: &EntityUid) -> &[String] {
        self.by_action.get(action).map_or(&[], Vec::as_slice)
    }
}

impl Bucket {
    fn empty(principal: &EntityTypeName, resource: &EntityTypeName) -> Self {
        Self {
            principal: principal.clone(),
            resource: resource.clone(),
            open: None,
            scoped: HashMap::new(),
        }
    }

    fn insert(&mut self, principal: Option<&EntityUid>, set: Arc<Slice>) {
        match principal {
            None => self.open = Some(set),
            Some(uid) => {
                self.scoped.insert(uid.clone(), set);
            }
        }
    }

    /// The set that applies to every principal of the type.
    pub(super) fn of_everybody(&self) -> Option<&Slice> {
        self.open.as_deref()
    }

    /// The sets that apply to the principals that are, or are in, some entity.
    pub(super) fn of_some(&self) -> impl Iterator<Item = &Slice> {
        self.scoped.values().map(Arc::as_ref)
    }

    /// The sets that can apply to a principal with these uids: its own and those of its ancestors, each once.
    pub(super) fn slices<'a>(
        &'a self,
        uids: impl Iterator<Item = &'a EntityUid>,
    ) -> impl Iterator<Item = &'a Slice> {
        let scoped = uids.filter_map(|uid| self.scoped.get(uid));
        self.open.iter().chain(scoped).map(Arc::as_ref)
    }
}

/// Many buckets hold the same policies; each distinct set is built once.
struct Interned<'a> {
    policies: &'a [Policy],
    memberships: &'a Memberships,
    sets: HashMap<Vec<usize>, Arc<Slice>>,
}

impl Interned<'_> {
    fn set_of(&mut self, numbers: Vec<usize>) -> Result<Arc<Slice>, IndexError> {
        if let Some(set) = self.sets.get(&numbers) {
            return Ok(Arc::clone(set));
        }
        let members = numbers
            .iter()
            .filter_map(|number| self.policies.get(*number));
        let set = Arc::new(Slice::new(members, self.memberships)?);
        self.sets.insert(numbers, Arc::clone(&set));
        Ok(set)
    }
}

/// What a policy's scope asks of a request.
#[derive(Debug)]
struct Scope {
    /// The entity that the principal must be or be in.
    principal: Option<EntityUid>,
    principal_type: Option<EntityTypeName>,
    /// `None`: every action. Groups are expanded to what is in them.
    actions: Option<HashSet<EntityUid>>,
    resource_type: Option<EntityTypeName>,
}

impl Scope {
    fn of(groups: &Groups, policy: &Policy) -> Self {
        let (principal_type, principal) = match policy.principal_constraint() {
            PrincipalConstraint::Any => (None, None),
            PrincipalConstraint::Is(kind) => (Some(kind), None),
            PrincipalConstraint::In(uid) => (None, Some(uid)),
            PrincipalConstraint::Eq(uid) => (Some(uid.type_name().clone()), Some(uid)),
            PrincipalConstraint::IsIn(kind, uid) => (Some(kind), Some(uid)),
        };
        let actions = match policy.action_constraint() {
            ActionConstraint::Any => None,
            ActionConstraint::Eq(uid) => Some(HashSet::from([uid])),
            ActionConstraint::In(uids) => Some(groups.members(&uids)),
        };
        let resource_type = match policy.resource_constraint() {
            ResourceConstraint::Any | ResourceConstraint::In(_) => None,
            ResourceConstraint::Eq(uid) => Some(uid.type_name().clone()),
            ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => Some(kind),
        };
        Self {
            principal,
            principal_type,
            actions,
            resource_type,
        }
    }

    fn covers(
        &self,
        principal: &EntityTypeName,
        action: &EntityUid,
        resource: &EntityTypeName,
    ) -> bool {
        self.principal_type
            .as_ref()
            .is_none_or(|kind| kind == principal)
            && self.covers_action(action)
            && self
                .resource_type
                .as_ref()
                .is_none_or(|kind| kind == resource)
    }

    fn covers_action(&self, action: &EntityUid) -> bool {
        self.actions
            .as_ref()
            .is_none_or(|actions| actions.contains(action))
    }
}

/// The scopes by the actions that they cover, so that no request is compared with those of all others.
struct Candidates<'a> {
    scopes: &'a [Scope],
    of_every_action: Vec<usize>,
    by_action: HashMap<&'a EntityUid, Vec<usize>>,
}

impl<'a> Candidates<'a> {
    fn of(scopes: &'a [Scope]) -> Self {
        let mut of_every_action = Vec::new();
        let mut by_action: HashMap<&EntityUid, Vec<usize>> = HashMap::new();
        for (number, scope) in scopes.iter().enumerate() {
            match &scope.actions {
                None => of_every_action.push(number),
                Some(actions) => {
                    for action in actions {
                        by_action.entry(action).or_default().push(number);
                    }
                }
            }
        }
        Self {
            scopes,
            of_every_action,
            by_action,
        }
    }

    /// The scopes that cover this action, with their numbers in ascending order.
    fn of_action(
        &self,
        action: &EntityUid,
    ) -> impl Iterator<Item = (usize, &'a Scope)> + use<'_, 'a> {
        let own = self.by_action.get(action).map_or(&[][..], Vec::as_slice);
        let mut numbers: Vec<usize> = self.of_every_action.iter().chain(own).copied().collect();
        numbers.sort_unstable();
        let scopes = self.scopes;
        numbers
            .into_iter()
            .filter_map(move |number| Some((number, scopes.get(number)?)))
    }
}

/// For each action and each group of actions what is in it, itself among them.
struct Groups(HashMap<EntityUid, Vec<EntityUid>>);

impl Groups {
    fn of(actions: &Entities) -> Self {
        let mut members: HashMap<EntityUid, Vec<EntityUid>> = HashMap::new();
        for action in actions.iter().map(|entity| entity.uid()) {
            for group in actions.ancestors(&action).into_iter().flatten() {
                let group = members.entry(group.clone()).or_default();
                group.push(action.clone());
            }
            members.entry(action.clone()).or_default().push(action);
        }
        Self(members)
    }

    /// The actions that are, or are in, one of these.
    fn members(&self, uids: &[EntityUid]) -> HashSet<EntityUid> {
        let groups = uids.iter().filter_map(|uid| self.0.get(uid));
        groups.flatten().cloned().collect()
    }
}

/// For each action the sorted ids of the policies whose scope covers it on some kind of row that it is for.
fn ids_by_action(
    schema: &Schema,
    policies: &[Policy],
    candidates: &Candidates<'_>,
) -> HashMap<EntityUid, Vec<String>> {
    let mut ids: HashMap<EntityUid, Vec<String>> = HashMap::new();
    for env in schema.request_envs() {
        let covering = ids.entry(env.action().clone()).or_default();
        for (number, scope) in candidates.of_action(env.action()) {
            let policy = policies.get(number);
            if scope.covers(env.principal(), env.action(), env.resource()) {
                covering.extend(policy.map(|policy| policy.id().to_string()));
            }
        }
    }
    for covering in ids.values_mut() {
        covering.sort();
        covering.dedup();
    }
    ids
}
