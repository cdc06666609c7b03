//! What is known of a condition whatever the row. What is not told here may still be so.

use super::truth::Truth;

impl Truth {
    /// Whether it is true of no row: what is behind it in a series of which every member has to hold is never looked at.
    pub(super) fn is_never(&self) -> bool {
        match self {
            Self::Known(known) => !known,
            Self::Fails => true,
            Self::Not(inner) => inner.is_ever(),
            Self::All(members) => members.iter().any(Self::is_never),
            Self::Any(members) => members.iter().all(Self::is_never),
            _ => false,
        }
    }

    /// Whether it is false of no row.
    pub(super) fn is_ever(&self) -> bool {
        match self {
            Self::Known(known) => *known,
            Self::Fails => true,
            Self::Not(inner) => inner.is_never(),
            Self::All(members) => members.iter().all(Self::is_ever),
            Self::Any(members) => members.iter().any(Self::is_ever),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::condition::truth::Field;

    #[test]
    fn a_series_is_as_certain_as_its_members() {
        let open = || Truth::Column(Field::Attribute("open".into()));
        let (yes, no) = (|| Truth::Known(true), || Truth::Known(false));
        // Each of them may fail first.
        let never = || Truth::All(vec![Truth::Later, no()]);
        let ever = || Truth::Any(vec![Truth::Later, yes()]);
        for it in [no(), never(), ever().not(), Truth::Any(vec![never(), no()])] {
            assert!(it.is_never() && !it.is_ever(), "{it:?}");
        }
        for it in [
            yes(),
            ever(),
            never().not(),
            Truth::All(vec![ever(), yes()]),
        ] {
            assert!(it.is_ever() && !it.is_never(), "{it:?}");
        }
        for it in [
            open(),
            open().not(),
            Truth::Later,
            Truth::All(vec![open(), ever()]),
            Truth::Any(vec![open(), never()]),
        ] {
            assert!(!it.is_ever() && !it.is_never(), "{it:?}");
        }
        // An error is neither true nor false.
        assert!(Truth::Fails.is_never() && Truth::Fails.is_ever());
    }
}
