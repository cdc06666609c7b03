//! Takes a query string apart, strictly.

use crate::Violation;

/// How many parameters are looked at: more than any list needs, and few enough that the answer to a hostile query is
/// short.
const MOST: usize = 100;

/// The pairs of a query string in `application/x-www-form-urlencoded`, where `+` is a space. What is not UTF-8 or not
/// percent-encoded properly is reported and left out.
pub(super) fn pairs(query: &str, violations: &mut Vec<Violation>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let raw: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    if raw.len() > MOST {
        let detail = format!("at most {MOST} parameters are read");
        violations.push(Violation::parameter("", "max_items", detail));
        return pairs;
    }
    for pair in raw {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(name) = decoded(name) else {
            violations.push(broken(name));
            continue;
        };
        match decoded(value) {
            Some(value) => pairs.push((name, value)),
            None => violations.push(broken(&name)),
        }
    }
    pairs
}

/// A query string without the pairs of one name, however that is spelled (`%63ursor`); the others stay as they came.
pub(crate) fn without_parameter(query: &str, name: &str) -> String {
    let other = |pair: &&str| {
        let (found, _) = pair.split_once('=').unwrap_or((pair, ""));
        !pair.is_empty() && decoded(found).as_deref() != Some(name)
    };
    query.split('&').filter(other).collect::<Vec<_>>().join("&")
}

fn broken(name: &str) -> Violation {
    Violation::parameter(
        name,
        "encoding",
        "must be percent-encoded UTF-8 without NUL",
    )
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hexadecimal(rest.next()?)? * 16 + hexadecimal(rest.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|text| !text.contains('\0'))
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(query: &str) -> (Vec<(String, String)>, usize) {
        let mut violations = Vec::new();
        let pairs = pairs(query, &mut violations);
        (pairs, violations.len())
    }

    #[test]
    fn pairs_are_decoded_once() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            read("a=1&b%5Bgte%5D=x%2By&c=%2541&&d&=e"),
            (
                vec![
                    pair("a", "1"),
                    pair("b[gte]", "x+y"),
                    pair("c", "%41"),
                    pair("d", ""),
                    pair("", "e")
                ],
                0
            )
        );
        assert_eq!(
            read("a=1+2%202&b=x=y&c=%C3%A9ü"),
            (
                vec![pair("a", "1 2 2"), pair("b", "x=y"), pair("c", "éü")],
                0
            )
        );
        assert_eq!(read(""), (Vec::new(), 0));
    }

    #[test]
    fn a_parameter_is_taken_out_however_it_is_spelled() {
        for query in [
            "cursor=x&a=1&b=%63",
            "a=1&%63ursor=x&b=%63",
            "a=1&&curso%72&b=%63",
            "a=1&b=%63&%63%75%72%73%6f%72=x=y",
        ] {
            assert_eq!(without_parameter(query, "cursor"), "a=1&b=%63", "{query}");
        }
        assert_eq!(
            without_parameter("cursors=1&Cursor=2", "cursor"),
            "cursors=1&Cursor=2"
        );
        assert_eq!(without_parameter("cursor=x", "cursor"), "");
    }

    #[test]
    fn a_flood_of_parameters_gets_a_short_answer() {
        assert_eq!(read(&"a=1&".repeat(100)).0.len(), 100);
        assert_eq!(read(&"a=1&".repeat(101)), (Vec::new(), 1));
    }

    #[test]
    fn broken_encodings_are_reported() {
        for wrong in [
            "a=%",
            "a=%4",
            "a=%zz",
            "a=%+1",
            "a=%ff",
            "a=%C0%AF",
            "a=%ED%A0%80",
            "%ff=1",
            "a=%00",
            "a%00=1",
        ] {
            assert_eq!(read(wrong), (Vec::new(), 1), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in "[a-z%0-9&=+ü\\[\\]]{0,40}") {
            read(&query);
        }
    }
}
