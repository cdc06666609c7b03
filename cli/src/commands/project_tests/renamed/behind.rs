//! A reference that comes to name other rows, with a policy that reads what both have.

use super::*;

const OWNED: &str = "  organization:
    fields:
      name: {type: string}
  task:
    fields:
      title: {type: string}
      owner: {type: ref, to: user, optional: true}
";

const OWNERS: &str = r#"// Whoever is called so.
@id("owners")
permit (principal in Shop::Role::"user", action in [Shop::Action::"task:list", Shop::Action::"task:read"], resource)
when { resource has owner && resource.owner.name == "x" };
"#;

#[test]
fn what_a_policy_reads_behind_it_stops_a_run_until_it_says_what_it_means() {
    let folder = shop("behind");
    edit(&folder, "secapi.yaml", |spec| {
        spec.replace(
            "      email: {",
            "      name: {type: string, max: 9, default: y}\n      email: {",
        ) + OWNED
    });
    fs::write(folder.project().join("policies/owners.cedar"), OWNERS).unwrap();
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    respell(
        &folder,
        &[(
            "owner: {type: ref, to: user",
            "owner: {type: ref, to: organization",
        )],
    );
    let checked = in_project(&folder, &["check"]);
    assert_eq!(checked.exit, Exit::Done, "Cedar has nothing against it");
    let before = tree(&folder.project());
    for command in [&["plan"][..], &["generate", "--allow-destructive"]] {
        let refused = in_project(&folder, command);
        assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
        let diagnostics = refused.json()["diagnostics"].clone();
        let mut all = diagnostics.as_array().unwrap().iter();
        let dropped = all
            .find(|it| it["code"] == "secapi::policy::dropped")
            .unwrap();
        let message = dropped["message"].as_str().unwrap();
        assert!(
            message.contains("the field `owner` of `task`, which names something else now"),
            "{message}"
        );
        assert!(
            dropped["file"]
                .as_str()
                .unwrap()
                .ends_with("policies/owners.cedar")
        );
        assert_eq!(dropped["line"], 2);
        let help = dropped["help"].as_str().unwrap();
        assert!(help.contains("`… is Shop::Organization && …`"), "{help}");
        let patch = refused.json()["proposals"][0]["patch"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(patch.contains("+// @id(\"owners\")"), "{patch}");
    }
    assert_eq!(tree(&folder.project()), before, "something was written");
    // The way out that the help names.
    edit(&folder, "policies/owners.cedar", |text| {
        text.replace(
            "resource.owner.name ==",
            "resource.owner is Shop::Organization && resource.owner.name ==",
        )
    });
    let done = in_project(&folder, &["generate", "--allow-destructive"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
    let checked = in_project(&folder, &["generate", "--check"]);
    assert_eq!(checked.exit, Exit::Done, "{}", checked.out);
}
