//! What the commands that need a database have in common: configuration, log, database, migrations.

use tokio::runtime;

use super::Failure;
use crate::auth::MIGRATIONS;
use crate::authz::ROOM_TO_DECIDE;
use crate::config::{self, Config, Loaded, Purpose, Refusal, Sources};
use crate::error::Error;
use crate::log;
use crate::service::{Definition, Service};
use crate::store::{self, Db, Owner};

/// A service with its configuration and its database, up to date.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) service: Service,
    pub(super) config: Config,
    pub(super) db: Db,
    /// The migrations that had been missing.
    pub(super) applied: Vec<u32>,
}

/// Starts the log, reads the configuration, opens the database and goes on with them.
pub(super) fn with(
    service: Service,
    next: impl AsyncFnOnce(Started) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let runtime = runtime::Builder::new_multi_thread()
        .thread_stack_size(ROOM_TO_DECIDE)
        .enable_all()
        .build();
    runtime.map_err(Failure::broken)?.block_on(async {
        let config = configuration(&service.definition).await?;
        let url = config.database_url.expose();
        let db = Db::open(url).await.map_err(Failure::of)?;
        let db = db.with_keys(config.encryption.clone());
        let applied = migrate(&db, &service.definition)
            .await
            .map_err(Failure::of)?;
        if !service.definition.encrypted.is_empty() {
            db.remember_key().await.map_err(Failure::of)?;
        }
        next(Started {
            service,
            config,
            db,
            applied,
        })
        .await
    })
}

/// Everything that speaks against a start, from the settings and from the database together.
pub(super) async fn load(definition: &Definition, purpose: Purpose) -> Loaded {
    let loaded = config::load(&Sources::of_process(), definition, purpose);
    let Some(file) = &loaded.database_file else {
        return loaded;
    };
    let histories = [
        (Owner::Runtime, MIGRATIONS),
        (Owner::Project, definition.migrations),
    ];
    let said = |error: Error| error.cause().unwrap_or(error.code().meaning()).to_owned();
    let history = store::continues(file, &histories).await.map_err(said);
    let keys = loaded.encryption.as_ref();
    let keys = store::keys_against(file, definition.encrypted, keys).await;
    let keys = keys.unwrap_or_else(|error| vec![said(error)]);
    let of = |check: &'static str| move |sentence: String| Refusal { check, sentence };
    let history = history.err().into_iter().map(of("database history"));
    let keys = keys.into_iter().map(of("encryption keys of the data"));
    history.chain(keys).fold(loaded, Loaded::refused)
}

async fn configuration(definition: &Definition) -> Result<Config, Failure> {
    let loaded = load(definition, Purpose::Run).await;
    log::start(loaded.log_format, loaded.log_filter.as_deref());
    for warning in &loaded.warnings {
        tracing::warn!(warning, "configuration");
    }
    loaded
        .config
        .map_err(|refusals| Failure::refused(refusals.iter().map(ToString::to_string).collect()))
}

/// The runtime's tables first: those of the project may refer to them.
async fn migrate(db: &Db, definition: &Definition) -> Result<Vec<u32>, Error> {
    let mut applied = db.migrate(Owner::Runtime, MIGRATIONS).await?;
    applied.extend(db.migrate(Owner::Project, definition.migrations).await?);
    Ok(applied)
}

impl Failure {
    /// An error as a terminal shows it: the cause, which no client would see.
    pub(super) fn of(error: Error) -> Self {
        Self::broken(error.cause().unwrap_or(error.code().meaning()))
    }
}
