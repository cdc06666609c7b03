//! What the project's service will look for when it starts: its database and its addresses.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use super::{Finding, State};
use crate::commands::Session;
use crate::commands::next::ADDRESS;
use crate::diagnostic::visible;
use crate::project::{Setting, setting};

const NAME: &str = "database";

/// What the project's settings name, or else what every project begins with.
pub(super) fn database(session: &Session<'_>) -> Finding {
    let environment = session.database();
    match setting(
        &session.project,
        ("DATABASE_URL", "database_url"),
        environment,
    ) {
        Some(setting) => of_url(&session.project, &setting),
        None => Finding::new(
            NAME,
            State::Ready,
            "SQLite, which is a part of every project",
            "nothing is needed",
        ),
    }
}

fn of_url(project: &Path, Setting { value, place }: &Setting) -> Finding {
    let help = "services run on SQLite: name a file, as in `sqlite://data/service.sqlite`";
    let Some(file) = value.strip_prefix("sqlite://") else {
        // The rest may hold a password.
        let scheme = value.split(':').next().unwrap_or_default();
        let scheme: String = scheme.chars().filter(char::is_ascii_alphanumeric).collect();
        let found = format!("{place} names one of `{scheme}`, on which services do not run yet");
        return Finding::new(NAME, State::Missing, found, help);
    };
    let shown = visible(file);
    match std::fs::metadata(project.join(file)) {
        Ok(about) if about.is_file() => Finding::new(
            NAME,
            State::Ready,
            format!("SQLite, which is a part of every project; `{shown}` is there"),
            help,
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => Finding::new(
            NAME,
            State::Ready,
            format!("SQLite, which is a part of every project; the first start makes `{shown}`"),
            help,
        ),
        Ok(_) => Finding::new(
            NAME,
            State::Missing,
            format!("`{shown}`, which {place} names, is no file"),
            help,
        ),
        Err(error) => Finding::new(
            NAME,
            State::Missing,
            format!(
                "`{shown}`, which {place} names, cannot be looked at: {}",
                error.kind()
            ),
            "whoever runs the service must be allowed to read and write it",
        ),
    }
}

/// Where the service is to listen, and where its operator's routes are, if they have an address of their own.
pub(super) fn ports(session: &Session<'_>) -> Vec<Finding> {
    let listen = ("SECAPI_LISTEN", "listen");
    let listen = setting(&session.project, listen, session.listen()).unwrap_or_else(|| Setting {
        value: ADDRESS.to_owned(),
        place: "nothing".to_owned(),
    });
    let own = ("SECAPI_OPS_LISTEN", "ops_listen");
    let own = setting(&session.project, own, None);
    let mut out = vec![port("port", &listen)];
    out.extend(own.map(|own| port("ops port", &own)));
    out
}

fn port(name: &'static str, Setting { value, place }: &Setting) -> Finding {
    let Ok(address) = value.parse::<SocketAddr>() else {
        return Finding::new(
            name,
            State::Missing,
            format!("`{}` in {place} is no address", visible(value)),
            "an address has a port, as in `127.0.0.1:8081`",
        );
    };
    match TcpListener::bind(address) {
        Ok(_) => Finding::new(name, State::Ready, format!("{address} is free"), ""),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::new(
            name,
            State::Advised,
            format!("{address} is taken"),
            "another program listens there; start the project with `SECAPI_LISTEN=127.0.0.1:8081`",
        ),
        Err(error) => Finding::new(
            name,
            State::Missing,
            format!("{address} in {place} cannot be had: {}", error.kind()),
            "name an address of this machine, such as `127.0.0.1:8081`, and a port that you may use",
        ),
    }
}
