//! The view of one relation: what `relations.rs` of a resource says of it.

use serde::Serialize;

use crate::model::{Known, Relation, Resource};
use crate::render::code::Rust;
use crate::render::sql;

#[derive(Debug, Serialize)]
pub(crate) struct RelationView {
    word: Rust,
    name: Rust,
    /// The list's own sentence, where the spec has one.
    note: Rust,
    type_name: Rust,
    /// The field of a row that holds the set.
    ident: Rust,
    /// The word in the names of functions.
    stem: Rust,
    /// Where the other resource's own module is, seen from this one's.
    place: Rust,
    /// The other resource in Rust, in Cedar and in words.
    to_kind: Rust,
    to_kind_text: Rust,
    to_word: Rust,
    to_words: Rust,
    plural_words: Rust,
    path: Rust,
    item_path: Rust,
    actions: Vec<Rust>,
    cedar: Vec<Rust>,
    others: Rust,
    is_declared: bool,
    is_set: bool,
    /// The Cedar type of what members are in.
    membership: Option<Rust>,
    insert: Rust,
    delete: Rust,
    known: Rust,
    /// Where the set stands in a row.
    position: Rust,
}

impl RelationView {
    pub(super) fn all(resource: &Resource) -> Vec<Self> {
        let soft_delete = usize::from(resource.soft_delete.is_some());
        let first = sql::FIXED.len() + resource.fields.len() + soft_delete;
        let mut sets = 0;
        let relations = resource.relations.iter();
        relations
            .map(|relation| {
                let position = first + sets;
                sets += usize::from(relation.is_set());
                Self::new(resource, relation, position)
            })
            .collect()
    }

    fn new(resource: &Resource, relation: &Relation, position: usize) -> Self {
        let actions = relation.actions.iter();
        let cedar = actions.map(|action| Rust::code(format!("{}:{action}", resource.name)));
        Self {
            word: Rust::name(&relation.name),
            name: Rust::text(&relation.name),
            note: Rust::code(note(relation)),
            type_name: Rust::name(&relation.type_name),
            ident: Rust::name(&relation.rust_ident),
            stem: Rust::name(&relation.name),
            place: Rust::code(format!("super::super::{}", relation.module)),
            to_kind: Rust::name(&relation.kind),
            to_kind_text: Rust::text(&relation.kind),
            to_word: Rust::name(&relation.to),
            to_words: Rust::doc(&relation.to_words),
            plural_words: Rust::doc(&relation.plural_words),
            path: Rust::code(relation.path(&resource.path)),
            item_path: Rust::code(relation.item_path(&resource.path)),
            cedar: cedar.collect(),
            actions: relation.actions.iter().map(|it| Rust::text(it)).collect(),
            others: Rust::raw(&sql::related_ids(relation)),
            is_declared: relation.is_declared(),
            is_set: relation.is_set(),
            membership: relation.membership().map(Rust::text),
            insert: Rust::raw(&sql::relate(relation)),
            delete: Rust::raw(&sql::unrelate(relation)),
            known: Rust::code(known(relation)),
            position: Rust::code(position.to_string()),
        }
    }
}

fn note(relation: &Relation) -> String {
    let description = relation.description.as_deref().map(Rust::doc);
    let words = description.filter(|words| !words.as_str().is_empty());
    words.map_or_else(String::new, |words| format!(" {}", words.as_str()))
}

/// An account is counted by the rows that it belongs to, a row by those of its set.
fn known(relation: &Relation) -> String {
    let count = |column| sql::count_pairs(relation, column);
    match relation.known() {
        Some(Known::Set(most)) => {
            let count = Rust::raw(&count(Relation::FROM));
            format!("relation::Known::AsSet({}, {most})", count.as_str())
        }
        _ => {
            let count = Rust::raw(&count(Relation::TO));
            format!("relation::Known::AsMembership({})", count.as_str())
        }
    }
}
