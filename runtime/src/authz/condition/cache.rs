//! Conditions that were built before. Partial evaluation costs more than everything else in a list's request, and a caller
//! asks for the same lists again and again.
//!
//! INVARIANT: a key is made of everything that a condition depends on. That is, of one engine, which never changes: the
//! action, the kind of the row, the caller as it was made ready with the rows behind it, and the circumstances. What the policies of the request
//! provably cannot see is left out where leaving it out cannot hide an error either: texts of the caller, which are all
//! alike to the schema, and circumstances, which all have a meaning. Where the time is seen, nothing is kept.

use super::Condition;
use super::emit::{Dialect, Output};
use super::truth::{Field, Parameter, Size, Truth};
use crate::authz::behind::Behind;
use crate::authz::facts::{Attribute, Context, Entity};
use crate::authz::names::is_moment;
use cedar_policy::pst::PatternElem;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many conditions one generation holds; there are two.
const MOST: usize = 4_096;

/// How many bytes one generation holds, and one condition in it at most.
const BYTES: usize = 2 << 20;
const LARGEST: usize = 16 << 10;

/// What tells one question from another: SHA-256 over all of it, so that a key is small whatever a caller has stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// `None`, where what the condition depends on is another in every request.
    pub(super) fn of(
        action: &str,
        kind: &str,
        caller: Option<&Entity>,
        around: &Behind,
        context: &Context,
        is_seen: &dyn Fn(&str) -> bool,
    ) -> Option<Self> {
        let moments = context.authenticated_at.into_iter().chain([context.now]);
        if is_seen("now") || !moments.into_iter().all(is_moment) {
            return None;
        }
        let mut key = Writer(Sha256::new());
        key.text(action);
        key.text(kind);
        key.count(usize::from(caller.is_some()));
        if let Some(caller) = caller {
            key.entity(caller, is_seen);
        }
        key.around(around, is_seen);
        key.context(context, is_seen);
        Some(Self(key.0.finalize().into()))
    }
}

/// Every part says how long it is, so that no two questions read the same.
struct Writer(Sha256);

impl Writer {
    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }

    fn around(&mut self, around: &Behind, is_seen: &dyn Fn(&str) -> bool) {
        let all = around.sorted();
        self.count(all.len());
        for (kind, id, row) in all {
            match row {
                Some(row) => {
                    self.0.update(b"r");
                    self.entity(row, is_seen);
                }
                None => {
                    self.named(b"n", kind);
                    self.text(id);
                }
            }
        }
    }

    fn entity(&mut self, entity: &Entity, is_seen: &dyn Fn(&str) -> bool) {
        self.text(entity.kind);
        self.text(&entity.id);
        self.count(entity.parents.len());
        // The same in another order are the same.
        let mut parents: Vec<_> = entity.parents.iter().collect();
        parents.sort_unstable();
        for (kind, id) in parents {
            self.text(kind);
            self.text(id);
        }
        self.count(entity.attributes.len());
        for (name, value) in &entity.attributes {
            self.text(name);
            match value {
                Attribute::String(_) if !is_seen(name) => self.0.update(b"-"),
                value => self.attribute(value),
            }
        }
    }

    fn attribute(&mut self, value: &Attribute) {
        match value {
            Attribute::Bool(value) => self.tagged(b"b", i64::from(*value)),
            Attribute::Long(value) => self.tagged(b"l", *value),
            Attribute::Datetime(value) => self.tagged(b"t", *value),
            Attribute::Duration(value) => self.tagged(b"d", *value),
            Attribute::String(text) => self.named(b"s", text),
            Attribute::Decimal(text) => self.named(b"n", text),
            Attribute::Ip(ip) => self.address(*ip),
            Attribute::Entity { kind, id } => {
                self.named(b"e", kind);
                self.text(id);
            }
            Attribute::Set(values) => {
                self.0.update(b"m");
                self.count(values.len());
                for value in values {
                    self.attribute(value);
                }
            }
        }
    }

    fn tagged(&mut self, tag: &[u8; 1], number: i64) {
        self.0.update(tag);
        self.number(number);
    }

    fn named(&mut self, tag: &[u8; 1], text: &str) {
        self.0.update(tag);
        self.text(text);
    }

    fn address(&mut self, ip: IpAddr) {
        match ip {
            IpAddr::V4(ip) => self.0.update([&b"4"[..], &ip.octets()].concat()),
            IpAddr::V6(ip) => self.0.update([&b"6"[..], &ip.octets()].concat()),
        }
    }

    /// All of it is named here: a member that is added to the context has to be added to the key.
    fn context(&mut self, context: &Context, is_seen: &dyn Fn(&str) -> bool) {
        let Context {
            ip,
            now: _,
            mfa,
            credential,
            scopes,
            in_scope,
            authenticated_at,
        } = context;
        if is_seen("ip") {
            self.address(*ip);
        }
        if is_seen("mfa") {
            self.tagged(b"f", i64::from(*mfa));
        }
        if is_seen("credential") {
            self.named(b"c", credential.as_str());
        }
        if is_seen("in_scope") {
            self.tagged(b"i", i64::from(*in_scope));
        }
        if is_seen("authenticated_at") {
            self.tagged(b"a", i64::from(authenticated_at.is_some()));
            self.number(authenticated_at.unwrap_or_default());
        }
        if is_seen("scopes") {
            self.0.update(b"o");
            self.count(scopes.len());
            for scope in scopes {
                self.text(scope);
            }
        }
    }
}

/// The conditions of one engine, in two generations: what has been asked for since the younger one began is kept when it is
/// full, the rest is forgotten.
#[derive(Debug, Default)]
pub(in crate::authz) struct Conditions(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: Generation,
    old: Generation,
}

#[derive(Debug, Default)]
struct Generation {
    conditions: HashMap<Key, Condition>,
    bytes: usize,
}

impl Conditions {
    pub(super) fn get(&self, key: &Key) -> Option<Condition> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.young.conditions.get(key) {
            return Some(known.clone());
        }
        let known = all.old.conditions.remove(key)?;
        all.keep(*key, known.clone());
        Some(known)
    }

    pub(super) fn keep(&self, key: Key, condition: &Condition) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.keep(key, condition.clone());
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        let all = self.0.lock().unwrap();
        all.young.conditions.len() + all.old.conditions.len()
    }
}

impl Generations {
    fn keep(&mut self, key: Key, condition: Condition) {
        let bytes = weight(&condition);
        if bytes > LARGEST {
            return;
        }
        let young = &self.young;
        if young.conditions.len() >= MOST || young.bytes + bytes > BYTES {
            self.old = std::mem::take(&mut self.young);
        }
        if self.young.conditions.insert(key, condition).is_none() {
            self.young.bytes += bytes;
        }
    }
}

/// About how many bytes a condition takes, rather too many.
fn weight(condition: &Condition) -> usize {
    let mut texts = Texts(0);
    condition.write(Dialect::Sqlite, &mut texts);
    let size = Size::around(condition.conjuncts.iter().map(Truth::size), 1);
    size_of::<Key>()
        + size.nodes * size_of::<Truth>()
        + size.parameters * size_of::<Parameter>()
        // A pattern is kept by its characters.
        + texts.0 * size_of::<PatternElem>()
}

/// How long the bound texts of a condition are together.
struct Texts(usize);

impl Output for Texts {
    fn text(&mut self, _: &'static str) {}

    fn parameter(&mut self, value: &Parameter) {
        if let Parameter::Text(text) = value {
            self.0 += text.len();
        }
    }

    fn column(&mut self, _: &Field) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::condition::truth::{Comparison, Operand};

    fn condition(text: &str) -> Condition {
        let title = Operand::Column(Field::Attribute("title".into()));
        let text = Operand::Given(Parameter::Text(text.to_owned()));
        Condition::of(Truth::Compare(Comparison::Same, title, text))
    }

    fn key(number: usize) -> Key {
        Key(Sha256::digest(number.to_be_bytes()).into())
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_asked_for_stays() {
        let conditions = Conditions::default();
        for number in 0..5 * MOST {
            conditions.keep(key(number), &condition(&number.to_string()));
            assert_eq!(conditions.get(&key(0)), Some(condition("0")), "{number}");
        }
        assert!((MOST..=2 * MOST).contains(&conditions.count()));
        assert_eq!(conditions.get(&key(1)), None);
        let last = 5 * MOST - 1;
        let kept = conditions.get(&key(last));
        assert_eq!(kept, Some(condition(&last.to_string())));
    }

    #[test]
    fn large_conditions_crowd_nothing_out() {
        let conditions = Conditions::default();
        let large = "x".repeat(LARGEST / size_of::<PatternElem>() - 1_000);
        for number in 0..MOST {
            conditions.keep(key(number), &condition(&large));
        }
        assert!(weight(&condition(&large)) <= LARGEST);
        assert!(conditions.count() * weight(&condition(&large)) <= 2 * BYTES);
        let too_large = condition(&"x".repeat(LARGEST));
        conditions.keep(key(MOST), &too_large);
        assert_eq!(conditions.get(&key(MOST)), None);
    }
}
