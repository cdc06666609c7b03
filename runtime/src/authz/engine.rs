//! The policy engine: policies in force. `decide` and `gate` are what it is asked.

use super::condition::{Conditions, Shapes};
use super::finding::{Finding, Severity};
use super::index::Index;
use super::look::Looks;
use super::membership::Memberships;
use super::names::Names;
use super::policies::{self, Located, PolicySource};
use super::room::with_room;
use super::shape::Seen;
use cedar_policy::{
    Authorizer, Effect, Entities, Entity as CedarEntity, EntityUid, Schema, SchemaFragment,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::str::FromStr;
use std::sync::Arc;

/// A set of policies in force. What it answers never changes: a reload makes a new one.
pub struct Engine {
    namespace: String,
    pub(super) schema: Schema,
    pub(super) names: Names,
    pub(super) index: Index,
    policies: BTreeMap<String, Located>,
    /// The types that the schema gives to attributes.
    pub(super) shapes: Arc<Shapes>,
    /// Attributes that no policy can see are never turned into Cedar's values.
    pub(super) seen: Seen,
    /// How far all of them together look.
    pub(super) looks: Looks,
    pub(super) memberships: Memberships,
    pub(super) authorizer: Authorizer,
    /// What was built of these policies, and would be built again just so.
    pub(super) conditions: Conditions,
    hash: String,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("hash", &self.hash)
            .field("policies", &self.policies.len())
            .finish_non_exhaustive()
    }
}

/// A schema, and what it says of types beyond what Cedar tells.
pub(super) struct Typed {
    pub(super) schema: Schema,
    shapes: Arc<Shapes>,
    pub(super) memberships: Memberships,
}

impl Typed {
    /// Reads the text of a schema.
    ///
    /// # Errors
    /// The finding that says why it is none.
    pub(super) fn read(text: &str) -> Result<Self, Vec<Finding>> {
        let fragment = SchemaFragment::from_cedarschema_str(text).ok();
        let fragment = fragment.map(|(fragment, _)| fragment);
        // Cedar's public interface has no types of attributes, its JSON has.
        let tree = fragment.as_ref();
        let tree = tree.and_then(|fragment| fragment.clone().to_json_value().ok());
        let tree = tree.unwrap_or_default();
        // Only the text has the places of what is wrong with it.
        let schema = fragment.and_then(|fragment| Schema::from_schema_fragments([fragment]).ok());
        let schema = schema.map_or_else(|| parse_schema(text), Ok)?;
        let memberships = Memberships::of(&tree);
        Ok(Self {
            schema,
            shapes: Arc::new(Shapes::of(&tree, &memberships)),
            memberships,
        })
    }
}

impl Engine {
    /// Parses the schema and every source, demands a unique `@id` on every policy, validates strictly and indexes
    /// the policies by scope.
    ///
    /// # Errors
    /// Every problem that keeps the policies from being put in force. A set of which one policy is wrong is refused
    /// as a whole.
    pub fn load(
        namespace: &str,
        schema: &str,
        sources: &[PolicySource],
    ) -> Result<Self, Vec<Finding>> {
        with_room(|| Self::over(namespace, Typed::read(schema)?, &BTreeMap::new(), sources))
    }

    /// The same service with other policies: as [`Engine::load`] does it, but for policies that are in force already, which
    /// are known to be valid. Validation is what takes long.
    ///
    /// # Errors
    /// As [`Engine::load`] has them.
    pub fn reload(&self, sources: &[PolicySource]) -> Result<Self, Vec<Finding>> {
        with_room(|| {
            let typed = Typed {
                schema: self.schema.clone(),
                shapes: Arc::clone(&self.shapes),
                memberships: self.memberships.clone(),
            };
            Self::over(&self.namespace, typed, &self.policies, sources)
        })
    }

    fn over(
        namespace: &str,
        typed: Typed,
        known: &BTreeMap<String, Located>,
        sources: &[PolicySource],
    ) -> Result<Self, Vec<Finding>> {
        let (policies, mut findings) = policies::parse(sources);
        let is_new = |located: &&Located| {
            let known = known.get(located.id());
            known.is_none_or(|known| known.policy != located.policy)
        };
        let new = policies.values().filter(is_new);
        let Typed {
            schema,
            memberships,
            ..
        } = &typed;
        findings.extend(policies::validate(schema, memberships, new, &policies));
        findings.retain(|finding| finding.severity == Severity::Error);
        if !findings.is_empty() {
            return Err(findings);
        }
        Self::assemble(namespace, typed, policies, hash(sources))
    }

    /// The engine of policies that are valid for the schema.
    ///
    /// # Errors
    /// Where they cannot be indexed.
    pub(super) fn of_valid(
        namespace: &str,
        typed: Typed,
        policies: BTreeMap<String, Located>,
        sources: &[PolicySource],
    ) -> Result<Self, Vec<Finding>> {
        Self::assemble(namespace, typed, policies, hash(sources))
    }

    fn assemble(
        namespace: &str,
        typed: Typed,
        policies: BTreeMap<String, Located>,
        hash: String,
    ) -> Result<Self, Vec<Finding>> {
        let refuse =
            |message: String| vec![Finding::error("secapi::policy::invalid", "", 0..0, message)];
        let Typed {
            schema,
            shapes,
            memberships,
        } = typed;
        let names = Names::of(namespace, &schema).map_err(|error| refuse(error.to_string()))?;
        let listed: Vec<_> = policies.values().map(|it| it.tree.clone()).collect();
        let index = Index::new(&schema, &listed, &memberships)
            .map_err(|error| refuse(error.to_string()))?;
        let seen = Seen::by(listed.iter());
        let looks = Looks::by(listed.iter());
        let authorizer = Authorizer::new();
        Ok(Self {
            namespace: namespace.to_owned(),
            schema,
            names,
            index,
            policies,
            shapes,
            seen,
            looks,
            memberships,
            authorizer,
            conditions: Conditions::default(),
            hash,
        })
    }

    /// The hexadecimal SHA-256 of the policy files, by which the log and the metrics name the set.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The ids of all policies in force, sorted.
    pub fn policy_ids(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(String::as_str)
    }

    /// The ids of the policies that permit, sorted.
    pub fn permit_ids(&self) -> impl Iterator<Item = &str> {
        let permits = |located: &&Located| located.policy.effect() == Effect::Permit;
        self.policies.values().filter(permits).map(Located::id)
    }

    /// The files that hold these policies, by the names that they came with.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.policies.values().map(|located| located.file.as_str())
    }

    /// The sorted ids of the policies whose scope covers this action.
    #[must_use]
    pub fn policies_for(&self, action: &str) -> Vec<&str> {
        self.names.action(action).map_or_else(
            |_| Vec::new(),
            |action| {
                self.index
                    .ids(&action.uid)
                    .iter()
                    .map(String::as_str)
                    .collect()
            },
        )
    }

    pub(super) fn located(&self) -> &BTreeMap<String, Located> {
        &self.policies
    }

    /// The sorted ids of the policies whose scope covers this action of the schema.
    pub(super) fn ids_for(&self, action: &EntityUid) -> &[String] {
        self.index.ids(action)
    }

    /// Whether the schema has a role of this name.
    pub(super) fn is_role(&self, word: &str) -> bool {
        self.names.uid("Role", word).is_ok_and(|uid| {
            Entities::from_entities([CedarEntity::with_uid(uid)], Some(&self.schema)).is_ok()
        })
    }

    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// The schema, or the finding that says why it is none.
pub(super) fn parse_schema(text: &str) -> Result<Schema, Vec<Finding>> {
    Schema::from_str(text).map_err(|error| {
        let place = 0..text.len();
        vec![Finding::from_cedar(
            "secapi::policy::schema",
            "schema.cedarschema",
            place,
            &error,
        )]
    })
}

/// The hexadecimal SHA-256 of a set, whatever the order of its files.
fn hash(sources: &[PolicySource]) -> String {
    let mut sorted: Vec<&PolicySource> = sources.iter().collect();
    sorted.sort_by(|a, b| (&a.file, &a.text).cmp(&(&b.file, &b.text)));
    let parts = sorted.iter().flat_map(|it| [&it.file, &it.text]);
    digest(parts.map(String::as_str))
}

/// The hexadecimal SHA-256 of these texts. They are length-prefixed, so that no two different rows of them read the same.
pub(super) fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    let mut text = String::with_capacity(64);
    for byte in digest.finalize() {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
