//! What the manifest and the kept texts say, where they say different things or too much.

use super::*;

#[test]
fn a_line_that_calls_an_edited_text_the_tools_does_not_lose_the_edit() {
    // As after a merge by hand: the hash is that of the text with the edit.
    let wrong = written(code(MINE));
    for (tools, wanted) in [
        (BASE.to_owned(), MINE.to_owned()),
        (BASE.replace("four", "vier"), MINE.replace("four", "vier")),
    ] {
        let files = edited(MINE);
        let plan = plan(code(&tools), &wrong, &files, "2");
        assert_eq!(words(&plan), [("a.rs", "merge")]);
        let disk = after(&plan, &files);
        assert_eq!(
            (&disk["a.rs"], &disk[".secapi/base/a.rs"]),
            (&wanted, &tools)
        );
        let entry = plan.manifest.get(&path("a.rs")).unwrap();
        assert_eq!(entry.hash, Hash::of(tools.as_bytes()));
    }
    // Where the same line changes, both stand there.
    let tools = BASE.replace("    one();\n", "    eins();\n");
    let files = edited(MINE);
    let conflict = plan(code(&tools), &wrong, &files, "2");
    assert_eq!(words(&conflict), [("a.rs", "conflict")]);
    assert!(after(&conflict, &files)["a.rs"].contains("mine()"));
    // What nobody needs any more is not deleted with the edit in it.
    let left = plan(Vec::new(), &wrong, &files, "2");
    assert_eq!(left.orphans, [path("a.rs")]);
    assert!(left.operations.is_empty());
}

#[test]
fn a_kept_text_that_says_the_same_in_another_form_contradicts_nothing() {
    let tools = BASE.replace("four", "vier");
    let windows = BASE.replace('\n', "\r\n");
    let marked = format!("<<<<<<< a\n{BASE}=======\nother\n>>>>>>> b\n");
    for base in [BASE, &windows, &marked] {
        let files = [("a.rs", BASE), (".secapi/base/a.rs", base)];
        let plan = plan(code(&tools), &written(code(BASE)), &files, "2");
        assert_eq!(words(&plan), [("a.rs", "update")], "{base}");
    }
    let alone = [("a.rs", BASE)];
    let plan = plan(code(&tools), &written(code(BASE)), &alone, "2");
    assert_eq!(words(&plan), [("a.rs", "update")], "nothing is kept");
}

fn of_template(path: &str, template: &'static str, text: &str) -> Draft {
    Draft {
        template,
        ..draft(path, Owner::Yours, text)
    }
}

#[test]
fn what_was_of_a_resource_and_is_gone_is_forgotten_with_it() {
    let label = || {
        vec![
            of_template("src/label.rs", "src/_resource_.rs", "1"),
            of_template("policies/label.cedar", "policies", "1"),
            of_template(
                "src/generated/label/view.rs",
                "src/generated/_resource_/view.rs",
                "1",
            ),
            of_template("README.md", "README.md", "1"),
        ]
    };
    let old = written(label());
    let here = [("src/label.rs", "mine"), ("policies/label.cedar", "mine")];
    let kept = plan(Vec::new(), &old, &here, "2").manifest;
    assert!(kept.get(&path("src/label.rs")).is_some(), "it is there");
    let gone = plan(Vec::new(), &old, &[], "2").manifest;
    let left: Vec<&str> = gone.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(
        left,
        ["README.md"],
        "what an upgrade would offer anew stays known"
    );
    let again = plan(label(), &gone, &[], "3");
    let created = again.changed(Change::Create);
    let created: Vec<&str> = created.map(ProjectPath::as_str).collect();
    assert_eq!(
        created,
        [
            "policies/label.cedar",
            "src/generated/label/view.rs",
            "src/label.rs"
        ]
    );
    // As long as the resource is there, a file that was deleted stays so, and is missed.
    let missed = plan(label(), &old, &[], "3");
    assert!(!missed.changes() && missed.gone.len() == 4);
}
