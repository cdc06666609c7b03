//! Indexes by hand whose statement would still run, and mean something else.

use super::*;

type Change = fn(&Folder);

/// `text` is dropped, and another change has the table made anew.
fn without_text(folder: &Folder) {
    more(folder);
    edit(folder, "secapi.yaml", |spec| {
        spec.replace("      text: {type: string, max: 100}\n", "")
    });
}

fn with_colour(folder: &Folder) {
    more(folder);
    edit(folder, "secapi.yaml", |spec| {
        spec + "      colour: {type: string, max: 9, optional: true}\n"
    });
}

#[test]
fn a_quoted_name_that_is_a_column_no_more_or_becomes_one_is_told() {
    let cases: [(&str, Change, &str); 4] = [
        (
            "unique",
            without_text,
            "UNIQUE INDEX mine ON notes (lower(\"text\"))",
        ),
        (
            "plain",
            without_text,
            "INDEX mine ON notes (state, lower(\"TEXT\"))",
        ),
        (
            "where",
            without_text,
            "INDEX mine ON notes (state) WHERE \"text\" IS NOT NULL",
        ),
        (
            "comes",
            with_colour,
            "UNIQUE INDEX mine ON notes (text || \"colour\")",
        ),
    ];
    for (name, change, index) in cases {
        let folder = with_notes(&format!("hand-meaning-{name}"));
        write(&folder, "0003_index.sql", &format!("CREATE {index};\n"));
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        change(&folder);
        assert_told_and_gone(&folder);
    }
}

#[test]
fn a_quoted_name_that_stays_a_column_or_a_text_is_no_matter() {
    for (name, index) in [
        (
            "column",
            "UNIQUE INDEX mine ON notes (lower(\"text\"), \"state\")",
        ),
        ("text", "INDEX mine ON notes (text || \"something\")"),
        // What is in a text or a comment is no name.
        (
            "comment",
            "INDEX mine ON notes (text || '\"colour\"') -- \"colour\"",
        ),
    ] {
        let folder = with_notes(&format!("hand-meaning-same-{name}"));
        write(&folder, "0003_index.sql", &format!("CREATE {index};\n"));
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        with_colour(&folder);
        let done = in_project(&folder, &["generate"]);
        assert_eq!(
            (done.exit, told(&done)),
            (Exit::Done, Vec::new()),
            "{}",
            done.out
        );
        assert!(replayed(&folder).contains_key(&("index".to_owned(), "mine".to_owned())));
    }
}
