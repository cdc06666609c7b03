//! Cursors: the place of a row, sealed so that a client learns nothing from it and can use it for nothing else.
//!
//! Sealed as [`crate::sealing`] has it. Caller, route, filters, search and order are authenticated with the place.

use std::fmt::{self, Debug, Formatter};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Position;
use crate::Error;
use crate::sealing::SealingKey;
use crate::value::Timestamp;

/// How long a cursor is good for, in milliseconds.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// How many bytes the time takes at which a cursor was made.
const TIME: usize = 8;

/// How far the clocks of two instances may be apart, in milliseconds.
const SKEW: i64 = 60 * 1000;

/// The keys of cursors, newest first: the first seals, all open.
#[derive(Clone)]
pub struct CursorKey(Vec<SealingKey>);

impl CursorKey {
    /// One key.
    #[must_use]
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self::ring(std::slice::from_ref(bytes))
    }

    /// A ring of keys, newest first.
    #[must_use]
    pub fn ring(keys: &[[u8; 32]]) -> Self {
        Self(keys.iter().map(SealingKey::new).collect())
    }

    /// The place takes at least so much room, whatever it is.
    pub(super) fn seal(
        &self,
        position: &Position,
        bound_to: &[u8],
        now: Timestamp,
        room: usize,
    ) -> Result<String, Error> {
        let key = self
            .0
            .first()
            .ok_or_else(|| Error::internal("there is no key for cursors"))?;
        let mut place = now.as_millis().to_be_bytes().to_vec();
        position.write(&mut place);
        let length = place.len().max(TIME + room);
        place.resize(length, 0);
        Ok(URL_SAFE_NO_PAD.encode(key.seal(place, bound_to)?))
    }

    /// The place of `keys` values in a cursor; `None` if it was not sealed by us, for this, and within a day.
    pub(super) fn open(
        &self,
        cursor: &str,
        bound_to: &[u8],
        now: Timestamp,
        keys: usize,
    ) -> Option<Position> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let opened = self.0.iter().find_map(|key| key.open(&bytes, bound_to))?;
        let (made, position) = opened.split_first_chunk()?;
        let age = now.as_millis().checked_sub(i64::from_be_bytes(*made))?;
        let position = Position::read(position, keys)?;
        (-SKEW..=LIFE).contains(&age).then_some(position)
    }
}

impl Debug for CursorKey {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str("CursorKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::SqlValue;
    use proptest::prelude::*;

    const NOW: i64 = 1_800_000_000_000;

    fn at(offset: i64) -> Timestamp {
        Timestamp::from_millis(NOW + offset)
    }

    fn key(byte: u8) -> CursorKey {
        CursorKey::new(&[byte; 32])
    }

    fn place() -> Position {
        Position(vec![
            SqlValue::from("a@b"),
            SqlValue::Null,
            SqlValue::Real(0.1),
            SqlValue::from(7),
        ])
    }

    #[test]
    fn a_cursor_opens_for_a_day_where_it_belongs() {
        let cursor = key(1).seal(&place(), b"here", at(0), 0).unwrap();
        assert_eq!(key(1).open(&cursor, b"here", at(0), 4), Some(place()));
        assert_eq!(key(1).open(&cursor, b"here", at(LIFE), 4), Some(place()));
        assert_eq!(key(1).open(&cursor, b"here", at(-SKEW), 4), Some(place()));
        for refused in [
            key(1).open(&cursor, b"here", at(LIFE + 1), 4),
            key(1).open(&cursor, b"here", at(-SKEW - 1), 4),
            key(1).open(&cursor, b"there", at(0), 4),
            key(1).open(&cursor, b"", at(0), 4),
            key(2).open(&cursor, b"here", at(0), 4),
            key(1).open(&cursor, b"here", at(0), 3),
            key(1).open(&cursor, b"here", at(0), 5),
            CursorKey::ring(&[]).open(&cursor, b"here", at(0), 4),
        ] {
            assert_eq!(refused, None);
        }
    }

    #[test]
    fn an_older_key_of_the_ring_still_opens() {
        let cursor = key(1).seal(&place(), b"here", at(0), 0).unwrap();
        let ring = CursorKey::ring(&[[2; 32], [1; 32]]);
        assert_eq!(ring.open(&cursor, b"here", at(0), 4), Some(place()));
        let newer = ring.seal(&place(), b"here", at(0), 0).unwrap();
        assert_eq!(key(1).open(&newer, b"here", at(0), 4), None);
        assert_eq!(key(2).open(&newer, b"here", at(0), 4), Some(place()));
    }

    #[test]
    fn a_cursor_says_nothing() {
        let seal = || key(1).seal(&place(), b"here", at(0), 0).unwrap();
        assert_ne!(seal(), seal());
        let bytes = URL_SAFE_NO_PAD.decode(seal()).unwrap();
        assert!(!bytes.windows(3).any(|window| window == b"a@b"));
        assert_eq!(format!("{:?}", key(1)), "CursorKey([redacted])");
    }

    fn value() -> impl Strategy<Value = SqlValue> {
        prop_oneof![
            Just(SqlValue::Null),
            any::<i64>().prop_map(SqlValue::Integer),
            prop::num::f64::NORMAL.prop_map(SqlValue::Real),
            any::<String>().prop_map(SqlValue::Text),
            any::<Vec<u8>>().prop_map(SqlValue::Blob),
        ]
    }

    proptest! {
        #[test]
        fn every_place_survives(values in prop::collection::vec(value(), 1..5), bound_to: Vec<u8>) {
            let (position, count) = (Position(values.clone()), values.len());
            let cursor = key(1).seal(&position, &bound_to, at(0), 0).unwrap();
            prop_assert_eq!(key(1).open(&cursor, &bound_to, at(0), count), Some(position));
        }

        #[test]
        fn every_changed_bit_is_noticed(bit in 0_usize..8 * 60) {
            let mut bytes = URL_SAFE_NO_PAD.decode(key(1).seal(&place(), b"here", at(0), 0).unwrap()).unwrap();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let forged = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(key(1).open(&forged, b"here", at(0), 4), None);
        }

        #[test]
        fn no_cursor_makes_it_panic(cursor: String, bytes: Vec<u8>) {
            prop_assert_eq!(key(1).open(&cursor, b"", at(0), 1), None);
            prop_assert_eq!(key(1).open(&URL_SAFE_NO_PAD.encode(&bytes), b"", at(0), 1), None);
            let _ = Position::read(&bytes, 3);
        }
    }
}
