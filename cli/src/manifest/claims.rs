//! What the text of a manifest says, which after a merge of two branches may be two things of one file.

use std::collections::BTreeMap;

use super::{BadManifest, Entry, FIRST_LINE, Manifest, parse_line};
use crate::merge::Marker;
use crate::write::ProjectPath;

/// The lines of a manifest, or of both sides of a merge: with git's markers between them, or one after the other.
#[derive(Debug)]
pub struct Claims {
    entries: BTreeMap<ProjectPath, Vec<Entry>>,
    is_merge: bool,
}

impl Claims {
    /// Reads the manifest's text.
    ///
    /// # Errors
    /// With the number of the first line that is none of a manifest's.
    pub fn parse(text: &str) -> Result<Self, BadManifest> {
        let mut claims = Self {
            entries: BTreeMap::new(),
            is_merge: false,
        };
        // The last marker, and whether the first line was there.
        let (mut marker, mut begun) = (None, false);
        for (index, line) in text.lines().enumerate() {
            let bad = BadManifest { line: index + 1 };
            if let Some(next) = Marker::of(line) {
                marker = follow(marker, next).ok_or(bad)?;
                claims.is_merge = true;
            } else if line == FIRST_LINE {
                begun = true;
            } else if marker != Some(Marker::Base) {
                let (path, entry) = parse_line(line).filter(|_| begun).ok_or(bad)?;
                claims.add(path, entry);
            }
        }
        match marker {
            None => Ok(claims),
            Some(_) => Err(BadManifest {
                line: text.lines().count(),
            }),
        }
    }

    fn add(&mut self, path: ProjectPath, entry: Entry) {
        let known = self.entries.entry(path).or_default();
        self.is_merge |= !known.is_empty();
        if !known.contains(&entry) {
            known.push(entry);
        }
    }

    /// Whether the text is that of a merge: what a run would write is another one.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        self.is_merge
    }

    /// The manifest, where `decide` says which of several entries holds for a file.
    ///
    /// # Errors
    /// Where `decide` has one.
    pub fn settle<E>(
        self,
        mut decide: impl FnMut(&ProjectPath, &[Entry]) -> Result<Entry, E>,
    ) -> Result<Manifest, E> {
        let mut manifest = Manifest::default();
        for (path, entries) in self.entries {
            let entry = match entries.as_slice() {
                [only] => only.clone(),
                several => decide(&path, several)?,
            };
            manifest.insert(path, entry);
        }
        Ok(manifest)
    }
}

/// The part of a conflict that a marker begins; `None` in the middle for a marker that may not come now.
fn follow(last: Option<Marker>, next: Marker) -> Option<Option<Marker>> {
    match (last, next) {
        (None, Marker::Ours)
        | (Some(Marker::Ours), Marker::Base | Marker::Theirs)
        | (Some(Marker::Base), Marker::Theirs) => Some(Some(next)),
        (Some(Marker::Theirs), Marker::End) => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Hash;

    fn line(path: &str, text: &str) -> String {
        format!("{path} tool t {} 0.1.0\n", Hash::of(text.as_bytes()))
    }

    fn settled(lines: &str) -> Result<(bool, Vec<String>, String), BadManifest> {
        let claims = Claims::parse(&format!("{FIRST_LINE}\n{lines}"))?;
        let (is_merge, mut disputed) = (claims.is_merge(), Vec::new());
        let manifest = claims.settle(|path, entries| {
            disputed.push(path.to_string());
            Ok::<_, BadManifest>(entries[entries.len() - 1].clone())
        })?;
        let text = manifest.to_string();
        let body = text.strip_prefix(FIRST_LINE).unwrap().trim_start();
        Ok((is_merge, disputed, body.to_owned()))
    }

    #[test]
    fn both_sides_of_a_merge_are_read() {
        let (a, one, two) = (line("a", "a"), line("b", "1"), line("b", "2"));
        let old = line("gone", "old");
        let disputed = vec!["b".to_owned()];
        for text in [
            format!("{a}{one}{two}"),
            format!("{a}<<<<<<< HEAD\n{one}=======\n{two}>>>>>>> other\n"),
            format!("<<<<<<< HEAD\n{one}||||||| 12\n{old}=======\n{two}>>>>>>> other\n{a}"),
        ] {
            let expected = (true, disputed.clone(), format!("{a}{two}"));
            assert_eq!(settled(&text), Ok(expected), "{text}");
        }
        let same = (true, Vec::new(), format!("{a}{one}"));
        assert_eq!(settled(&format!("{one}{a}{one}")), Ok(same));
        let plain = (false, Vec::new(), a.clone());
        assert_eq!(settled(&a), Ok(plain));
    }

    #[test]
    fn markers_out_of_order_are_damage() {
        for text in [
            "=======\n",
            "<<<<<<< a\n>>>>>>> b\n",
            "<<<<<<< a\n=======\n",
            "||||||| a\n",
        ] {
            assert!(settled(text).is_err(), "{text}");
        }
        assert!(Claims::parse(&line("a", "a")).is_err(), "no first line");
    }
}
