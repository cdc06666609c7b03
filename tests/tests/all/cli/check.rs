//! `secapi check`: spec and policies, all problems at once, nothing written.

use super::{SPEC, shop};
use crate::support::{Tree, secapi_in};

#[test]
fn a_sound_project_is_quiet() {
    let folder = shop();
    let before = Tree::read(folder.path());
    let checked = secapi_in(folder.path(), ["check"]).expect(0);
    assert_eq!(checked.stdout, "");
    assert!(!checked.stderr.contains("error"), "{}", checked.stderr);
    Tree::read(folder.path()).assert_same(&before);
}

#[test]
fn all_problems_of_spec_and_policies_come_at_once() {
    let folder = shop();
    let spec = SPEC
        .replace("max: 80", "max: many, optionl: true")
        .replace("unique: true", "unique: perhaps");
    folder.write("secapi.yaml", spec);
    folder.write("policies/broken.cedar", "permit (principal\n");
    let before = Tree::read(folder.path());
    let checked = secapi_in(folder.path(), ["check"]).expect(1);
    for part in [
        "secapi.yaml:7:",
        "secapi.yaml:11:",
        "`optional`",
        "broken.cedar",
    ] {
        assert!(
            checked.stderr.contains(part),
            "{part} is not in\n{}",
            checked.stderr
        );
    }
    Tree::read(folder.path()).assert_same(&before);
}

#[test]
fn json_is_one_object_with_places() {
    let folder = shop();
    folder.write(
        "secapi.yaml",
        SPEC.replace("max: 80", "max: 80, optinal: true"),
    );
    let object = secapi_in(folder.path(), ["check", "--format", "json"])
        .expect(1)
        .json();
    assert_eq!(object["ok"], false);
    let diagnostic = &object["diagnostics"][0];
    assert_eq!(diagnostic["file"], "secapi.yaml");
    assert_eq!(
        (&diagnostic["line"], &diagnostic["end_line"]),
        (&11.into(), &11.into())
    );
    for key in [
        "code",
        "severity",
        "message",
        "help",
        "column",
        "end_column",
    ] {
        assert!(!diagnostic[key].is_null(), "{key} in {diagnostic}");
    }
    let sound = shop();
    let object = secapi_in(sound.path(), ["check", "--format", "json"])
        .expect(0)
        .json();
    assert_eq!(object["ok"], true);
}

#[test]
fn a_policy_without_an_id_or_with_an_unknown_attribute_is_wrong() {
    let cases = [
        (
            "permit (principal in Shop::Role::\"admin\", action, resource is Shop::Item);",
            "@id",
        ),
        (
            "@id(\"a\") permit (principal, action, resource is Shop::Item) when { resource.titel == \"x\" };",
            "titel",
        ),
        (
            "@id(\"a\") permit (principal, action == Shop::Action::\"item:red\", resource);",
            "item:red",
        ),
    ];
    for (policy, named) in cases {
        let folder = shop();
        folder.write("policies/item.cedar", policy);
        let checked = secapi_in(folder.path(), ["check"]).expect(1);
        assert!(
            checked.stderr.contains("item.cedar:1:") && checked.stderr.contains(named),
            "{}",
            checked.stderr
        );
    }
}

#[test]
fn a_policy_that_is_too_deep_is_told_and_ends_nothing() {
    let folder = shop();
    let permit = |condition: &str| {
        format!(
            "@id(\"deep\")\npermit (principal, action, resource is Shop::Item)\nwhen {{ {condition} }};"
        )
    };
    let brackets = |levels: usize| {
        permit(&format!(
            "{}resource.title == \"a\"{}",
            "(".repeat(levels),
            ")".repeat(levels)
        ))
    };
    for deep in [
        brackets(300),
        brackets(100_000),
        permit(&("resource.title == \"a\" || ".repeat(10_000) + "true")),
    ] {
        folder.write("policies/item.cedar", &deep);
        let before = Tree::read(folder.path());
        for command in [&["check"][..], &["generate"], &["plan"]] {
            let refused = secapi_in(folder.path(), command.iter().copied()).expect(1);
            for part in [
                "secapi::policy::nesting",
                "policies/item.cedar:3:",
                "split the policy",
            ] {
                assert!(
                    refused.stderr.contains(part),
                    "{command:?}: {part} is not in\n{}",
                    refused.stderr
                );
            }
        }
        Tree::read(folder.path()).assert_same(&before);
    }
    folder.write("policies/item.cedar", brackets(90));
    secapi_in(folder.path(), ["check"]).expect(0);
}

#[test]
fn a_missing_scope_policy_is_wrong() {
    let folder = shop();
    std::fs::remove_file(folder.join("policies/scope.cedar")).unwrap();
    let checked = secapi_in(folder.path(), ["check"]).expect(1);
    assert!(checked.stderr.contains("in_scope"), "{}", checked.stderr);
}

#[test]
fn what_comes_later_is_said_so() {
    let folder = shop();
    for (now, later, named) in [
        (
            "service: {name: shop}",
            "service: {name: shop, database: postgres}",
            "database",
        ),
        (
            "auth: {identity: user,",
            "auth: {oidc: [{issuer: 'https://a.example', audience: x}], identity: user,",
            "oidc",
        ),
    ] {
        folder.write("secapi.yaml", SPEC.replace(now, later));
        let checked = secapi_in(folder.path(), ["check"]).expect(1);
        assert!(
            checked.stderr.contains("not_yet") && checked.stderr.contains(named),
            "{}",
            checked.stderr
        );
    }
}

#[test]
fn no_colour_where_nobody_sees_it() {
    let folder = shop();
    folder.write("secapi.yaml", "nonsense: 1\n");
    let plain = secapi_in(folder.path(), ["check"]).expect(1);
    assert!(!plain.stderr.contains('\u{1b}'), "{:?}", plain.stderr);
    let coloured = secapi_in(folder.path(), ["check", "--color", "always"]).expect(1);
    assert!(coloured.stderr.contains('\u{1b}'));
}

/// A list policy for which SQL has no words: the set depends on the row.
const UNSAYABLE: &str = "@id(\"odd\")
permit (principal, action in Shop::Action::\"reads\", resource is Shop::Item)
when { (if resource.title == \"a\" then [\"b\"] else [\"c\"]).contains(resource.title) };
";

#[test]
fn a_list_policy_that_sql_cannot_say_is_an_error_unless_lists_are_scanned() {
    let folder = shop();
    folder.write("policies/odd.cedar", UNSAYABLE);
    let refused = secapi_in(folder.path(), ["check"]).expect(1);
    for part in [
        "policies/odd.cedar:1:1",
        "`odd` asks for `if`",
        "list_not_in_sql",
        "lists: scan",
    ] {
        assert!(
            refused.stderr.contains(part),
            "{part} is not in\n{}",
            refused.stderr
        );
    }
    let before = Tree::read(folder.path());
    secapi_in(folder.path(), ["generate"]).expect(1);
    Tree::read(folder.path()).assert_same(&before);
    // The control: the same policy of an action that is no list, and the same list decided row by row.
    folder.write(
        "policies/odd.cedar",
        UNSAYABLE.replace(
            "action in Shop::Action::\"reads\"",
            "action == Shop::Action::\"item:update\"",
        ),
    );
    secapi_in(folder.path(), ["check"]).expect(0);
    folder.write("policies/odd.cedar", UNSAYABLE);
    folder.write(
        "secapi.yaml",
        SPEC.replace("resources:", "authorization: {lists: scan}\nresources:"),
    );
    secapi_in(folder.path(), ["check"]).expect(0);
}

#[test]
fn a_list_policy_about_the_callers_of_a_role_is_sound() {
    let folder = shop();
    for (effect, body) in [
        ("permit", "when { principal.email == \"a@example.com\" }"),
        ("permit", "when { principal.email == resource.title }"),
        ("forbid", "unless { principal.email == resource.title }"),
    ] {
        let policy = format!(
            "@id(\"some\")\n{effect} (principal in Shop::Role::\"user\", action in Shop::Action::\"reads\", resource is Shop::Item)\n{body};\n"
        );
        folder.write("policies/odd.cedar", &policy);
        secapi_in(folder.path(), ["check"]).expect(0);
        // The control: without the role there are callers that have no such attribute.
        folder.write(
            "policies/odd.cedar",
            policy.replace("principal in Shop::Role::\"user\"", "principal"),
        );
        let refused = secapi_in(folder.path(), ["check"]).expect(1);
        assert!(
            refused.stderr.contains("odd.cedar") && refused.stderr.contains("`email`"),
            "{}",
            refused.stderr
        );
    }
}

#[test]
fn a_list_policy_that_sql_cannot_say_is_sound_beside_one_that_leaves_it_nothing_to_decide() {
    let folder = shop();
    let open = "@id(\"open\")\npermit (principal, action in Shop::Action::\"reads\", resource is Shop::Item)";
    folder.write("policies/odd.cedar", format!("{UNSAYABLE}{open};\n"));
    secapi_in(folder.path(), ["check"]).expect(0);
    // The controls: where it holds on some rows, and where what cannot be said forbids.
    for policies in [
        format!("{UNSAYABLE}{open} when {{ resource.title like \"a*\" }};\n"),
        format!("{}{open};\n", UNSAYABLE.replace("permit", "forbid")),
    ] {
        folder.write("policies/odd.cedar", policies);
        let refused = secapi_in(folder.path(), ["check"]).expect(1);
        assert!(
            refused.stderr.contains("list_not_in_sql"),
            "{}",
            refused.stderr
        );
    }
}
