//! What `secapi check` and `secapi generate` ask of policies, at a price that follows the size of the service.
//!
//! Cedar parses every name of a schema by itself, and typechecks each policy for each kind of request that the schema
//! allows. For a large service with policies of its own for each resource both are squares of what is needed: most
//! attributes are named by no policy, and a policy about one resource is false for all others by its scope alone.
//! So policies are first held against what they can reach. That can only lead to findings where the whole schema has
//! some too, or has none because the part was too small; whoever has a finding is held against the whole schema, and
//! what that says is reported.
//!
//! INVARIANT: a policy without a finding here has none against the whole schema. Its scope is false for every kind of
//! request that was left out, and nothing that was left out is named in it.

use super::check::{errors_first, whole};
use super::condition::{Lists, unsayable_fields, unsayable_lists};
use super::engine::{Engine, Typed, digest, parse_schema};
use super::finding::{Finding, Severity};
use super::membership::Memberships;
use super::parallel;
use super::policies::{self, Located, PolicySource};
use super::room::{finished, spawn, with_room};
use super::schema::schema_text;
use super::schema_model::{AttributeKind, ResourceModel, SchemaModel};
use cedar_policy::{ActionConstraint, EntityUid, Policy, ResourceConstraint};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::thread;

/// Policies after a look at all of them.
#[derive(Debug)]
pub struct Inspection {
    /// All that is to be said, errors first.
    pub findings: Vec<Finding>,
    /// The policies, ready to be asked, where none of the findings is an error.
    pub engine: Option<Engine>,
    /// What was held against what, where none of the findings is an error: the name of it for [`inspect_again`].
    pub sound: Option<String>,
    /// Whether they were looked at, or known to be sound: then what was said of them, as long as it is no error, is not said again.
    pub looked: bool,
}

/// Holds policies against the schema of a model. The findings are those of [`super::check`] with
/// [`super::schema_text`] of the same model.
#[must_use]
pub fn inspect(model: &SchemaModel, sources: &[PolicySource], lists: Lists) -> Inspection {
    inspect_again(model, sources, lists, None)
}

/// As [`inspect`], of policies that may have been `sound` before. Whatever no policy names may have changed since, and they are
/// sound all the same: then they are loaded, and not looked at again, so that warnings about them are not told again either.
/// It is for the caller to know that this very build has said so.
#[must_use]
pub fn inspect_again(
    model: &SchemaModel,
    sources: &[PolicySource],
    lists: Lists,
    sound: Option<&str>,
) -> Inspection {
    with_room(|| {
        let known = sound.and_then(|sound| loaded(model, sources, lists, sound));
        known.unwrap_or_else(|| inspected(model, sources, lists))
    })
}

fn inspected(model: &SchemaModel, sources: &[PolicySource], lists: Lists) -> Inspection {
    let (located, mut findings) = policies::parse(sources);
    let lean = lean(model, sources);
    match validated(model, &lean, &located) {
        Ok((schema, typed, said)) => {
            findings.extend(said);
            let engine = engine(model, typed, located, (sources, lists), &mut findings);
            errors_first(&mut findings);
            let sound = engine.as_ref().map(|_| name(&schema, sources, lists));
            Inspection {
                findings,
                engine,
                sound,
                looked: true,
            }
        }
        Err(findings) => Inspection {
            findings,
            engine: None,
            sound: None,
            looked: true,
        },
    }
}

/// The policies, where they and the schema that they see are those that `sound` names.
fn loaded(
    model: &SchemaModel,
    sources: &[PolicySource],
    lists: Lists,
    sound: &str,
) -> Option<Inspection> {
    let whole = || schema_text(model);
    let seen = || schema_text(&lean(model, sources));
    let schemas: [&dyn Fn() -> String; 2] = [&seen, &whole];
    let schema = schemas
        .iter()
        .map(|schema| schema())
        .find(|schema| name(schema, sources, lists) == sound)?;
    let (typed, (located, said)) = thread::scope(|scope| {
        let read = || Typed::read(&schema);
        let typed = spawn(scope, read);
        let parsed = policies::parse(sources);
        (typed.map_or_else(|_| read(), finished), parsed)
    });
    let typed = typed.ok().filter(|_| said.is_empty())?;
    let engine = Engine::of_valid(&model.namespace, typed, located, sources).ok()?;
    Some(Inspection {
        findings: Vec::new(),
        engine: Some(engine),
        sound: Some(sound.to_owned()),
        looked: false,
    })
}

/// What tells policies that were held against a schema from all others, and from the same held against another one.
fn name(schema: &str, sources: &[PolicySource], lists: Lists) -> String {
    let lists = match lists {
        Lists::Strict => "strict",
        Lists::Scan => "scan",
    };
    // Where the folder lies says nothing of what is in it.
    let files = sources.iter().map(|source| {
        let file = source.file.rsplit(['/', '\\']).next();
        (file.unwrap_or_default(), source.text.as_str())
    });
    let mut files: Vec<(&str, &str)> = files.collect();
    files.sort_unstable();
    let files = files.into_iter().flat_map(|(file, text)| [file, text]);
    digest([lists, schema].into_iter().chain(files))
}

/// The engine, and what can only be said of the policies together: where each of them is in order.
fn engine(
    model: &SchemaModel,
    typed: Typed,
    located: BTreeMap<String, Located>,
    (sources, lists): (&[PolicySource], Lists),
    findings: &mut Vec<Finding>,
) -> Option<Engine> {
    if has_errors(findings) {
        return None;
    }
    match Engine::of_valid(&model.namespace, typed, located, sources) {
        Ok(engine) => {
            findings.extend(whole(&engine));
            if lists == Lists::Strict {
                findings.extend(unsayable_lists(&engine));
            }
            findings.extend(unsayable_fields(&engine));
            Some(engine).filter(|_| !has_errors(findings))
        }
        Err(problems) => {
            findings.extend(problems);
            None
        }
    }
}

fn has_errors(findings: &[Finding]) -> bool {
    findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
}

/// The schema for the engine, as its text and read, and what strict validation says.
fn validated(
    model: &SchemaModel,
    lean: &SchemaModel,
    located: &BTreeMap<String, Located>,
) -> Result<(String, Typed, Vec<Finding>), Vec<Finding>> {
    let parts = Parts::of(lean, located);
    let schema = schema_text(lean);
    // The whole schema takes as long as many parts of it.
    let (typed, of_parts) = thread::scope(|scope| {
        let read = || Typed::read(&schema);
        let typed = spawn(scope, read);
        let of_parts = parallel::map(&parts.of_resources, |part| suspects_of(lean, part));
        (typed.map_or_else(|_| read(), finished), of_parts)
    });
    let typed = typed?;
    let (read, memberships) = (&typed.schema, &typed.memberships);
    let others = parts.others.into_iter();
    let mut suspects = BTreeSet::from_iter(policies::suspects(read, memberships, others));
    for suspects_of_part in of_parts {
        suspects.extend(suspects_of_part?);
    }
    // Which kinds are memberships the whole schema alone says.
    let of_rows = located
        .values()
        .filter(|it| memberships.asks_of_a_row(&it.tree));
    suspects.extend(of_rows.map(|located| located.id().to_owned()));
    if suspects.is_empty() {
        return Ok((schema, typed, Vec::new()));
    }
    let schema = schema_text(model);
    let full = Typed::read(&schema)?;
    let again = suspects.iter().filter_map(|id| located.get(id));
    let findings = policies::validate(&full.schema, &full.memberships, again, located);
    Ok((schema, full, findings))
}

/// The ids of those policies about few resources of which validation against these says anything.
fn suspects_of(
    lean: &SchemaModel,
    (resources, policies): &(Vec<usize>, Vec<&Located>),
) -> Result<Vec<String>, Vec<Finding>> {
    let schema = parse_schema(&schema_text(&part(lean, resources)))?;
    let none = Memberships::default();
    let policies = policies.iter().copied();
    Ok(policies::suspects(&schema, &none, policies))
}

/// The model without what no policy names. A name may be spelt by an escape, and then nothing is left out.
fn lean(model: &SchemaModel, sources: &[PolicySource]) -> SchemaModel {
    if sources.iter().any(|source| source.text.contains('\\')) {
        return model.clone();
    }
    let is_letter = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let words: HashSet<&str> = sources
        .iter()
        .flat_map(|source| source.text.split(move |c| !is_letter(c)))
        .collect();
    let mut lean = model.clone();
    // The caller is known whole when the engine asks what can be said of every row.
    let identity = model.identity.as_ref().map(|it| it.kind.as_str());
    for resource in &mut lean.resources {
        resource.doc = None;
        if Some(resource.kind.as_str()) != identity {
            let attributes = &mut resource.attributes;
            attributes.retain(|attribute| words.contains(attribute.name.as_str()));
        }
    }
    lean
}

/// So many resources share a part: a schema has its price, and so has each kind of request in it, for each of its policies.
const RESOURCES_OF_A_PART: usize = 4;

/// Policies by what they reach.
struct Parts<'a> {
    /// Policies about few resources, with these.
    of_resources: Vec<(Vec<usize>, Vec<&'a Located>)>,
    /// All others.
    others: Vec<&'a Located>,
}

impl<'a> Parts<'a> {
    fn of(model: &SchemaModel, located: &'a BTreeMap<String, Located>) -> Self {
        let names = Places::of(model);
        let mut by_resource: BTreeMap<usize, Vec<&Located>> = BTreeMap::new();
        let mut others = Vec::new();
        for located in located.values() {
            match names.only_resource(&located.policy) {
                Some(resource) => by_resource.entry(resource).or_default().push(located),
                None => others.push(located),
            }
        }
        let all: Vec<(usize, Vec<&Located>)> = by_resource.into_iter().collect();
        // One part of all resources would be the whole schema once more.
        if model.resources.len() <= RESOURCES_OF_A_PART {
            others.extend(all.into_iter().flat_map(|(_, policies)| policies));
            return Self {
                of_resources: Vec::new(),
                others,
            };
        }
        let of_resources = all
            .chunks(RESOURCES_OF_A_PART)
            .map(|chunk| {
                let resources = chunk.iter().map(|(resource, _)| *resource).collect();
                let policies = chunk.iter().flat_map(|(_, policies)| policies);
                (resources, policies.copied().collect())
            })
            .collect();
        Self {
            of_resources,
            others,
        }
    }
}

/// Where a model has which resource.
struct Places<'a> {
    by_name: HashMap<&'a str, usize>,
    by_kind: HashMap<&'a str, usize>,
}

impl<'a> Places<'a> {
    fn of(model: &'a SchemaModel) -> Self {
        let all = || model.resources.iter().enumerate();
        Self {
            by_name: all()
                .map(|(index, resource)| (resource.name.as_str(), index))
                .collect(),
            by_kind: all()
                .map(|(index, resource)| (resource.kind.as_str(), index))
                .collect(),
        }
    }

    /// The resource that a policy is about by its scope alone; `None` where that is not one.
    fn only_resource(&self, policy: &Policy) -> Option<usize> {
        let of_row = match policy.resource_constraint() {
            ResourceConstraint::Eq(uid) => self.of_kind(uid.type_name().basename()),
            ResourceConstraint::Is(kind) | ResourceConstraint::IsIn(kind, _) => {
                self.of_kind(kind.basename())
            }
            ResourceConstraint::Any | ResourceConstraint::In(_) => None,
        };
        of_row.or_else(|| match policy.action_constraint() {
            ActionConstraint::Any => None,
            ActionConstraint::Eq(uid) => self.of_action(&uid),
            ActionConstraint::In(uids) => {
                let all: Option<BTreeSet<usize>> =
                    uids.iter().map(|uid| self.of_action(uid)).collect();
                all.filter(|all| all.len() == 1)?.first().copied()
            }
        })
    }

    fn of_kind(&self, kind: &str) -> Option<usize> {
        self.by_kind.get(kind).copied()
    }

    /// `note:read`, or the group `note`.
    fn of_action(&self, action: &EntityUid) -> Option<usize> {
        let name = action.id().unescaped();
        let resource = name.split(':').next().unwrap_or_default();
        self.by_name.get(resource).copied()
    }
}

/// These resources with all that is theirs, and of the others the types alone that can be met from there.
fn part(model: &SchemaModel, resources: &[usize]) -> SchemaModel {
    let by_kind = Places::of(model).by_kind;
    let identity = model.identity.iter();
    let identity = identity.filter_map(|identity| by_kind.get(identity.kind.as_str()));
    let mut open: Vec<usize> = resources.iter().chain(identity).copied().collect();
    let mut met = BTreeSet::new();
    while let Some(next) = open.pop() {
        let Some(resource) = model.resources.get(next).filter(|_| met.insert(next)) else {
            continue;
        };
        let kinds = resource.attributes.iter().filter_map(|it| refers(&it.kind));
        open.extend(kinds.filter_map(|kind| by_kind.get(kind)));
    }
    let members = met.into_iter().filter_map(|index| {
        let resource = model.resources.get(index)?.clone();
        Some(match resources.contains(&index) {
            true => resource,
            false => ResourceModel {
                guarded: Vec::new(),
                operations: Vec::new(),
                custom: Vec::new(),
                ..resource
            },
        })
    });
    SchemaModel {
        namespace: model.namespace.clone(),
        identity: model.identity.clone(),
        resources: members.collect(),
    }
}

fn refers(kind: &AttributeKind) -> Option<&str> {
    match kind {
        AttributeKind::Entity(kind) => Some(kind),
        AttributeKind::Set(inner) => refers(inner),
        _ => None,
    }
}
