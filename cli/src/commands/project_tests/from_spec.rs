//! What a project that begins with a spec of one's own is told at once.

use super::*;

const SPEC: &str = "secapi: 1
service: {name: demo}
auth: {identity: user, AUTH}
resources:
  user:
    fields:
      email: {type: email, unique: true}
      level: {type: enum, values: [user, admin], default: user, guarded: true}
  book: {}
  sheet:
    fields:
      book: {type: ref, to: book, read_only: true}
      owner: {type: ref, to: user, read_only: true}
      text: {type: string, optional: true}
";

/// The outcome of `new` with this `auth`, in the format for people or for machines.
fn begun(folder: &Folder, auth: &str, format: &str) -> Outcome {
    let spec = folder.0.join("a.yaml");
    fs::write(&spec, SPEC.replace("AUTH", auth)).unwrap();
    let (spec, dir) = (spec.to_str().unwrap(), folder.project());
    let dir = dir.to_str().unwrap();
    let all = [
        "new", "demo", "--dir", dir, "--spec", spec, "--no-git", "--format", format,
    ];
    secapi(&all)
}

#[test]
fn a_rule_that_only_the_project_can_write_is_told_at_once() {
    let folder = Folder::new("begun-rule");
    let made = begun(&folder, "registration: open", "human");
    assert_eq!(made.exit, Exit::Done, "{}", made.err);
    let said = "method    src/sheet.rs: no `before_create` sets `book`, which nobody may send";
    assert!(made.err.contains(said), "{}", made.err);
    let line = "        sheet.book = /* the id of the book */;\n";
    assert!(made.err.contains(line), "{}", made.err);
    // As `generate` tells it, and the rule for what the compiler knows is there.
    let dir = folder.project();
    let again = secapi(&["generate", "--project", dir.to_str().unwrap()]);
    assert!(
        again.err.contains(said) && again.err.contains(line),
        "{}",
        again.err
    );
    let rules = fs::read_to_string(dir.join("src/sheet.rs")).unwrap();
    assert!(
        rules.contains("sheet.owner = scope.account_id()?;"),
        "{rules}"
    );
    // Machines are told the same.
    let folder = Folder::new("begun-rule-json");
    let made = begun(&folder, "registration: open", "json");
    let methods = made.json()["methods"].clone();
    assert_eq!(methods.as_array().unwrap().len(), 1, "{methods}");
    assert_eq!(methods[0]["path"], "src/sheet.rs");
    // The control: with the line in the file there is nothing to tell.
    edit(&folder, "src/sheet.rs", |text| {
        text.replace(
            "sheet.owner =",
            "sheet.book = Id::new();\n        sheet.owner =",
        )
    });
    let quiet = in_project(&folder, &["generate"]);
    assert_eq!(quiet.json()["methods"], serde_json::json!([]));
}

#[test]
fn what_is_proposed_where_the_rule_is_gone_is_the_whole_rule() {
    let folder = Folder::new("begun-whole");
    begun(&folder, "registration: open", "json");
    fs::write(
        folder.project().join("src/sheet.rs"),
        "pub struct SheetRules;\n",
    )
    .unwrap();
    let told = in_project(&folder, &["generate"]).json()["methods"][0]["text"].clone();
    let whole = "    /// Nobody sends `owner`: whoever makes the row is put there, and a stranger is refused (401).
    /// Nobody sends `book`, and only this project knows what belongs there.
    async fn before_create(scope: &mut Scope, sheet: &mut Sheet) -> Result<(), Error> {
        sheet.owner = scope.account_id()?;
        sheet.book = /* the id of the book */;
        Ok(())
    }
";
    assert_eq!(told, whole);
}

const IDENTITY: &str = "secapi::spec::identity";

#[test]
fn that_nothing_makes_the_first_account_is_warned_of() {
    let folder = Folder::new("begun-nobody");
    let made = begun(&folder, "registration: closed", "json");
    assert_eq!(
        (made.exit, made.codes()),
        (Exit::Done, vec![IDENTITY.to_owned()])
    );
    let checked = in_project(&folder, &["check"]);
    assert_eq!(checked.exit, Exit::Done);
    let all = checked.json()["diagnostics"].as_array().unwrap().clone();
    let told = all.iter().find(|it| it["code"] == IDENTITY).unwrap();
    assert_eq!(told["severity"], "warning");
    assert!(
        told["message"]
            .as_str()
            .unwrap()
            .contains("nothing makes the first user")
    );
    let help = told["help"].as_str().unwrap();
    assert!(help.contains("`role`, `admin_role`") && help.contains("`registration: open`"));
    assert_eq!(told["line"], 3, "{told}");
    // Each of the ways out.
    for (name, auth) in [
        ("open", "registration: open"),
        (
            "roles",
            "registration: closed, role: level, admin_role: admin",
        ),
    ] {
        let folder = Folder::new(&format!("begun-{name}"));
        let made = begun(&folder, auth, "json");
        assert_eq!(
            (made.exit, made.codes()),
            (Exit::Done, Vec::new()),
            "{}",
            made.out
        );
        let checked = in_project(&folder, &["check"]);
        assert!(!checked.codes().contains(&IDENTITY.to_owned()));
    }
    // A policy may let strangers make accounts, and none that is about others does.
    for (head, is_way) in [
        ("principal is Demo::User", false),
        ("principal is Demo::Anonymous", true),
    ] {
        let policy = format!(
            "@id(\"first\")\npermit ({head}, action == Demo::Action::\"user:create\", resource);\n"
        );
        fs::write(folder.project().join("policies/first.cedar"), policy).unwrap();
        let checked = in_project(&folder, &["check"]);
        assert_eq!(checked.exit, Exit::Done, "{}", checked.out);
        let is_told = checked.codes().contains(&IDENTITY.to_owned());
        assert_eq!(is_told, !is_way, "{head}: {}", checked.out);
    }
}
