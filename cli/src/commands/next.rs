//! What there is to do with a new project: what `new` prints, and what `new --run` says when it starts.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::Value;

use crate::diagnostic::visible;
use crate::model::{Docs, Service, address};
use crate::plan::Policies;
use crate::{render, shell};

/// Where a service listens in development.
pub(super) const ADDRESS: &str = "127.0.0.1:8080";
/// What stands for a password that nobody knows yet.
const PASSWORD: &str = "THE PASSWORD";

/// What one can do with the service first.
pub(super) struct First {
    pub(super) name: String,
    title: String,
    /// Whether there is a page of documentation.
    pub(super) has_docs: bool,
    /// Of a service where people sign in.
    pub(super) administrator: Option<Administrator>,
    base_path: String,
    /// What answers a stranger.
    open: String,
}

/// The first administrator.
#[derive(Clone)]
pub(super) struct Administrator {
    pub(super) email: String,
    /// The fewest characters of a password.
    pub(super) password_length: usize,
}

impl First {
    pub(super) fn of(service: &Service, policies: &Policies) -> Self {
        let has_docs = service.http.docs != Docs::Never;
        let open = render::list_of_strangers(service, &policies.engine)
            .map(|resource| format!("{}{}", service.base_path, resource.path));
        let otherwise = match has_docs {
            true => "/openapi.json",
            false => "/health/live",
        };
        Self {
            name: service.name.clone(),
            title: service.title.clone(),
            has_docs,
            administrator: administrator(service),
            base_path: service.base_path.clone(),
            open: open.unwrap_or_else(|| otherwise.to_owned()),
        }
    }

    /// What `new` prints without `--run`.
    pub(super) fn steps(&self, folder: &Path) -> String {
        let shown = folder.display().to_string();
        let mut out = format!(
            "wrote the project `{}` into {}\n\nnext:\n  cd {}\n",
            self.name,
            visible(&shown),
            shell::folder(folder)
        );
        if let Some(administrator) = &self.administrator {
            let email = shell::quoted(&administrator.email);
            let length = administrator.password_length;
            out.push_str(&format!(
                "  cargo run -- create-admin --email {email} --password-stdin\n                            # then type a password of at least {length} characters, and Enter\n"
            ));
        }
        let page = if self.has_docs { "/docs" } else { "" };
        out.push_str(&format!(
            "  cargo run                 # http://{ADDRESS}{page}\n  cargo test\n"
        ));
        let curl = self.curl(ADDRESS, PASSWORD);
        out + &format!("\ntry, while it runs:\n{curl}")
    }

    /// What `new --run` says before the service starts to talk.
    pub(super) fn welcome(&self, address: SocketAddr, password: Option<&str>) -> String {
        let mut out = format!("\n{} starts at http://{address}\n", visible(&self.title));
        if self.has_docs {
            out.push_str(&format!("documentation   http://{address}/docs\n"));
        }
        if let Some((administrator, password)) = self.administrator.as_ref().zip(password) {
            let email = &administrator.email;
            out.push_str(&format!(
                "administrator   {email}\npassword        {password}   (shown once)\n"
            ));
        }
        let curl = self.curl(&address.to_string(), password.unwrap_or(PASSWORD));
        out + &format!("\ntry:\n{curl}\nCtrl-C stops it.\n\n")
    }

    /// A command that the service answers well: a sign-in where there is somebody, or else what it shows to everybody.
    fn curl(&self, address: &str, password: &str) -> String {
        let Some(administrator) = &self.administrator else {
            return format!("  curl -s http://{address}{}\n", self.open);
        };
        let email = Value::from(administrator.email.as_str());
        let password = Value::from(password);
        let body = format!("{{\"email\": {email}, \"password\": {password}}}");
        format!(
            "  curl -s http://{address}{}/auth/login -H 'Content-Type: application/json' \\\n    -d {}\n",
            self.base_path,
            shell::quoted(&body)
        )
    }
}

/// Nobody where accounts have no roles. The model promises an address for every identity.
fn administrator(service: &Service) -> Option<Administrator> {
    let auth = service.auth.as_ref()?;
    auth.admin_role.as_ref()?;
    let email = service.identity()?.field("email")?;
    Some(Administrator {
        email: address::of_administrator(email)?,
        password_length: usize::try_from(auth.passwords.min_length).ok()?,
    })
}
