//! Room on the stack for policies that are as deep as [`super::nesting`] lets them be.
//!
//! Threads start with whatever stack whoever started them saw fit: 2 MiB where that is a test or a worker of tokio.
//! Cedar's parser takes more than that for policies that are in order, in a build without optimization, and a stack that
//! ends takes the process with it.

use std::cell::Cell;
use std::io;
use std::panic::resume_unwind;
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

/// The stack, in bytes, of threads that read and check policies. The system gives memory only for what is used of it: policies of the
/// greatest depth take up to 8 MiB in a build without optimization. In a release Cedar's parser and validator take 1.4 MiB for them.
pub(super) const TO_READ: usize = 64 << 20;

/// The stack, in bytes, that a thread has to have on which policies decide, for those of the greatest depth in a build without
/// optimization, beside all else that happens there: 5.5 MiB. In a release it is 0.7 MiB.
pub const ROOM_TO_DECIDE: usize = 16 << 20;

thread_local! {
    static HAS_ROOM: Cell<bool> = const { Cell::new(false) };
}

/// Does this where there is room for any policies: on a thread of its own, unless this one was made for it.
pub fn with_room<R: Send>(work: impl Fn() -> R + Sync) -> R {
    if HAS_ROOM.get() {
        return work();
    }
    thread::scope(|scope| match spawn(scope, &work) {
        Ok(thread) => finished(thread),
        // Where the system has no thread left, there is still this one.
        Err(_) => work(),
    })
}

/// A thread that has that room.
///
/// # Errors
/// Where the system has no thread left.
pub fn spawn<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, R>> {
    let in_room = move || {
        HAS_ROOM.set(true);
        work()
    };
    Builder::new()
        .stack_size(TO_READ)
        .spawn_scoped(scope, in_room)
}

/// What came of a thread. A panic goes on where its work was asked for.
pub(super) fn finished<R>(thread: ScopedJoinHandle<'_, R>) -> R {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// As on a thread that has room, with a stack of that many bytes.
#[cfg(test)]
pub(super) fn as_if_roomy(stack: usize, work: impl FnOnce() + Send) {
    let in_room = || {
        HAS_ROOM.set(true);
        work();
    };
    thread::scope(|scope| {
        let thread = Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, in_room);
        finished(thread.unwrap());
    });
}
