//! The syntax of the header.

use salvo::http::HeaderMap;
use salvo::http::header::HeaderName;

use crate::error::{Code, Error};

const NAME: HeaderName = HeaderName::from_static("idempotency-key");

/// The most characters that a key has. A UUID has 36.
const LONGEST: usize = 255;

/// The one key of a request.
///
/// The draft has a structured string, `"8e03978e"`; many clients send the same without quotation marks. Both are read,
/// and name the same key.
///
/// # Errors
/// 400 if there are two headers or two keys, or if the key is empty, longer than 255 characters, or has other characters
/// than printable ASCII.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Error> {
    let mut lines = headers.get_all(NAME).iter();
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    let only = lines.next().is_none().then_some(line);
    only.and_then(|line| parse(line.as_bytes()))
        .map(Some)
        .ok_or_else(|| {
            Error::new(Code::MalformedRequest).because("Idempotency-Key is not one legal key")
        })
}

fn parse(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    let quoted = text.strip_prefix('"');
    let key = match quoted {
        Some(rest) => unquoted(rest.strip_suffix('"')?)?,
        None => text.bytes().all(is_bare).then(|| text.to_owned())?,
    };
    (1..=LONGEST).contains(&key.len()).then_some(key)
}

/// The inside of a structured string (RFC 9651, 3.3.3): printable ASCII, with `\` before `"` and `\` alone.
fn unquoted(inside: &str) -> Option<String> {
    let mut key = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        key.push(match character {
            '"' => return None,
            '\\' => characters.next().filter(|next| "\"\\".contains(*next))?,
            plain => Some(plain).filter(|plain| (' '..='~').contains(plain))?,
        });
    }
    Some(key)
}

/// No space, and nothing that would begin a list, a parameter or a quotation: such a line could mean two things.
fn is_bare(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"\\,;".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use salvo::http::HeaderValue;

    fn read(lines: &[&[u8]]) -> Result<Option<String>, Code> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(NAME, HeaderValue::from_bytes(line).unwrap());
        }
        key(&headers).map_err(|error| error.code())
    }

    #[test]
    fn a_key_stands_in_quotation_marks_or_bare() {
        assert_eq!(read(&[]), Ok(None));
        for (line, key) in [
            (
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
            ),
            ("\"8e03978e-40d5\"", "8e03978e-40d5"),
            ("a", "a"),
            ("order:7/retry=2", "order:7/retry=2"),
            ("\"a b, c; d\"", "a b, c; d"),
            (r#""a \"b\" \\""#, r#"a "b" \"#),
        ] {
            assert_eq!(read(&[line.as_bytes()]), Ok(Some(key.to_owned())), "{line}");
        }
        let longest = "k".repeat(LONGEST);
        assert_eq!(read(&[longest.as_bytes()]), Ok(Some(longest.clone())));
        let quoted = format!("\"{longest}\"");
        assert_eq!(read(&[quoted.as_bytes()]), Ok(Some(longest)));
    }

    #[test]
    fn anything_else_is_refused() {
        let too_long = "k".repeat(LONGEST + 1);
        let too_long_quoted = format!("\"{too_long}\"");
        for line in [
            "",
            "\"\"",
            "\"",
            "\"a",
            "a\"",
            "a b",
            "a,b",
            "a;b=c",
            "\"a\";b=c",
            "\"a\", \"b\"",
            "\"a\"b\"",
            "\"a\\\"",
            "\"a\\b\"",
            "a\\b",
            "\"a\tb\"",
            &too_long,
            &too_long_quoted,
        ] {
            assert_eq!(
                read(&[line.as_bytes()]),
                Err(Code::MalformedRequest),
                "{line}"
            );
        }
        assert_eq!(read(&["schlüssel".as_bytes()]), Err(Code::MalformedRequest));
        assert_eq!(
            read(&["\"schlüssel\"".as_bytes()]),
            Err(Code::MalformedRequest)
        );
        assert_eq!(read(&[b"\xff"]), Err(Code::MalformedRequest));
        assert_eq!(read(&[b"a", b"a"]), Err(Code::MalformedRequest));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            if let Some(key) = parse(&bytes) {
                prop_assert!(!key.is_empty() && key.len() <= LONGEST && key.is_ascii());
            }
        }
    }
}
