//! What the policies say to the callers of the generated tests.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use secapi_runtime::authz::{Context, Credential, Engine, Entity, Gate, Subject};

use super::rows::{self, NOW};
use crate::model::{Field, FieldKind, Operation, Resource, Service};
use crate::render::sample;

const ADMINISTRATOR: &str = "00000000-0000-7000-8000-00000000000a";
const ACCOUNT: &str = "00000000-0000-7000-8000-00000000000b";
const ROW: &str = "00000000-0000-7000-8000-00000000000c";
/// What a row refers to, which is none of the others.
pub(super) const REFERRED: &str = "00000000-0000-7000-8000-00000000000d";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// The first administrator.
    Administrator,
    /// An account with the role that newcomers have.
    Account,
    /// Nobody that is known.
    Anonymous,
}

/// What a caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// What was asked for.
    Allowed,
    /// A problem of this status and code.
    Refused(u16, &'static str),
    /// It depends on what a rule of the project fills in, on rows behind references, or on the moment.
    Unknown,
}

/// The callers that a service can have, and its policies.
pub(super) struct Oracle<'a> {
    service: &'a Service,
    engine: &'a Engine,
    subjects: Vec<(Caller, Subject)>,
    /// What each caller gets for an action: many tests begin with the same few, and a question has its price.
    outcomes: Mutex<HashMap<(Caller, String), Outcome>>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(service: &'a Service, engine: &'a Engine) -> Self {
        let callers = [Caller::Administrator, Caller::Account, Caller::Anonymous];
        let subjects = callers
            .into_iter()
            .filter_map(|caller| Some((caller, subject(service, engine, caller)?)));
        Self {
            service,
            engine,
            subjects: subjects.collect(),
            outcomes: Mutex::default(),
        }
    }

    /// The caller that a test of this action succeeds with, the most powerful first.
    pub(super) fn right_caller(&self, resource: &Resource, verb: &str) -> Option<Caller> {
        let allowed = |caller: &Caller| self.outcome(*caller, resource, verb) == Outcome::Allowed;
        self.subjects
            .iter()
            .map(|(caller, _)| *caller)
            .find(allowed)
    }

    /// Whether there can be such a caller at all.
    pub(super) fn has(&self, caller: Caller) -> bool {
        self.subject(caller).is_some()
    }

    /// What the caller gets for this action on a row that somebody else made.
    pub(super) fn outcome(&self, caller: Caller, resource: &Resource, verb: &str) -> Outcome {
        let question = (caller, format!("{}:{verb}", resource.name));
        let known = self.outcomes().get(&question).copied();
        known.unwrap_or_else(|| {
            let outcome = self.asked(caller, resource, verb);
            self.outcomes().insert(question, outcome);
            outcome
        })
    }

    fn outcomes(&self) -> MutexGuard<'_, HashMap<(Caller, String), Outcome>> {
        // What is in it is true whoever died while he held it.
        self.outcomes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn asked(&self, caller: Caller, resource: &Resource, verb: &str) -> Outcome {
        let Some(subject) = self.subject(caller) else {
            return Outcome::Unknown;
        };
        let refusal = refusal(caller);
        let action = format!("{}:{verb}", resource.name);
        let never = |action: &str| self.engine.gate(subject, action, &resource.kind) == Gate::Never;
        let changes = |verb: &str| self.looks_at_the_moment(subject, resource, &[verb]);
        if !changes(verb) && never(&action) {
            return refusal;
        }
        // A new row is decided on by nothing else.
        let is_made = matches!(verb, "create" | "register");
        if changes(verb) || (!is_made && changes("read")) {
            return Outcome::Unknown;
        }
        // What nobody may read is not listed either.
        if verb == "list" && never(&format!("{}:read", resource.name)) {
            return refusal;
        }
        if verb != "list" && self.looks_behind(subject, resource, &[verb, "read"]) {
            return Outcome::Unknown;
        }
        let row = rows::row(resource, ROW, None);
        let allows = |verb: &str| {
            self.engine
                .decide(subject, &format!("{}:{verb}", resource.name), &row)
                .allowed
        };
        match verb {
            "list" => Outcome::Allowed,
            // A rule may refuse who has no account to put there.
            "create" if caller == Caller::Anonymous && self.puts_the_caller_there(resource) => {
                Outcome::Unknown
            }
            "create" if self.looks_behind_what_it_refers_to(subject, resource) => Outcome::Unknown,
            "create" if !self.reads_what_it_refers_to(subject, resource) => {
                Outcome::Refused(422, "validation_failed")
            }
            "create" | "register" if is_filled_by_rules(resource) => match allows(verb) {
                true => Outcome::Allowed,
                false => Outcome::Unknown,
            },
            "create" | "register" => {
                if allows(verb) {
                    Outcome::Allowed
                } else {
                    refusal
                }
            }
            _ if !allows("read") => Outcome::Refused(404, "not_found"),
            _ if !allows(verb) => refusal,
            _ => Outcome::Allowed,
        }
    }

    /// What the caller gets for an action on the resource as a whole.
    pub(super) fn whole(&self, caller: Caller, resource: &Resource, verb: &str) -> Outcome {
        let Some(subject) = self.subject(caller) else {
            return Outcome::Unknown;
        };
        if self.looks_behind(subject, resource, &[verb])
            || self.looks_at_the_moment(subject, resource, &[verb])
        {
            return Outcome::Unknown;
        }
        let action = format!("{}:{verb}", resource.name);
        if self.engine.gate(subject, &action, &resource.kind) == Gate::Always {
            return Outcome::Allowed;
        }
        refusal(caller)
    }

    /// Whether it takes rows behind references to tell what the policies of these actions say. The tests of policies have such
    /// rows; here nobody knows what stands in them.
    fn looks_behind(&self, subject: &Subject, resource: &Resource, verbs: &[&str]) -> bool {
        verbs.iter().any(|verb| {
            let action = format!("{}:{verb}", resource.name);
            self.engine.looks_behind(subject, &action, &resource.kind)
        })
    }

    /// Whether the policies of these actions say one thing now and another in an hour, or in a year. A test that states what they
    /// say is right by day and wrong by night; those of policies ask them while they run.
    fn looks_at_the_moment(&self, subject: &Subject, resource: &Resource, verbs: &[&str]) -> bool {
        verbs.iter().any(|verb| {
            let action = format!("{}:{verb}", resource.name);
            self.engine
                .looks_at_the_moment(subject, &action, &resource.kind)
        })
    }

    /// Whether a list that the caller may ask for may show a row that somebody else made.
    pub(super) fn lists(&self, caller: Caller, resource: &Resource) -> bool {
        let row = rows::row(resource, ROW, None);
        let allows = |subject: &Subject, verb: &str| {
            self.engine
                .decide(subject, &format!("{}:{verb}", resource.name), &row)
                .allowed
        };
        self.subject(caller).is_some_and(|subject| {
            self.looks_behind(subject, resource, &["list", "read"])
                || self.looks_at_the_moment(subject, resource, &["list", "read"])
                || allows(subject, "list") && allows(subject, "read")
        })
    }

    fn looks_behind_what_it_refers_to(&self, subject: &Subject, resource: &Resource) -> bool {
        let mut targets = self.targets(resource);
        targets.any(|target| {
            self.looks_behind(subject, target, &["read"])
                || self.looks_at_the_moment(subject, target, &["read"])
        })
    }

    /// What a creation has to refer to.
    fn targets<'r>(
        &self,
        resource: &'r Resource,
    ) -> impl Iterator<Item = &'a Resource> + use<'a, 'r> {
        let service = self.service;
        let sent = resource
            .references()
            .filter(|(field, _)| field.is_required() && !field.read_only);
        sent.filter_map(|(_, reference)| service.resource(&reference.to))
    }

    /// Whether the caller may read the rows that a creation has to refer to, which somebody else made.
    fn reads_what_it_refers_to(&self, subject: &Subject, resource: &Resource) -> bool {
        self.targets(resource).all(|target| {
            let row = rows::row(target, REFERRED, None);
            let action = format!("{}:read", target.name);
            self.engine.decide(subject, &action, &row).allowed
        })
    }

    fn puts_the_caller_there(&self, resource: &Resource) -> bool {
        let mut filled = self.service.filled_with_the_caller(resource);
        filled.next().is_some()
    }

    fn subject(&self, caller: Caller) -> Option<&Subject> {
        self.subjects
            .iter()
            .find(|(known, _)| *known == caller)
            .map(|(_, subject)| subject)
    }
}

/// What the policies' refusal is to this caller.
fn refusal(caller: Caller) -> Outcome {
    match caller {
        Caller::Anonymous => Outcome::Refused(401, "token_missing"),
        Caller::Administrator | Caller::Account => Outcome::Refused(403, "forbidden"),
    }
}

/// A rule of the project fills in what nobody sends, and the policies may look at it.
fn is_filled_by_rules(resource: &Resource) -> bool {
    resource.fields.iter().any(|field| field.read_only)
}

fn subject(service: &Service, engine: &Engine, caller: Caller) -> Option<Subject> {
    let entity = match caller {
        // What tests cannot make themselves they cannot be.
        Caller::Administrator if service.auth.is_some() && !sample::has_administrator(service) => {
            return None;
        }
        Caller::Administrator => Some(account(service, ADMINISTRATOR, admin_role(service)?)?),
        Caller::Account => Some(account(service, ACCOUNT, default_role(service)?)?),
        Caller::Anonymous => None,
    };
    engine.subject(entity.as_ref(), &context(caller)).ok()
}

fn account(service: &Service, id: &str, role: Option<String>) -> Option<Entity> {
    let identity = service.identity()?;
    let field = service.auth.as_ref()?.role_field.as_deref();
    Some(rows::row(identity, id, field.zip(role.as_deref())))
}

/// `Some(None)` where accounts have no roles.
fn admin_role(service: &Service) -> Option<Option<String>> {
    service.auth.as_ref().map(|auth| auth.admin_role.clone())
}

/// The role of an account that was created without naming one. There is none where an administrator cannot create
/// accounts.
fn default_role(service: &Service) -> Option<Option<String>> {
    let identity = service
        .identity()
        .filter(|identity| identity.has(Operation::Create))?;
    let Some(role) = service.auth.as_ref()?.role_field.as_deref() else {
        return Some(None);
    };
    let role = identity.field(role)?;
    let first = || match &role.kind {
        FieldKind::Enum(choices) => choices.choices.first().map(|choice| choice.value.clone()),
        _ => None,
    };
    Some(
        Field::default(role)
            .and_then(|literal| literal.wire().as_str().map(str::to_owned))
            .or_else(first),
    )
}

fn context(caller: Caller) -> Context {
    let known = caller != Caller::Anonymous;
    Context {
        ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
        now: NOW,
        mfa: false,
        credential: if known {
            Credential::Password
        } else {
            Credential::None
        },
        scopes: Vec::new(),
        in_scope: true,
        authenticated_at: known.then_some(NOW),
    }
}
