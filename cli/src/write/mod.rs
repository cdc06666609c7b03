//! Files to disk, all or nothing. The only module that touches the disk.
//!
//! A run stages every new file under `.secapi/stage/`, writes down in `.secapi/journal` what it is
//! about to do, and only then moves the files into place. The journal is the point of no return:
//! a run that was killed before it is forgotten by the next one, a run that was killed after it is
//! finished by the next one. A run that fails while it lives puts everything back. What is staged is forced to the disk
//! before the journal is, that before the first step, and the steps before the journal goes: a power cut leaves no more
//! than a killed process does.
//!
//! No link is followed: a path on which a symbolic link stands is refused by name.

#[cfg(test)]
pub(crate) mod disk;
#[cfg(not(test))]
mod disk;
mod error;
mod journal;
mod notes;
mod operation;
mod path;
mod project;
mod settle;
mod stamp;

pub use error::WriteError;
pub use notes::Notes;
pub use operation::{Contents, Operation};
pub use path::{BadPath, ProjectPath};
pub use project::{Found, MANIFEST, Project};
pub use stamp::Stamp;
