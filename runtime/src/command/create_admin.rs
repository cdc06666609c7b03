//! `create-admin`: makes the first administrator, the only way in that no policy decides on.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Read as _, Write as _};

use super::start::{self, Started};
use super::{Failure, say};
use crate::auth::admin::{AdminContext, Existing, NewAdmin, Outcome, create_admin};
use crate::auth::{Hasher, Parameters};
use crate::secret::Secret;
use crate::service::Service;
use crate::value::Timestamp;

/// No password is as long; more is not read.
const INPUT_LIMIT: u64 = 4096;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The address to sign in with
    #[arg(long)]
    email: String,
    /// Reads the password from standard input, up to the end of the line
    #[arg(long, required_unless_present = "promote")]
    password_stdin: bool,
    /// A value for another field of a new account; may be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Makes an existing account an administrator; its password stays as it is
    #[arg(long)]
    promote: bool,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (field, value) = text.split_once('=').ok_or("must be FIELD=VALUE")?;
    Ok((field.to_owned(), value.to_owned()))
}

/// The first field that is named twice: of two values one would be lost without a word.
fn named_twice(set: &[(String, String)]) -> Option<&str> {
    let mut known = BTreeSet::new();
    let mut names = set.iter().map(|(field, _)| field.as_str());
    names.find(|field| !known.insert(*field))
}

pub(super) fn run(service: Service, args: Args) -> Result<(), Failure> {
    if let Some(field) = named_twice(&args.set) {
        let sentence = format!("`--set {field}=…` is given twice; remove one of the two");
        return Err(Failure::refused(vec![sentence]));
    }
    let password = if args.password_stdin {
        password()?
    } else {
        Secret::new(String::new())
    };
    let request = NewAdmin {
        email: args.email,
        password,
        set: args.set,
        existing: if args.promote {
            Existing::Promote
        } else {
            Existing::Refuse
        },
    };
    start::with(service, async |started: Started| {
        let outcome = make(&started, &request).await;
        started.db.close().await;
        say(match outcome? {
            Outcome::Created(id) => format!("created the administrator {id}"),
            Outcome::Promoted(id) => format!("{id} is an administrator now"),
            Outcome::Unchanged(id) => format!("{id} was an administrator already"),
        })
    })
}

async fn make(started: &Started, request: &NewAdmin) -> Result<Outcome, Failure> {
    let refused = |sentence: String| Failure::refused(vec![sentence]);
    let accounts = started
        .service
        .accounts
        .ok_or_else(|| refused("this service has no accounts".to_owned()))?;
    let definition = &started.service.definition;
    let context = AdminContext {
        db: &started.db,
        hasher: &Hasher::start(Parameters::MINIMUM).map_err(Failure::of)?,
        accounts,
        passwords: definition.settings.passwords,
        service: definition.name,
        now: Timestamp::now(),
    };
    create_admin(&context, request)
        .await
        .map_err(|error| refused(error.to_string()))
}

/// The first line of standard input, without its end. Whoever sits before it is told that it is waited for.
fn password() -> Result<Secret<String>, Failure> {
    let stdin = std::io::stdin().lock();
    if stdin.is_terminal() {
        // Whoever cannot be told types all the same.
        let _ = writeln!(
            std::io::stderr(),
            "type the password, which is shown as you type, and Enter:"
        );
    }
    let mut text = String::new();
    stdin
        .take(INPUT_LIMIT)
        .read_line(&mut text)
        .map_err(Failure::broken)?;
    let text = Secret::new(text);
    Ok(Secret::new(
        text.expose().lines().next().unwrap_or_default().to_owned(),
    ))
}
