//! One encrypted field: what its values are bound to, and how they stand in the database.

use super::EncryptionKeys;
use crate::Error;
use crate::events;
use crate::value::{Id, SqlValue};

/// The form of what is stored: this byte, the length of the key's name, the name, and what the key sealed.
const FORM: u8 = 1;

/// What is sealed is filled up with zeros to a multiple of this many bytes: the length of what is stored would otherwise
/// tell one word of an enum from another, and a short name from a long one.
const BLOCK: usize = 32;

/// An encrypted field of a resource. Generated code says it once for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncryptedField {
    /// The resource's name, to which values are bound.
    pub resource: &'static str,
    /// The resource's table.
    pub table: &'static str,
    /// The field's name, to which values are bound, and its column's.
    pub name: &'static str,
}

/// What every value that a key of this name sealed begins with.
pub(crate) fn header(kid: &str) -> Vec<u8> {
    // A name has at most 32 bytes.
    let length = u8::try_from(kid.len()).unwrap_or(u8::MAX);
    [&[FORM, length], kid.as_bytes()].concat()
}

impl EncryptedField {
    /// The value as it is stored; an unset one is `NULL`.
    ///
    /// # Errors
    /// An internal error where there are no keys, which the start has refused, or no random bytes.
    pub(crate) fn seal(
        &self,
        keys: Option<&EncryptionKeys>,
        row: Id,
        value: &SqlValue,
    ) -> Result<SqlValue, Error> {
        if *value == SqlValue::Null {
            return Ok(SqlValue::Null);
        }
        let keys = keys.ok_or_else(|| Error::internal("there are no encryption keys"))?;
        let mut bytes = Vec::new();
        value.pack(&mut bytes);
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        let header = header(keys.newest());
        let sealed = keys.seal(bytes, &self.binding(row, &header))?;
        Ok(SqlValue::Blob([header, sealed].concat()))
    }

    /// The value that was stored. What does not open is told of as a security event, and nothing of it is used.
    ///
    /// # Errors
    /// An internal error for what is not as it was stored here, or is of a key that is not there.
    pub(crate) fn open(
        &self,
        keys: Option<&EncryptionKeys>,
        row: Id,
        stored: &SqlValue,
    ) -> Result<SqlValue, Error> {
        let opened = match stored {
            SqlValue::Null => return Ok(SqlValue::Null),
            SqlValue::Blob(bytes) => self.opened(keys, row, bytes),
            _ => Err("not an encrypted value"),
        };
        opened.map_err(|reason| {
            events::value_refused(self, row, reason);
            Error::internal(format!("{}.{}: {reason}", self.resource, self.name))
        })
    }

    fn opened(
        &self,
        keys: Option<&EncryptionKeys>,
        row: Id,
        bytes: &[u8],
    ) -> Result<SqlValue, &'static str> {
        const MALFORMED: &str = "not an encrypted value";
        let Some((&[FORM, length], rest)) = bytes.split_first_chunk() else {
            return Err(MALFORMED);
        };
        let (kid, sealed) = rest.split_at_checked(length.into()).ok_or(MALFORMED)?;
        let kid = std::str::from_utf8(kid).map_err(|_| MALFORMED)?;
        let keys = keys
            .filter(|keys| keys.has(kid))
            .ok_or("encrypted with a key that is not in the ring")?;
        let opened = keys
            .open(kid, sealed, &self.binding(row, &header(kid)))
            .ok_or("changed, or moved from another place")?;
        unpacked(&opened).ok_or(MALFORMED)
    }

    /// Resource, field, row and header, each with its length, so that no two places look alike.
    fn binding(&self, row: Id, header: &[u8]) -> Vec<u8> {
        let row = row.to_string();
        let parts: [&[u8]; 5] = [
            b"secapi.encryption.field.v1",
            self.resource.as_bytes(),
            self.name.as_bytes(),
            row.as_bytes(),
            header,
        ];
        let with_length = |part: &&[u8]| [format!("{}:", part.len()).as_bytes(), part].concat();
        parts.iter().flat_map(with_length).collect()
    }
}

/// The one value that these bytes are, and the zeros behind it.
fn unpacked(mut bytes: &[u8]) -> Option<SqlValue> {
    let value = SqlValue::take(&mut bytes)?;
    bytes.iter().all(|byte| *byte == 0).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PHONE: EncryptedField = EncryptedField {
        resource: "user",
        table: "users",
        name: "phone",
    };

    fn keys(text: &str) -> EncryptionKeys {
        EncryptionKeys::parse(text).unwrap()
    }

    const OLD: &str = "old:q8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5zT7wK6nL4eA1gM=";
    const NEW: &str = "new:T7wK6nL4eA1gMq8rBYh4Vb0mJ2yFqU1c0dQp3r9sX5w=";

    fn bytes(value: &SqlValue) -> Vec<u8> {
        match value {
            SqlValue::Blob(bytes) => bytes.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_value_opens_where_it_belongs_and_nowhere_else() {
        let (ring, row) = (keys(OLD), Id::new());
        let value = SqlValue::from("+4930123456");
        let sealed = PHONE.seal(Some(&ring), row, &value).unwrap();
        assert_eq!(PHONE.open(Some(&ring), row, &sealed).unwrap(), value);
        // Never twice the same, and nothing of it is to be read.
        let again = PHONE.seal(Some(&ring), row, &value).unwrap();
        assert_ne!(sealed, again);
        assert!(!bytes(&sealed).windows(4).any(|window| window == b"3012"));
        let elsewhere = [
            EncryptedField {
                resource: "member",
                ..PHONE
            },
            EncryptedField {
                name: "mobile",
                ..PHONE
            },
        ];
        for field in elsewhere {
            assert!(field.open(Some(&ring), row, &sealed).is_err(), "{field:?}");
        }
        assert!(PHONE.open(Some(&ring), Id::new(), &sealed).is_err());
        assert!(PHONE.open(Some(&keys(NEW)), row, &sealed).is_err());
        assert!(PHONE.open(None, row, &sealed).is_err());
        // The table's name may change with its plural.
        let renamed = EncryptedField {
            table: "people",
            ..PHONE
        };
        assert_eq!(renamed.open(Some(&ring), row, &sealed).unwrap(), value);
    }

    #[test]
    fn a_key_of_the_same_name_and_other_bytes_opens_nothing() {
        let row = Id::new();
        let sealed = PHONE
            .seal(Some(&keys(OLD)), row, &SqlValue::from(7))
            .unwrap();
        let impostor = keys(&NEW.replace("new:", "old:"));
        assert!(PHONE.open(Some(&impostor), row, &sealed).is_err());
    }

    #[test]
    fn a_ring_reads_what_its_older_keys_sealed_and_seals_with_its_newest() {
        let row = Id::new();
        let value = SqlValue::from("x");
        let old = PHONE.seal(Some(&keys(OLD)), row, &value).unwrap();
        let ring = keys(&format!("{NEW},{OLD}"));
        assert_eq!(PHONE.open(Some(&ring), row, &old).unwrap(), value);
        let new = PHONE.seal(Some(&ring), row, &value).unwrap();
        assert!(bytes(&new).starts_with(&header("new")) && bytes(&old).starts_with(&header("old")));
        assert_eq!(PHONE.open(Some(&keys(NEW)), row, &new).unwrap(), value);
        // The name of the key is authenticated too.
        let relabelled = [header("new"), bytes(&old)[header("old").len()..].to_vec()].concat();
        assert!(
            PHONE
                .open(Some(&ring), row, &SqlValue::Blob(relabelled))
                .is_err()
        );
    }

    #[test]
    fn values_of_about_one_length_look_alike() {
        let (ring, row) = (keys(OLD), Id::new());
        let length = |value: SqlValue| bytes(&PHONE.seal(Some(&ring), row, &value).unwrap()).len();
        let shortest = length(SqlValue::from(""));
        for value in ["low", "high", "+493012345678901"] {
            assert_eq!(length(SqlValue::from(value)), shortest, "{value}");
        }
        assert_eq!(length(SqlValue::from(1)), shortest);
        assert_eq!(length(SqlValue::Text("x".repeat(24))), shortest + BLOCK);
    }

    #[test]
    fn unset_is_null_and_plain_values_are_refused() {
        let (ring, row) = (keys(OLD), Id::new());
        assert_eq!(
            PHONE.seal(None, row, &SqlValue::Null).unwrap(),
            SqlValue::Null
        );
        assert_eq!(
            PHONE.open(None, row, &SqlValue::Null).unwrap(),
            SqlValue::Null
        );
        assert!(PHONE.seal(None, row, &SqlValue::from("x")).is_err());
        for plain in [
            SqlValue::from("+4930123456"),
            SqlValue::from(1),
            SqlValue::Blob(Vec::new()),
            SqlValue::Blob(vec![FORM]),
            SqlValue::Blob(vec![FORM, 200, 1]),
            SqlValue::Blob(header("old")),
            SqlValue::Blob(vec![2, 3, b'o', b'l', b'd']),
        ] {
            assert!(PHONE.open(Some(&ring), row, &plain).is_err(), "{plain:?}");
        }
    }

    proptest! {
        #[test]
        fn every_changed_bit_is_noticed(bit in 0_usize..8 * 60) {
            let (ring, row) = (keys(OLD), Id::new());
            let mut sealed = bytes(&PHONE.seal(Some(&ring), row, &SqlValue::from("+4930123456")).unwrap());
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(PHONE.open(Some(&ring), row, &SqlValue::Blob(sealed)).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(stored: Vec<u8>) {
            prop_assert!(PHONE.open(Some(&keys(OLD)), Id::new(), &SqlValue::Blob(stored)).is_err());
        }

        #[test]
        fn every_value_survives(text: String, number: i64, blob: Vec<u8>) {
            let (ring, row) = (keys(OLD), Id::new());
            for value in [SqlValue::Text(text), SqlValue::Integer(number), SqlValue::Real(0.1), SqlValue::Blob(blob)] {
                let sealed = PHONE.seal(Some(&ring), row, &value).unwrap();
                prop_assert_eq!(PHONE.open(Some(&ring), row, &sealed).unwrap(), value);
            }
        }
    }
}
