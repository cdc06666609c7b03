use super::*;
use crate::diagnostic::Sources;

mod cases;
mod looks;
mod taken;

fn service_text(resources: &str) -> String {
    format!(
        "secapi: 1\nservice: {{name: shop}}\nauth: {{identity: user, role: role, admin_role: admin}}\nresources:\n  user:\n    fields:\n      email: {{type: email, unique: true}}\n      role: {{type: enum, values: [user, admin], default: user, guarded: true}}\n{resources}"
    )
}

fn compiled(text: &str) -> Service {
    let mut sources = Sources::new();
    let id = sources.add("secapi.yaml", text);
    let (service, diagnostics) = model::compile(text, id);
    service.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

fn service(resources: &str) -> Service {
    compiled(&service_text(resources))
}

const ITEM: &str = "  item:\n    fields:\n      title: {type: string, max: 80}\n      note: {type: string, max: 80, guarded: true}\n";

fn policy(id: &str, effect: &str, action: &str, condition: &str) -> String {
    format!(
        "@id(\"{id}\")\n{effect} (\n  principal in Shop::Role::\"user\",\n  action {action},\n  resource is Shop::Item\n){condition};\n"
    )
}

fn proposed(policies: &str, item: &str) -> Proposal {
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policies.into(),
    };
    let mut all = proposals(&service(ITEM), &service(item), &[source]);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

const TITLED: &str = " when { resource.title == \"x\" }";

#[test]
fn what_still_fits_gets_no_proposal() {
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policy("a", "permit", "== Shop::Action::\"item:read\"", TITLED)
            + "permit(this is no Cedar",
    };
    let more = ITEM.to_owned() + "      colour: {type: string, max: 9, optional: true}\n";
    assert_eq!(proposals(&service(ITEM), &service(&more), &[source]), []);
}

#[test]
fn a_renamed_action_is_renamed() {
    let with = |action: &str| format!("{ITEM}    actions:\n      {action}\n");
    let (old, new) = (with("archive: {}"), with("shelve: {renamed_from: archive}"));
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policy("a", "permit", "== Shop::Action::\"item:archive\"", TITLED),
    };
    let proposal = proposals(&service(&old), &service(&new), &[source]).remove(0);
    assert_eq!(proposal.policies[0].step, Step::Renamed);
    let patch = proposal.patch.unwrap();
    assert!(
        patch.contains("+  action == Shop::Action::\"item:shelve\","),
        "{patch}"
    );
}

#[test]
fn a_renamed_field_is_renamed() {
    let actions = "in [Shop::Action::\"item:read\", Shop::Action::\"item:read:note\"]";
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policy("a", "permit", actions, TITLED),
    };
    let mut new = service(&ITEM.replace("title:", "name:").replace("note:", "remark:"));
    for (field, old) in new.resources[1].fields.iter_mut().zip(["title", "note"]) {
        field.renamed_from = Some(old.to_owned());
    }
    let proposal = proposals(&service(ITEM), &new, &[source]).remove(0);
    assert_eq!(proposal.policies[0].step, Step::Renamed);
    let patch = proposal.patch.unwrap();
    for line in [
        "--- a/policies/item.cedar",
        "+) when { resource.name == \"x\" };",
        "\"item:read:remark\"",
    ] {
        assert!(patch.contains(line), "{patch}");
    }
}

#[test]
fn a_relation_that_is_renamed_or_gone_is_found_wherever_it_is_named() {
    let related = ITEM.to_owned()
        + "    relations: {buyers: {many_to_many: user}}\n  part: {fields: {item: {type: ref, to: item}}}\n";
    let behind = "@id(\"p\") permit (principal, action == Shop::Action::\"part:read\", resource is Shop::Part) when { principal in resource.item.buyers };\n";
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policy(
            "a",
            "permit",
            "in [Shop::Action::\"item:read\", Shop::Action::\"item:buyers:add\"]",
            " when { principal in resource.buyers || principal in Shop::ItemBuyers::\"x\" }",
        ) + behind,
    };
    let renamed = related.replace("buyers: {", "owners: {renamed_from: buyers, ");
    let sources = [source];
    let found = proposals(&service(&related), &service(&renamed), &sources).remove(0);
    let steps: Vec<Step> = found.policies.iter().map(|one| one.step).collect();
    assert_eq!(steps, [Step::Renamed, Step::Renamed]);
    let patch = found.patch.unwrap();
    for line in [
        "\"item:owners:add\"",
        "resource.owners",
        "Shop::ItemOwners::\"x\"",
        "resource.item.owners",
    ] {
        assert!(patch.contains(line), "{line} in {patch}");
    }
    let gone = related.replace("    relations: {buyers: {many_to_many: user}}\n", "");
    let found = proposals(&service(&related), &service(&gone), &sources).remove(0);
    let first = &found.policies[0];
    assert_eq!(first.step, Step::Closed);
    assert!(
        first
            .names
            .contains(&"the relation `buyers` of `item`".to_owned()),
        "{:?}",
        first.names
    );
    assert_eq!(found.policies[1].names, ["the relation `buyers` of `item`"]);
}

#[test]
fn an_action_that_is_gone_leaves_its_list() {
    let old = policy(
        "a",
        "permit",
        "in [Shop::Action::\"item:read\", Shop::Action::\"item:delete\"]",
        "",
    );
    let item = ITEM.replace(
        "  item:\n",
        "  item:\n    operations: [list, read, create]\n",
    );
    let proposal = proposed(&old, &item);
    assert_eq!(proposal.policies[0].step, Step::Shortened);
    assert_eq!(proposal.policies[0].names, ["the action `item:delete`"]);
    assert!(
        proposal
            .patch
            .unwrap()
            .contains("+  action in [Shop::Action::\"item:read\"],")
    );
}

#[test]
fn a_policy_that_hangs_on_what_is_gone_is_commented_out_whole() {
    let alone = policy("b", "permit", "== Shop::Action::\"item:list\"", "");
    for (effect, step) in [("permit", Step::Closed), ("forbid", Step::Opened)] {
        let old = policy("a", effect, "== Shop::Action::\"item:read\"", TITLED) + &alone;
        let item = ITEM.replace("title", "name");
        let proposal = proposed(&old, &item);
        assert_eq!(proposal.policies.len(), 1, "the other one fits");
        let dropped = &proposal.policies[0];
        assert_eq!((dropped.id.as_str(), dropped.step), ("a", step));
        assert_eq!(dropped.names, ["the field `title` of `item`"]);
        let patch = proposal.patch.unwrap();
        let removed = patch
            .lines()
            .filter(|line| line.starts_with('-') && !line.starts_with("---"));
        for line in removed {
            assert!(
                patch.contains(&format!("+// {}", &line[1..])),
                "{line} in {patch}"
            );
        }
    }
}

#[test]
fn an_action_that_stands_alone_does_not_become_every_action() {
    let old = policy("a", "permit", "== Shop::Action::\"item:delete\"", "");
    let item = ITEM.replace(
        "  item:\n",
        "  item:\n    operations: [list, read, create]\n",
    );
    let proposal = proposed(&old, &item);
    assert_eq!(proposal.policies[0].step, Step::Closed);
    let whole = "  archive:\n    fields:\n      title: {type: string, max: 80}\n";
    let proposal = proposed(&old, whole);
    assert_eq!(
        proposal.policies[0].names,
        ["the resource `item`", "the action `item:delete`"]
    );
}

/// The proposal for one file between two sets of resources.
fn between(old: &str, new: &str, policies: &str) -> Proposal {
    let source = PolicySource {
        file: "policies/item.cedar".into(),
        text: policies.into(),
    };
    let mut all = proposals(&service(old), &service(new), &[source]);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

const RELATED: &str = "  item:
    fields:
      title: {type: string, max: 80}
      note: {type: string, max: 80, guarded: true}
      owner: {type: ref, to: user, optional: true}
    relations: {buyers: {many_to_many: user}}
    actions: {archive: {}}
  part:
    fields:
      title: {type: string, max: 80}
      item: {type: ref, to: item}
";

#[test]
fn a_renamed_resource_is_renamed_wherever_it_is_named() {
    let policies = r#"
@id("group") permit (principal, action in Shop::Action::"item", resource is Shop::Item);
@id("each") permit (
  principal,
  action in [Shop::Action::"item:read", Shop::Action::"item:archive", Shop::Action::"item:write:note"],
  resource
) when { resource.title == "item" || principal in Shop::ItemBuyers::"item" };
@id("behind") permit (principal, action == Shop::Action::"part:read", resource is Shop::Part)
when { principal in resource.item.buyers && resource.item == Shop::Item::"item:read" };
@id("scopes") permit (principal, action in Shop::Action::"item", resource)
when { context.scopes.contains("item:read") };
@id("part") permit (principal, action == Shop::Action::"part:read", resource) when { resource.title == "item" };
"#;
    let new = RELATED
        .replace(
            "  item:\n    fields",
            "  thing:\n    renamed_from: item\n    fields",
        )
        .replace("to: item", "to: thing");
    let proposal = between(RELATED, &new, policies);
    let steps: Vec<_> = proposal
        .policies
        .iter()
        .map(|one| (one.id.as_str(), one.step))
        .collect();
    let expected = ["group", "each", "behind", "scopes"].map(|id| (id, Step::Renamed));
    assert_eq!(steps, expected);
    assert_eq!(
        proposal.policies[0].names,
        ["the resource `item`, now `thing`"]
    );
    let wanted = policies
        .replace("Shop::Item::\"item:read\"", "Shop::Thing::\"kept\"")
        .replace("Shop::Item", "Shop::Thing")
        .replace("Action::\"item", "Action::\"thing")
        .replace("contains(\"item:", "contains(\"thing:");
    // An id of a row that reads like an action is taken for one; whoever reads the patch sees it.
    let found = proposal.text.replace("\"thing:read\" };", "\"kept\" };");
    assert_eq!(found, wanted);
    assert!(proposal.patch.is_some());
}

#[test]
fn names_that_move_along_stay_apart() {
    let old = "  a: {fields: {x: {type: string}, y: {type: string}}}\n  b: {fields: {x: {type: string}}}\n";
    let new = "  b: {renamed_from: a, fields: {y: {type: string, renamed_from: x}, z: {type: string, renamed_from: y}}}\n  c: {renamed_from: b, fields: {x: {type: string}}}\n";
    let policies = "@id(\"a\") permit (principal, action == Shop::Action::\"a:read\", resource is Shop::A) when { resource.x == resource.y };\n@id(\"b\") permit (principal, action in Shop::Action::\"b\", resource is Shop::B) when { resource.x == \"1\" };\n";
    let names = Renames::between(&service(old), &service(new));
    let (a, b) = policies.split_at(policies.find("@id(\"b\")").unwrap());
    let wanted = "@id(\"a\") permit (principal, action == Shop::Action::\"b:read\", resource is Shop::B) when { resource.y == resource.z };\n@id(\"b\") permit (principal, action in Shop::Action::\"c\", resource is Shop::C) when { resource.x == \"1\" };\n";
    assert_eq!(names.applied(a) + &names.applied(b), wanted);
    let proposal = between(old, new, policies);
    assert!(proposal.policies.iter().all(|one| one.step == Step::Taken));
    assert_eq!((proposal.text.as_str(), proposal.patch), (policies, None));
}

#[test]
fn an_attribute_of_other_rows_keeps_its_name() {
    let policies = "@id(\"p\") permit (principal, action in [Shop::Action::\"item:read\", Shop::Action::\"part:read\"], resource) when { resource has title };\n@id(\"q\") permit (principal, action == Shop::Action::\"part:read\", resource) when { resource.title == \"x\" && resource.item.buyers == Shop::ItemBuyers::\"x\" };\n";
    let new = RELATED
        .replacen("title: {", "name: {renamed_from: title, ", 1)
        .replace("buyers: {", "owners: {renamed_from: buyers, ");
    let proposal = between(RELATED, &new, policies);
    let steps: Vec<Step> = proposal.policies.iter().map(|one| one.step).collect();
    // What the first one says of parts has no other name.
    assert_eq!(steps, [Step::ByHand, Step::Renamed], "{proposal:?}");
    assert!(
        proposal
            .text
            .contains("resource.title == \"x\" && resource.item.owners == Shop::ItemOwners"),
        "{}",
        proposal.text
    );
}

#[test]
fn a_renamed_role_is_renamed_and_one_that_is_gone_is_named() {
    let roles = |values: &str| {
        let mut text = service_text("");
        text = text.replace("values: [user, admin], default: user", values);
        compiled(&text)
    };
    let old = roles("values: [user, editor, admin], default: user");
    let new =
        roles("values: [{value: member, renamed_from: user}, editor, admin], default: member");
    let source = PolicySource {
        file: "policies/user.cedar".into(),
        text: "@id(\"u\") permit (principal in Shop::Role::\"user\", action in Shop::Action::\"user\", resource is Shop::User) when { resource.email == \"user\" && principal.role != \"user\" };\n@id(\"r\") permit (principal, action == Shop::Action::\"user:register\", resource is Shop::User) when { resource.role == \"user\" };\n".into(),
    };
    let proposal = proposals(&old, &new, std::slice::from_ref(&source)).remove(0);
    let wanted = source
        .text
        .replace("Role::\"user\"", "Role::\"member\"")
        .replace("role != \"user\"", "role != \"member\"")
        .replace("role == \"user\"", "role == \"member\"");
    assert_eq!(proposal.text, wanted);
    assert_eq!(
        proposal.policies[1].names,
        ["the value `user` of `role` of `user`, now `member`"]
    );
    assert!(proposal.patch.is_some());
    let gone = roles("values: [editor, admin], default: editor");
    let proposal = proposals(&old, &gone, &[source]).remove(0);
    assert_eq!(proposal.policies.len(), 1, "no row has the word any more");
    assert_eq!(proposal.policies[0].names, ["the role `user`"]);
    assert_eq!(proposal.policies[0].step, Step::Closed);
}

const STATES: &str = "  item:\n    fields:\n      title: {type: string}\n      state: {type: enum, values: [draft, open]}\n      tags: {type: list, of: {type: enum, values: [draft, hot]}}\n  part:\n    fields:\n      state: {type: enum, values: [draft, open]}\n      item: {type: ref, to: item}\n";

#[test]
fn a_policy_that_compares_with_a_renamed_value_gets_the_new_one() {
    let new = STATES.replacen(
        "values: [draft, open]",
        "values: [{value: planned, renamed_from: draft}, open]",
        1,
    );
    let of = |condition: &str| {
        format!(
            "@id(\"draft\") forbid (principal, action == Shop::Action::\"item:delete\", resource is Shop::Item) when {{ {condition} }};\n"
        )
    };
    for (condition, wanted) in [
        (
            "resource.state == \"draft\"",
            "resource.state == \"planned\"",
        ),
        (
            "\"draft\" != resource.state",
            "\"planned\" != resource.state",
        ),
        (
            "[\"draft\", \"open\"].contains(resource.state)",
            "[\"planned\", \"open\"].contains(resource.state)",
        ),
        (
            "resource.title == \"draft\" && resource[\"state\"] == \"draft\" && resource.tags.contains(\"draft\")",
            "resource.title == \"draft\" && resource[\"state\"] == \"planned\" && resource.tags.contains(\"draft\")",
        ),
    ] {
        let proposal = between(STATES, &new, &of(condition));
        assert_eq!(proposal.text, of(wanted));
        assert_eq!(proposal.policies[0].step, Step::Renamed);
        assert!(proposal.patch.is_some());
        // What was brought in line is in order.
        let source = PolicySource {
            file: "policies/item.cedar".into(),
            text: proposal.text,
        };
        assert_eq!(proposals(&service(STATES), &service(&new), &[source]), []);
    }
    let others = PolicySource {
        file: "policies/part.cedar".into(),
        text: of("resource.title == \"draft\"")
            + "@id(\"p\") permit (principal, action == Shop::Action::\"part:read\", resource) when { resource.state == \"draft\" };\n",
    };
    assert_eq!(proposals(&service(STATES), &service(&new), &[others]), []);
    // An escape is no text to be found.
    let spelt = between(STATES, &new, &of("resource.state == \"dr\\u{61}ft\""));
    assert_eq!((spelt.policies[0].step, spelt.patch), (Step::ByHand, None));
}

#[test]
fn renamed_values_of_lists_are_found() {
    let new = STATES.replace("[draft, hot]", "[{value: cold, renamed_from: draft}, hot]");
    let policy = "@id(\"t\") permit (principal, action == Shop::Action::\"item:read\", resource) when { resource.tags.containsAny([\"draft\", \"hot\"]) && resource.state == \"draft\" };\n";
    let proposal = between(STATES, &new, policy);
    assert_eq!(proposal.text, policy.replace("[\"draft\"", "[\"cold\""));
}
