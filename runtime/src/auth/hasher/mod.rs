//! Password hashing: argon2id on a few threads of its own, behind a queue of bounded length.
//!
//! A hash costs tens of milliseconds and 19 MiB by design, so it must neither run on the threads that answer requests nor
//! as often as anyone asks. There are half as many workers as cores, each with one block of memory that it uses again and
//! wipes after every job; what does not fit into the queue is answered with 503 at once. Work whose client has gone is
//! skipped, and a client that goes in the middle of it disturbs nobody.
//!
//! INVARIANT: [`Hasher::verify`] with no stored hash takes the same queue and the same work as with one, so that an
//! account that does not exist answers as slowly as a wrong password.

mod parameters;
mod phc;
mod refusals;
mod worker;

use std::fmt::{Debug, Formatter};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::available_parallelism;

use tokio::sync::oneshot;

pub use parameters::{InvalidParameters, Parameters};
pub use phc::PasswordHash;
use phc::Stored;
use refusals::Refusals;
use worker::{Job, Work};

use super::passwords::Password;
use crate::error::{Code, Error};

/// Jobs that wait for each worker: about two seconds of work.
const WAITING_PER_WORKER: usize = 48;

/// What a verification found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The password is the account's.
    Match {
        /// The hash was made with weaker parameters than today's: hash the password anew and store that.
        rehash: bool,
    },
    /// It is not, or there is no such account.
    Mismatch,
}

/// The handle to the workers; clones share them. The workers end when the last handle is gone.
#[derive(Clone)]
pub struct Hasher {
    queue: SyncSender<Job>,
    parameters: Parameters,
    nobody: Arc<Stored>,
    refusals: Arc<Refusals>,
    waiting: Arc<AtomicUsize>,
    #[cfg(test)]
    hashed: Arc<AtomicUsize>,
}

impl Hasher {
    /// Starts one worker for every two cores.
    ///
    /// # Errors
    /// When the operating system gives no thread, memory or randomness.
    pub fn start(parameters: Parameters) -> Result<Self, Error> {
        let cores = available_parallelism().map_or(1, NonZero::get);
        let workers = (cores / 2).max(1);
        Self::start_with(parameters, workers, workers * WAITING_PER_WORKER)
    }

    /// Starts so many workers with a queue of so many jobs.
    ///
    /// # Errors
    /// When the operating system gives no thread, memory or randomness.
    pub fn start_with(
        parameters: Parameters,
        workers: usize,
        waiting: usize,
    ) -> Result<Self, Error> {
        let (queue, jobs) = sync_channel(waiting);
        let jobs = Arc::new(Mutex::new(jobs));
        for number in 0..workers {
            worker::spawn(number, parameters, Arc::clone(&jobs)).map_err(Error::internal)?;
        }
        Ok(Self {
            queue,
            parameters,
            nobody: Arc::new(Stored::nobody(parameters)?),
            refusals: Arc::default(),
            waiting: Arc::new(AtomicUsize::new(0)),
            #[cfg(test)]
            hashed: Arc::default(),
        })
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// 503 `overloaded` when the queue is full.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, Error> {
        #[cfg(test)]
        self.hashed.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        self.submit(Work::Hash { password, reply })?;
        answer.await.map_err(|_| lost())?
    }

    /// Compares a password with a stored hash. `None` stands for an account that does not exist or has no password: it
    /// costs the same and never matches.
    ///
    /// # Errors
    /// 503 `overloaded` when the queue is full; internal when the stored text is no hash of ours.
    pub async fn verify(&self, password: Password, stored: Option<&str>) -> Result<Verdict, Error> {
        let stored = match stored {
            Some(text) => Arc::new(Stored::parse(text)?),
            None => Arc::clone(&self.nobody),
        };
        let rehash = !stored.as_strong_as(self.parameters);
        let (reply, answer) = oneshot::channel();
        self.submit(Work::Verify {
            password,
            stored,
            reply,
        })?;
        Ok(match answer.await.map_err(|_| lost())?? {
            true => Verdict::Match { rehash },
            false => Verdict::Mismatch,
        })
    }

    /// How many jobs wait for a worker.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// How many new hashes were asked for.
    #[cfg(test)]
    pub(super) fn hashed(&self) -> usize {
        self.hashed.load(Ordering::Relaxed)
    }

    fn submit(&self, work: Work) -> Result<(), Error> {
        let waiting = Waiting::new(&self.waiting);
        self.queue
            .try_send(Job(work, waiting))
            .map_err(|refusal| match refusal {
                TrySendError::Full(_) => {
                    self.refusals.tell();
                    Error::new(Code::Overloaded).header("retry-after", "2")
                }
                TrySendError::Disconnected(_) => lost(),
            })
    }
}

/// A place in the queue; it counts until it is dropped.
struct Waiting(Arc<AtomicUsize>);

impl Waiting {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Debug for Hasher {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Hasher")
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

fn lost() -> Error {
    Error::internal("the password hashing threads have ended")
}

#[cfg(test)]
mod tests;
