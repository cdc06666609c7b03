//! The connections that read, and their snapshots.
//!
//! A connection has a thread of its own, and each statement is a message to it and one back: that costs more than most
//! reads do. So a snapshot begins in the message of its first statement, and ends when nobody waits for it any more: a
//! statement whose request has timed out, or whose client has gone, is interrupted.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::database::{PATIENCE, patiently};

/// Steps of SQLite's virtual machine between two looks at whether anybody still waits: well below a millisecond.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// As many connections as there are turns, opened when they are first needed. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Readers(Arc<Shared>);

struct Shared {
    options: SqliteConnectOptions,
    turns: Arc<Semaphore>,
    count: u32,
    /// INVARIANT: no connection in here is inside a transaction.
    idle: Mutex<Vec<Reader>>,
}

/// A connection that reads.
struct Reader {
    connection: SqliteConnection,
    /// That nobody waits for what it does: SQLite looks at this while a statement runs.
    given_up: Arc<AtomicBool>,
}

/// The turn of one reader, with its connection. Its snapshot begins with the first statement and ends with this value.
pub(super) struct Snapshot {
    /// There until the value is dropped.
    held: Option<(Reader, OwnedSemaphorePermit)>,
    begun: bool,
    /// Whether a statement was given to the connection whose end is not known.
    running: bool,
    /// The turn of the list that it is for, if it is for one.
    list: Option<OwnedSemaphorePermit>,
    home: Arc<Shared>,
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions, count: u32) -> Self {
        Self(Arc::new(Shared {
            options,
            turns: Arc::new(Semaphore::new(count as usize)),
            count,
            idle: Mutex::default(),
        }))
    }

    /// Waits for a turn.
    pub(super) async fn turn(&self) -> Result<Snapshot, sqlx::Error> {
        let waited = timeout(PATIENCE, self.held()).await;
        Ok(Snapshot {
            held: Some(waited.map_err(|_| sqlx::Error::PoolTimedOut)??),
            begun: false,
            running: false,
            list: None,
            home: Arc::clone(&self.0),
        })
    }

    async fn held(&self) -> Result<(Reader, OwnedSemaphorePermit), sqlx::Error> {
        let turn = Arc::clone(&self.0.turns).acquire_owned().await;
        let turn = turn.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.0.idle().pop();
        let reader = match idle {
            Some(reader) => reader,
            None => Reader::open(&self.0.options).await?,
        };
        Ok((reader, turn))
    }

    /// Waits until all have had their turn, and closes. Nobody gets one after that.
    pub(super) async fn close(&self) {
        // That it is closed already is as good.
        let all = self.0.turns.acquire_many(self.0.count).await;
        self.0.turns.close();
        drop(all);
        let idle = std::mem::take(&mut *self.0.idle());
        for reader in idle {
            if let Err(error) = reader.connection.close().await {
                tracing::warn!(%error, "a connection that reads was not closed in order");
            }
        }
    }
}

impl Reader {
    async fn open(options: &SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = patiently(|| options.connect()).await?;
        let given_up = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&given_up);
        let mut handle = connection.lock_handle().await?;
        handle.set_progress_handler(STEPS_BETWEEN_LOOKS, move || !seen.load(Ordering::Relaxed));
        drop(handle);
        Ok(Self {
            connection,
            given_up,
        })
    }
}

impl Shared {
    fn idle(&self) -> MutexGuard<'_, Vec<Reader>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a snapshot. A connection that is in none, because SQLite has ended it or because it never got to its first
    /// statement, is given up like one that is broken: closing it ends whatever there is.
    async fn end(&self, mut reader: Reader) {
        let ended = sqlx::query("ROLLBACK").execute(&mut reader.connection);
        match ended.await {
            Ok(_) => {
                reader.given_up.store(false, Ordering::Relaxed);
                self.idle().push(reader);
            }
            Err(error) => tracing::debug!(%error, "a connection that reads is given up"),
        }
    }
}

impl Snapshot {
    /// Holds a turn for as long as the reader is taken.
    pub(super) fn keep(&mut self, list: Option<OwnedSemaphorePermit>) {
        self.list = list;
    }

    /// The connection, and whether the snapshot has still to begin in the message of the statement that it is wanted for.
    pub(super) fn connection(&mut self) -> Result<(&mut SqliteConnection, bool), sqlx::Error> {
        let (reader, _) = self.held.as_mut().ok_or(sqlx::Error::WorkerCrashed)?;
        let begins = !std::mem::replace(&mut self.begun, true);
        self.running = true;
        Ok((&mut reader.connection, begins))
    }

    /// Whoever asked has the outcome of the statement.
    pub(super) fn answered(&mut self) {
        self.running = false;
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        let Some((reader, turn)) = self.held.take() else {
            return;
        };
        if !self.begun {
            self.home.idle().push(reader);
            return;
        }
        reader.given_up.store(self.running, Ordering::Relaxed);
        // Messages to a connection keep their order, so the end comes behind a statement that was given up half-way.
        // Where nothing runs any more, the connection is closed instead.
        let home = Arc::clone(&self.home);
        let list = self.list.take();
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move {
                home.end(reader).await;
                drop((turn, list));
            });
        }
    }
}

impl Debug for Shared {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Readers");
        shown.field("count", &self.count).finish_non_exhaustive()
    }
}

impl Debug for Snapshot {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Snapshot");
        shown.field("begun", &self.begun).finish_non_exhaustive()
    }
}
