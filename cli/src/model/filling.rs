//! What a row needs, nobody may send, and no type has a zero for: references that the service itself has to set.

use std::collections::BTreeSet;

use super::{Field, Operation, Resource, Service};

impl Service {
    /// The fields of a new row that are filled in with the caller's account: the only account that a request knows.
    pub fn filled_with_the_caller<'a>(
        &'a self,
        resource: &'a Resource,
    ) -> impl Iterator<Item = &'a Field> {
        self.filled(resource).filter(|field| self.is_account(field))
    }

    /// The fields of a new row that a rule of the project has to fill in, since nothing but the project knows with what.
    pub fn filled_by_a_rule<'a>(
        &'a self,
        resource: &'a Resource,
    ) -> impl Iterator<Item = &'a Field> {
        self.filled(resource)
            .filter(|field| !self.is_account(field))
    }

    /// The resources of which no row can be made before somebody has written a rule.
    #[must_use]
    pub fn needing_a_rule(&self) -> BTreeSet<String> {
        let resources = self.resources.iter();
        let needing = resources.filter(|it| self.filled_by_a_rule(it).next().is_some());
        needing.map(|resource| resource.name.clone()).collect()
    }

    fn filled<'a>(&'a self, resource: &'a Resource) -> impl Iterator<Item = &'a Field> {
        let fields = resource.fields.iter();
        fields.filter(|field| {
            let is_set = field.read_only && field.is_required() && field.reference().is_some();
            is_set && resource.has(Operation::Create)
        })
    }

    fn is_account(&self, field: &Field) -> bool {
        let to = field.reference().map(|reference| &reference.to);
        self.identity().map(|identity| &identity.name) == to
    }
}
