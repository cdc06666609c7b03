//! The folder of policies: what is read of it, and what of it is refused.

use super::*;

#[test]
fn policies_that_permit_everything_are_refused_however_they_say_it() {
    for open in [
        "permit (principal, action, resource);",
        "permit (principal, action, resource) when { true };",
        "permit (principal, action, resource) unless { false };",
        "permit (principal, action, resource) when { 1 == 1 };",
        "permit (principal, action, resource) when { principal == principal };",
        "permit (principal, action, resource) when { resource == resource };",
        "permit (principal, action, resource) when { context.in_scope };",
        "permit (principal is App::Anonymous, action, resource);",
        "permit (principal == App::Anonymous::\"anonymous\", action, resource);",
        "permit (principal in App::Anonymous::\"anonymous\", action, resource);",
        "permit (principal is App::Anonymous in App::Anonymous::\"anonymous\", action, resource);",
    ] {
        let project = Project::new();
        project.write("policies/open.cedar", &format!("@id(\"open\") {open}"));
        assert_eq!(project.refused_by(), ["open policy"], "{open}");
    }
    for bounded in [
        "permit (principal, action, resource) when { context.mfa };",
        "forbid (principal, action, resource);",
    ] {
        let project = Project::new();
        project.write("policies/open.cedar", &format!("@id(\"open\") {bounded}"));
        assert_eq!(project.refused_by(), Vec::<&str>::new(), "{bounded}");
    }
}

#[test]
fn policies_that_do_not_validate_are_refused_everywhere_with_their_place() {
    for project in [Project::new(), Project::development()] {
        project.write(
            "policies/bad.cedar",
            "@id(\"a\")\npermit (principal, action, resource) when { principal.nothing };",
        );
        let refusals = project.load().config.unwrap_err();
        assert_eq!(refusals[0].check, "policies");
        assert!(
            refusals[0].sentence.starts_with("bad.cedar:"),
            "{}",
            refusals[0]
        );
    }
}

#[test]
fn an_open_policy_is_told_beside_a_broken_file() {
    let project = Project::new();
    project.write("policies/bad.cedar", "permit (principal");
    project.write(
        "policies/open.cedar",
        "@id(\"open\") permit (principal, action, resource);",
    );
    assert_eq!(project.refused_by(), ["policies", "open policy"]);
}

/// What was left out may have been the policy that forbids.
#[cfg(unix)]
#[test]
fn nothing_with_the_name_of_a_policy_is_left_out() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::symlink;
    let sound = "@id(\"more\") forbid (principal, action, resource) when { context.mfa };";
    type Make = fn(&Project);
    let make: [(&str, Make); 5] = [
        ("leads nowhere", |project| {
            symlink("..data/a.cedar", project.path("policies/a.cedar")).unwrap()
        }),
        ("leads nowhere", |project| {
            symlink("a.cedar", project.path("policies/a.cedar")).unwrap()
        }),
        ("is no file", |project| {
            fs::create_dir(project.path("policies/a.cedar")).unwrap()
        }),
        ("not UTF-8", |project| {
            let name = OsStr::from_bytes(b"a\xff.cedar");
            fs::write(project.path("policies").join(name), "").unwrap();
        }),
        ("as text", |project| {
            fs::write(project.path("policies/a.cedar"), b"// \xff").unwrap()
        }),
    ];
    for (why, make) in make {
        let project = Project::new();
        make(&project);
        let refusals = project.load().config.unwrap_err();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert!(refusals[0].sentence.contains(why), "{}", refusals[0]);
    }
    // A link to a file is the file.
    let project = Project::new();
    fs::create_dir(project.path("elsewhere")).unwrap();
    project.write("elsewhere/a.txt", sound);
    symlink("../elsewhere/a.txt", project.path("policies/a.cedar")).unwrap();
    let ids: Vec<_> = project
        .config()
        .engine
        .policy_ids()
        .map(str::to_owned)
        .collect();
    assert_eq!(ids, ["administrators", "more", "scope"]);
}

#[test]
fn only_cedar_files_of_the_folder_itself_are_policies() {
    let project = Project::new();
    fs::create_dir_all(project.path("policies/bounds")).unwrap();
    project.write("policies/bounds/x.cedar", "nonsense");
    project.write("policies/.hidden.cedar", "nonsense");
    project.write("policies/schema.cedarschema", "nonsense");
    assert_eq!(
        project.config().engine.policy_ids().collect::<Vec<_>>(),
        ["administrators", "scope"]
    );
}

/// What holds narrower credentials back is one policy, and without it everything else would look as before.
#[test]
fn a_set_that_does_not_keep_credentials_within_their_scopes_is_put_in_force_nowhere() {
    let permit = POLICY.lines().next().unwrap();
    let almost = "@id(\"scope\") forbid (principal, action, resource) when { context.in_scope };";
    for environment in [Environment::Development, Environment::Production] {
        let project = match environment {
            Environment::Development => Project::development(),
            Environment::Production => Project::new(),
        };
        // The control.
        let engine = project.config().engine;
        let folder = PolicyFolder::new(project.path("policies"), environment);
        assert!(folder.load(&engine, &project.definition).is_ok());
        for text in [permit.to_owned(), format!("{permit}\n{almost}")] {
            project.write("policies/app.cedar", &text);
            let refusals = project.load().config.unwrap_err();
            let told: Vec<&str> = refusals.iter().map(|it| it.check).collect();
            assert_eq!(told, ["policies"], "{text}");
            let reloaded = folder.load(&engine, &project.definition).unwrap_err();
            for sentence in [&refusals[0].sentence, &reloaded[0]] {
                assert!(sentence.contains("within their scopes"), "{sentence}");
                assert!(
                    sentence.contains("unless { context.in_scope }"),
                    "{sentence}"
                );
            }
        }
        // In a file of its own it holds for all of them.
        project.write("policies/app.cedar", permit);
        project.write("policies/more.cedar", POLICY.lines().last().unwrap());
        assert!(folder.load(&engine, &project.definition).is_ok());
        // Where nothing is permitted nothing has to be held back.
        for file in ["app", "more"] {
            project.write(&format!("policies/{file}.cedar"), "// nothing yet\n");
        }
        assert!(folder.load(&engine, &project.definition).is_ok());
        project.config();
    }
}
