//! UUIDs, addresses and binary data.

use std::net::IpAddr;

use crate::model::Literal;

/// Reads a UUID in its hyphenated form.
pub(super) fn uuid(text: &str) -> Result<String, String> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let hexadecimal = groups
        .iter()
        .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if lengths == [8, 4, 4, 4, 12] && hexadecimal {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("a UUID such as `0190a5f0-7c1e-7000-8000-000000000001`".to_owned())
    }
}

/// Reads an address, as the service does: one IPv4 address in IPv6 form is the IPv4 address.
pub(super) fn ip(text: &str) -> Result<String, String> {
    let address: Result<IpAddr, _> = text.parse();
    address
        .map(|address| address.to_canonical().to_string())
        .map_err(|_| "an IPv4 or IPv6 address".to_owned())
}

/// Reads base64 with padding, of at most so many decoded bytes.
pub(super) fn bytes(text: &str, max: u64) -> Result<Literal, String> {
    let bytes = base64(text).ok_or_else(|| "base64 with padding".to_owned())?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length <= max) {
        Ok(Literal::Bytes {
            base64: text.to_owned(),
            bytes,
        })
    } else {
        Err(format!("{max} bytes at most"))
    }
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for byte in digits.bytes() {
        bits = (bits << 6) | digit(byte)?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).ok()?);
            bits &= (1 << held) - 1;
        }
    }
    // Bits that no byte holds must be zero, or two texts would stand for the same bytes.
    (bits == 0).then_some(bytes)
}

fn digit(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_strictly() {
        assert_eq!(base64("aGVsbG8="), Some(b"hello".to_vec()));
        assert_eq!(base64(""), Some(Vec::new()));
        assert_eq!(base64("//79"), Some(vec![0xff, 0xfe, 0xfd]));
        for wrong in ["a", "aGVsbG8", "aGVsbG9=", "aGVs bG8=", "a===", "=aaa"] {
            assert_eq!(base64(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn uuids_and_addresses() {
        assert_eq!(
            uuid("0190A5F0-7C1E-7000-8000-000000000001").as_deref(),
            Ok("0190a5f0-7c1e-7000-8000-000000000001")
        );
        assert!(uuid("0190a5f07c1e70008000000000000001").is_err());
        assert_eq!(ip("::1").as_deref(), Ok("::1"));
        assert_eq!(ip("::ffff:192.0.2.1").as_deref(), Ok("192.0.2.1"));
        assert!(ip("1.2.3").is_err());
    }
}
