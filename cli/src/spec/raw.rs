//! The file as typed structs. They mirror it key by key, keep every place, and mean nothing yet.
//!
//! A value that is absent here is either not written or was refused by the reader. Where a later stage
//! would call something missing, it asks what was `unread` first.

mod action;
mod field;
mod keys;
mod relation;

pub use action::{Action, SoftDelete};
pub use field::{Field, Given};
pub use keys::Unread;
pub use relation::Relation;

use std::time::Duration;

use self::field::field;
use self::keys::{Keys, is_map};
use super::language;
use super::node::{Entry, Node};
use crate::diagnostic::Span;

/// A value with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// The same place with something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: change(self.value),
            span: self.span,
        }
    }
}

/// Text with its place.
pub type Text = Spanned<String>;

/// The whole file.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Spec {
    pub span: Span,
    pub secapi: Option<Spanned<i64>>,
    pub service: Service,
    pub auth: Option<Auth>,
    pub rate_limits: RateLimits,
    pub http: Http,
    pub lists: Option<Text>,
    pub resources: Vec<Resource>,
    /// Where the key `resources` stands, or the whole file without it.
    pub resources_span: Span,
    /// Whether the key `resources` could be read.
    pub complete: bool,
}

/// The key `service`.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Service {
    pub name: Option<Text>,
    pub namespace: Option<Text>,
    pub title: Option<Text>,
    pub description: Option<Text>,
    pub version: Option<Text>,
    pub base_path: Option<Text>,
    pub database: Option<Text>,
}

/// The key `auth`.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Auth {
    pub span: Span,
    pub identity: Option<Text>,
    pub role: Option<Text>,
    pub admin_role: Option<Text>,
    pub registration: Option<Text>,
    pub profile: Option<Text>,
    pub min_length: Option<Spanned<i64>>,
    pub max_length: Option<Spanned<i64>>,
    pub access_ttl: Option<Spanned<Duration>>,
    pub refresh_ttl: Option<Spanned<Duration>>,
    pub refresh_absolute_ttl: Option<Spanned<Duration>>,
    pub lockout: Lockout,
    /// What could not be read.
    pub unread: Unread,
}

/// The key `auth.lockout`.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Lockout {
    pub after: Option<Spanned<i64>>,
    pub within: Option<Spanned<Duration>>,
    pub longest: Option<Spanned<Duration>>,
    pub delay: Option<Text>,
}

/// So many requests in so long a window.
pub type Quota = (u32, Duration);

/// The key `rate_limits`.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct RateLimits {
    pub auth: Option<Tier>,
    pub write: Option<Tier>,
    pub read: Option<Tier>,
}

/// One tier of rate limits.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Tier {
    pub quota: Option<Spanned<Quota>>,
    pub keys: Option<Spanned<Vec<Text>>>,
    pub skip_successful: Option<Spanned<bool>>,
    pub authenticated: Option<Spanned<Quota>>,
}

/// The key `http`.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Http {
    pub origins: Vec<Text>,
    pub body_limit: Option<Spanned<u64>>,
    pub timeout: Option<Spanned<Duration>>,
    pub https: Option<Text>,
    pub docs: Option<Text>,
}

/// One resource.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Resource {
    pub name: Text,
    pub plural: Option<Text>,
    pub description: Option<Text>,
    pub fields: Vec<Field>,
    pub operations: Option<Spanned<Vec<Text>>>,
    pub concurrency: Option<Text>,
    pub rate_limits: Vec<(Text, Spanned<Quota>)>,
    pub soft_delete: Option<SoftDelete>,
    pub actions: Vec<Action>,
    pub relations: Vec<Relation>,
    pub unique: Vec<Spanned<Vec<Text>>>,
    pub renamed_from: Option<Text>,
    /// What could not be read.
    pub unread: Unread,
}

/// Takes the checked tree apart.
pub(super) fn lower(root: &Node) -> Spec {
    let keys = Keys::of(Some(root));
    let authorization = keys.map("authorization");
    let resources = keys.map("resources");
    Spec {
        span: root.span,
        secapi: keys.whole("secapi"),
        service: service(keys.map("service")),
        auth: keys
            .find("auth")
            .filter(|entry| is_map(&entry.value))
            .map(auth),
        rate_limits: rate_limits(keys.map("rate_limits")),
        http: http(keys.map("http")),
        lists: authorization.text("lists"),
        resources: resources.0.iter().map(resource).collect(),
        resources_span: keys
            .find("resources")
            .map_or(root.span, |entry| entry.key_span),
        complete: keys
            .find("resources")
            .is_some_and(|entry| is_map(&entry.value)),
    }
}

fn service(keys: Keys<'_>) -> Service {
    Service {
        name: keys.text("name"),
        namespace: keys.text("namespace"),
        title: keys.text("title"),
        description: keys.text("description"),
        version: keys.text("version"),
        base_path: keys.text("base_path"),
        database: keys.text("database"),
    }
}

fn auth(entry: &Entry) -> Auth {
    let keys = Keys::of(Some(&entry.value));
    let passwords = keys.map("passwords");
    let refresh = keys.map("refresh_token");
    Auth {
        span: entry.key_span,
        identity: keys.text("identity"),
        role: keys.text("role"),
        admin_role: keys.text("admin_role"),
        registration: keys.text("registration"),
        profile: passwords.text("profile"),
        min_length: passwords.whole("min_length"),
        max_length: passwords.whole("max_length"),
        access_ttl: keys.map("access_token").duration("ttl"),
        refresh_ttl: refresh.duration("ttl"),
        refresh_absolute_ttl: refresh.duration("absolute_ttl"),
        lockout: lockout(keys.map("lockout")),
        unread: Keys::unread(entry, &language::AUTH),
    }
}

fn lockout(keys: Keys<'_>) -> Lockout {
    Lockout {
        after: keys.whole("after"),
        within: keys.duration("within"),
        longest: keys.duration("for"),
        delay: keys.text("delay"),
    }
}

fn rate_limits(keys: Keys<'_>) -> RateLimits {
    let tier = |name| keys.find(name).map(|entry| tier(&entry.value));
    RateLimits {
        auth: tier("auth"),
        write: tier("write"),
        read: tier("read"),
    }
}

fn tier(node: &Node) -> Tier {
    let keys = Keys::of(Some(node));
    Tier {
        quota: keys.quota("quota"),
        keys: keys.texts("key"),
        skip_successful: keys.flag("skip_successful"),
        authenticated: keys.quota("authenticated"),
    }
}

/// The quotas of single operations.
fn quotas(keys: Keys<'_>) -> Vec<(Text, Spanned<Quota>)> {
    let quotas = keys.0.iter().filter_map(|entry| {
        let operation = Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        };
        Some((operation, keys.quota(&entry.key)?))
    });
    quotas.collect()
}

fn http(keys: Keys<'_>) -> Http {
    Http {
        origins: keys
            .map("cors")
            .texts("origins")
            .map(|texts| texts.value)
            .unwrap_or_default(),
        body_limit: keys.size("body_limit"),
        timeout: keys.duration("timeout"),
        https: keys.text("https"),
        docs: keys.text("docs"),
    }
}

fn resource(entry: &Entry) -> Resource {
    let keys = Keys::of(Some(&entry.value));
    Resource {
        name: Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        },
        plural: keys.text("plural"),
        description: keys.text("description"),
        fields: keys.map("fields").0.iter().map(field).collect(),
        operations: keys.texts("operations"),
        concurrency: keys.text("concurrency"),
        rate_limits: quotas(keys.map("rate_limits")),
        soft_delete: keys.find("soft_delete").and_then(action::soft_delete),
        actions: keys.map("actions").0.iter().map(action::action).collect(),
        relations: relations(keys),
        unique: keys.sets("unique"),
        renamed_from: keys.text("renamed_from"),
        unread: Keys::unread(entry, &language::RESOURCE),
    }
}

fn relations(keys: Keys<'_>) -> Vec<Relation> {
    let entries = keys.map("relations").0.iter();
    entries.filter_map(relation::relation).collect()
}
