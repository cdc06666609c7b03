//! Which rules count as those that fill a field in.

use super::*;

/// A file whose rule has this body, with these functions beside it.
fn file(body: &str, beside: &str) -> String {
    format!(
        "use super::{{Note, Rules}};\n\npub struct NoteRules;\n\nimpl Rules for NoteRules {{\n    async fn before_create(scope: &mut Scope, note: &mut Note) -> Result<(), Error> {{\n        {body}\n        Ok(())\n    }}\n}}\n\n{beside}\n"
    )
}

#[track_caller]
fn assert_sets(is_set: bool, body: &str, beside: &str) {
    let text = file(body, beside);
    let written = Written::of(&text);
    assert!(matches!(written, Written::Read(_)), "{text}");
    assert!(written.has("before_create"));
    assert_eq!(written.may_set("before_create", "owner"), is_set, "{text}");
}

#[test]
fn a_rule_that_names_the_field_sets_it() {
    for body in [
        "note.owner = scope.account_id()?;",
        "let Note { owner, .. } = note; *owner = scope.account_id()?;",
        "let fill = |note: &mut Note| note.owner = Id::new(); fill(note);",
        "*note = Note { owner: scope.account_id()?, title: String::new() };",
        "set!(note.owner, scope);",
    ] {
        assert_sets(true, body, "");
    }
}

#[test]
fn a_rule_that_does_something_else_does_not() {
    for body in [
        "",
        "note.title.push('!'); // no owner yet",
        "note.title = String::from(\"owner\");",
        "if note.title.is_empty() { return Err(refused(&note.title)); }",
        "let before = note.clone(); drop(before);",
        "check(&note)?; crate::checks::title(&*note);",
        "info!(\"{:?}\", note);",
        "scope.log(&note.title);",
        "*note = Note { title: String::new() };",
    ] {
        assert_sets(
            false,
            body,
            "fn other(note: &mut Note) { note.owner = Id::new(); }",
        );
    }
}

#[test]
fn helpers_of_the_same_file_are_followed() {
    let helper = "async fn fill(scope: &mut Scope, row: &mut Note) -> Result<(), Error> {\n    deeper(row, scope.account_id()?);\n    Ok(())\n}\n";
    let sets = format!("{helper}fn deeper(row: &mut Note, id: Id) {{ row.owner = id; }}");
    let forgets = format!("{helper}fn deeper(row: &mut Note, id: Id) {{ row.title.clear(); }}");
    let around = format!("{helper}fn deeper(row: &mut Note, id: Id) {{ fill(scope, row); }}");
    assert_sets(true, "fill(scope, note).await?;", &sets);
    assert_sets(false, "fill(scope, note).await?;", &forgets);
    assert_sets(false, "fill(scope, note).await?;", &around);
    let method = |body: &str| format!("impl Fill for Note {{ fn fill(&mut self) {{ {body} }} }}");
    assert_sets(true, "note.fill();", &method("self.owner = Id::new();"));
    assert_sets(false, "note.fill();", &method("self.title.clear();"));
    assert_sets(
        true,
        "Note::fill(note);",
        &method("self.owner = Id::new();"),
    );
    let inner = "fn fill(row: &mut Note) { row.owner = Id::new(); } fill(note);";
    assert_sets(true, inner, "");
    let module = "mod more { pub fn fill(row: &mut super::Note) { row.owner = Id::new(); } }";
    assert_sets(true, "more::fill(note);", module);
}

#[test]
fn what_gets_the_row_and_cannot_be_seen_is_believed() {
    let helper = "fn fill(row: &mut Note) { crate::shared::fill(row); }";
    for body in [
        "crate::shared::fill(scope, note).await?;",
        "crate::shared::fill(&mut *note);",
        "note.fill(scope)?;",
        "scope.fill(note);",
        "fill(note);",
        "let row = note; row.fill();",
        "fill_in!(note);",
        "*note = crate::shared::made(scope)?;",
        "*note = Note { title: String::new(), ..crate::shared::made() };",
    ] {
        assert_sets(true, body, helper);
    }
}

#[test]
fn functions_that_a_call_cannot_mean_are_not_followed() {
    let free = "fn fill(row: &mut Note) { row.title.clear(); }";
    let method = "fn fill(&mut self) { self.title.clear(); }";
    for (body, beside) in [
        ("note.fill();", free.to_owned()),
        ("scope.fill(note);", free.to_owned()),
        ("note.fill();", format!("impl Note {{ {free} }}")),
        ("fill(note);", format!("impl Other {{ {method} }}")),
        ("fill(note);", format!("mod more {{ pub {free} }}")),
        ("fill(note);", format!("fn other() {{ {free} }}")),
        ("Note::fill(note);", format!("{free} impl Note {{}}")),
        (
            "Note::fill(note);",
            format!("impl Note {{}} impl Other {{ {method} }}"),
        ),
        (
            "more::fill(note);",
            format!("mod more {{ pub use crate::shared::fill; }} {free}"),
        ),
    ] {
        assert_sets(true, body, &beside);
    }
    for (body, beside) in [
        ("fill(note);", free.to_owned()),
        ("self::fill(note);", free.to_owned()),
        ("note.fill();", format!("impl Note {{ {method} }}")),
        ("Note::fill(note);", format!("impl Note {{ {method} }}")),
        (
            "Fill::fill(note);",
            format!("impl Fill for Note {{ {method} }}"),
        ),
        ("Self::fill(note);", format!("impl NoteRules {{ {free} }}")),
        ("more::fill(note);", format!("mod more {{ pub {free} }}")),
    ] {
        assert_sets(false, body, &beside);
        assert_sets(
            true,
            body,
            &beside.replace("title.clear()", "owner.renew()"),
        );
    }
}

/// A rule that sets the field, as somebody else's method or another function.
const SETS: &str = "fn before_create(_: &mut Scope, note: &mut Note) { note.owner = Id::new(); }";

#[test]
fn only_rules_at_the_top_of_the_file_are_rules() {
    for (text, is_rule) in [
        (format!("impl Rules for NoteRules {{ {SETS} }}"), true),
        (
            format!("impl super::Rules for NoteRules {{ {SETS} }}"),
            true,
        ),
        (
            format!("use super::{{Note, Rules as Of}}; impl Of for NoteRules {{ {SETS} }}"),
            true,
        ),
        (format!("impl Other for NoteRules {{ {SETS} }}"), false),
        (format!("impl Of for NoteRules {{ {SETS} }}"), false),
        (format!("impl NoteRules {{ {SETS} }}"), false),
        (format!("trait Rules {{ {SETS} }}"), false),
        (
            format!("mod more {{ impl Rules for NoteRules {{ {SETS} }} }}"),
            false,
        ),
        (
            format!("fn more() {{ impl Rules for NoteRules {{ {SETS} }} }}"),
            false,
        ),
        (SETS.to_owned(), false),
    ] {
        let written = Written::of(&text);
        assert!(matches!(written, Written::Read(_)), "{text}");
        assert_eq!(written.has("before_create"), is_rule, "{text}");
        assert_eq!(written.may_set("before_create", "owner"), is_rule, "{text}");
        // Nor do they say what the rule does that is there.
        if !is_rule {
            assert_sets(false, "note.title.clear();", &text);
        }
    }
}

#[test]
fn what_only_tests_have_is_not_there() {
    for (attribute, is_there) in [
        ("", true),
        ("#[cfg(not(test))]", true),
        ("#[cfg(any(test, unix))]", true),
        ("#[cfg(feature = \"test\")]", true),
        ("#[cfg(test)]", false),
        ("#[cfg(all(unix, test))]", false),
        ("#[cfg(any(test, all(test, unix)))]", false),
    ] {
        for text in [
            format!("{attribute} impl Rules for NoteRules {{ {SETS} }}"),
            format!("impl Rules for NoteRules {{ {attribute} {SETS} }}"),
        ] {
            let written = Written::of(&text);
            assert_eq!(written.has("before_create"), is_there, "{text}");
            assert_eq!(
                written.may_set("before_create", "owner"),
                is_there,
                "{text}"
            );
        }
        let sets = "fn fill(row: &mut Note) { row.owner = Id::new(); }";
        let forgets = "fn fill(row: &mut Note) { row.title.clear(); }";
        let [set, cleared] = [sets, forgets].map(|it| format!("{attribute} mod of {{ pub {it} }}"));
        // Where only tests have the module, the path leads elsewhere.
        assert_sets(true, "of::fill(note);", &set);
        assert_sets(!is_there, "of::fill(note);", &cleared);
        let body = format!("{attribute} const OF: Id = owner(); note.title.clear();");
        assert_sets(is_there, &body, "");
    }
    let tests =
        "#[test] fn fill() { let owner = 1; }\n#[tokio::test] async fn more() { let owner = 1; }";
    assert_sets(
        false,
        "let (fill, more) = (1, 2); drop((fill, more));",
        tests,
    );
}

#[test]
fn a_file_that_cannot_be_read_is_searched_for_the_word() {
    for (line, is_set) in [("note.owner = x; }", true), ("// owner\n }", false)] {
        let text = format!("impl Rules for R {{ fn before_create() {{ {line}");
        let written = Written::of(&text);
        assert!(matches!(written, Written::Text(_)));
        assert_eq!(written.may_set("before_create", "owner"), is_set, "{text}");
    }
}
