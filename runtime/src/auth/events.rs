//! Security events, in the words of the OWASP logging vocabulary, on the target `secapi::security`.
//!
//! The request id comes from the span around the request. An address typed at a login is logged only as the id of the
//! account that it belongs to: what somebody types there may be a password in the wrong field.

use std::net::IpAddr;

use tracing::field::display;

use super::keys::{Keyring, SigningKey};
use super::sessions::Device;
use crate::value::Id;

/// What happened, to whom, from where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event<'a> {
    name: &'static str,
    /// Who did it, where that is not the account itself.
    actor: Option<Id>,
    account: Option<Id>,
    session: Option<Id>,
    ip: Option<IpAddr>,
    user_agent: Option<&'a str>,
    detail: Option<&'static str>,
}

impl<'a> Event<'a> {
    pub(super) fn new(name: &'static str) -> Self {
        Self {
            name,
            actor: None,
            account: None,
            session: None,
            ip: None,
            user_agent: None,
            detail: None,
        }
    }

    pub(super) fn actor(mut self, actor: Option<Id>) -> Self {
        self.actor = actor;
        self
    }

    pub(super) fn account(mut self, account: Option<Id>) -> Self {
        self.account = account;
        self
    }

    pub(super) fn session(mut self, session: Id) -> Self {
        self.session = Some(session);
        self
    }

    pub(super) fn from(mut self, device: &'a Device) -> Self {
        self.ip = Some(device.ip);
        self.user_agent = device.user_agent.as_deref();
        self
    }

    pub(super) fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Something that is as it should be.
    pub(super) fn info(self) {
        let [actor, account, session] = self.ids();
        let (ip, user_agent, detail) = (self.ip.map(display), self.user_agent, self.detail);
        tracing::info!(target: TARGET, event = self.name, actor, account, session, ip, user_agent, detail);
    }

    /// Something that an operator wants to count or to look at.
    pub(super) fn warn(self) {
        let [actor, account, session] = self.ids();
        let (ip, user_agent, detail) = (self.ip.map(display), self.user_agent, self.detail);
        tracing::warn!(target: TARGET, event = self.name, actor, account, session, ip, user_agent, detail);
    }

    fn ids(&self) -> [Option<impl tracing::Value + use<>>; 3] {
        [self.actor, self.account, self.session].map(|id| id.map(display))
    }
}

/// The ring of signing keys has changed; new tokens are signed with `signing`.
pub(crate) fn keys_changed(ring: &Keyring) {
    let keys: Vec<&str> = ring.iter().map(SigningKey::kid).collect();
    let signing = ring.signing().kid();
    tracing::warn!(target: TARGET, event = "signing_keys_changed", signing, ?keys);
}

/// The folder of signing keys has changed and cannot be used; the ring is as before.
pub(crate) fn keys_refused(problems: &[String]) {
    tracing::error!(target: TARGET, event = "signing_keys_refused", ?problems, "the keys in force stay");
}

/// Where security events go; a filter or a collector selects by it.
const TARGET: &str = "secapi::security";
