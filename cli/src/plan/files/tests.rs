use super::*;

mod records;

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
    plan(drafts, &Manifest::default(), &[], "1").manifest
}

/// The plan for these drafts over a disk that holds these files.
fn plan(drafts: Vec<Draft>, manifest: &Manifest, files: &[(&str, &str)], version: &str) -> Plan {
    forced(drafts, manifest, files, version, &[])
}

fn forced(
    drafts: Vec<Draft>,
    manifest: &Manifest,
    files: &[(&str, &str)],
    version: &str,
    forced: &[&str],
) -> Plan {
    run(Run::Generate, drafts, manifest, files, version, forced)
}

fn run(
    run: Run,
    drafts: Vec<Draft>,
    manifest: &Manifest,
    files: &[(&str, &str)],
    version: &str,
    forced: &[&str],
) -> Plan {
    let (drafts, found) = (Drafts::from(drafts), disk(files));
    let all: Texts = files
        .iter()
        .map(|(name, text)| (path(name), text.as_bytes().to_vec()))
        .collect();
    let needed = texts_needed(manifest, &found, run).unwrap();
    let texts = needed
        .into_iter()
        .filter_map(|path| all.get(&path).cloned().map(|text| (path, text)))
        .collect();
    let forced = forced.iter().map(|name| path(name)).collect();
    let before = Before {
        manifest,
        found: &found,
        texts: &texts,
        forced: &forced,
        run,
        version,
    };
    Plan::new(&drafts, &before).unwrap()
}

/// What the disk holds after a plan over these files.
fn after(plan: &Plan, files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    for operation in &plan.operations {
        let path = operation.path.as_str().to_owned();
        let now = out.get(&path).map(|text| Hash::of(text.as_bytes()));
        assert_eq!(now, operation.expected, "{path}");
        match &operation.contents {
            Some(bytes) => out.insert(path, String::from_utf8(bytes.bytes().to_vec()).unwrap()),
            None => out.remove(&path),
        };
    }
    out
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
    let plan = plan(drafts, &Manifest::default(), &[], "1");
    assert_eq!(words(&plan), [("a.rs", "create"), ("b.rs", "create")]);
    let places: Vec<&str> = plan
        .operations
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    let expected = [".secapi/base/b.rs", "b.rs", ".secapi/base/a.rs", "a.rs"];
    assert_eq!(places, expected);
}

#[test]
fn nothing_changes_where_nothing_differs() {
    let drafts = || {
        vec![
            draft("b.rs", Owner::Tool, "1"),
            draft("a.rs", Owner::Yours, "2"),
        ]
    };
    let files = [("b.rs", "1"), ("a.rs", "mine"), (".secapi/base/b.rs", "1")];
    let plan = plan(drafts(), &written(drafts()), &files, "2");
    assert!(!plan.changes() && plan.operations.is_empty() && plan.obstacles.is_empty());
    let same = written(drafts());
    assert_eq!(plan.manifest, same, "the version stays with the text");
}

#[test]
fn a_file_of_yours_is_never_written_again_even_if_it_was_deleted() {
    let old = written(vec![draft("a.cedar", Owner::Yours, "1")]);
    for files in [&[][..], &[("a.cedar", "mine")]] {
        let drafts = vec![draft("a.cedar", Owner::Yours, "2")];
        let plan = plan(drafts, &old, files, "2");
        assert!(plan.operations.is_empty() && plan.obstacles.is_empty());
    }
}

const BASE: &str = "fn a() {\n    one();\n    two();\n    three();\n    four();\n}\n";
const MINE: &str = "fn a() {\n    mine();\n    one();\n    two();\n    three();\n    four();\n}\n";

fn code(text: &str) -> Vec<Draft> {
    vec![draft("a.rs", Owner::Tool, text)]
}

fn edited(text: &str) -> [(&str, &str); 2] {
    [("a.rs", text), (".secapi/base/a.rs", BASE)]
}

#[test]
fn an_edit_is_reported_once_and_stays() {
    let old = written(code(BASE));
    let files = edited(MINE);
    let first = plan(code(BASE), &old, &files, "2");
    assert_eq!(words(&first), [("a.rs", "merge")]);
    assert_eq!(after(&first, &files)["a.rs"], MINE);
    let second = plan(code(BASE), &first.manifest, &files, "2");
    assert!(!second.changes() && second.operations.is_empty());
    assert_eq!(second.manifest, first.manifest);
}

#[test]
fn an_edit_and_new_text_come_together() {
    let old = written(code(BASE));
    let tools = BASE.replace("four", "vier");
    let files = edited(MINE);
    let plan = plan(code(&tools), &old, &files, "2");
    assert_eq!(words(&plan), [("a.rs", "merge")]);
    let disk = after(&plan, &files);
    assert_eq!(disk["a.rs"], MINE.replace("four", "vier"));
    assert_eq!(disk[".secapi/base/a.rs"], tools);
    let entry = plan.manifest.get(&path("a.rs")).unwrap();
    assert_eq!(entry.hash, Hash::of(tools.as_bytes()));
    assert_eq!(entry.merged, Some(Hash::of(disk["a.rs"].as_bytes())));
}

#[test]
fn a_conflict_stays_in_the_tree_until_it_is_resolved() {
    let old = written(code(BASE));
    let tools = BASE.replace("two()", "zwei()");
    let mine = BASE.replace("two()", "mine()");
    let files = edited(&mine);
    let conflict = plan(code(&tools), &old, &files, "2");
    assert_eq!(words(&conflict), [("a.rs", "conflict")]);
    let disk = after(&conflict, &files);
    assert!(disk["a.rs"].contains("mine()") && disk["a.rs"].contains("zwei()"));
    // Nothing goes on over the markers, whatever the tool would say next.
    let left: Vec<(&str, &str)> = disk.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    for text in [tools.clone(), BASE.replace("four", "vier")] {
        let stopped = plan(code(&text), &conflict.manifest, &left, "2");
        assert_eq!(stopped.obstacles, [Obstacle::Unresolved(path("a.rs"))]);
        assert!(stopped.operations.is_empty());
    }
    // Resolved: an edit like any other.
    let resolved = [("a.rs", mine.as_str()), (".secapi/base/a.rs", &tools)];
    let plan = plan(code(&tools), &conflict.manifest, &resolved, "2");
    assert_eq!(words(&plan), [("a.rs", "merge")]);
    assert_eq!(after(&plan, &resolved)["a.rs"], mine);
}

#[test]
fn an_edit_of_the_formatting_alone_is_made_again() {
    let old = written(code(BASE));
    let flat = "fn a() { one(); two(); three(); four(); }";
    for text in [BASE.to_owned(), BASE.replace("four", "vier")] {
        let files = edited(flat);
        let plan = plan(code(&text), &old, &files, "2");
        assert_eq!(words(&plan), [("a.rs", "update")]);
        assert_eq!(after(&plan, &files)["a.rs"], text);
    }
}

#[test]
fn without_its_base_an_edited_file_is_a_conflict_and_never_overwritten() {
    let old = written(code(BASE));
    let tools = BASE.replace("four", "vier");
    for base in [None, Some("something else")] {
        let files: Vec<(&str, &str)> = [("a.rs", MINE)]
            .into_iter()
            .chain(base.map(|base| (".secapi/base/a.rs", base)))
            .collect();
        let plan = plan(code(&tools), &old, &files, "2");
        assert_eq!(words(&plan), [("a.rs", "conflict")]);
        let disk = after(&plan, &files);
        assert!(disk["a.rs"].contains("mine()") && disk["a.rs"].contains("vier()"));
        assert_eq!(disk[".secapi/base/a.rs"], tools);
    }
}

#[test]
fn a_reverted_edit_is_the_tools_file_again() {
    let merged = plan(code(BASE), &written(code(BASE)), &edited(MINE), "2");
    let files = edited(BASE);
    let plan = plan(code(BASE), &merged.manifest, &files, "2");
    assert!(!plan.changes());
    assert_eq!(plan.manifest.get(&path("a.rs")).unwrap().merged, None);
}

#[test]
fn what_is_no_text_stops_the_run() {
    let (old, files) = (written(code(BASE)), edited(MINE));
    let found = disk(&files);
    let texts = [(path("a.rs"), vec![0xff])].into();
    let before = Before {
        manifest: &old,
        found: &found,
        texts: &texts,
        forced: &BTreeSet::new(),
        run: Run::Generate,
        version: "2",
    };
    let plan = Plan::new(&code("2").into(), &before).unwrap();
    assert_eq!(plan.obstacles, [Obstacle::NotText(path("a.rs"))]);
    assert!(plan.operations.is_empty());
}

#[test]
fn an_edited_file_that_nobody_needs_any_more_is_kept() {
    let old = written(code(BASE));
    let plan_of = |text| plan(Vec::new(), &old, &edited(text), "2");
    let kept = plan_of(MINE);
    assert_eq!(kept.orphans, [path("a.rs")]);
    assert!(kept.operations.is_empty());
    // It is the tool's as before, and its user was told.
    let (was, is) = (old.get(&path("a.rs")), kept.manifest.get(&path("a.rs")));
    let (was, is) = (was.unwrap(), is.unwrap());
    assert!((&is.owner, &is.hash) == (&was.owner, &was.hash) && is_told_unneeded(is));
    let gone = plan_of("fn a() { one(); two(); three(); four(); }");
    assert!(gone.orphans.is_empty() && gone.manifest.get(&path("a.rs")).is_none());
    assert_eq!(words(&gone), [("a.rs", "delete")]);
}

#[test]
fn what_is_forced_gets_the_tools_text() {
    let old = written(code(BASE));
    let tools = BASE.replace("two()", "zwei()");
    let marked = format!("<<<<<<< ours\n{MINE}=======\n{tools}>>>>>>> theirs\n");
    let cases: [(&[(&str, &str)], &str); 3] = [
        (&[], "create"),
        (&edited(MINE), "update"),
        (&edited(&marked), "update"),
    ];
    for (files, word) in cases {
        let plan = forced(code(&tools), &old, files, "2", &["a.rs"]);
        assert_eq!(words(&plan), [("a.rs", word)]);
        assert!(plan.obstacles.is_empty() && plan.missing.is_empty());
        assert_eq!(after(&plan, files)["a.rs"], tools);
    }
}

#[test]
fn a_foreign_file_in_the_way_stops_the_run_unless_it_is_the_same() {
    let drafts = || vec![draft("a.rs", Owner::Tool, "1")];
    let nothing = Manifest::default();
    for by_force in [&[][..], &["a.rs"]] {
        let plan = forced(drafts(), &nothing, &[("a.rs", "foreign")], "1", by_force);
        assert_eq!(plan.obstacles, [Obstacle::InTheWay(path("a.rs"))]);
        assert!(plan.operations.is_empty());
    }
    let same = plan(drafts(), &nothing, &[("a.rs", "1")], "1");
    assert!(same.obstacles.is_empty() && same.manifest.get(&path("a.rs")).is_some());
}

#[test]
fn a_file_of_the_tool_that_was_deleted_stays_deleted_and_is_reported() {
    let old = written(vec![draft("a.rs", Owner::Tool, "1")]);
    let drafts = vec![draft("a.rs", Owner::Tool, "2")];
    let plan = plan(drafts, &old, &[], "2");
    assert_eq!(plan.missing, [path("a.rs")]);
    assert!(plan.operations.is_empty());
}

#[test]
fn the_document_and_the_schema_are_made_again_whatever_happened() {
    let drafts = |text: &str| vec![draft("openapi.json", Owner::Tool, text)];
    let old = written(drafts("1"));
    for files in [&[][..], &[("openapi.json", "edited")]] {
        let plan = plan(drafts("2"), &old, files, "2");
        assert!(plan.obstacles.is_empty() && plan.missing.is_empty() && plan.operations.len() == 1);
    }
}

#[test]
fn a_file_that_is_needed_no_more_goes_with_its_base() {
    let old = written(vec![
        draft("a.rs", Owner::Tool, "1"),
        draft("b.rs", Owner::Yours, "1"),
    ]);
    let files = [("a.rs", "1"), ("b.rs", "1"), (".secapi/base/a.rs", "1")];
    let plan = plan(Vec::new(), &old, &files, "2");
    assert_eq!(words(&plan), [("a.rs", "delete")]);
    assert_eq!(plan.operations.len(), 2);
    assert!(plan.manifest.get(&path("b.rs")).is_some());
}

const VENDORED: &str = "vendor/secapi-runtime/src/lib.rs";
const VENDORED_TOO: &str = "vendor/secapi-runtime/src/old.rs";

#[test]
fn an_upgrade_replaces_the_runtime_whole_and_stops_at_an_edited_file_of_it() {
    let old = written(vec![
        draft(VENDORED, Owner::Tool, "1"),
        draft(VENDORED_TOO, Owner::Tool, "1"),
    ]);
    let new = || vec![draft(VENDORED, Owner::Tool, "2")];
    let files = [(VENDORED, "1"), (VENDORED_TOO, "1")];
    let whole = run(Run::Upgrade, new(), &old, &files, "2", &[]);
    let after = after(&whole, &files);
    assert_eq!(after.get(VENDORED).map(String::as_str), Some("2"));
    assert!(!after.contains_key(VENDORED_TOO) && whole.obstacles.is_empty());
    for edited in [VENDORED, VENDORED_TOO] {
        let files = files.map(|(name, text)| (name, if name == edited { "mine" } else { text }));
        let plan = run(Run::Upgrade, new(), &old, &files, "2", &[]);
        assert_eq!(plan.obstacles, [Obstacle::Vendored(path(edited))]);
    }
    let deleted = run(Run::Upgrade, new(), &old, &files[1..], "2", &[]);
    assert!(words(&deleted).contains(&(VENDORED, "create")));
}

fn offered(files: &[(&str, &str)], text: &str) -> (Plan, Option<String>) {
    let old = written(vec![draft("b.rs", Owner::Yours, BASE)]);
    let drafts = vec![draft("b.rs", Owner::Yours, text)];
    let plan = run(Run::Upgrade, drafts, &old, files, "2", &[]);
    let mut disk = after(&plan, files);
    assert_eq!(disk["b.rs"], files[0].1, "yours stays as it is");
    let patch = disk.remove(".secapi/patches/b.rs.patch");
    (plan, patch)
}

#[test]
fn an_upgrade_offers_what_is_new_in_a_template_as_a_patch_and_once() {
    let tools = BASE.replace("four", "vier");
    let files = [("b.rs", MINE), (".secapi/base/b.rs", BASE)];
    let (plan, patch) = offered(&files, &tools);
    assert_eq!(plan.offers, [path("b.rs")]);
    let patch = patch.unwrap();
    assert!(patch.contains("--- a/b.rs\n+++ b/b.rs\n"), "{patch}");
    assert!(patch.contains("-    four();\n+    vier();") && !patch.contains("-    mine"));
    // The next upgrade knows that it was offered.
    let files = [("b.rs", MINE), (".secapi/base/b.rs", tools.as_str())];
    let drafts = vec![draft("b.rs", Owner::Yours, &tools)];
    let again = run(Run::Upgrade, drafts, &plan.manifest, &files, "2", &[]);
    assert!(again.offers.is_empty() && again.operations.is_empty());
}

#[test]
fn nothing_is_offered_where_nothing_is_new() {
    let (tools, files) = (BASE.replace("four", "vier"), [("b.rs", MINE)]);
    assert_eq!(offered(&files, BASE).1, None, "the template is as it was");
    let there_already = [("b.rs", tools.as_str()), (".secapi/base/b.rs", BASE)];
    assert_eq!(offered(&there_already, &tools).1, None);
    // An older version kept no base. An untouched file is its own.
    let patch = offered(&[("b.rs", BASE)], &tools).1.unwrap();
    assert!(patch.contains("git apply"), "{patch}");
    let patch = offered(&files, &tools).1.unwrap();
    assert!(patch.contains("may be yours"), "{patch}");
}
