//! How many files the process may open.

#[cfg(unix)]
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// The limit, where there is one. It is raised as far as the process may: what is low by custom is low for programs that wait by
/// `select`, and a service takes a file for each connection.
#[cfg(unix)]
pub(super) fn limit() -> Option<usize> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: maximum,
        maximum,
    };
    // Where it may not, the limit is as it was.
    let limit = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => maximum,
        Err(_) => current,
    };
    limit.and_then(|limit| usize::try_from(limit).ok())
}

/// Elsewhere nothing is known.
#[cfg(not(unix))]
pub(super) fn limit() -> Option<usize> {
    None
}
