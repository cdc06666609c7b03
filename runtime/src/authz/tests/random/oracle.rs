//! Cedar's own authorizer, asked plainly.

use super::super::fixture::schema;
use crate::authz::names::Names;
use crate::authz::shape::Seen;
use crate::authz::{Context, Entity, PolicySource};
use cedar_policy::{
    Authorizer, Decision as CedarDecision, Entities, PolicyId, PolicySet, Request, Schema,
};
use std::str::FromStr;

/// The whole set, the whole schema, Cedar alone; and then: any error denies.
pub(super) struct Oracle {
    schema: Schema,
    names: Names,
    policies: PolicySet,
}

impl Oracle {
    pub(super) fn new(sources: &[PolicySource]) -> Self {
        let schema = Schema::from_str(&schema()).unwrap();
        let mut policies = PolicySet::new();
        for source in sources {
            for policy in PolicySet::from_str(&source.text).unwrap().policies() {
                let id = PolicyId::new(policy.annotation("id").unwrap());
                policies.add(policy.new_id(id)).unwrap();
            }
        }
        let names = Names::of("App", &schema).unwrap();
        Self {
            schema,
            names,
            policies,
        }
    }

    pub(super) fn decide(
        &self,
        caller: Option<&Entity>,
        context: &Context,
        action: &str,
        row: &Entity,
    ) -> (bool, Vec<String>, usize) {
        let row = self.names.entity(row, &Seen::All).unwrap();
        let principal = match caller {
            Some(caller) => self.names.entity(caller, &Seen::All).unwrap(),
            None => {
                cedar_policy::Entity::with_uid(self.names.uid("Anonymous", "anonymous").unwrap())
            }
        };
        let request = Request::new(
            principal.uid(),
            self.names.action(action).unwrap().uid.clone(),
            row.uid(),
            self.names.context(context, &Seen::All).unwrap(),
            Some(&self.schema),
        )
        .unwrap();
        let mut entities = vec![row.clone()];
        if principal.uid() != row.uid() {
            entities.push(principal);
        }
        let entities = Entities::from_entities(entities, Some(&self.schema)).unwrap();
        let response = Authorizer::new().is_authorized(&request, &self.policies, &entities);
        let errors = response.diagnostics().errors().count();
        let mut ids: Vec<String> = response
            .diagnostics()
            .reason()
            .map(ToString::to_string)
            .collect();
        ids.sort();
        let is_allow = response.decision() == CedarDecision::Allow;
        if is_allow && errors > 0 {
            ids.clear();
        }
        (is_allow && errors == 0, ids, errors)
    }
}
