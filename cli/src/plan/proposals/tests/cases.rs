//! Tests of policies that name what is called otherwise now.

use super::*;
use crate::plan::Policies;
use secapi_runtime::authz::cases::{Case, Expected};

const SHOP: &str = "  item:
    fields:
      title: {type: string}
      state: {type: enum, values: [draft, open]}
      tags: {type: list, of: {type: enum, values: [hot, cold]}, max_items: 4}
      owner: {type: ref, to: user}
    relations: {buyers: {many_to_many: user}}
    actions: {archive: {}}
";

/// Written by a person: odd spaces, escapes, and words that are names elsewhere.
const CASE: &str = r#"{
  "principal": "Shop::User::\"item\"",
  "action":   "Shop::Action::\"item:archive\"",
  "resource": {"type": "Shop::Item", "id": "title"},
  "context": {"scopes": ["item:archive", "reads"]},
  "entities": [
    {"uid": {"type": "Shop::User", "id": "item"}, "attrs": {"id": "item", "email": "a@example.org", "role": "user",
      "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"},
     "parents": [{"type": "Shop::Role", "id": "user"}, {"type": "Shop::ItemBuyers", "id": "title"}]},
    {"uid": {"type": "Shop::Item", "id": "title"}, "attrs": {"id": "title", "title": "draft \"open\" \u00e9", "state": "draft",
      "tags": ["hot", "cold"], "owner": {"__entity": {"type": "Shop::User", "id": "item"}},
      "buyers": {"__entity": {"type": "Shop::ItemBuyers", "id": "title"}},
      "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"}, "parents": []}
  ],
  "policies": ["draft"]
}
"#;

fn with(changes: &[(&str, &str)]) -> Service {
    let mut text = service_text(SHOP);
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    compiled(&text)
}

fn is_put(service: &Service, text: &str) -> Result<(), String> {
    let policies = Policies::load(service, &[]).unwrap();
    let case = Case::parse(text)?;
    case.run(&policies.engine, Expected::Deny).map(drop)
}

/// The text of the case with the patch that is proposed; `None` where none is.
fn mended(new: &Service, text: &str) -> Option<String> {
    let old = with(&[]);
    let source = PolicySource {
        file: "policies/tests/DENY/a.json".into(),
        text: text.into(),
    };
    let mut found = case_proposals(&old, new, &[source]);
    assert!(found.len() < 2);
    let patch = found.pop()?.patch;
    assert!(
        patch.starts_with("--- a/policies/tests/DENY/a.json\n+++ b/policies/tests/DENY/a.json\n")
    );
    let patch = diffy::Patch::from_str(&patch).unwrap();
    Some(diffy::apply(text, &patch).unwrap())
}

/// What changes in the text of a case.
type Words = &'static [(&'static str, &'static str)];

#[test]
fn a_case_gets_every_new_name_and_keeps_the_rest_of_its_text() {
    is_put(&with(&[]), CASE).unwrap();
    let renamed: [(&str, &str, Words); 7] = [
        (
            "  item:\n",
            "  thing:\n    renamed_from: item\n",
            &[
                ("Shop::Item\"", "Shop::Thing\""),
                ("Shop::ItemBuyers", "Shop::ThingBuyers"),
                ("item:archive", "thing:archive"),
            ],
        ),
        (
            "title: {type",
            "name: {renamed_from: title, type",
            &[("\"title\": \"draft", "\"name\": \"draft")],
        ),
        (
            "[draft, open]",
            "[{value: planned, renamed_from: draft}, open]",
            &[("\"state\": \"draft\"", "\"state\": \"planned\"")],
        ),
        (
            "[hot, cold]",
            "[{value: warm, renamed_from: hot}, cold]",
            &[("\"hot\"", "\"warm\"")],
        ),
        (
            "{buyers: {",
            "{owners: {renamed_from: buyers, ",
            &[("\"buyers\"", "\"owners\""), ("ItemBuyers", "ItemOwners")],
        ),
        (
            "{archive: {}}",
            "{shelve: {renamed_from: archive}}",
            &[("item:archive", "item:shelve")],
        ),
        (
            "values: [user, admin], default: user",
            "values: [{value: member, renamed_from: user}, admin], default: member",
            &[
                ("\"role\": \"user\"", "\"role\": \"member\""),
                (
                    "\"Shop::Role\", \"id\": \"user\"",
                    "\"Shop::Role\", \"id\": \"member\"",
                ),
            ],
        ),
    ];
    for (from, to, words) in renamed {
        let new = with(&[(from, to)]);
        let mended = mended(&new, CASE).unwrap_or_else(|| panic!("{to}"));
        let wanted = words
            .iter()
            .fold(CASE.to_owned(), |text, (old, new)| text.replace(old, new));
        assert_eq!(mended, wanted, "{to}");
        is_put(&new, &mended).unwrap();
        // With the new names it is in order, and no other change of the spec touches it.
        assert_eq!(self::mended(&new, &mended), None, "{to}");
    }
    let more = with(&[("title: {type: string}", "title: {type: string, max: 9}")]);
    assert!(!may_rename_cases(&with(&[]), &more));
    assert_eq!(mended(&more, CASE), None);
}

#[test]
fn another_namespace_is_another_prefix() {
    let new = with(&[("name: shop", "name: shop, namespace: Store")]);
    let mended = mended(&new, CASE).unwrap();
    assert_eq!(mended, CASE.replace("Shop::", "Store::"));
    is_put(&new, &mended).unwrap();
}

#[test]
fn words_that_change_places_are_those_of_the_spec_that_the_case_fits() {
    let swapped = "[{value: planned, renamed_from: draft}, {value: draft, renamed_from: open}]";
    let new = with(&[("[draft, open]", swapped)]);
    // It fits both, so nobody can tell whether its `draft` is the old one or the new one.
    assert_eq!(mended(&new, CASE), None);
    let both = with(&[
        ("[draft, open]", swapped),
        ("title: {type", "name: {renamed_from: title, type"),
    ]);
    let mended = mended(&both, CASE).unwrap();
    assert!(mended.contains("\"state\": \"planned\"") && mended.contains("\"name\": \"draft"));
}

#[test]
fn what_names_alone_cannot_mend_is_left_to_a_person() {
    let gone = with(&[
        ("      title: {type: string}\n", ""),
        ("{archive: {}}", "{shelve: {renamed_from: archive}}"),
    ]);
    assert_eq!(mended(&gone, CASE), None);
    let thing = with(&[("  item:\n", "  thing:\n    renamed_from: item\n")]);
    for broken in [
        "no JSON",
        "[]",
        "{\"principal\": 1}",
        &CASE.replace("\"title\": \"draft", "\"nothing\": \"draft"),
        // Read once where it stands twice.
        &CASE.replace(
            "\"id\": \"title\", ",
            "\"id\": \"title\", \"id\": \"title\", ",
        ),
    ] {
        assert_eq!(mended(&thing, broken), None, "{broken}");
    }
}
