//! Files that stand in the project as they would be made, and so need not be made.
//!
//! A file of generated Rust is a template that was filled in with a view and laid out. The same view makes the same bytes,
//! as long as template and layout are the same, which both are parts of the tool. So whoever knows from which view a file was made
//! by this very build of the tool, and that the file is as it was made, knows what comes of the same view.
//!
//! INVARIANT: what decides over the bytes of a file is its template's path and its view, and nothing else.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use minijinja::value::{Serde, Value};
use serde::Serialize;

use crate::manifest::Hash;
use crate::openapi::Document;

/// What stands of the files that a run would make. By default nothing does, and all of them are made.
#[derive(Debug, Default)]
pub struct Standing {
    /// Files that are as this build of the tool made them, each with what it was made from.
    pub made_from: HashMap<String, Hash>,
    /// Files that are their user's and are there: whatever a template says now, nobody writes them.
    pub yours: HashSet<String>,
    /// The document of the API, whose parts this build of the tool has made.
    pub document: Document,
}

impl Standing {
    /// Whether nothing would come of making this file of that.
    pub(super) fn has(&self, path: &str, made_from: Option<&Hash>) -> bool {
        let is_same = made_from.is_some() && self.made_from.get(path) == made_from;
        is_same || self.yours.contains(path)
    }
}

/// What templates are filled in with, taken apart for all of them at once.
pub(super) struct View<T> {
    fields: T,
    hash: Option<Hash>,
    value: OnceCell<Value>,
}

impl<T: Serialize> View<T> {
    pub(super) fn new(fields: T) -> Self {
        // A view that cannot be told from another one is never the same.
        let said = serde_json::to_vec(&fields).ok();
        Self {
            hash: said.map(|said| Hash::of(&said)),
            fields,
            value: OnceCell::new(),
        }
    }

    /// What a file is made from that this template makes of the view.
    pub(super) fn within(&self, template: &str) -> Option<Hash> {
        let view = self.hash.as_ref()?;
        Some(Hash::of(format!("{template} {view}").as_bytes()))
    }

    /// The view as the template engine has it.
    pub(super) fn value(&self) -> &Value {
        self.value.get_or_init(|| Value::from(Serde(&self.fields)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::code::Rust;

    fn of(text: &str, template: &str) -> Option<Hash> {
        View::new([Rust::text(text), Rust::name("b")]).within(template)
    }

    #[test]
    fn a_file_is_made_from_a_view_by_a_template() {
        assert!(of("a", "one.rs").is_some());
        assert_eq!(of("a", "one.rs"), of("a", "one.rs"));
        assert_ne!(of("a", "one.rs"), of("a ", "one.rs"));
        assert_ne!(of("a", "one.rs"), of("a", "two.rs"));
    }

    #[test]
    fn what_cannot_be_told_is_never_the_same() {
        // A map whose keys are no text has no JSON.
        let untold = || View::new(HashMap::from([((1, 2), 3)])).within("one.rs");
        assert_eq!(untold(), None);
        let mut standing = Standing::default();
        assert!(!standing.has("one.rs", untold().as_ref()));
        standing
            .made_from
            .extend(of("a", "one.rs").map(|from| ("one.rs".into(), from)));
        assert!(!standing.has("one.rs", untold().as_ref()));
        assert!(standing.has("one.rs", of("a", "one.rs").as_ref()));
        assert!(!standing.has("two.rs", of("a", "one.rs").as_ref()));
    }
}
