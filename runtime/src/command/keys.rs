//! `keys rotate`: a new signing key, which running services take over by themselves.

use std::time::SystemTime;

use super::{Failure, say};
use crate::auth::keys::{KeyError, Keyring};
use crate::config::{self, Sources};
use crate::service::Service;
use crate::value::Timestamp;

/// What is done with the signing keys.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Keys {
    /// Adds a key that signs from now on; the others go on verifying
    Rotate {
        /// Then removes keys whose successor has signed for longer than an access token lives
        #[arg(long)]
        prune: bool,
    },
}

pub(super) fn run(service: &Service, what: Keys) -> Result<(), Failure> {
    let Keys::Rotate { prune } = what;
    let folder = config::signing_keys(&Sources::of_process())
        .map_err(|refusals| Failure::refused(refusals.iter().map(ToString::to_string).collect()))?;
    // A service that refuses the folder goes on with its old ring: the new key would not sign, and pruning would take
    // away the one that does.
    let problems = folder.unfit();
    if !problems.is_empty() {
        return Err(Failure::refused(problems));
    }
    let kid = Keyring::rotate(folder.path(), Timestamp::now()).map_err(refused)?;
    say(format!("{kid} signs from now on"))?;
    if prune {
        let lifetime = service.definition.settings.access_ttl;
        let removed =
            Keyring::prune(folder.path(), lifetime, SystemTime::now()).map_err(refused)?;
        for kid in removed {
            say(format!("{kid} is removed"))?;
        }
    }
    Ok(())
}

fn refused(problems: Vec<KeyError>) -> Failure {
    let sentence = |problem: &KeyError| format!("SECAPI_SIGNING_KEYS: {problem}");
    Failure::refused(problems.iter().map(sentence).collect())
}
