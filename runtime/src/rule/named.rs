//! The fields that a body names and that somebody has to decide on.

/// Which guarded fields a body names, whatever their values: to write one is an action of its own. And which references:
/// the caller has to be allowed to read what it refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    guarded: Vec<&'static str>,
    references: Vec<&'static str>,
}

impl Named {
    /// No such field.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The names of the guarded fields, in the order of the spec.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.guarded
    }

    /// These references are named as well. [`Scope`](crate::scope::Scope) gives no permit before it has looked at them.
    #[must_use]
    pub fn with_references(mut self, names: Vec<&'static str>) -> Self {
        self.references = names;
        self
    }

    /// The names of the references that nobody has looked at yet.
    pub(crate) fn references(&self) -> &[&'static str] {
        &self.references
    }

    /// All references have been looked at.
    pub(crate) fn checked(mut self) -> Self {
        self.references.clear();
        self
    }

    pub(super) fn new(guarded: Vec<&'static str>) -> Self {
        Self {
            guarded,
            references: Vec::new(),
        }
    }
}
