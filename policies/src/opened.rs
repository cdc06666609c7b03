//! The policies of a resource that a preset opens.

use crate::Preset;
use crate::closed;
use crate::names::{PolicyNames, ResourceNames};
use crate::rename::anchored;

static OWN: &str = include_str!("../owner-only/note.cedar");
static GROUP: &str = include_str!("../team/group.cedar");
static LEADER: &str = include_str!("../team/leader.cedar");
static SHARED: &str = include_str!("../team/shared.cedar");
static PUBLIC: &str = include_str!("../public-read/note.cedar");

/// The policies that the preset has for a resource; comments alone where it has none, since nobody is named by its fields.
pub(crate) fn policies(preset: Preset, names: &PolicyNames, resource: &ResourceNames) -> String {
    let anchors = names.anchors_for(resource);
    let paragraphs: Vec<String> = texts(preset, names, resource)
        .into_iter()
        .flat_map(|text| text.trim_end().split("\n\n"))
        .filter(|paragraph| !paragraph.contains("note:restore") || resource.restores)
        .map(|paragraph| anchored(paragraph, &anchors))
        .collect();
    if paragraphs.is_empty() {
        return closed::policies(names, resource);
    }
    let head = anchored("// Who may do what with a note.\n//\n", &anchors);
    let actions = closed::actions(resource);
    format!("{head}{actions}\n\n{}\n", paragraphs.join("\n\n"))
}

/// The texts whose policies fit the resource.
fn texts(preset: Preset, names: &PolicyNames, resource: &ResourceNames) -> Vec<&'static str> {
    let signs_in = names.identity_resource().is_some();
    let own = resource.owner.iter().filter(|_| signs_in).map(|_| OWN);
    let reads = resource.has("list") || resource.has("read");
    match preset {
        Preset::UserManagement => Vec::new(),
        Preset::OwnerOnly => own.collect(),
        Preset::PublicRead => own.chain(reads.then_some(PUBLIC)).collect(),
        Preset::Team if !signs_in => Vec::new(),
        // What belongs to a team is the team's, whoever of it made it.
        Preset::Team if resource.team.is_some() => vec![SHARED],
        Preset::Team => {
            let members = resource.members.as_ref();
            let group = members.filter(|_| reads).map(|_| GROUP);
            let leader = members.and(resource.owner.as_ref()).map(|_| LEADER);
            own.chain(group).chain(leader).collect()
        }
    }
}
