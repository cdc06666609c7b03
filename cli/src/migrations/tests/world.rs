//! A spec as the property tests change it, and the rows of its resources.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{Lit, OnDelete, Type, Val};

#[derive(Clone, Debug)]
pub(super) struct Field {
    /// What the test knows it by, whatever it is called.
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) former: Option<String>,
    pub(super) kind: Type,
    pub(super) optional: bool,
    pub(super) default: Option<Lit>,
    pub(super) backfill: Option<Lit>,
    pub(super) unique: bool,
    pub(super) index: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) former: Option<String>,
    pub(super) plural: String,
    pub(super) fields: Vec<Field>,
    /// By the ids of fields.
    pub(super) unique: Vec<Vec<usize>>,
    pub(super) relations: Vec<Relation>,
    /// Whether its rows are marked when they are deleted.
    pub(super) marks: bool,
}

/// Rows of one resource that belong to rows of another.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) former: Option<String>,
    /// What the test knows the other resource by.
    pub(super) to: usize,
}

#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) resources: Vec<Resource>,
    pub(super) next: usize,
}

/// A row: whether it is marked as deleted, and its values by field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) marked: bool,
    pub(super) cells: BTreeMap<usize, Val>,
}

impl Row {
    /// When it was deleted.
    pub(super) fn mark(&self) -> Val {
        match self.marked {
            true => Val::Int(5),
            false => Val::Null,
        }
    }
}

/// The rows of one resource, by their ids.
pub(super) type Table = BTreeMap<String, Row>;

/// What a database holds, by what the test knows resources and relations by.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rows {
    pub(super) tables: BTreeMap<usize, Table>,
    pub(super) pairs: BTreeMap<usize, BTreeSet<(String, String)>>,
}

impl World {
    pub(super) fn yaml(&self) -> String {
        let mut out = "secapi: 1\nservice: {name: shop}\nresources:\n".to_owned();
        let name = |id: usize| {
            self.resource(id)
                .map_or_else(String::new, |it| it.name.clone())
        };
        for resource in &self.resources {
            out.push_str(&resource.yaml(&name));
        }
        out
    }

    pub(super) fn id(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    pub(super) fn resource(&self, id: usize) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// Takes away what no spec may say: what is about a resource that is gone, and what contradicts something else.
    pub(super) fn settle(&mut self) {
        let marks: BTreeMap<usize, bool> =
            self.resources.iter().map(|it| (it.id, it.marks)).collect();
        for resource in &mut self.resources {
            let own_marks = resource.marks;
            let relations = &mut resource.relations;
            relations.retain(|relation| marks.contains_key(&relation.to));
            for field in &mut resource.fields {
                field.settle(own_marks, &marks);
            }
            let lists = resource.fields.iter();
            let lists = lists.filter(|field| matches!(field.kind, Type::List(_)));
            let lists: BTreeSet<usize> = lists.map(|field| field.id).collect();
            let sets = &mut resource.unique;
            sets.retain(|set| !set.iter().any(|id| lists.contains(id)));
        }
    }
}

impl Resource {
    fn yaml(&self, name: &dyn Fn(usize) -> String) -> String {
        let mut out = format!("  {}:\n    plural: {}\n", self.name, self.plural);
        if let Some(former) = &self.former {
            out.push_str(&format!("    renamed_from: {former}\n"));
        }
        if self.marks {
            out.push_str("    soft_delete: {purge_after: 30d}\n");
        }
        let sets = self.unique.iter().map(|set| {
            let names = set.iter().map(|id| self.field(*id).name.as_str());
            format!("[{}]", names.collect::<Vec<_>>().join(", "))
        });
        let sets: Vec<String> = sets.collect();
        out.push_str(&format!("    unique: [{}]\n", sets.join(", ")));
        let relations = self.relations.iter().map(|relation| {
            let former = relation.former.iter();
            let former: String = former.map(|it| format!(", renamed_from: {it}")).collect();
            let to = name(relation.to);
            format!("{}: {{many_to_many: {to}{former}}}", relation.name)
        });
        let relations: Vec<String> = relations.collect();
        out.push_str(&format!(
            "    relations: {{{}}}\n    fields:\n",
            relations.join(", ")
        ));
        for field in &self.fields {
            out.push_str(&format!("      {}: {{{}}}\n", field.name, field.yaml(name)));
        }
        out
    }

    pub(super) fn field(&self, id: usize) -> &Field {
        self.fields.iter().find(|field| field.id == id).unwrap()
    }

    /// The table of the pairs of a relation.
    pub(super) fn pairs(&self, relation: &Relation) -> String {
        format!("{}_{}", self.name, relation.name)
    }

    /// Whether no two rows agree where none may. Marked ones may agree with any.
    pub(super) fn holds(&self, rows: &Table) -> bool {
        let alone = self.fields.iter().filter(|field| field.unique);
        let alone = alone.map(|field| vec![field.id]);
        let mut sets = alone.chain(self.unique.iter().cloned());
        let live = |row: &&Row| !(self.marks && row.marked);
        sets.all(|set| {
            let rows = rows.values().filter(live);
            let keys: Vec<Vec<&Val>> = rows
                .map(|row| set.iter().map(|id| &row.cells[id]).collect())
                .collect();
            let full = |key: &&Vec<&Val>| !key.contains(&&Val::Null);
            let full: Vec<_> = keys.iter().filter(full).collect();
            (0..full.len()).all(|at| !full[..at].contains(&full[at]))
        })
    }
}

impl Field {
    fn yaml(&self, name: &dyn Fn(usize) -> String) -> String {
        let mut out = format!("type: {}", self.kind.yaml(name));
        for (key, on) in [
            ("optional", self.optional),
            ("unique", self.unique),
            ("index", self.index),
        ] {
            if on {
                out.push_str(&format!(", {key}: true"));
            }
        }
        for (key, literal) in [("default", &self.default), ("backfill", &self.backfill)] {
            if let Some(literal) = literal {
                out.push_str(&format!(", {key}: {}", literal.yaml));
            }
        }
        if let Some(former) = &self.former {
            out.push_str(&format!(", renamed_from: {former}"));
        }
        out
    }

    fn settle(&mut self, own_marks: bool, marks: &BTreeMap<usize, bool>) {
        if let Type::Ref(to, on_delete) = &mut self.kind {
            (self.default, self.backfill, self.index) = (None, None, false);
            match marks.get(to) {
                None => self.kind = Type::Uuid,
                // What the compiler refuses: an undone deletion would have lost rows.
                Some(true) if !own_marks && *on_delete == OnDelete::Cascade => {
                    *on_delete = OnDelete::Restrict;
                }
                Some(_) if !self.optional && *on_delete == OnDelete::SetNull => {
                    *on_delete = OnDelete::Restrict;
                }
                Some(_) => {}
            }
        }
        if matches!(self.kind, Type::List(_)) {
            (self.unique, self.index) = (false, false);
        }
    }
}
