//! How much of Cedar's public corpus of integration tests a database can be asked: <https://github.com/cedar-policy/cedar-integration-tests>,
//! of which nothing is kept here. `SECAPI_CEDAR_CORPUS` names the folder into which its `corpus-tests.tar.gz` was unpacked:
//!
//! ```sh
//! SECAPI_CEDAR_CORPUS=/folder cargo test -p secapi-runtime --lib -- --nocapture public_corpus
//! ```
//!
//! Its schemas are arbitrary ones, and most are not such as a service has: rows there have records and tags, and hierarchies of
//! their own. So its shares say how much of the language is covered, and not how much of what people write.

use super::super::check::asked_of;
use super::super::lower::{Caller, Lowering};
use super::super::{Condition, Dialect, LARGEST, Shapes, combined, said};
use super::corpus_rows::{Rows, Selected};
use crate::authz::membership::Memberships;
use crate::authz::partial::{Unresolved, residuals};
use crate::authz::row_test::can_fail;
use crate::authz::slice::Slice;
use crate::store::{Db, ScratchFolder, Transaction};
use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Schema, SchemaFragment,
    ValidationMode, Validator,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

const FOLDER: &str = "SECAPI_CEDAR_CORPUS";

/// What was found.
#[derive(Debug, Default)]
struct Tally {
    cases: usize,
    /// Strict validation takes the policies.
    valid: usize,
    policies: usize,
    sayable_policies: usize,
    signatures: usize,
    sayable_signatures: usize,
    /// Requests of valid cases.
    requests: usize,
    /// Of a kind of caller, row or context that the schema does not have, or about a row that is not there.
    foreign: usize,
    /// Of all that is left when the request is known, SQL can say all.
    pushed: usize,
    not_pushed: usize,
    /// Looks at a value that no column of a service holds: a record, a range of addresses, a text with NUL.
    no_columns: usize,
    compared: usize,
    /// Of those, the condition looks at the row.
    looking: usize,
    allowed: usize,
    /// Of those that were compared, some policy fails.
    failing: usize,
    wrong: Vec<String>,
    gaps: BTreeMap<String, usize>,
}

#[test]
fn of_the_public_corpus_the_database_says_what_cedar_says() {
    let Ok(folder) = std::env::var(FOLDER) else {
        println!("not tried: {FOLDER} is not set, to a folder with Cedar's corpus");
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let work = move || runtime.block_on(tried(Path::new(&folder)));
    let tally = crate::authz::with_room(work);
    println!("{tally:#?}");
    assert!(tally.valid > 0, "no case in the folder");
    assert!(tally.wrong.is_empty());
    // The control: rows of both kinds were found.
    assert!(tally.allowed > 0 && tally.allowed < tally.compared);
}

async fn tried(folder: &Path) -> Tally {
    let scratch = ScratchFolder::new();
    let db = Db::open(&scratch.url()).await.unwrap();
    let mut transaction = db.read().await.unwrap();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .filter(|name| !name.ends_with(".entities"))
        .collect();
    names.sort_unstable();
    let mut tally = Tally::default();
    for name in names {
        tally.cases += 1;
        if let Some(case) = Case::read(folder, &name) {
            tally.valid += 1;
            case.count(&mut tally);
            case.compare(&mut transaction, &name, &mut tally).await;
        }
    }
    tally
}

struct Case {
    tree: Value,
    memberships: Memberships,
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Value>,
}

impl Case {
    /// `None`, where strict validation refuses the policies, or the rows are not of the schema.
    fn read(folder: &Path, name: &str) -> Option<Self> {
        let text = |ending: &str| std::fs::read_to_string(folder.join(format!("{name}.{ending}")));
        let (fragment, _) =
            SchemaFragment::from_cedarschema_str(&text("cedarschema").unwrap()).ok()?;
        let tree = fragment.clone().to_json_value().ok()?;
        let schema = Schema::from_schema_fragments([fragment]).ok()?;
        let policies = PolicySet::from_str(&text("cedar").unwrap()).ok()?;
        let validator = Validator::new(schema.clone());
        let validation = validator.validate(&policies, ValidationMode::Strict);
        if !validation.validation_passed() || policies.policies().next().is_none() {
            return None;
        }
        let entities = text("entities.json").unwrap();
        let entities = Entities::from_json_str(&entities, Some(&schema)).ok()?;
        let mut case: Value = serde_json::from_str(&text("json").unwrap()).ok()?;
        let requests = case.get_mut("requests")?.as_array_mut()?.split_off(0);
        Some(Self {
            memberships: Memberships::of(&tree),
            tree,
            schema,
            policies,
            entities,
            requests,
        })
    }

    /// The shapes of rows, and of the context of an action: in a service all actions have one.
    fn shapes(&self, action: &EntityUid) -> Shapes {
        let mut tree = self.tree.clone();
        let spaces = tree.as_object_mut().into_iter().flatten();
        for (_, space) in spaces {
            let declared = &space["actions"][action.id().unescaped()];
            let context = &declared["appliesTo"]["context"];
            let context = match context.get("attributes") {
                Some(_) => context.clone(),
                None => continue,
            };
            space["commonTypes"]["RequestContext"] = context;
        }
        Shapes::of(&tree, &self.memberships)
    }

    /// What `check` says, which knows no request.
    fn count(&self, tally: &mut Tally) {
        let known = self.schema.action_entities().unwrap();
        let mut shapes = BTreeMap::new();
        for policy in self.policies.policies() {
            let mut is_sayable = true;
            for env in policy.get_valid_request_envs(&self.schema) {
                let groups = known.ancestors(env.action()).into_iter().flatten();
                let actions: Vec<_> = std::iter::once(env.action())
                    .chain(groups)
                    .cloned()
                    .collect();
                let kind = env.principal().to_string();
                let caller = Caller::OfKind {
                    kind: &kind,
                    actions: &actions,
                };
                let shapes = shapes
                    .entry(env.action().clone())
                    .or_insert_with(|| self.shapes(env.action()));
                let lowering = Lowering::new(shapes, env.resource().to_string(), caller);
                let said = asked_of(policy, &lowering, LARGEST);
                tally.signatures += 1;
                tally.sayable_signatures += usize::from(said.is_ok());
                is_sayable &= said.is_ok();
                if let Err(gap) = said {
                    *tally.gaps.entry(without_names(&gap.what)).or_default() += 1;
                }
            }
            tally.policies += 1;
            tally.sayable_policies += usize::from(is_sayable);
        }
    }

    /// Each request is one about a row: the condition of all rows holds on it exactly where Cedar allows.
    async fn compare(&self, transaction: &mut Transaction, name: &str, tally: &mut Tally) {
        for (number, asked) in self.requests.iter().enumerate() {
            tally.requests += 1;
            let Some(request) = self.request(asked) else {
                tally.foreign += 1;
                continue;
            };
            let (Some(resource), Some(action)) = (request.resource(), request.action()) else {
                continue;
            };
            let shapes = self.shapes(action);
            let Some(condition) = self.condition(&request, &shapes) else {
                tally.not_pushed += 1;
                continue;
            };
            tally.pushed += 1;
            let rows = Rows::new(&self.entities, &shapes, resource.clone());
            let mut selected = Selected::new(rows);
            condition.write(Dialect::Sqlite, &mut selected);
            let Some(sql) = selected.finish() else {
                tally.no_columns += 1;
                continue;
            };
            let found = transaction.fetch_optional(sql).await;
            let found = found
                .unwrap()
                .and_then(|row| row.get::<Option<i64>>(0).ok());
            let answer = Authorizer::new().is_authorized(&request, &self.policies, &self.entities);
            let failing = answer.diagnostics().errors().next().is_some();
            let allowed = answer.decision() == Decision::Allow && !failing;
            tally.compared += 1;
            tally.looking += usize::from(!condition.fields().is_empty());
            tally.allowed += usize::from(allowed);
            tally.failing += usize::from(failing);
            if (found.flatten() == Some(1)) != allowed {
                let wrong =
                    format!("{name}, request {number}: {found:?}, {allowed}, {condition:?}");
                tally.wrong.push(wrong);
            }
        }
    }

    /// A request of the schema, about a row that is there.
    fn request(&self, asked: &Value) -> Option<Request> {
        let uid = |part: &str| EntityUid::from_json(asked.get(part)?.clone()).ok();
        let (principal, action) = (uid("principal")?, uid("action")?);
        let resource = uid("resource")?;
        self.entities.get(&resource)?;
        let context = asked.get("context")?.clone();
        let context = Context::from_json_value(context, Some((&self.schema, &action))).ok()?;
        Request::new(principal, action, resource, context, Some(&self.schema)).ok()
    }

    fn condition(&self, request: &Request, shapes: &Shapes) -> Option<Condition> {
        let slice = Slice::new(self.policies.policies(), &self.memberships).ok()?;
        let (principal, resource) = (request.principal()?, request.resource()?);
        let unresolved = Unresolved {
            principal,
            action: request.action()?,
            resource: resource.type_name(),
            context: request.context()?.clone(),
            entities: self.entities.clone(),
        };
        let left = residuals(&self.schema, std::iter::once(&slice), &unresolved).ok()?;
        let groups = self.entities.ancestors(principal).into_iter().flatten();
        let uids: Vec<EntityUid> = std::iter::once(principal).chain(groups).cloned().collect();
        let kind = resource.type_name().to_string();
        let lowering = Lowering::new(shapes, kind, Caller::Known(&uids));
        let condition = combined(
            &left,
            |policy| said(&lowering, policy),
            |policy| !left.infallible.contains(policy.id()) && can_fail(policy, &self.memberships),
        );
        let condition = condition.ok()?;
        condition.bounded(LARGEST).ok()
    }
}

/// What cannot be said, whatever it is called.
fn without_names(gap: &str) -> String {
    let parts = gap.split('`').enumerate();
    let plain = parts.map(|(place, part)| if place % 2 == 0 { part } else { "…" });
    plain.collect::<Vec<_>>().join("`")
}
