//! What somebody does to files by hand, and how conflicts are resolved.

use proptest::prelude::*;
use secapi::merge::has_markers;
use secapi::write::ProjectPath;
use std::collections::{BTreeMap, BTreeSet};

pub(super) type Files = BTreeMap<ProjectPath, String>;

/// What every line by hand has.
pub(super) const BY_HAND: &str = "// by hand ";

/// What somebody does to a file. Numbers choose among what there is.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Insert(u16, u16),
    Append(u16),
    Rewrite(u16, u16),
    Remove(u16, u16),
    Indent(u16),
    Delete(u16),
    /// The line ends of another system.
    Ends(u16),
}

pub(super) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => any::<(u16, u16)>().prop_map(|(file, line)| Edit::Insert(file, line)),
        1 => any::<u16>().prop_map(Edit::Append),
        3 => any::<(u16, u16)>().prop_map(|(file, line)| Edit::Rewrite(file, line)),
        2 => any::<(u16, u16)>().prop_map(|(file, line)| Edit::Remove(file, line)),
        1 => any::<u16>().prop_map(Edit::Indent),
        1 => any::<u16>().prop_map(Edit::Delete),
        1 => any::<u16>().prop_map(Edit::Ends),
    ]
}

impl Edit {
    /// Does it to one of the files that may be edited; which one.
    pub(super) fn apply(
        &self,
        files: &mut Files,
        written: &mut usize,
        is_editable: impl Fn(&ProjectPath) -> bool,
    ) -> ProjectPath {
        let (Edit::Insert(file, _)
        | Edit::Append(file)
        | Edit::Rewrite(file, _)
        | Edit::Remove(file, _)
        | Edit::Indent(file)
        | Edit::Delete(file)
        | Edit::Ends(file)) = self;
        let editable: Vec<&ProjectPath> = files.keys().filter(|path| is_editable(path)).collect();
        let path = editable[usize::from(*file) % editable.len()].clone();
        let text = &files[&path];
        // Nobody takes a line out of a policy and leaves the rest.
        let is_cedar = path.extension() == Some("cedar");
        let mut end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let place = |line: u16| usize::from(line) % lines.len().max(1);
        let mine = format!("{BY_HAND}{written}");
        *written += 1;
        match *self {
            Edit::Insert(_, line) => lines.insert(place(line), mine),
            Edit::Append(_) => lines.push(mine),
            Edit::Rewrite(_, line) => {
                let place = place(line);
                if let Some(line) = lines.get_mut(place) {
                    line.push_str(&format!(" {mine}"));
                }
            }
            Edit::Remove(_, line) => {
                let place = place(line);
                if place < lines.len() && !is_cedar {
                    lines.remove(place);
                }
            }
            Edit::Indent(_) => lines.iter_mut().for_each(|line| line.insert(0, ' ')),
            Edit::Delete(_) if !is_cedar => {
                files.remove(&path);
                return path;
            }
            Edit::Delete(_) => {}
            Edit::Ends(_) => end = if end == "\n" { "\r\n" } else { "\n" },
        }
        let text = lines.iter().map(|line| format!("{line}{end}")).collect();
        files.insert(path.clone(), text);
        path
    }
}

/// Resolves the conflicts of a text: by the one side, by the other, or by both.
pub(super) fn resolve(text: &mut String, resolution: u8) {
    if !has_markers(text) {
        return;
    }
    let mut side = ' ';
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        match line.get(..7) {
            Some("<<<<<<<") => side = '<',
            Some("|||||||") => side = '|',
            Some("=======") => side = '=',
            Some(">>>>>>>") => side = ' ',
            _ if side == ' '
                || (side == '<' && resolution != 1)
                || (side == '=' && resolution != 0) =>
            {
                out.push_str(line);
            }
            _ => {}
        }
    }
    *text = out;
}

/// The lines of a file that somebody wrote.
pub(super) fn by_hand(text: &str) -> BTreeSet<&str> {
    text.lines().filter(|line| line.contains(BY_HAND)).collect()
}
