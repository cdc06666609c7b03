//! Names that were given up in the same run in which something else took them.

use super::*;

fn steps(old: &Service, new: &Service, policies: &str) -> Vec<(String, Step)> {
    let source = PolicySource {
        file: "policies/all.cedar".into(),
        text: policies.into(),
    };
    let found = proposals(old, new, &[source]).into_iter();
    let all = found.flat_map(|one| {
        assert!(one.policies.iter().all(|it| it.step != Step::Taken) || one.patch.is_none());
        one.policies
    });
    all.map(|one| (one.names.join("; "), one.step)).collect()
}

/// That a policy is stopped which names what is taken, and its neighbour is not.
#[track_caller]
fn assert_taken(old: &Service, new: &Service, policy: &str, named: &str, neighbour: &str) {
    assert!(may_mean_others(old, new));
    assert!(stands(old, policy), "{policy}");
    let found = steps(old, new, policy);
    assert_eq!(found, [(named.to_owned(), Step::Taken)], "{policy}");
    assert!(stands(old, neighbour), "{neighbour}");
    assert_eq!(steps(old, new, neighbour), [], "{neighbour}");
}

fn with_roles(values: &str) -> Service {
    let roles = service_text(ITEM).replace("values: [user, admin]", &format!("values: [{values}]"));
    compiled(&roles)
}

fn for_role(role: &str, condition: &str) -> String {
    format!(
        "@id(\"p\") permit (principal in Shop :: Role::\"{role}\", action == Shop::Action::\"item:read\", resource is Shop::Item) {condition};\n"
    )
}

#[test]
fn a_role() {
    let old = with_roles("user, author, editor, admin");
    let new = with_roles(
        "user, {value: editor, renamed_from: author}, {value: chief, renamed_from: editor}, admin",
    );
    let neighbour = for_role("user", "");
    let named = "the role `editor`, now `chief`";
    assert_taken(&old, &new, &for_role("editor", ""), named, &neighbour);
    let compared = for_role("user", "when { principal.role == \"editor\" }");
    let named = "the value `editor` of `role` of `user`, now `chief`";
    assert_taken(&old, &new, &compared, named, &neighbour);
    // With the name of now it would be one of those next time.
    let author = "@id(\"p\") permit (principal in Shop::Role::\"author\", action == Shop::Action::\"item:read\", resource);\n";
    let found = steps(&old, &new, author);
    assert_eq!(found[0].1, Step::Taken, "{found:?}");
    // In two runs each of them follows.
    let between = with_roles("user, author, {value: chief, renamed_from: editor}, admin");
    let (editor, chief) = (
        author.replace("author", "editor"),
        author.replace("author", "chief"),
    );
    assert_eq!(steps(&old, &between, &editor)[0].1, Step::Renamed);
    assert_eq!(steps(&between, &new, author)[0].1, Step::Renamed);
    assert_eq!(steps(&between, &new, &chief), []);
    assert_eq!(steps(&new, &new, &editor), []);
}

fn about(action: &str, kind: &str, condition: &str) -> String {
    format!(
        "@id(\"p\") permit (principal, action in Shop::Action::\"{action}\", resource is Shop::{kind}) {condition};\n"
    )
}

#[test]
fn a_resource() {
    let old = service(RELATED);
    let new = RELATED
        .replace("  item:\n", "  product:\n    renamed_from: item\n")
        .replace("to: item", "to: product");
    let new = service(
        &(new
            + "  item:\n    fields:\n      title: {type: string, max: 80}\n    relations: {buyers: {many_to_many: user}}\n    actions: {archive: {}}\n"),
    );
    let neighbour = about("part", "Part", "when { resource.title == \"x\" }");
    for (policy, also) in [
        (about("reads", "Item", ""), ""),
        (about("item", "Item", ""), ""),
        (
            about("part", "Part", "when { resource.item == Shop::Item::\"x\" }"),
            "",
        ),
        (
            "@id(\"p\") permit (principal, action in [Shop::Action::\"item:archive\"], resource);\n"
                .to_owned(),
            "action",
        ),
        (
            "@id(\"p\") permit (principal in Shop::ItemBuyers::\"x\", action == Shop::Action::\"part:read\", resource);\n"
                .to_owned(),
            "relation",
        ),
    ] {
        let named = match also {
            "action" => "the action `item:archive`, now `product:archive`",
            "relation" => "the relation `buyers` of `item`",
            _ => "the resource `item`, now `product`",
        };
        assert_taken(&old, &new, &policy, named, &neighbour);
    }
}

const OWNED: &str = "  item:
    fields:
      title: {type: string, max: 80, guarded: true}
      assignee: {type: ref, to: user}
      owner: {type: ref, to: user}
    actions: {store: {}, archive: {}}
    relations: {readers: {many_to_many: user}, buyers: {many_to_many: user}}
  part:
    fields:
      owner: {type: ref, to: user}
      item: {type: ref, to: item}
";

#[test]
fn a_field_a_relation_and_an_action() {
    let old = service(OWNED);
    let moved = |from: &str, to: &str| {
        assert!(OWNED.contains(from), "{from}");
        service(&OWNED.replacen(from, to, 1))
    };
    let new = moved(
        "assignee: {type: ref, to: user}\n      owner: {",
        "owner: {renamed_from: assignee, type: ref, to: user}\n      creator: {renamed_from: owner, ",
    );
    let neighbour = about("part", "Part", "when { resource.owner == principal }");
    let named = "the field `owner` of `item`, now `creator`";
    for condition in [
        "resource.owner == principal",
        "resource[\"owner\"] == principal",
        "(if resource.title == \"x\" then resource else resource).owner == principal",
        "resource has owner",
    ] {
        let condition = format!("when {{ {condition} }}");
        let policy = about("item", "Item", &condition);
        assert_taken(&old, &new, &policy, named, &neighbour);
    }
    let behind = about("part", "Part", "when { resource.item.owner == principal }");
    assert_taken(&old, &new, &behind, named, &neighbour);
    // A new field takes the name.
    let new = moved(
        "owner: {type: ref, to: user}\n",
        "creator: {renamed_from: owner, type: ref, to: user}\n      owner: {type: ref, to: user, optional: true}\n",
    );
    let policy = about("item", "Item", "when { resource.owner == principal }");
    assert_taken(&old, &new, &policy, named, &neighbour);
    let new = moved(
        "readers: {many_to_many: user}, buyers: {",
        "buyers: {renamed_from: readers, many_to_many: user}, payers: {renamed_from: buyers, ",
    );
    let policy = about("item", "Item", "when { principal in resource.buyers }");
    let named = "the relation `buyers` of `item`, now `payers`";
    assert_taken(&old, &new, &policy, named, &neighbour);
    let new = moved(
        "store: {}, archive: {}",
        "archive: {renamed_from: store}, shelve: {renamed_from: archive}",
    );
    let policy = about("item:archive", "Item", "");
    let named = "the action `item:archive`, now `item:shelve`";
    assert_taken(&old, &new, &policy, named, &about("item", "Item", ""));
}

#[test]
fn a_value() {
    let old = service(STATES);
    let new = STATES.replacen(
        "values: [draft, open]",
        "values: [{value: open, renamed_from: draft}, {value: done, renamed_from: open}]",
        1,
    );
    let new = service(&new);
    let neighbour = about("item", "Item", "when { resource.title == \"open\" }");
    for (word, now) in [("open", "done"), ("draft", "open")] {
        let named = format!("the value `{word}` of `state` of `item`, now `{now}`");
        for condition in [
            format!("resource.state == \"{word}\""),
            format!("[\"{word}\"].contains(resource.state)"),
            format!("resource.state like \"{word}\""),
        ] {
            let policy = about("item", "Item", &format!("when {{ {condition} }}"));
            assert_taken(&old, &new, &policy, &named, &neighbour);
        }
    }
}

#[test]
fn a_value_that_is_not_plainly_compared_is_for_a_person() {
    let old = service(STATES);
    let new = STATES.replacen(
        "[draft, open]",
        "[{value: planned, renamed_from: draft}, open]",
        1,
    );
    let new = service(&new);
    for condition in [
        "resource.state like \"draft\"",
        "resource.state like \"dr*\"",
        "(if resource.title == \"x\" then resource.state else \"draft\") == \"open\"",
        "(if resource.title == \"x\" then resource.state else resource.title) == \"draft\"",
        "(if resource.title == \"x\" then resource else resource).state == \"draft\"",
        "resource.state == (if resource.title == \"x\" then \"draft\" else \"open\")",
    ] {
        let policy = about("item", "Item", &format!("when {{ {condition} }}"));
        assert!(stands(&old, &policy), "{policy}");
        let found = steps(&old, &new, &policy);
        assert_eq!(found.len(), 1, "{condition}");
        assert_eq!(found[0].1, Step::ByHand, "{condition}");
        // What a person writes in its place is in order.
        let mended = policy.replace("draft", "planned").replace("dr*", "p*");
        assert_eq!(steps(&old, &new, &mended), [], "{mended}");
    }
    for condition in [
        "resource.title like \"draft\" && resource.state == \"open\"",
        "resource.state like \"*a*\" || resource.tags.contains(\"draft\")",
        "resource.state == \"open\" && [\"draft\", \"x\"].contains(resource.title)",
    ] {
        let policy = about("item", "Item", &format!("when {{ {condition} }}"));
        assert_eq!(steps(&old, &new, &policy), [], "{condition}");
    }
}
