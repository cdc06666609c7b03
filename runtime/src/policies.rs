//! The policies in force: read with the configuration, and again whenever their files change.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::authz::Engine;
use crate::config::PolicyFolder;
use crate::events;
use crate::service::Definition;
use crate::watch::{Look, Watch};

/// One set of policies, swapped as a whole; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Policies(Arc<InForce>);

#[derive(Debug)]
struct InForce {
    engine: RwLock<Arc<Engine>>,
    folder: PolicyFolder,
    /// Whether the folder holds something else, which cannot be put in force.
    stale: AtomicBool,
}

impl Policies {
    pub(crate) fn new(engine: Engine, folder: PolicyFolder) -> Self {
        Self(Arc::new(InForce {
            engine: RwLock::new(Arc::new(engine)),
            folder,
            stale: AtomicBool::new(false),
        }))
    }

    /// A watch over their folder.
    pub(crate) fn watch(&self) -> Watch {
        self.0.folder.watch()
    }

    /// The set in force. Whoever has it keeps it: one request decides by one set from its start to its end.
    pub(crate) fn engine(&self) -> Arc<Engine> {
        let engine = self.0.engine.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&engine)
    }

    /// Whether the folder has changed and cannot be put in force.
    pub(crate) fn are_stale(&self) -> bool {
        self.0.stale.load(Ordering::Relaxed)
    }

    /// Looks at the folder and puts in force what has changed, all of it at once. A set that a start would refuse leaves the
    /// one in force as it is, and the log, the readiness and the metrics say so. Takes as long as it takes to check what is
    /// new, so it has no place on the threads that answer requests.
    pub(crate) fn look(&self, watch: &mut Watch, definition: &Definition) {
        let (folder, in_force) = (&self.0.folder, self.engine());
        let stale = match watch.look(folder.path(), || folder.load(&in_force, definition)) {
            Look::Same => return,
            Look::Loaded(engine) => {
                if engine.hash() != in_force.hash() {
                    self.swap(*engine);
                }
                false
            }
            Look::Broken(problems) => {
                events::policies_refused(&problems, in_force.hash());
                true
            }
        };
        self.0.stale.store(stale, Ordering::Relaxed);
    }

    fn swap(&self, engine: Engine) {
        let engine = Arc::new(engine);
        let before = {
            let place = self.0.engine.write();
            let mut place = place.unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *place, Arc::clone(&engine))
        };
        events::policies_changed(&engine, &before);
    }
}
