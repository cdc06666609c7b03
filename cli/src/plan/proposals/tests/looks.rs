//! Policies that fit before and after, and look at what is not there any more.

use super::*;

const SHOP: &str = "  organization:
    fields:
      owner: {type: ref, to: user, optional: true}
      nick: {type: string, optional: true}
  label: {fields: {name: {type: string}}}
  project:
    fields:
      title: {type: string}
      due: {type: date, optional: true}
      owner: {type: ref, to: user, optional: true}
      organization: {type: ref, to: organization, optional: true}
    relations: {members: {many_to_many: user}}
  task:
    fields:
      due: {type: date, optional: true}
      nick: {type: string, optional: true}
";

fn shop(changes: &[(&str, &str)]) -> Service {
    let mut text = service_text(SHOP).replace(
        "      role: {",
        "      nick: {type: string, optional: true}\n      role: {",
    );
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    compiled(&text)
}

fn of(effect: &str, scope: &str, condition: &str) -> String {
    format!("@id(\"p\") {effect} (principal, {scope}) when {{ {condition} }};\n")
}

const READ: &str = "action == Shop::Action::\"project:read\", resource";
const OLD_DUE: &str = "      due: {type: date, optional: true}\n      owner";

/// What is proposed for one policy that fits both; `None` where it is in order.
fn one(new: &Service, policy: &str) -> Option<(String, Step, Option<String>)> {
    let old = shop(&[]);
    for service in [&old, new] {
        assert!(stands(service, policy), "{policy}");
    }
    assert!(may_mean_others(&old, new));
    let source = PolicySource {
        file: "policies/project.cedar".into(),
        text: policy.into(),
    };
    let mut found = proposals(&old, new, &[source]);
    let mut proposal = found.pop()?;
    let dropped = proposal.policies.remove(0);
    Some((dropped.names.join("; "), dropped.step, proposal.patch))
}

#[test]
fn a_field_that_is_gone_behind_has_stops_the_run() {
    let asks = "resource has due && resource.due < datetime(\"2020-01-01\")";
    let dropped = shop(&[(OLD_DUE, "      owner")]);
    let hidden = shop(&[(
        OLD_DUE,
        &OLD_DUE.replace("date,", "date, write_only: true,"),
    )]);
    let other = shop(&[(OLD_DUE, &OLD_DUE.replace("date", "json"))]);
    let unseen = "the field `due` of `project`, which policies do not see any more";
    for (new, named) in [
        (&dropped, "the field `due` of `project`"),
        (&hidden, unseen),
        (&other, unseen),
    ] {
        for (effect, step) in [("forbid", Step::Opened), ("permit", Step::Closed)] {
            let (names, found, patch) = one(new, &of(effect, READ, asks)).unwrap();
            assert_eq!((names.as_str(), found), (named, step));
            let patch = patch.unwrap();
            assert!(patch.contains("\n+// @id(\"p\")"), "{patch}");
        }
        // It holds for other reasons too, and still it says less than it did.
        let partly = of(
            "forbid",
            READ,
            &format!("resource.title == \"x\" || {asks}"),
        );
        assert_eq!(one(new, &partly).unwrap().0, named);
    }
    let task = "action == Shop::Action::\"task:read\", resource is Shop::Task";
    assert_eq!(one(&dropped, &of("forbid", task, asks)), None);
    let titled = of("forbid", READ, "resource.title == \"due\"");
    assert_eq!(one(&dropped, &titled), None);
}

#[test]
fn a_field_that_is_renamed_is_renamed_behind_has_too() {
    let due = shop(&[(
        OLD_DUE,
        &OLD_DUE.replace("due: {", "until: {renamed_from: due, "),
    )]);
    let asks = "resource has due && resource.due < datetime(\"2020-01-01\")";
    let (names, step, patch) = one(&due, &of("forbid", READ, asks)).unwrap();
    let named = "the field `due` of `project`, now `until`";
    assert_eq!((names.as_str(), step), (named, Step::Renamed));
    let mended = "resource has until && resource.until < datetime";
    assert!(patch.unwrap().contains(mended));
    let nick = "      nick: {type: string, optional: true}\n      role";
    let nick = shop(&[(
        nick,
        &nick.replace("nick: {", "alias: {renamed_from: nick, "),
    )]);
    let (names, step, patch) = one(&nick, &of("permit", READ, "principal has nick")).unwrap();
    let named = "the field `nick` of `user`, now `alias`";
    assert_eq!((names.as_str(), step), (named, Step::Renamed));
    assert!(patch.unwrap().contains("principal has alias"));
    let owner = "organization:\n    fields:\n      owner: {";
    let owner = shop(&[(
        owner,
        &format!("{owner}renamed_from: owner, ").replace("owner: {", "chief: {"),
    )]);
    let behind = "resource has organization && resource.organization has owner";
    let (names, step, patch) = one(&owner, &of("permit", READ, behind)).unwrap();
    let named = "the field `owner` of `organization`, now `chief`";
    assert_eq!((names.as_str(), step), (named, Step::Renamed));
    assert!(patch.unwrap().contains("resource.organization has chief"));
    assert_eq!(one(&owner, &of("permit", READ, "resource has owner")), None);
}

#[test]
fn what_names_something_else_now_is_not_compared_in_silence() {
    let members = shop(&[("many_to_many: user", "many_to_many: label, max_items: 9")]);
    let policy = of("permit", READ, "principal in resource.members");
    let old = shop(&[]);
    let source = PolicySource {
        file: "policies/project.cedar".into(),
        text: policy.clone(),
    };
    let found = proposals(&old, &members, &[source]).remove(0);
    assert_eq!(
        found.policies[0].names,
        ["the relation `members` of `project`, which names something else now"]
    );
    let to = "owner: {type: ref, to: user, optional: true}\n      organization";
    let owner = shop(&[(to, &to.replace("to: user", "to: label"))]);
    for condition in [
        "resource has owner && resource.owner == principal",
        "resource has owner && resource.owner != principal",
        "resource has owner && principal in resource.owner",
        "resource has owner && resource.owner is Shop::User",
        "resource.title == \"x\" || resource has owner && Shop::User::\"x\" == resource.owner",
    ] {
        let found = one(&owner, &of("permit", READ, condition));
        let (names, step, _) = found.unwrap_or_else(|| panic!("{condition}"));
        let named = "the field `owner` of `project`, which names something else now";
        assert_eq!((names.as_str(), step), (named, Step::Closed), "{condition}");
    }
    // What was written for the new kind is in order, and so is what compares nothing.
    for condition in [
        "resource has owner && resource.owner == Shop::Label::\"x\"",
        "resource has owner",
        "resource has organization && resource.organization has owner && resource.organization.owner == principal",
    ] {
        assert_eq!(
            one(&owner, &of("permit", READ, condition)),
            None,
            "{condition}"
        );
    }
}

#[test]
fn a_policy_about_rows_of_several_kinds_says_which_it_means() {
    let reads = "action in Shop::Action::\"reads\", resource";
    let asks = "resource has due && resource.due < datetime(\"2020-01-01\")";
    let dropped = shop(&[(OLD_DUE, "      owner")]);
    let renamed = shop(&[(
        OLD_DUE,
        &OLD_DUE.replace("due: {", "until: {renamed_from: due, "),
    )]);
    let all = of("forbid", reads, asks);
    assert_eq!(one(&dropped, &all).unwrap().1, Step::Opened);
    // With the new name it would be about tasks no more.
    let (_, step, patch) = one(&renamed, &all).unwrap();
    assert_eq!((step, patch), (Step::ByHand, None));
    for condition in [
        format!("!(resource is Shop::Project) && {asks}"),
        format!("resource is Shop::Task && {asks}"),
        format!("if resource is Shop::Project then false else {asks}"),
        format!("!(resource is Shop::Project || !({asks}))"),
    ] {
        for new in [&dropped, &renamed] {
            let policy = of("forbid", reads, &condition);
            assert_eq!(one(new, &policy), None, "{condition}");
        }
    }
    let unless =
        of("forbid", reads, asks).replace(" when", " unless { resource is Shop::Project } when");
    assert_eq!(one(&dropped, &unless), None);
}

#[test]
fn a_condition_that_no_request_meets_any_more_stops_the_run() {
    let guarded = (
        "title: {type: string}",
        "title: {type: string, guarded: true}",
    );
    let also = (
        "      nick: {type: string, optional: true}\n  ",
        "      nick: {type: string, optional: true, guarded: true}\n  ",
    );
    let (old, new) = (shop(&[guarded, also]), shop(&[also]));
    assert!(may_mean_others(&old, &new));
    let found = |policy: &str| {
        let source = PolicySource {
            file: "policies/project.cedar".into(),
            text: policy.into(),
        };
        assert!(stands(&old, policy) && stands(&new, policy));
        let found = proposals(&old, &new, &[source]).pop();
        found.map(|mut it| it.policies.remove(0).step)
    };
    let group = "action in Shop::Action::\"guarded_reads\", resource";
    let asks = of("forbid", group, "resource is Shop::Project");
    assert_eq!(found(&asks), Some(Step::Opened));
    // A scope with nothing left to be about takes nothing away, and what never held did not either.
    let scope = of(
        "forbid",
        &format!("{group} is Shop::Project"),
        "resource.title == \"x\"",
    );
    assert_eq!(found(&scope), None);
    let never = of("forbid", group, "resource is Shop::Label");
    assert_eq!(found(&never), None);
}

#[test]
fn another_namespace_is_another_prefix_and_nothing_else() {
    let old = shop(&[]);
    let new = compiled(
        &service_text(SHOP)
            .replace("name: shop", "name: shop, namespace: Store")
            .replace(
                "      role: {",
                "      nick: {type: string, optional: true}\n      role: {",
            ),
    );
    let policy = "@id(\"p\") permit (principal in Shop::Role::\"user\", action in [Shop::Action::\"project:read\",Shop::Action::\"project:list\"], resource is Shop::Project) when { principal in resource.members || resource.title == \"Shop::x\" || resource has owner };\n";
    let source = PolicySource {
        file: "policies/project.cedar".into(),
        text: policy.into(),
    };
    let proposal = proposals(&old, &new, &[source]).remove(0);
    assert_eq!(proposal.policies[0].step, Step::Renamed);
    assert_eq!(
        proposal.policies[0].names,
        ["the namespace `Shop`, now `Store`"]
    );
    assert!(proposal.patch.is_some());
    // A text that reads like a name is taken for one; whoever reads the patch sees it.
    assert_eq!(proposal.text, policy.replace("Shop::", "Store::"));
}

const OWNER: &str = "owner: {type: ref, to: user, optional: true}\n      organization";

#[test]
fn what_is_read_behind_a_reference_is_not_another_rows_in_silence() {
    let owner = shop(&[(OWNER, &OWNER.replace("to: user", "to: organization"))]);
    let named = "the field `owner` of `project`, which names something else now";
    for condition in [
        "resource has owner && resource.owner has nick",
        "resource has owner && resource.owner has nick && resource.owner.nick == \"x\"",
        "resource has owner && resource.owner.id == \"x\"",
        "resource.title == \"x\" || (resource has owner && !(resource.owner.id == \"x\"))",
        "resource has owner && (if resource.title == \"x\" then resource.owner else resource.owner).id == \"x\"",
    ] {
        for (effect, step) in [("forbid", Step::Opened), ("permit", Step::Closed)] {
            let found = one(&owner, &of(effect, READ, condition));
            let (names, found, patch) = found.unwrap_or_else(|| panic!("{condition}"));
            assert_eq!((names.as_str(), found), (named, step), "{condition}");
            assert!(patch.unwrap().contains("\n+// @id(\"p\")"));
        }
    }
    // One reference further, and of a policy about rows of every kind.
    let further = "owner: {type: ref, to: user, optional: true}\n      nick";
    let further = shop(&[(further, &further.replace("to: user", "to: label"))]);
    let behind = "resource has organization && resource.organization has owner && resource.organization.owner has nick";
    let named_further = "the field `owner` of `organization`, which names something else now";
    for scope in [READ, "action, resource is Shop::Project"] {
        let (names, step, _) = one(&further, &of("permit", scope, behind)).unwrap();
        assert_eq!((names.as_str(), step), (named_further, Step::Closed));
    }
    // What says which rows it means is in order, and what looks at none behind it, or behind another.
    for condition in [
        "resource has owner && resource.owner is Shop::Organization && resource.owner has nick",
        "resource has owner",
        "resource has organization && resource.organization has nick",
    ] {
        let policy = of("permit", READ, condition);
        assert_eq!(one(&owner, &policy), None, "{condition}");
    }
    let kinds = |new: &Service, condition: &str| {
        let source = PolicySource {
            file: "policies/project.cedar".into(),
            text: of("permit", READ, condition),
        };
        proposals(&shop(&[]), new, &[source])
            .remove(0)
            .policies
            .remove(0)
            .kinds
    };
    let looks = "resource has owner && resource.owner has nick";
    assert_eq!(kinds(&owner, looks), ["Shop::Organization"]);
}

#[test]
fn a_policy_written_for_what_a_reference_names_now_is_in_order() {
    let owner = shop(&[(OWNER, &OWNER.replace("to: user", "to: task"))]);
    let policy = of(
        "permit",
        READ,
        "resource has owner && resource.owner.due < datetime(\"2020-01-01\")",
    );
    let policy = policy.replace(
        "resource.owner.due <",
        "resource.owner has due && resource.owner.due <",
    );
    let source = PolicySource {
        file: "policies/project.cedar".into(),
        text: policy,
    };
    // No `due` of a user was ever there to be looked at.
    assert_eq!(proposals(&shop(&[]), &owner, &[source]), []);
}

#[test]
fn what_is_read_of_the_caller_is_not_read_of_other_callers_in_silence() {
    let old = shop(&[]);
    let member = "  member:\n    fields:\n      email: {type: email, unique: true}\n      nick: {type: string, optional: true}\n      role: {type: enum, values: [user, admin], default: user, guarded: true}\n";
    let text = service_text(&format!("{SHOP}{member}")).replace(
        "      role: {",
        "      nick: {type: string, optional: true}\n      role: {",
    );
    let text = text.replace(
        "      nick: {type: string, optional: true}\n      nick",
        "      nick",
    );
    let new = compiled(&text.replace("identity: user", "identity: member"));
    assert!(may_mean_others(&old, &new));
    let found = |condition: &str| {
        let source = PolicySource {
            file: "policies/project.cedar".into(),
            text: of("permit", READ, condition),
        };
        let found = proposals(&old, &new, &[source]).pop();
        found.map(|mut it| it.policies.remove(0).names.join("; "))
    };
    let named = "who signs in, now `member`";
    assert_eq!(found("principal has nick").as_deref(), Some(named));
    assert_eq!(found("resource.title == \"x\""), None);
}
