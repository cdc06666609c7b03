//! The document of the API, handed over: it had no base before that.

use super::*;

const DOCUMENT: &str = "openapi.json";
const DOCUMENTS_PATCH: &str = ".secapi/patches/openapi.json.patch";
const BASE: &str = ".secapi/base/openapi.json";

fn with_note(name: &str) -> Folder {
    let folder = Folder::new(name);
    new(&folder);
    edit(&folder, "secapi.yaml", |spec| spec + NOTE);
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

fn entitled(text: String) -> String {
    text.replacen("\"title\": \"", "\"title\": \"Mine: ", 1)
}

/// The next field comes as a patch that applies, and the title stays.
#[track_caller]
fn follows(folder: &Folder) {
    assert!(!text(folder, DOCUMENT).contains("colour"));
    with_field(folder, "colour");
    assert_eq!(in_project(folder, &["generate"]).codes(), [OUTGROWN]);
    let patch = text(folder, DOCUMENTS_PATCH);
    let first = patch.lines().next().unwrap();
    assert!(first.contains("`git apply` with this patch"), "{first}");
    git_apply(folder, DOCUMENTS_PATCH);
    let mended = text(folder, DOCUMENT);
    let mended: Value = serde_json::from_str(&mended).unwrap();
    let title = mended["info"]["title"].as_str().unwrap();
    assert!(title.starts_with("Mine: "), "{title}");
    assert!(mended["components"]["schemas"]["Note"]["properties"]["colour"].is_object());
    silent(folder);
}

#[test]
fn it_gets_a_patch_that_applies() {
    let folder = with_note("document-plain");
    let before = text(&folder, DOCUMENT);
    assert_eq!(in_project(&folder, &["eject", DOCUMENT]).exit, Exit::Done);
    assert_eq!(
        (&text(&folder, DOCUMENT), &text(&folder, BASE)),
        (&before, &before)
    );
    edit(&folder, DOCUMENT, entitled);
    assert_ne!(text(&folder, DOCUMENT), before);
    silent(&folder);
    follows(&folder);
}

#[test]
fn one_that_was_edited_before_it_was_handed_over_does_too() {
    let folder = with_note("document-edited");
    let before = text(&folder, DOCUMENT);
    edit(&folder, DOCUMENT, entitled);
    // That the spec has gone on meanwhile is no matter: what was written is what the last run read.
    edit(&folder, "secapi.yaml", |spec| {
        spec + "      size: {type: integer, optional: true}\n"
    });
    assert_eq!(in_project(&folder, &["eject", DOCUMENT]).exit, Exit::Done);
    assert_eq!(text(&folder, BASE), before);
    follows(&folder);
}
