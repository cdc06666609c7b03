//! The guarded fields that a body names.

/// Which guarded fields a body names, whatever their values: to write one is an action of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named(Vec<&'static str>);

impl Named {
    /// No guarded field.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The names, in the order of the spec.
    #[must_use]
    pub fn fields(&self) -> &[&'static str] {
        &self.0
    }

    pub(super) fn new(fields: Vec<&'static str>) -> Self {
        Self(fields)
    }
}
