//! Policies that the database cannot filter lists by: at the start, and while the service runs.

use super::*;

const LISTED: &str = r#"namespace App {
    entity Role enum ["admin"];
    entity Anonymous enum ["anonymous"];
    entity User in [Role] { email: String };
    type RequestContext = { ip: ipaddr, now: datetime, mfa: Bool, credential: String, scopes: Set<String>, in_scope: Bool, authenticated_at?: datetime };
    action reads, writes, user, guarded_reads, guarded_writes, custom;
    action "user:list", "user:read" in [reads, user] appliesTo { principal: [User, Anonymous], resource: [User], context: RequestContext };
}"#;
const UNSAYABLE: &str = r#"@id("odd") permit (principal, action, resource)
when { (if resource.email == "a" then ["b"] else ["c"]).contains(resource.email) };"#;

fn project(lists: Lists) -> Project {
    let mut project = Project::new();
    project.definition.schema = LISTED;
    project.definition.settings.lists = lists;
    project
}

#[test]
fn a_service_does_not_start_with_a_list_that_sql_cannot_say() {
    let strict = project(Lists::Strict);
    strict.config();
    strict.write("policies/odd.cedar", UNSAYABLE);
    assert_eq!(strict.refused_by(), ["policies"]);
    let refusals = strict.load().config.unwrap_err();
    let sentence = &refusals[0].sentence;
    assert!(
        sentence.contains("odd.cedar:1:1: `odd` asks for `if`"),
        "{sentence}"
    );
    // The control: such lists are decided row by row.
    let scan = project(Lists::Scan);
    scan.write("policies/odd.cedar", UNSAYABLE);
    scan.config();
}

#[test]
fn a_running_service_does_not_take_such_a_policy_either() {
    for (lists, taken) in [(Lists::Strict, false), (Lists::Scan, true)] {
        let project = project(lists);
        let engine = project.config().engine;
        let folder = PolicyFolder::new(project.path("policies"), Environment::Production);
        assert!(folder.load(&engine, &project.definition).is_ok());
        project.write("policies/odd.cedar", UNSAYABLE);
        let loaded = folder.load(&engine, &project.definition);
        assert_eq!(loaded.is_ok(), taken, "{loaded:?}");
    }
}
