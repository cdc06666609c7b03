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
fn a_file_that_cannot_be_read_is_searched_for_the_word() {
    for (line, is_set) in [("note.owner = x; }", true), ("// owner\n }", false)] {
        let text = format!("impl Rules for R {{ fn before_create() {{ {line}");
        let written = Written::of(&text);
        assert!(matches!(written, Written::Text(_)));
        assert_eq!(written.may_set("before_create", "owner"), is_set, "{text}");
    }
}
