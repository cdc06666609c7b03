//! The file as typed structs. They mirror it key by key, keep every place, and mean nothing yet.
//!
//! A value that is absent here is either not written or was refused by the reader. Where a later stage
//! would call something missing, it asks `complete` first.

mod action;
mod relation;

pub use action::{Action, SoftDelete};
pub use relation::Relation;

use std::time::Duration;

use super::measure;
use super::node::{Entry, Node, Scalar, Value};
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
    /// Whether every key could be read.
    pub complete: bool,
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
    /// Whether every key could be read.
    pub complete: bool,
}

/// A value of a field as the file gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A single value.
    One(Scalar),
    /// Several of them, in `[]`.
    Several(Vec<Spanned<Scalar>>),
}

/// One field.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are the keys of the language, which the tables describe"
)]
pub struct Field {
    pub name: Text,
    pub kind: Option<Text>,
    pub optional: Option<Spanned<bool>>,
    pub default: Option<Spanned<Given>>,
    pub min: Option<Spanned<Scalar>>,
    pub max: Option<Spanned<Scalar>>,
    pub pattern: Option<Text>,
    pub format: Option<Text>,
    pub trim: Option<Spanned<bool>>,
    pub values: Option<Spanned<Vec<Text>>>,
    pub scale: Option<Spanned<i64>>,
    pub wide: Option<Spanned<bool>>,
    pub unique: Option<Spanned<bool>>,
    pub index: Option<Spanned<bool>>,
    pub search: Option<Spanned<bool>>,
    pub immutable: Option<Spanned<bool>>,
    pub read_only: Option<Spanned<bool>>,
    pub write_only: Option<Spanned<bool>>,
    pub guarded: Option<Spanned<bool>>,
    pub encrypted: Option<Spanned<bool>>,
    pub sensitive: Option<Spanned<bool>>,
    pub description: Option<Text>,
    pub example: Option<Spanned<Given>>,
    pub of: Option<Box<Field>>,
    pub max_items: Option<Spanned<i64>>,
    pub max_bytes: Option<Spanned<u64>>,
    pub to: Option<Text>,
    pub on_delete: Option<Text>,
    pub renamed_from: Option<Text>,
    pub backfill: Option<Spanned<Given>>,
    /// Values with what each was before.
    pub renamed_values: Vec<(Text, Text)>,
    /// Whether every key could be read.
    pub complete: bool,
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
        complete: keys.complete(),
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
        complete: is_map(&entry.value) && keys.complete(),
    }
}

fn relations(keys: Keys<'_>) -> Vec<Relation> {
    let entries = keys.map("relations").0.iter();
    entries.filter_map(relation::relation).collect()
}

fn field(entry: &Entry) -> Field {
    let keys = Keys::of(Some(&entry.value));
    Field {
        name: Spanned {
            value: entry.key.clone(),
            span: entry.key_span,
        },
        kind: keys.text("type"),
        optional: keys.flag("optional"),
        default: keys.given("default"),
        min: keys.scalar("min"),
        max: keys.scalar("max"),
        pattern: keys.text("pattern"),
        format: keys.text("format"),
        trim: keys.flag("trim"),
        values: keys.texts("values"),
        scale: keys.whole("scale"),
        wide: keys.flag("wide"),
        unique: keys.flag("unique"),
        index: keys.flag("index"),
        search: keys.flag("search"),
        immutable: keys.flag("immutable"),
        read_only: keys.flag("read_only"),
        write_only: keys.flag("write_only"),
        guarded: keys.flag("guarded"),
        encrypted: keys.flag("encrypted"),
        sensitive: keys.flag("sensitive"),
        description: keys.text("description"),
        example: keys.given("example"),
        of: keys.find("of").map(|entry| Box::new(field(entry))),
        max_items: keys.whole("max_items"),
        max_bytes: keys.size("max_bytes"),
        to: keys.text("to"),
        on_delete: keys.text("on_delete"),
        renamed_from: keys.text("renamed_from"),
        backfill: keys.given("backfill"),
        renamed_values: keys.renamed("values"),
        complete: is_map(&entry.value) && keys.complete(),
    }
}

fn is_map(node: &Node) -> bool {
    matches!(node.value, Value::Map(_))
}

fn single(node: &Node) -> Option<Spanned<Scalar>> {
    match &node.value {
        Value::Scalar(scalar) => Some(Spanned {
            value: scalar.clone(),
            span: node.span,
        }),
        _ => None,
    }
}

/// The entries of one map, empty where there is no map.
#[derive(Clone, Copy)]
struct Keys<'a>(&'a [Entry]);

impl<'a> Keys<'a> {
    fn of(node: Option<&'a Node>) -> Self {
        match node.map(|node| &node.value) {
            Some(Value::Map(entries)) => Self(entries),
            _ => Self(&[]),
        }
    }

    fn complete(self) -> bool {
        self.0.iter().all(|entry| entry.value.is_whole())
    }

    fn find(self, key: &str) -> Option<&'a Entry> {
        self.0.iter().find(|entry| entry.key == key)
    }

    fn map(self, key: &str) -> Self {
        Self::of(self.find(key).map(|entry| &entry.value))
    }

    fn scalar(self, key: &str) -> Option<Spanned<Scalar>> {
        single(&self.find(key)?.value)
    }

    fn given(self, key: &str) -> Option<Spanned<Given>> {
        let node = &self.find(key)?.value;
        let value = match &node.value {
            Value::Scalar(scalar) => Given::One(scalar.clone()),
            Value::List(items) => Given::Several(items.iter().filter_map(single).collect()),
            Value::Map(_) | Value::Invalid => return None,
        };
        Some(Spanned {
            value,
            span: node.span,
        })
    }

    fn text(self, key: &str) -> Option<Text> {
        Some(self.scalar(key)?.map(|scalar| scalar.text))
    }

    fn read<T>(self, key: &str, read: impl FnOnce(&Scalar) -> Option<T>) -> Option<Spanned<T>> {
        let Spanned { value, span } = self.scalar(key)?;
        Some(Spanned {
            value: read(&value)?,
            span,
        })
    }

    fn whole(self, key: &str) -> Option<Spanned<i64>> {
        self.read(key, Scalar::whole)
    }

    fn flag(self, key: &str) -> Option<Spanned<bool>> {
        self.read(key, Scalar::boolean)
    }

    fn duration(self, key: &str) -> Option<Spanned<Duration>> {
        self.read(key, |scalar| measure::duration(&scalar.text))
    }

    fn quota(self, key: &str) -> Option<Spanned<Quota>> {
        self.read(key, |scalar| measure::quota(&scalar.text))
    }

    fn size(self, key: &str) -> Option<Spanned<u64>> {
        self.read(key, |scalar| measure::size(&scalar.text))
    }

    fn items(self, key: &str) -> &'a [Node] {
        match self.find(key).map(|entry| &entry.value.value) {
            Some(Value::List(items)) => items,
            _ => &[],
        }
    }

    /// Lists in a list.
    fn sets(self, key: &str) -> Vec<Spanned<Vec<Text>>> {
        self.items(key).iter().filter_map(texts_of).collect()
    }

    /// What the items of a list were before.
    fn renamed(self, key: &str) -> Vec<(Text, Text)> {
        let items = self.items(key).iter().map(|item| Self::of(Some(item)));
        items
            .filter_map(|item| Some((item.text("value")?, item.text("renamed_from")?)))
            .collect()
    }

    fn texts(self, key: &str) -> Option<Spanned<Vec<Text>>> {
        texts_of(&self.find(key)?.value)
    }
}

/// A list of texts. An item that says more than its text has it under `value`.
fn texts_of(node: &Node) -> Option<Spanned<Vec<Text>>> {
    let Value::List(items) = &node.value else {
        return None;
    };
    let texts = items.iter().filter_map(|item| match &item.value {
        Value::Scalar(scalar) => Some(Spanned {
            value: scalar.text.clone(),
            span: item.span,
        }),
        Value::Map(_) => Keys::of(Some(item)).text("value"),
        Value::List(_) | Value::Invalid => None,
    });
    Some(Spanned {
        value: texts.collect(),
        span: node.span,
    })
}
