//! Where the rows of a project are, and where they lead to.

/// The rows of one resource.
#[derive(Debug, Clone)]
pub struct Place {
    /// The resource, as the actions of policies name it: `task`.
    pub(super) resource: String,
    /// Its path: `/tasks`.
    pub(super) path: String,
    /// The fields that refer to rows, each with the resource that these are of.
    pub(super) references: Vec<(String, String)>,
    /// Its relations as policies name them, each with what its path ends in.
    pub(super) relations: Vec<(String, String)>,
}

impl Place {
    pub(super) fn new(resource: &str, path: &str) -> Self {
        Self {
            resource: resource.to_owned(),
            path: path.to_owned(),
            references: Vec::new(),
            relations: Vec::new(),
        }
    }

    /// A field of its rows refers to rows of this resource.
    pub fn refers(&mut self, field: &str, resource: &str) -> &mut Self {
        let reference = (field.to_owned(), resource.to_owned());
        self.references.push(reference);
        self
    }

    /// Its rows have a relation, whose path ends in this.
    pub fn relates(&mut self, relation: &str, end: &str) -> &mut Self {
        self.relations.push((relation.to_owned(), end.to_owned()));
        self
    }

    /// What the path of a relation ends in.
    pub(super) fn relation(&self, name: &str) -> Option<&str> {
        named(&self.relations, name)
    }

    /// The resource that a field refers to.
    pub(super) fn referred(&self, field: &str) -> Option<&str> {
        named(&self.references, field)
    }
}

fn named<'a>(all: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut all = all.iter();
    all.find(|(known, _)| known == name)
        .map(|(_, other)| other.as_str())
}
