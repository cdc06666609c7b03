//! Tests of services of which nobody can be the administrator.

use crate::model::{FieldKind, Service};
use crate::plan::Policies;
use crate::render::{Standing, fixture};

/// The generated tests of a service, all in one text.
fn written(service: &Service) -> String {
    let policies = Policies::load(service, &[]).unwrap();
    let drafts = super::tests(
        service,
        &policies.engine,
        &service.needing_a_rule(),
        &Standing::default(),
    )
    .unwrap();
    drafts.made.into_iter().map(|draft| draft.text).collect()
}

#[test]
fn nobody_is_asked_to_be_an_administrator_who_cannot_be_made() {
    let service = fixture::user_management();
    assert!(written(&service).contains("scene.accounts("));
    let mut without_roles = fixture::user_management();
    let auth = without_roles.auth.as_mut().unwrap();
    (auth.role_field, auth.admin_role) = (None, None);
    let mut without_address = fixture::user_management();
    let email = &mut without_address.resources[0].fields[0].kind;
    if let FieldKind::Text(rule) = email {
        rule.pattern = Some("[A-Z]+@a".to_owned());
    }
    for service in [without_roles, without_address] {
        let text = written(&service);
        assert!(text.contains("refuses_a_caller_without_token"), "{text}");
        for word in ["administrator()", "scene.accounts(", "service.account("] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}
