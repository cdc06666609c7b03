//! Random edits by hand between random changes of the spec: no line that somebody wrote is ever missing, and the plan says
//! exactly what then happens.

mod changing;
mod edits;
mod folder;
mod memory;
