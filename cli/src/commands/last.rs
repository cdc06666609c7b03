//! The spec that the last run read, which the spec of now is compared with.

use super::Report;
use super::regeneration::read;
use crate::diagnostic::Sources;
use crate::merge;
use crate::model::Service;
use crate::write::Project;

/// Where it is kept.
pub(super) const SPEC: &str = ".secapi/snapshot/spec.yaml";

/// The spec as the last run read it.
pub(super) struct Last {
    /// `None` where this version of the tool cannot read it any more.
    pub(super) service: Option<Service>,
    /// Whether it is the one of now, to the letter: then nothing between the two has to be worked out.
    pub(super) is_same: bool,
}

/// The same, before anything is known of the spec of now but its text.
pub(super) enum LastText {
    IsSame,
    Changed(Option<Box<Service>>),
}

impl LastText {
    pub(super) fn of(project: &Project, spec: &str) -> Result<Self, Box<Report>> {
        let text = read(project, SPEC)?;
        Ok(match text.as_deref() == Some(spec) {
            true => Self::IsSame,
            false => Self::Changed(text.and_then(|text| old_service(&text)).map(Box::new)),
        })
    }

    pub(super) fn compared_with(self, service: &Service) -> Last {
        match self {
            Self::IsSame => Last {
                service: Some(service.clone()),
                is_same: true,
            },
            Self::Changed(old) => Last {
                service: old.map(|old| *old),
                is_same: false,
            },
        }
    }
}

impl Last {
    /// The spec of the last run, where it is another one.
    pub(super) fn changed(&self) -> Option<&Service> {
        self.service.as_ref().filter(|_| !self.is_same)
    }
}

/// What the last run read; `None` where this version of the tool cannot read it any more.
pub(super) fn service(project: &Project) -> Result<Option<Service>, Box<Report>> {
    let text = read(project, SPEC)?;
    Ok(text.and_then(|text| old_service(&text)))
}

/// A spec that an older version of the tool read, and this one does not, has nothing to compare with. After a merge it is
/// the side that was merged into.
fn old_service(text: &str) -> Option<Service> {
    let text = merge::our_side(text);
    let mut sources = Sources::new();
    let id = sources.add(SPEC.to_owned(), text.to_string());
    crate::model::compile(&text, id).0
}
