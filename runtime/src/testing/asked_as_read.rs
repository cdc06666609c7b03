//! What a project's policies say about any action, brought into a form in which a single read tells it.
//!
//! No route tells whether one row may be listed, and asking whether it may be deleted by deleting it leaves little to ask about. So
//! each policy that covers `todo:list` is rewritten to one about `todo:read`, with all its conditions and its word: under that set
//! `GET /todos/{id}` answers 200 exactly where the project's set allows `list` for the row. Cedar decides it row by row; nothing of how
//! lists are asked of the database, or of what the action does, has a part in it.

use super::wishes::{Wish, wishes};
use crate::authz::{PolicySource, parsed, with_room};
use crate::config::PolicyFolder;
use cedar_policy::{
    ActionConstraint, Effect, Entities, EntityUid, Policy, ResourceConstraint, Schema,
};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A project's policies, and its actions.
#[derive(Debug)]
pub(super) struct ProjectPolicies {
    text: String,
    schema: Schema,
    actions: Entities,
}

impl ProjectPolicies {
    /// Those of this folder, as the service would read them.
    pub(super) fn read(folder: &Path) -> Self {
        let schema = fs::read_to_string(folder.join("schema.cedarschema"));
        let (schema, _) = Schema::from_cedarschema_str(&schema.expect("the schema can be read"))
            .expect("the schema is one");
        let text: Vec<String> = sources(folder).into_iter().map(|it| it.text).collect();
        let actions = schema.action_entities();
        Self {
            text: text.join("\n"),
            actions: actions.expect("the schema has actions"),
            schema,
        }
    }

    /// All of them, as one text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Those about an action of this resource, as if they were about reading a row.
    pub(super) fn asked_as_read(&self, resource: &str, verb: &str) -> String {
        let asked = self.action(&format!("{resource}:{verb}"));
        let read = self.action(&format!("{resource}:read"));
        with_room(|| {
            let policies = parsed(&self.text).expect("the policies are Cedar");
            let about = policies.policies();
            let about = about.filter(|policy| self.covers(policy, &asked));
            let rewritten = about.map(|policy| rewritten(policy, &asked, &read));
            rewritten.collect::<Vec<_>>().join("\n")
        })
    }

    /// Whether some policy permits this of some row.
    pub(super) fn permit(&self, resource: &str, verb: &str) -> bool {
        let asked = self.action(&format!("{resource}:{verb}"));
        with_room(|| {
            let policies = parsed(&self.text).expect("the policies are Cedar");
            let mut permits = policies.policies();
            permits.any(|it| it.effect() == Effect::Permit && self.covers(it, &asked))
        })
    }

    /// The rows that the policies about a resource would look at closely. Each policy has one in turn, so that a few of them are of
    /// each.
    pub(super) fn wishes(&self, resource: &str) -> Vec<Wish> {
        let about = format!("{resource}:");
        let of_it = |action: &&EntityUid| action.id().unescaped().starts_with(&about);
        let actions: Vec<&EntityUid> = self.schema.actions().filter(of_it).collect();
        with_room(|| {
            let policies = parsed(&self.text).expect("the policies are Cedar");
            let policies = policies.policies();
            let about_it =
                policies.filter(|it| actions.iter().any(|action| self.covers(it, action)));
            let mut each: Vec<_> = about_it.map(|it| wishes(it).into_iter()).collect();
            let mut all: Vec<Wish> = Vec::new();
            while !each.is_empty() {
                each.retain_mut(|wishes| {
                    let next = wishes.next();
                    all.extend(
                        next.iter()
                            .filter(|wish| !all.contains(wish))
                            .cloned()
                            .collect::<Vec<_>>(),
                    );
                    next.is_some()
                });
            }
            all
        })
    }

    fn action(&self, name: &str) -> EntityUid {
        let known = self.schema.actions();
        let mut named = known.filter(|action| action.id().unescaped() == name);
        named.next().expect("the schema has the action").clone()
    }

    /// Whether the scope lets the policy say anything about this action on some row.
    fn covers(&self, policy: &Policy, action: &EntityUid) -> bool {
        let holds =
            |group: &EntityUid| group == action || self.actions.is_ancestor_of(group, action);
        let about_it = match policy.action_constraint() {
            ActionConstraint::Any => true,
            ActionConstraint::Eq(one) => one == *action,
            ActionConstraint::In(some) => some.iter().any(holds),
        };
        let kinds = self.schema.resources_for_action(action);
        let mut kinds = kinds.into_iter().flatten();
        about_it
            && match policy.resource_constraint() {
                ResourceConstraint::Any | ResourceConstraint::In(_) => true,
                ResourceConstraint::Eq(row) => kinds.any(|kind| kind == row.type_name()),
                ResourceConstraint::Is(it) | ResourceConstraint::IsIn(it, _) => {
                    kinds.any(|kind| *kind == it)
                }
            }
    }
}

/// Every policy file of the folder, in the order of the names.
fn sources(folder: &Path) -> Vec<PolicySource> {
    let entries = fs::read_dir(folder).expect("the policy folder can be read");
    let mut sources: Vec<PolicySource> = entries
        .flatten()
        .filter(|entry| PolicyFolder::reads(&entry.file_name()))
        .map(|entry| PolicySource {
            file: entry.file_name().to_string_lossy().into_owned(),
            text: fs::read_to_string(entry.path()).expect("the policy file can be read"),
        })
        .collect();
    sources.sort_by(|one, other| one.file.cmp(&other.file));
    sources
}

/// The policy with `read` in its scope, and what is asked wherever a condition looks at the action.
fn rewritten(policy: &Policy, asked: &EntityUid, read: &EntityUid) -> String {
    let mut json = policy.to_json().expect("a policy can be written as JSON");
    if let Some(policy) = json.as_object_mut() {
        policy.insert(
            "action".to_owned(),
            json!({ "op": "==", "entity": entity(read) }),
        );
        if let Some(conditions) = policy.get_mut("conditions") {
            let asked = json!({ "Value": { "__entity": entity(asked) } });
            put_for_the_action(conditions, &asked);
        }
    }
    let rewritten = Policy::from_json(None, json).expect("the policy is one still");
    rewritten.to_cedar().expect("it is no template")
}

fn entity(uid: &EntityUid) -> Value {
    json!({ "type": uid.type_name().to_string(), "id": uid.id().unescaped() })
}

/// Puts a value wherever `action` stands. A record that has an attribute `Var` is not taken for it: there it leads to an
/// expression, here to a word.
fn put_for_the_action(expression: &mut Value, value: &Value) {
    if expression.get("Var").and_then(Value::as_str) == Some("action") {
        *expression = value.clone();
        return;
    }
    match expression {
        Value::Array(items) => {
            for item in items {
                put_for_the_action(item, value);
            }
        }
        Value::Object(members) => {
            for (_, member) in members.iter_mut() {
                put_for_the_action(member, value);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    const SCHEMA: &str = r#"
namespace N {
  entity User;
  entity Todo { owner: User };
  entity Note { owner: User };
  action reads, todo;
  action "todo:list" in [reads, todo] appliesTo { principal: [User], resource: [Todo], context: { in_scope: Bool } };
  action "todo:read" in [reads, todo] appliesTo { principal: [User], resource: [Todo], context: { in_scope: Bool } };
  action "note:list" in [reads] appliesTo { principal: [User], resource: [Note], context: { in_scope: Bool } };
  action "note:read" in [reads] appliesTo { principal: [User], resource: [Note], context: { in_scope: Bool } };
}
"#;

    const POLICIES: &str = r#"
@id("own") permit (principal, action in N::Action::"reads", resource is N::Todo) when { resource.owner == principal };
@id("by-name") permit (principal, action, resource) when { action == N::Action::"todo:list" && context.in_scope };
@id("read") permit (principal, action == N::Action::"todo:read", resource);
@id("notes") permit (principal, action in N::Action::"reads", resource is N::Note);
@id("some") forbid (principal, action in [N::Action::"note:list", N::Action::"todo:list"], resource);
"#;

    #[test]
    fn what_is_about_a_list_is_asked_of_a_read_and_nothing_else_is() {
        let folder = Folder::new();
        fs::write(folder.path().join("schema.cedarschema"), SCHEMA).unwrap();
        fs::write(folder.path().join("all.cedar"), POLICIES).unwrap();
        let text = ProjectPolicies::read(folder.path()).asked_as_read("todo", "list");
        let rewritten = parsed(&text).unwrap();
        let mut names: Vec<_> = rewritten
            .policies()
            .map(|policy| policy.annotation("id").unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["by-name", "own", "some"], "{text}");
        for policy in rewritten.policies() {
            let ActionConstraint::Eq(action) = policy.action_constraint() else {
                panic!("{text}");
            };
            assert_eq!(action.id().unescaped(), "todo:read");
        }
        let asks = r#"N::Action::"todo:list" == N::Action::"todo:list""#;
        assert!(text.contains(asks), "{text}");
        assert!(text.contains("owner"), "{text}");
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).unwrap();
        let validator = cedar_policy::Validator::new(schema);
        let result = validator.validate(&rewritten, cedar_policy::ValidationMode::Strict);
        assert!(result.validation_passed(), "{result}");
    }
}
