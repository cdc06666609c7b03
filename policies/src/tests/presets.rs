//! What the presets open.

use super::*;
use crate::ReferenceNames;

const ALL: [Preset; 4] = [
    Preset::UserManagement,
    Preset::OwnerOnly,
    Preset::Team,
    Preset::PublicRead,
];

/// The resource that others are shared in.
const TEAM: &str = "club";

/// What a resource has for the presets to name.
pub(super) fn attributes(names: &PolicyNames, resource: &ResourceNames) -> Vec<AttributeModel> {
    let identity = names.identity_resource().map(|identity| &identity.kind);
    let reference = |reference: &ReferenceNames, kind: &str| AttributeModel {
        name: reference.field.clone(),
        kind: AttributeKind::Entity(kind.to_owned()),
        optional: reference.optional,
    };
    let owner = resource.owner.iter().zip(identity);
    let owner = owner.map(|(owner, kind)| reference(owner, kind));
    let team = resource
        .team
        .iter()
        .map(|(team, _)| reference(team, "Club"));
    let members = resource.members.iter().map(|members| AttributeModel {
        name: members.clone(),
        // `ClubMembers`, as the compiler calls it.
        kind: AttributeKind::Members(format!(
            "Club{}{}",
            members[..1].to_uppercase(),
            &members[1..]
        )),
        optional: false,
    });
    owner.chain(team).chain(members).collect()
}

fn reference(field: &str, optional: bool) -> ReferenceNames {
    ReferenceNames {
        field: field.to_owned(),
        optional,
    }
}

fn resource(name: &str, kind: &str) -> ResourceNames {
    ResourceNames {
        name: name.to_owned(),
        kind: kind.to_owned(),
        actions: words("list read create update delete"),
        guarded_reads: Vec::new(),
        guarded_writes: Vec::new(),
        restores: false,
        owner: None,
        members: None,
        team: None,
    }
}

/// A service with everything that presets look for; `field` names owner and team alike.
fn service((field, members): (&str, &str), optional: bool) -> PolicyNames {
    let mut club = resource(TEAM, "Club");
    club.actions.extend(words(&format!(
        "{members}:read {members}:add {members}:remove"
    )));
    club.members = Some(members.to_owned());
    club.owner = Some(reference("founder", optional));
    let mut owned = resource("todo", "Todo");
    owned.owner = Some(reference(field, optional));
    let mut shared = resource("note", "Note");
    shared.owner = Some(reference("author", optional));
    shared.team = Some((reference(field, optional), members.to_owned()));
    let others = [club, owned, shared, resource("word", "Word")];
    let mut names = names(&DEFAULT);
    names.resources.truncate(1);
    names.resources.extend(others);
    names
}

#[test]
fn policies_of_every_preset_are_in_order_whatever_the_fields_are_called() {
    for fields in [("owner", "members"), ("in", "has"), ("like", "is")] {
        for optional in [false, true] {
            let names = service(fields, optional);
            for kind in ALL {
                load(&names, &DEFAULT.roles, &preset(kind, &names));
            }
        }
    }
}

#[test]
fn each_preset_opens_what_it_says() {
    let names = service(("in", "has"), false);
    for (kind, action, ids) in [
        (Preset::UserManagement, "todo:read", &[][..]),
        (Preset::OwnerOnly, "todo:read", &["todo-own"]),
        (Preset::OwnerOnly, "word:read", &[]),
        (Preset::OwnerOnly, "club:has:add", &[]),
        (Preset::Team, "todo:delete", &["todo-own"]),
        (Preset::Team, "note:update", &["note-team"]),
        (Preset::Team, "word:read", &[]),
        (Preset::Team, "club:update", &["club-own"]),
        (
            Preset::Team,
            "club:read",
            &["club-members-read", "club-own"],
        ),
        (
            Preset::Team,
            "club:has:read",
            &["club-members-see-each-other", "club-own-members"],
        ),
        (Preset::Team, "club:has:add", &["club-own-members"]),
        (Preset::PublicRead, "word:list", &["word-public"]),
        (Preset::PublicRead, "word:update", &[]),
        (
            Preset::PublicRead,
            "todo:read",
            &["todo-own", "todo-public"],
        ),
        (Preset::PublicRead, "user:read", &["user-read-self"]),
    ] {
        let engine = load(&names, &DEFAULT.roles, &preset(kind, &names));
        let mut found = engine.policies_for(action);
        found.retain(|id| !matches!(*id, "administrators" | "scope"));
        assert_eq!(found, ids, "{kind:?} {action}");
    }
}

#[test]
fn an_action_of_ones_own_is_not_opened_for_being_called_restore() {
    let mut names = service(("owner", "members"), false);
    for resource in &mut names.resources[1..] {
        resource.actions.push("restore".to_owned());
    }
    for restores in [false, true] {
        names.resources[2].restores = restores;
        let engine = load(&names, &DEFAULT.roles, &preset(Preset::OwnerOnly, &names));
        let opened = engine
            .policies_for("todo:restore")
            .contains(&"todo-own-restore");
        assert_eq!(opened, restores);
    }
}

#[test]
fn without_accounts_nothing_has_an_owner() {
    let mut names = service(("owner", "members"), false);
    names.identity = None;
    names.admin_role = None;
    for (kind, open) in [
        (Preset::OwnerOnly, 0),
        (Preset::Team, 0),
        (Preset::PublicRead, 4),
    ] {
        let files = preset(kind, &names);
        let permits = files.iter().flat_map(|file| file.text.lines());
        let permits = permits.filter(|line| *line == "permit (").count();
        // The former identity is a resource as any other, and has none.
        assert_eq!(permits, open + usize::from(open > 0), "{kind:?}");
    }
}
