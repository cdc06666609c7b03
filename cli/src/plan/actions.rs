//! The names of all actions that policies may name.

use std::collections::BTreeSet;

use crate::model::Service;

pub(super) fn actions(service: &Service) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for resource in &service.resources {
        let name = &resource.name;
        let decided = resource.decided();
        let named = decided.iter().map(|operation| operation.as_str());
        out.extend(named.map(|operation| format!("{name}:{operation}")));
        let further = service.further_actions(resource).into_iter();
        out.extend(further.map(|action| format!("{name}:{action}")));
        for field in resource.fields.iter().filter(|field| field.guarded) {
            if !field.write_only {
                out.insert(format!("{name}:read:{}", field.name));
            }
            if !field.read_only {
                out.insert(format!("{name}:write:{}", field.name));
            }
        }
    }
    out
}
