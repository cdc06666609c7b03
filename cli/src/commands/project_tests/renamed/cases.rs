//! The tests of policies come along in the patch, and stop a run by themselves.

use super::*;

const CASE: &str = r#"{
  "principal": "Shop::User::\"bob\"",
  "action": "Shop::Action::\"item:read\"",
  "resource": "Shop::Item::\"lamp\"",
  "entities": [
    {"uid": {"type": "Shop::Item", "id": "lamp"}, "attrs": {"id": "lamp", "title": "item", "state": "draft", "buyers": {"__entity": {"type": "Shop::ItemBuyers", "id": "lamp"}}, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z"}, "parents": []}
  ],
  "policies": []
}
"#;

const PLACE: &str = "policies/tests/DENY/a-user-sees-no-lamp.json";

fn with_case(name: &str) -> Folder {
    let folder = shop(name);
    let place = folder.project().join(PLACE);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, CASE).unwrap();
    assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
    folder
}

#[test]
fn a_case_that_names_what_is_renamed_is_in_the_patch() {
    for (name, policies) in [("cases-alone", ""), ("cases-and-policies", POLICIES)] {
        let folder = with_case(name);
        edit(&folder, "policies/item.cedar", |text| text + policies);
        assert_eq!(in_project(&folder, &["generate"]).exit, Exit::Done);
        respell(&folder, TO_THING);
        let before = tree(&folder.project());
        for command in ["plan", "generate"] {
            let refused = in_project(&folder, &[command]);
            assert_eq!(refused.exit, Exit::Input, "{}", refused.out);
            let diagnostics = refused.json()["diagnostics"].clone();
            let messages: Vec<&str> = diagnostics
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["code"] == "secapi::policy::dropped")
                .map(|it| it["message"].as_str().unwrap())
                .collect();
            let named = format!("`{PLACE}` tests policies with names that the spec has changed: ");
            let told = messages.iter().find(|it| it.starts_with(&named)).unwrap();
            assert!(told.contains("`Shop::Item`, now `Shop::Thing`"), "{told}");
            assert_eq!(messages.len() > 1, !policies.is_empty());
            let all = refused.json()["proposals"].clone();
            let mut all = all.as_array().unwrap().iter();
            assert!(all.any(|it| it["file"] == PLACE && it["policies"] == serde_json::json!([])));
            // All else is foretold.
            assert_eq!(refused.json()["migrations"][0]["destructive"], false);
        }
        assert_eq!(tree(&folder.project()), before, "something was written");
        apply(&folder);
        let mended = fs::read_to_string(folder.project().join(PLACE)).unwrap();
        let wanted = CASE
            .replace("Shop::Item", "Shop::Thing")
            .replace("item:read", "thing:read");
        assert_eq!(mended, wanted);
        let done = in_project(&folder, &["generate"]);
        assert_eq!(done.exit, Exit::Done, "{}", done.out);
    }
}

#[test]
fn a_case_that_no_name_concerns_stops_nothing() {
    let folder = with_case("cases-others");
    let other = "policies/tests/DENY/broken.json";
    fs::write(folder.project().join(other), "{").unwrap();
    respell(
        &folder,
        &[(
            "      item: {type: ref, to: item}",
            "      of: {type: ref, to: item, renamed_from: item}",
        )],
    );
    let done = in_project(&folder, &["generate"]);
    assert_eq!(done.exit, Exit::Done, "{}", done.out);
}
