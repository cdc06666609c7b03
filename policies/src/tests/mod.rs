//! The shipped policies, asked.

mod presets;

use crate::{IdentityNames, PolicyFile, PolicyNames, Preset, ResourceNames, preset};
use secapi_runtime::authz::cases::{Case, Expected};
use secapi_runtime::authz::{
    AttributeKind, AttributeModel, Engine, GuardedModel, IdentityModel, Lists, PolicySource,
    ResourceModel, SchemaModel, check, schema_text,
};

/// A service by the names that matter here.
struct Service {
    namespace: &'static str,
    user: &'static str,
    kind: &'static str,
    role_field: &'static str,
    roles: [&'static str; 2],
}

const DEFAULT: Service = Service {
    namespace: "App",
    user: "user",
    kind: "User",
    role_field: "role",
    roles: ["user", "admin"],
};

/// The identity's actions beside the five basic ones.
const FURTHER: &str = "register disable enable sessions:read sessions:revoke";

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn names(service: &Service) -> PolicyNames {
    let user = ResourceNames {
        name: service.user.into(),
        kind: service.kind.into(),
        actions: words(&format!("list read create update delete {FURTHER}")),
        guarded_reads: vec![service.role_field.into(), "phone".into()],
        guarded_writes: vec![service.role_field.into(), "phone".into()],
        restores: false,
        owner: None,
        members: None,
        team: None,
    };
    let todo = ResourceNames {
        name: "todo_item".into(),
        kind: "TodoItem".into(),
        actions: words("list read create update delete"),
        guarded_reads: words("secret"),
        guarded_writes: vec![],
        restores: false,
        owner: None,
        members: None,
        team: None,
    };
    PolicyNames {
        namespace: service.namespace.into(),
        identity: Some(IdentityNames {
            name: service.user.into(),
            role_field: Some(service.role_field.into()),
            default_role: Some(service.roles[0].into()),
            role_changes: false,
        }),
        admin_role: Some(service.roles[1].into()),
        resources: vec![user, todo],
        is_shipped_spec: false,
    }
}

fn schema(names: &PolicyNames, roles: &[&str]) -> String {
    let text = |name: &String| AttributeModel {
        name: name.clone(),
        kind: AttributeKind::String,
        optional: false,
    };
    let resource = |resource: &ResourceNames| {
        let is_identity = names
            .identity
            .as_ref()
            .is_some_and(|identity| identity.name == resource.name);
        let fields = if is_identity {
            words("email first_name last_name")
        } else {
            vec![]
        };
        let role = names
            .identity
            .as_ref()
            .and_then(|identity| identity.role_field.clone());
        let guarded = resource.guarded_reads.iter().map(|field| GuardedModel {
            field: field.clone(),
            readable: true,
            writable: resource.guarded_writes.contains(field),
        });
        let (operations, custom) = resource
            .actions
            .iter()
            .cloned()
            .partition(|action: &String| {
                !words(FURTHER).contains(action) && !action.contains(':') && action != "restore"
            });
        ResourceModel {
            name: resource.name.clone(),
            kind: resource.kind.clone(),
            doc: None,
            attributes: fields
                .iter()
                .chain(role.iter().filter(|_| is_identity))
                .map(text)
                .chain(presets::attributes(names, resource))
                .collect(),
            guarded: guarded.collect(),
            operations,
            custom,
        }
    };
    let identity = names.identity.as_ref().and_then(|identity| {
        let resource = names
            .resources
            .iter()
            .find(|resource| resource.name == identity.name)?;
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        Some(IdentityModel {
            kind: resource.kind.clone(),
            roles,
        })
    });
    schema_text(&SchemaModel {
        namespace: names.namespace.clone(),
        identity,
        resources: names.resources.iter().map(resource).collect(),
    })
}

fn sources(files: &[PolicyFile]) -> Vec<PolicySource> {
    files
        .iter()
        .filter(|file| file.file_name.ends_with(".cedar"))
        .map(|file| PolicySource {
            file: file.file_name.clone(),
            text: file.text.clone(),
        })
        .collect()
}

/// Loads the files, and demands that nothing at all is said against them.
fn load(names: &PolicyNames, roles: &[&str], files: &[PolicyFile]) -> Engine {
    let schema = schema(names, roles);
    let closed: Vec<_> = check(&names.namespace, &schema, &sources(files), Lists::Strict)
        .into_iter()
        .filter(|finding| finding.code != "secapi::policy::closed_action")
        .collect();
    assert_eq!(closed, [], "{schema}\n{files:#?}");
    Engine::load(&names.namespace, &schema, &sources(files)).unwrap()
}

#[test]
fn every_sentence_of_the_default_policies_holds() {
    for namespace in ["App", "UserManagement"] {
        let names = PolicyNames {
            is_shipped_spec: true,
            ..names(&Service {
                namespace,
                ..DEFAULT
            })
        };
        let files = preset(Preset::UserManagement, &names);
        let engine = load(&names, &DEFAULT.roles, &files);
        let mut count = 0;
        for file in &files {
            let expected = match file.file_name.split('/').collect::<Vec<_>>()[..] {
                ["tests", "ALLOW", _] => Expected::Allow,
                ["tests", "DENY", _] => Expected::Deny,
                _ => continue,
            };
            let result = Case::parse(&file.text)
                .and_then(|case| case.run(&engine, expected))
                .unwrap();
            assert_eq!(result.failures, Vec::<String>::new(), "{}", file.file_name);
            count += 1;
        }
        assert!(count >= 59, "only {count} cases");
    }
}

#[test]
fn a_case_that_does_not_hold_is_reported() {
    let names = PolicyNames {
        is_shipped_spec: true,
        ..names(&DEFAULT)
    };
    let files = preset(Preset::UserManagement, &names);
    let engine = load(&names, &DEFAULT.roles, &files);
    let file = files
        .iter()
        .find(|file| file.file_name == "tests/ALLOW/a-user-reads-itself.json")
        .unwrap();
    let wrong = file.text.replace("user-read-self", "administrators");
    let run = |text: &str, expected| {
        Case::parse(text)
            .unwrap()
            .run(&engine, expected)
            .unwrap()
            .failures
    };
    assert_eq!(run(&file.text, Expected::Allow).len(), 0);
    assert_eq!(run(&file.text, Expected::Deny).len(), 1);
    assert_eq!(run(&wrong, Expected::Allow).len(), 1);
    assert!(Case::parse("{}").is_err());
    let misfit = file.text.replace("\"email\":", "\"e_mail\":");
    assert!(
        Case::parse(&misfit)
            .unwrap()
            .run(&engine, Expected::Allow)
            .is_err()
    );
}

#[test]
fn the_policies_fit_services_with_other_names() {
    let odd = Service {
        namespace: "A::B",
        user: "account_holder",
        kind: "AccountHolder",
        role_field: "like",
        roles: ["App::User", "quo\"te\\"],
    };
    let names = names(&odd);
    let files = preset(Preset::UserManagement, &names);
    let file_names: Vec<&str> = files.iter().map(|file| file.file_name.as_str()).collect();
    assert_eq!(
        file_names,
        [
            "account_holder.cedar",
            "administrators.cedar",
            "scope.cedar",
            "todo_item.cedar"
        ]
    );
    let engine = load(&names, &odd.roles, &files);
    assert!(
        engine
            .policy_ids()
            .any(|id| id == "account_holder-read-self")
    );
    assert!(
        files
            .iter()
            .all(|file| !file.text.contains("signed-in user")),
        "{files:#?}"
    );
}

#[test]
fn only_policies_for_actions_that_exist_are_written() {
    let mut names = names(&DEFAULT);
    names.resources[0].actions = words("read");
    names.resources[0].guarded_reads = vec![];
    names.resources[0].guarded_writes = vec![];
    let engine = load(
        &names,
        &DEFAULT.roles,
        &preset(Preset::UserManagement, &names),
    );
    assert_eq!(
        engine.policy_ids().collect::<Vec<_>>(),
        ["administrators", "scope", "user-read-self"]
    );
}

/// That the caller is as it is stored and the row as it would be is for the tests of services.
#[test]
fn who_changes_itself_keeps_a_role_that_nothing_else_guards() {
    for (role_field, condition) in [
        (
            "role",
            "principal == resource && resource.role == principal.role",
        ),
        (
            "like",
            "principal == resource && resource[\"like\"] == principal[\"like\"]",
        ),
    ] {
        let mut names = names(&Service {
            role_field,
            ..DEFAULT
        });
        let text = |names: &PolicyNames| {
            let files = preset(Preset::UserManagement, names);
            load(names, &DEFAULT.roles, &files);
            let file = files
                .into_iter()
                .find(|file| file.file_name == "user.cedar");
            file.unwrap().text
        };
        assert!(!text(&names).contains(condition));
        names.identity.as_mut().unwrap().role_changes = true;
        let text = text(&names);
        assert_eq!(text.matches(condition).count(), 1, "{text}");
        let policy = text
            .split("@id(")
            .find(|policy| policy.starts_with("\"user-update-self\""));
        assert!(policy.unwrap().contains(condition), "{text}");
        assert!(text.contains("// A signed-in user changes itself, but not its role.\n"));
    }
}

#[test]
fn registration_stays_closed_where_a_newcomer_could_be_an_administrator() {
    for default_role in [None, Some("admin".to_owned())] {
        let mut names = names(&DEFAULT);
        names.identity.as_mut().unwrap().default_role = default_role;
        let engine = load(
            &names,
            &DEFAULT.roles,
            &preset(Preset::UserManagement, &names),
        );
        assert_eq!(
            engine.policies_for("user:register"),
            ["administrators", "scope"]
        );
    }
}

#[test]
fn without_roles_there_are_no_administrators_and_without_identity_no_users() {
    let mut names = names(&DEFAULT);
    names.admin_role = None;
    names.identity = Some(IdentityNames {
        name: "user".into(),
        role_field: None,
        default_role: None,
        role_changes: false,
    });
    let engine = load(&names, &[], &preset(Preset::UserManagement, &names));
    assert!(engine.policy_ids().any(|id| id == "user-register"));
    assert!(engine.policy_ids().all(|id| id != "administrators"));
    names.identity = None;
    let engine = load(&names, &[], &preset(Preset::UserManagement, &names));
    assert_eq!(engine.policy_ids().collect::<Vec<_>>(), ["scope"]);
}

#[test]
fn a_closed_resource_shows_its_actions_and_examples_that_work() {
    let names = names(&DEFAULT);
    let files = preset(Preset::UserManagement, &names);
    let file = files
        .iter()
        .find(|file| file.file_name == "todo_item.cedar")
        .unwrap();
    assert!(
        file.text.lines().all(|line| line.starts_with("//")),
        "{}",
        file.text
    );
    assert!(
        file.text
            .contains("// Actions: todo_item:list, todo_item:read, todo_item:create")
    );
    assert!(file.text.contains("todo_item:read:secret"));
    assert!(!file.text.to_lowercase().contains("note"), "{}", file.text);
    let (_, examples) = file.text.split_once("uncommented:\n").unwrap();
    let opened: Vec<String> = examples
        .lines()
        .map(|line| line.strip_prefix("// ").unwrap_or_default().to_owned())
        .collect();
    let opened = PolicyFile {
        file_name: "todo_item.cedar".into(),
        text: opened.join("\n"),
    };
    let mut files: Vec<_> = files
        .iter()
        .filter(|other| *other != file)
        .cloned()
        .collect();
    files.push(opened);
    let engine = load(&names, &DEFAULT.roles, &files);
    assert!(
        engine
            .policies_for("todo_item:create")
            .contains(&"todo_item-create")
    );
    assert!(
        engine
            .policies_for("todo_item:list")
            .contains(&"todo_item-read")
    );
}
