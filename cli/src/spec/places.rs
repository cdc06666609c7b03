//! Where a key stands, for what is found out long after the file was read.

use super::node::{Node, Value};
use super::{SpecFile, tree};
use crate::diagnostic::{Diagnostics, Span};

/// The keys of a spec with their places.
#[derive(Debug)]
pub struct Places(Option<Node>);

impl Places {
    /// Of a spec that was read before: what is wrong with it was told then.
    #[must_use]
    pub fn of(files: &[SpecFile<'_>]) -> Self {
        Self(tree(files, &mut Diagnostics::new()))
    }

    /// Where the last of these keys stands, such as `resources`, `user`, `fields`, `age`; for one that is not there any more
    /// the nearest above it.
    #[must_use]
    pub fn key(&self, path: &[&str]) -> Option<Span> {
        let mut node = self.0.as_ref()?;
        let mut found = None;
        for name in path {
            let Value::Map(entries) = &node.value else {
                break;
            };
            let Some(entry) = entries.iter().find(|entry| entry.key == *name) else {
                break;
            };
            found = Some(entry.key_span);
            node = &entry.value;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceId;

    #[test]
    fn the_nearest_key_that_is_there_is_found() {
        let text = "resources:\n  user:\n    fields:\n      age: {type: integer}\n";
        let places = Places::of(&[SpecFile {
            text,
            source: SourceId::default(),
        }]);
        let found = |path: &[&str]| {
            places
                .key(path)
                .and_then(|span| text.get(span.start..span.end))
        };
        assert_eq!(found(&["resources", "user", "fields", "age"]), Some("age"));
        assert_eq!(
            found(&["resources", "user", "fields", "years"]),
            Some("fields")
        );
        assert_eq!(found(&["resources", "note", "fields"]), Some("resources"));
        assert_eq!(found(&["service"]), None);
    }
}
