//! The closed list of diagnostic codes, each with its long form for `secapi explain`.
//!
//! A code cannot be used before it is explained: the explanation is a part of it.

pub mod audit;
pub mod policy;
pub mod project;
pub mod spec;
pub mod tool;

/// A stable name for one kind of mistake.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    name: &'static str,
    explanation: &'static str,
}

impl Code {
    const fn new(name: &'static str, explanation: &'static str) -> Self {
        Self { name, explanation }
    }

    /// The whole name: `secapi::spec::unknown_key`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it means, why it is so, and what to do.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        self.explanation
    }

    /// Every code there is.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        spec::ALL
            .iter()
            .chain(policy::ALL)
            .chain(tool::ALL)
            .chain(project::ALL)
            .chain(audit::ALL)
            .copied()
    }

    /// The code of this name. The beginning `secapi::` may be left out, and so may all but the last word.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::named(name).next()
    }

    /// All codes of this name: several stages have one that ends in `name` or `syntax`.
    pub fn named(name: &str) -> impl Iterator<Item = &'static Self> {
        Self::all().filter(move |code| {
            code.name
                .strip_suffix(name)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with("::"))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_is_listed_once_and_explained() {
        let names: Vec<_> = Code::all().map(Code::name).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        for code in Code::all() {
            assert!(code.name().starts_with("secapi::"), "{}", code.name());
            assert!(
                code.explanation().len() > 80,
                "{} needs a longer explanation",
                code.name()
            );
        }
    }

    #[test]
    fn every_constant_is_listed() {
        for (text, listed) in [
            (include_str!("spec.rs"), spec::ALL.len()),
            (include_str!("policy.rs"), policy::ALL.len()),
            (include_str!("tool.rs"), tool::ALL.len()),
            (include_str!("project.rs"), project::ALL.len()),
            (include_str!("audit.rs"), audit::ALL.len()),
        ] {
            assert_eq!(text.matches("\npub static ").count() - 1, listed);
        }
    }

    #[test]
    fn a_code_is_found_by_its_last_words() {
        assert_eq!(
            Code::find("unknown_key").map(Code::name),
            Some("secapi::spec::unknown_key")
        );
        assert_eq!(
            Code::find("spec::unknown_key").map(Code::name),
            Some("secapi::spec::unknown_key")
        );
        assert_eq!(Code::find("own_key"), None);
        assert_eq!(Code::find(""), None);
        let syntax: Vec<_> = Code::named("syntax").map(Code::name).collect();
        assert!(
            syntax.contains(&"secapi::spec::syntax") && syntax.len() > 1,
            "{syntax:?}"
        );
        // A whole name means one code.
        for code in Code::all() {
            assert_eq!(Code::named(code.name()).count(), 1, "{}", code.name());
        }
    }
}
