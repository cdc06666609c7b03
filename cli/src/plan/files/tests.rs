use super::*;

fn draft(path: &str, owner: Owner, text: &str) -> Draft {
    Draft {
        path: path.into(),
        owner,
        template: "t",
        text: text.into(),
    }
}

fn path(text: &str) -> ProjectPath {
    ProjectPath::new(text).unwrap()
}

fn disk(files: &[(&str, &str)]) -> Found {
    files
        .iter()
        .map(|(name, text)| (path(name), Hash::of(text.as_bytes())))
        .collect()
}

/// What stands in the manifest after these drafts were written into an empty folder.
fn written(drafts: Vec<Draft>) -> Manifest {
    Plan::new(drafts, &Manifest::default(), &Found::new(), "1")
        .unwrap()
        .manifest
}

fn words(plan: &Plan) -> Vec<(&str, &'static str)> {
    plan.rows
        .iter()
        .map(|row| (row.path.as_str(), row.change.as_str()))
        .collect()
}

#[test]
fn a_new_project_is_all_creation() {
    let drafts = vec![
        draft("b.rs", Owner::Tool, "1"),
        draft("a.rs", Owner::Yours, "2"),
    ];
    let plan = Plan::new(drafts, &Manifest::default(), &Found::new(), "1").unwrap();
    assert_eq!(words(&plan), [("a.rs", "create"), ("b.rs", "create")]);
    let places: Vec<&str> = plan
        .operations
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert_eq!(places, [".secapi/base/b.rs", "b.rs", "a.rs"]);
}

#[test]
fn nothing_changes_where_nothing_differs() {
    let drafts = || {
        vec![
            draft("b.rs", Owner::Tool, "1"),
            draft("a.rs", Owner::Yours, "2"),
        ]
    };
    let found = disk(&[("b.rs", "1"), ("a.rs", "mine"), (".secapi/base/b.rs", "1")]);
    let plan = Plan::new(drafts(), &written(drafts()), &found, "2").unwrap();
    assert!(!plan.changes() && plan.operations.is_empty() && plan.obstacles.is_empty());
    assert_eq!(
        plan.manifest,
        written(drafts()),
        "the version stays with the text"
    );
}

#[test]
fn a_file_of_yours_is_never_written_again_even_if_it_was_deleted() {
    let old = written(vec![draft("a.cedar", Owner::Yours, "1")]);
    for found in [disk(&[]), disk(&[("a.cedar", "mine")])] {
        let plan = Plan::new(vec![draft("a.cedar", Owner::Yours, "2")], &old, &found, "2").unwrap();
        assert!(plan.operations.is_empty() && plan.obstacles.is_empty());
    }
}

#[test]
fn an_edited_file_of_the_tool_stops_the_run() {
    let old = written(vec![draft("a.rs", Owner::Tool, "1")]);
    let found = disk(&[("a.rs", "edited"), (".secapi/base/a.rs", "1")]);
    let plan = Plan::new(vec![draft("a.rs", Owner::Tool, "2")], &old, &found, "2").unwrap();
    assert_eq!(plan.obstacles, [Obstacle::Edited(path("a.rs"))]);
    let gone = Plan::new(Vec::new(), &old, &found, "2").unwrap();
    assert_eq!(gone.obstacles, [Obstacle::Edited(path("a.rs"))]);
}

#[test]
fn a_foreign_file_in_the_way_stops_the_run_unless_it_is_the_same() {
    let drafts = || vec![draft("a.rs", Owner::Tool, "1")];
    let plan = Plan::new(
        drafts(),
        &Manifest::default(),
        &disk(&[("a.rs", "foreign")]),
        "1",
    )
    .unwrap();
    assert_eq!(plan.obstacles, [Obstacle::InTheWay(path("a.rs"))]);
    let same = Plan::new(drafts(), &Manifest::default(), &disk(&[("a.rs", "1")]), "1").unwrap();
    assert!(same.obstacles.is_empty() && same.manifest.get(&path("a.rs")).is_some());
}

#[test]
fn a_file_of_the_tool_that_was_deleted_stays_deleted_and_is_reported() {
    let old = written(vec![draft("a.rs", Owner::Tool, "1")]);
    let plan = Plan::new(vec![draft("a.rs", Owner::Tool, "2")], &old, &disk(&[]), "2").unwrap();
    assert_eq!(plan.missing, [path("a.rs")]);
    assert!(plan.operations.is_empty());
}

#[test]
fn the_document_and_the_schema_are_made_again_whatever_happened() {
    let drafts = |text: &str| vec![draft("openapi.json", Owner::Tool, text)];
    let old = written(drafts("1"));
    for found in [disk(&[]), disk(&[("openapi.json", "edited")])] {
        let plan = Plan::new(drafts("2"), &old, &found, "2").unwrap();
        assert!(plan.obstacles.is_empty() && plan.missing.is_empty() && plan.operations.len() == 1);
    }
}

#[test]
fn a_file_that_is_needed_no_more_goes_with_its_base() {
    let old = written(vec![
        draft("a.rs", Owner::Tool, "1"),
        draft("b.rs", Owner::Yours, "1"),
    ]);
    let found = disk(&[("a.rs", "1"), ("b.rs", "1"), (".secapi/base/a.rs", "1")]);
    let plan = Plan::new(Vec::new(), &old, &found, "2").unwrap();
    assert_eq!(words(&plan), [("a.rs", "delete")]);
    assert_eq!(plan.operations.len(), 2);
    assert!(plan.manifest.get(&path("b.rs")).is_some());
}
