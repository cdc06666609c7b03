//! Rules for values without inner structure.

use std::fmt::{self, Debug, Formatter};
use std::marker::PhantomData;
use std::net::IpAddr;

use serde_json::Value;

use super::{Broken, Rule, text_of};
use crate::value::{Bytes, Choice, Id, parse_ip};

/// `true` or `false`.
#[derive(Clone, Copy, Debug)]
pub struct Flag;

impl Rule for Flag {
    type Value = bool;

    fn check(&self, value: &Value) -> Result<bool, Vec<Broken>> {
        value.as_bool().ok_or_else(|| Broken::not("true or false"))
    }
}

/// A UUID in its hyphenated form.
#[derive(Clone, Copy, Debug)]
pub struct Uuid;

impl Rule for Uuid {
    type Value = Id;

    fn check(&self, value: &Value) -> Result<Id, Vec<Broken>> {
        Id::parse(text_of(value)?)
            .ok_or_else(|| vec![Broken::new("uuid", "must be a UUID of 36 characters")])
    }
}

/// An IPv4 or IPv6 address. An IPv4 address in IPv6 form (`::ffff:192.0.2.1`, RFC 4291 2.5.5.2) is the IPv4 address: one
/// address has one spelling, in the database, in answers, in filters and for policies.
#[derive(Clone, Copy, Debug)]
pub struct IpRule;

impl Rule for IpRule {
    type Value = IpAddr;

    fn check(&self, value: &Value) -> Result<IpAddr, Vec<Broken>> {
        parse_ip(text_of(value)?)
            .ok_or_else(|| vec![Broken::new("ip", "must be an IPv4 or IPv6 address")])
    }
}

/// Bytes in base64.
#[derive(Clone, Debug)]
pub struct BytesRule {
    max: usize,
}

impl BytesRule {
    /// Any bytes that fit into a body.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self { max: usize::MAX }
    }

    /// The largest number of bytes, decoded.
    #[must_use]
    pub const fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }
}

impl Rule for BytesRule {
    type Value = Bytes;

    fn check(&self, value: &Value) -> Result<Bytes, Vec<Broken>> {
        let text = text_of(value)?;
        let too_long = || {
            vec![Broken::new(
                "max_length",
                format!("must be at most {} bytes", self.max),
            )]
        };
        // Four characters make at most three bytes: what is far over the limit is not decoded at all.
        if text.len() / 4 > self.max / 3 + 1 {
            return Err(too_long());
        }
        let bytes = Bytes::parse(text)
            .ok_or_else(|| vec![Broken::new("base64", "must be base64 with padding")])?;
        if bytes.0.len() > self.max {
            return Err(too_long());
        }
        Ok(bytes)
    }
}

/// One of the words of an enum.
pub struct Choices<E>(PhantomData<fn() -> E>);

impl<E: Choice> Choices<E> {
    /// The rule of an enum.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "rules are made as statics")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<E: Choice> Debug for Choices<E> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "Choices({})", words::<E>())
    }
}

impl<E: Choice> Rule for Choices<E> {
    type Value = E;

    fn check(&self, value: &Value) -> Result<E, Vec<Broken>> {
        E::from_word(text_of(value)?).ok_or_else(|| {
            vec![Broken::new(
                "choice",
                format!("must be one of: {}", words::<E>()),
            )]
        })
    }
}

fn words<E: Choice>() -> String {
    let words: Vec<_> = E::ALL.iter().map(E::as_str).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code<R: Rule>(rule: &R, value: Value) -> Option<&'static str> {
        let broken = rule.check(&value).err()?;
        assert_eq!(broken.len(), 1);
        Some(broken[0].code)
    }

    #[test]
    fn flags_are_not_words_or_numbers() {
        assert_eq!(code(&Flag, json!(true)), None);
        for wrong in [json!("true"), json!(1), json!(0), json!(null), json!([])] {
            assert_eq!(code(&Flag, wrong), Some("type"));
        }
    }

    #[test]
    fn uuids_are_hyphenated_and_come_out_in_lower_case() {
        let id = Uuid
            .check(&json!("018F4F3A-9C3B-7D2E-8A1B-0123456789AB"))
            .unwrap();
        assert_eq!(id.to_string(), "018f4f3a-9c3b-7d2e-8a1b-0123456789ab");
        assert_eq!(
            code(&Uuid, json!("018f4f3a9c3b7d2e8a1b0123456789ab")),
            Some("uuid")
        );
        assert_eq!(code(&Uuid, json!(7)), Some("type"));
    }

    #[test]
    fn addresses_are_literal_and_canonical() {
        for (text, canonical) in [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:DB8::0:1", "2001:db8::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("::FFFF:102:304", "1.2.3.4"),
            ("::1.2.3.4", "::102:304"),
            ("0:0:0:0:0:0:0:0", "::"),
        ] {
            assert_eq!(IpRule.check(&json!(text)).unwrap().to_string(), canonical);
        }
        for wrong in [
            "192.0.2.01",
            "192.0.2",
            "192.0.2.256",
            "0x7f.0.0.1",
            "127.1",
            "192.0.2.1/24",
            "fe80::1%eth0",
            "[::1]",
            "::1 ",
            "１.2.3.4",
            "1.2.3.4:80",
            "",
        ] {
            assert_eq!(code(&IpRule, json!(wrong)), Some("ip"), "{wrong}");
        }
    }

    #[test]
    fn bytes_are_measured_decoded() {
        let three = BytesRule::new().max(3);
        assert_eq!(code(&three, json!("AQID")), None);
        assert_eq!(code(&three, json!("AQIDBA==")), Some("max_length"));
        assert_eq!(code(&three, json!("A".repeat(10_000))), Some("max_length"));
        assert_eq!(code(&three, json!("AQI")), Some("base64"));
        assert_eq!(code(&BytesRule::new(), json!("A".repeat(10_000))), None);
        assert_eq!(code(&BytesRule::new().max(0), json!("")), None);
    }
}
