//! One hashing thread and its block of memory.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use argon2::Block;
use tokio::sync::oneshot;
use zeroize::{Zeroize as _, Zeroizing};

use super::phc::{self, OUTPUT_BYTES, PasswordHash, Stored};
use super::{Parameters, Password, Waiting};
use crate::error::Error;

/// Something to compute, and where the answer goes.
pub(super) enum Work {
    Hash {
        password: Password,
        reply: oneshot::Sender<Result<PasswordHash, Error>>,
    },
    Verify {
        password: Password,
        stored: Arc<Stored>,
        reply: oneshot::Sender<Result<bool, Error>>,
    },
}

pub(super) struct Job(pub(super) Work, pub(super) Waiting);

/// Starts a worker that lives as long as somebody can send it jobs.
pub(super) fn spawn(
    number: usize,
    parameters: Parameters,
    jobs: Arc<Mutex<Receiver<Job>>>,
) -> io::Result<()> {
    let mut worker = Worker {
        parameters,
        blocks: Vec::new(),
    };
    thread::Builder::new()
        .name(format!("hasher-{number}"))
        .spawn(move || {
            while let Some(Job(work, waiting)) = next(&jobs) {
                drop(waiting);
                // A panic in one job must not cost the service a worker; that job's caller sees its reply dropped.
                let outcome = catch_unwind(AssertUnwindSafe(|| worker.run(work)));
                if outcome.is_err() {
                    tracing::error!("a password hashing job panicked");
                    worker.blocks.zeroize();
                }
            }
        })
        .map(drop)
}

fn next(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .recv()
        .ok()
}

struct Worker {
    parameters: Parameters,
    blocks: Vec<Block>,
}

impl Worker {
    fn run(&mut self, work: Work) {
        // Whoever has stopped waiting is not worth 30 ms; whoever stops while it runs makes `send` fail, no more.
        match work {
            Work::Hash { password, reply } if !reply.is_closed() => {
                let _ = reply.send(self.hash(&password));
            }
            Work::Verify {
                password,
                stored,
                reply,
            } if !reply.is_closed() => {
                let _ = reply.send(self.verify(&password, &stored));
            }
            Work::Hash { .. } | Work::Verify { .. } => {}
        }
    }

    fn hash(&mut self, password: &Password) -> Result<PasswordHash, Error> {
        let salt = phc::new_salt()?;
        let parameters = self.parameters;
        let output = self.compute(parameters, password, &salt, OUTPUT_BYTES)?;
        phc::write(parameters, &salt, &output)
    }

    fn verify(&mut self, password: &Password, stored: &Stored) -> Result<bool, Error> {
        let output = self.compute(stored.parameters, password, &stored.salt, stored.length())?;
        Ok(stored.equals(&output))
    }

    fn compute(
        &mut self,
        parameters: Parameters,
        password: &Password,
        salt: &[u8],
        length: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let unusable = || Error::internal("argon2id refuses its parameters");
        let argon2id = parameters.argon2id(length).ok_or_else(unusable)?;
        let needed = parameters.blocks().ok_or_else(unusable)?;
        self.reserve(needed)?;
        let mut output = Zeroizing::new(vec![0; length]);
        let computed = argon2id.hash_password_into_with_memory(
            password.expose().as_bytes(),
            salt,
            &mut output,
            self.blocks.as_mut_slice(),
        );
        self.wipe(needed);
        computed.map_err(Error::internal)?;
        Ok(output)
    }

    /// Memory for this job: what it has, unless a stored hash costs more than today's parameters.
    fn reserve(&mut self, needed: usize) -> Result<(), Error> {
        if let Some(missing) = needed.checked_sub(self.blocks.len()) {
            self.blocks
                .try_reserve_exact(missing)
                .map_err(Error::unavailable)?;
            self.blocks.resize(needed, Block::new());
        }
        Ok(())
    }

    /// Wipes what was used, and gives back what today's parameters do not need.
    fn wipe(&mut self, used: usize) {
        self.blocks
            .iter_mut()
            .take(used)
            .for_each(zeroize::Zeroize::zeroize);
        let usual = self.parameters.blocks().unwrap_or(used);
        if self.blocks.len() > usual {
            self.blocks.truncate(usual);
            self.blocks.shrink_to_fit();
        }
    }
}
