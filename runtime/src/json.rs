//! The strict reader of JSON bodies.
//!
//! One text has one meaning: no duplicate keys, no bytes behind the document, no lone surrogates, no byte order mark.
//! Numbers keep what was written: a whole number of up to 64 bits, however it is spelled (`1.0`, `1e3`), becomes an
//! integer, everything else a double, and what a double cannot hold (`1e400`, `1e-400`, `1.00000000000000000001`) is
//! refused. So a double in the result is never a whole number that was small enough to be exact, nor another number than
//! the one that was written, and the rules can trust that.
//!
//! Depth and the number of values are bounded while reading, before anything is allocated for them.

mod number;
mod reader;
mod string;

pub(crate) use reader::{DEPTH, VALUES};

use serde_json::{Map, Value};

use crate::{Code, Error};

/// A JSON object, as a body is one.
pub type Object = Map<String, Value>;

/// Reads one JSON document.
///
/// # Errors
/// 400 `malformed_json`; the log learns where and why.
pub fn parse(body: &[u8]) -> Result<Value, Error> {
    let text = std::str::from_utf8(body).map_err(|error| malformed(&error.to_string()))?;
    reader::Reader::new(text)
        .document()
        .map_err(|fault| malformed(&fault.to_string()))
}

/// Reads one JSON object.
///
/// # Errors
/// 400 `malformed_json`, or 422 where the document is no object.
pub fn parse_object(body: &[u8]) -> Result<Object, Error> {
    match parse(body)? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::validation(vec![crate::Violation::body(
            "",
            "type",
            "must be an object",
        )])),
    }
}

fn malformed(cause: &str) -> Error {
    Error::new(Code::MalformedJson).because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn refuse(text: impl AsRef<[u8]>) {
        let text = text.as_ref();
        let error = parse(text).expect_err(&String::from_utf8_lossy(text));
        assert_eq!(error.code(), Code::MalformedJson);
    }

    #[test]
    fn json_is_read() {
        let text = r#" {"a" : [1, -2.5, "x\u00e9\ud83d\ude00\n\"\\\/\b\f\r\t", true, false, null, {}, []] , "" : "" } "#;
        let expected =
            json!({"a": [1, -2.5, "xé😀\n\"\\/\u{8}\u{c}\r\t", true, false, null, {}, []], "": ""});
        assert_eq!(parse(text.as_bytes()).unwrap(), expected);
    }

    #[test]
    fn keys_are_unique_however_they_are_spelled() {
        refuse(r#"{"a":1,"a":1}"#);
        refuse(r#"{"a":1,"\u0061":2}"#);
        refuse(r#"[{"b":{"a":1,"c":2,"a":3}}]"#);
        assert!(parse(br#"{"a":{"a":1},"A":2}"#).is_ok());
    }

    #[test]
    fn nesting_ends_at_32() {
        let nested = |depth: usize| ["[".repeat(depth), "]".repeat(depth)].concat();
        assert!(parse(nested(32).as_bytes()).is_ok());
        refuse(nested(33));
        refuse("[".repeat(100_000));
        refuse(format!("{}1{}", r#"{"a":"#.repeat(33), "}".repeat(33)));
    }

    #[test]
    fn values_end_at_ten_thousand() {
        let zeros = |count: usize| format!("[{}0]", "0,".repeat(count - 1));
        // The array is a value too.
        assert!(parse(zeros(9_999).as_bytes()).is_ok());
        refuse(zeros(10_000));
        let members: Vec<_> = (0..10_000).map(|n| format!("\"{n}\":0")).collect();
        refuse(format!("{{{}}}", members.join(",")));
    }

    #[test]
    fn text_is_well_formed_unicode() {
        refuse(b"\"\xff\"");
        refuse(b"\"\xed\xa0\x80\"");
        refuse(b"\"\xc0\xaf\"");
        for lone in [
            r#""\ud800""#,
            r#""\udc00""#,
            r#""\ud800\u0041""#,
            r#""\ud800x""#,
            r#""\ud83d\ud83d""#,
            r#""\ude00\ud83d""#,
        ] {
            refuse(lone);
        }
        for wrong in [
            r#""\x41""#,
            r#""\u12""#,
            r#""\u12g4""#,
            r#""\u+123""#,
            "\"a\nb\"",
            "\"\0\"",
            r#"""#,
            r#""\"#,
            "'a'",
        ] {
            refuse(wrong);
        }
        assert_eq!(parse(b"\"\\u0000\"").unwrap(), "\0");
    }

    #[test]
    fn a_document_stands_alone() {
        for wrong in [
            "",
            " ",
            "{} {}",
            "1 2",
            "{}x",
            "null\0",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{,}",
            "{a:1}",
            "{\"a\" 1}",
            "{\"a\":}",
            "[1 2]",
            "//c\n1",
            "1/*c*/",
            "nul",
            "True",
            "NaN",
            "Infinity",
            "undefined",
            "[",
            "{\"a\":[}",
            "\u{feff}{}",
            "\u{a0}1",
            "\u{b}1",
        ] {
            refuse(wrong);
        }
        refuse([0xef, 0xbb, 0xbf, b'{', b'}']);
        refuse([0xfe, 0xff, 0, b'1']);
    }

    #[test]
    fn numbers_have_one_grammar() {
        for wrong in [
            "01", "-01", "+1", "1.", ".5", "-", "1e", "1e+", "1.e3", "0x10", "1_000", "--1", "١",
            "1.5.5", "1e1.5",
        ] {
            refuse(wrong);
        }
    }

    #[test]
    fn whole_numbers_are_exact_and_overflow_is_refused() {
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("-0.0e5", 0),
            ("1.0", 1),
            ("10e-1", 1),
            ("1.50e1", 15),
            ("120E+1", 1200),
            ("0e999999999999999999999", 0),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("-9223372036854775808", i64::MIN),
            ("0.00012e5", 12),
        ] {
            assert_eq!(parse(text.as_bytes()).unwrap(), json!(value), "{text}");
        }
        assert_eq!(parse(b"18446744073709551615").unwrap(), json!(u64::MAX));
        for text in [
            "1.5",
            "0.1",
            "-755540045403606.3",
            "18446744073709551616",
            "1e300",
            "5e-324",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            // As JavaScript, Python and Rust print a double, and as C does.
            "0.30000000000000004",
            "0.10000000000000001",
            "0.1000000000000000055511151231257827",
            "1500.25e-2",
            "-0.00100e+2",
        ] {
            let value = parse(text.as_bytes()).expect(text);
            assert!(value.is_f64(), "{text}");
            assert_eq!(value.as_f64(), text.parse().ok(), "{text}");
        }
        for wrong in [
            "1.00000000000000000001",
            "0.30000000000000003",
            "4503599627370497.5",
            "0.1000000000000000055511151231257828",
            "-9223372036854775809",
            "99999999999999999999999",
            "1e-400",
            "2e-324",
            "0.1e-400",
            &format!("0.{}1", "0".repeat(1000)),
            &format!("1.{}", "1".repeat(70_000)),
            "1e309",
            "-1e309",
            "1e99999999999999999999",
            &"9".repeat(400),
        ] {
            refuse(wrong);
        }
    }

    #[test]
    fn a_body_is_an_object() {
        assert!(parse_object(b"{}").is_ok());
        for other in ["[]", "null", "1", "\"\""] {
            assert_eq!(
                parse_object(other.as_bytes()).unwrap_err().code(),
                Code::ValidationFailed
            );
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1e6..1e6_f64)
                .prop_filter("not whole", |number| number.fract() != 0.0)
                .prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_double_is_read_as_it_is_printed(bits: u64) {
            let double = f64::from_bits(bits);
            prop_assume!(double.is_finite());
            for text in [format!("{double:?}"), format!("{double:e}"), format!("{double:.16e}"), format!("{double}")] {
                let value = parse(text.as_bytes());
                // A whole double that is printed with zeros where its digits end is another number.
                let rounded = double.fract() == 0.0 && double.abs() >= 9_007_199_254_740_992.0;
                if rounded && value.is_err() {
                    continue;
                }
                prop_assert_eq!(value.unwrap().as_f64(), Some(double), "{}", text);
            }
        }

        #[test]
        fn no_number_becomes_another(whole in "0|[1-9][0-9]{0,24}", fraction in "[0-9]{1,24}", exponent in -330..330_i32) {
            let text = format!("{whole}.{fraction}e{exponent}");
            if let Ok(value) = parse(text.as_bytes()) {
                let double = value.as_f64().unwrap();
                let digits = [whole.as_str(), fraction.as_str()].concat();
                let digits = digits.trim_matches('0');
                let kept = |printed: String| -> String {
                    printed.chars().take_while(|c| *c != 'e').filter(|c| *c != '.').collect()
                };
                let precise = kept(format!("{:.*e}", digits.len().max(1) - 1, double));
                let whole = value.is_u64() || value.is_i64();
                prop_assert!(whole || precise == digits || kept(format!("{double:e}")) == digits, "{}", text);
            }
        }

        #[test]
        fn what_is_written_is_read(value in value()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(parse(text.as_bytes()).unwrap(), value);
        }

        #[test]
        fn nothing_is_accepted_that_another_reader_refuses(text in "[\\[\\]{}\",:0-9a-f\\\\ue.+ \\-tn]{0,24}") {
            let ours = parse(text.as_bytes());
            let theirs = serde_json::from_str::<Value>(&text);
            if ours.is_ok() {
                prop_assert!(theirs.is_ok(), "{}", text);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes);
        }
    }
}
