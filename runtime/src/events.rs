//! Security events, in the words of the OWASP Logging Vocabulary Cheat Sheet, on the target `secapi::security`.
//!
//! Each is one line with the event, who acted, whom it is about, from where, and a sentence. The request id comes from
//! the span around the request. An address typed at a login is logged only as the id of the account that it belongs to:
//! what somebody types there may be a password in the wrong field. For the same reason no name of an unknown member, no
//! query and no header of a client stands in an event, but the cleaned `User-Agent` of a device.

mod refusal;
mod vocabulary;

use std::net::IpAddr;

use tracing::field::display;
use tracing::{Level, Value};

use crate::auth::keys::{Keyring, SigningKey};
use crate::auth::sessions::Device;
use crate::authz::Engine;
use crate::encryption::EncryptedField;
use crate::value::Id;

pub(crate) use refusal::refused;
use vocabulary::description;

/// Who did what an event tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// Nobody that is known.
    Anonymous,
    /// A signed-in account.
    Account(Id),
    /// Whoever runs commands on the machine.
    Operator,
    /// The service by itself.
    Service,
}

impl std::fmt::Display for Actor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anonymous => formatter.write_str("anonymous"),
            Self::Account(id) => write!(formatter, "{id}"),
            Self::Operator => formatter.write_str("operator"),
            Self::Service => formatter.write_str("service"),
        }
    }
}

/// What happened, by whom, to whom, from where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event<'a> {
    name: &'static str,
    actor: Actor,
    account: Option<Id>,
    session: Option<Id>,
    ip: Option<IpAddr>,
    user_agent: Option<&'a str>,
    detail: Option<&'static str>,
}

impl<'a> Event<'a> {
    /// An event of the vocabulary. Its actor is nobody that is known, until one is named.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            actor: Actor::Anonymous,
            account: None,
            session: None,
            ip: None,
            user_agent: None,
            detail: None,
        }
    }

    /// The account that acted, where one did.
    pub(crate) fn by(mut self, actor: Option<Id>) -> Self {
        self.actor = actor.map_or(Actor::Anonymous, Actor::Account);
        self
    }

    /// Whoever runs the service's commands acted.
    pub(crate) fn by_operator(mut self) -> Self {
        self.actor = Actor::Operator;
        self
    }

    /// Nobody asked for it.
    pub(crate) fn by_service(mut self) -> Self {
        self.actor = Actor::Service;
        self
    }

    /// The account that it is about.
    pub(crate) fn account(mut self, account: Option<Id>) -> Self {
        self.account = account;
        self
    }

    /// The session in which it happened. Whoever has one is the account itself, unless somebody else is named.
    pub(crate) fn session(mut self, session: Id) -> Self {
        self.session = Some(session);
        if let (Actor::Anonymous, Some(account)) = (self.actor, self.account) {
            self.actor = Actor::Account(account);
        }
        self
    }

    pub(crate) fn from(mut self, device: &'a Device) -> Self {
        self.ip = Some(device.ip);
        self.user_agent = device.user_agent.as_deref();
        self
    }

    /// Where the network alone is known.
    pub(crate) fn address(mut self, ip: IpAddr) -> Self {
        self.ip = Some(ip.to_canonical());
        self
    }

    pub(crate) fn detail(mut self, detail: &'static str) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Something that is as it should be.
    pub(crate) fn info(self) {
        let Fields(actor, account, session, ip) = self.fields();
        let (event, user_agent, detail) = (self.name, self.user_agent, self.detail);
        let text = description(event);
        tracing::event!(target: TARGET, Level::INFO, event, actor, account, session, ip, user_agent, detail, "{text}");
    }

    /// Something that an operator wants to count or to look at.
    pub(crate) fn warn(self) {
        let Fields(actor, account, session, ip) = self.fields();
        let (event, user_agent, detail) = (self.name, self.user_agent, self.detail);
        let text = description(event);
        tracing::event!(target: TARGET, Level::WARN, event, actor, account, session, ip, user_agent, detail, "{text}");
    }

    /// Something that somebody has to mend.
    pub(crate) fn error(self) {
        let Fields(actor, account, session, ip) = self.fields();
        let (event, user_agent, detail) = (self.name, self.user_agent, self.detail);
        let text = description(event);
        tracing::event!(target: TARGET, Level::ERROR, event, actor, account, session, ip, user_agent, detail, "{text}");
    }

    fn fields(
        &self,
    ) -> Fields<impl Value + use<>, impl Value + use<>, impl Value + use<>, impl Value + use<>>
    {
        Fields(
            display(self.actor),
            self.account.map(display),
            self.session.map(display),
            self.ip.map(display),
        )
    }
}

/// Actor, account, session and address, as the log takes them.
struct Fields<A, B, C, D>(A, B, C, D);

/// A request that found its quota used up.
#[derive(Debug)]
pub(crate) struct Excess<'a> {
    pub(crate) actor: Option<Id>,
    pub(crate) ip: IpAddr,
    /// The tier or the action whose quota it is.
    pub(crate) policy: Option<&'a str>,
    /// What was counted by.
    pub(crate) key: &'static str,
    /// The quota.
    pub(crate) max: Option<u32>,
}

/// A quota is used up.
pub(crate) fn quota_exceeded(excess: &Excess<'_>) {
    let event = "excess_rate_limit_exceeded";
    let text = description(event);
    let actor = excess.actor.map_or(Actor::Anonymous, Actor::Account);
    let Excess {
        ip,
        policy,
        key,
        max,
        ..
    } = excess;
    tracing::warn!(target: TARGET, event, %actor, %ip, policy, key, max, "{text}");
}

/// The ring of signing keys has changed; new tokens are signed with `signing`.
pub(crate) fn keys_changed(ring: &Keyring) {
    let keys: Vec<&str> = ring.iter().map(SigningKey::kid).collect();
    let (event, signing) = ("signing_keys_changed", ring.signing().kid());
    let text = description(event);
    tracing::warn!(target: TARGET, event, actor = %Actor::Operator, signing, ?keys, "{text}");
}

/// The folder of signing keys has changed and cannot be used; the ring is as before.
pub(crate) fn keys_refused(problems: &[String]) {
    let event = "signing_keys_refused";
    let text = description(event);
    tracing::error!(target: TARGET, event, actor = %Actor::Operator, ?problems, "{text}");
}

/// A value of an encrypted field does not open: the row, the field and the reason, and nothing of the value.
pub(crate) fn value_refused(field: &EncryptedField, row: Id, reason: &str) {
    let event = "encrypted_value_refused";
    let text = description(event);
    let EncryptedField { resource, name, .. } = field;
    tracing::error!(target: TARGET, event, actor = %Actor::Service, resource, field = name, %row, reason, "{text}");
}

/// Other policies are in force; every instance tells which.
pub(crate) fn policies_changed(engine: &Engine, before: &Engine) {
    let event = "policies_changed";
    let text = description(event);
    let (policy_set, before) = (engine.hash(), before.hash());
    let policies = engine.policy_ids().count();
    tracing::warn!(target: TARGET, event, actor = %Actor::Operator, policy_set, before, policies, "{text}");
}

/// The folder of policies has changed and cannot be put in force; the set is as before.
pub(crate) fn policies_refused(problems: &[String], policy_set: &str) {
    let event = "policies_refused";
    let text = description(event);
    let problems = problems.get(..MOST_PROBLEMS).unwrap_or(problems);
    tracing::error!(target: TARGET, event, actor = %Actor::Operator, policy_set, ?problems, "{text}");
}

/// So many problems of one folder stand in a line: the first ones say what to mend.
const MOST_PROBLEMS: usize = 20;

/// Where security events go; a filter or a collector selects by it.
const TARGET: &str = "secapi::security";
