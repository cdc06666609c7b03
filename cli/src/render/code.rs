//! Values that templates may write. A bare string, number or boolean is none of them: the
//! environment refuses it, so nothing from a spec reaches a file without having been quoted or checked
//! for the language of that file.

use std::f64::consts;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthChar;

use crate::diagnostic::visible;

/// The language of an output file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    Toml,
    Yaml,
    Markdown,
}

/// Text that is ready to stand in a file of one language.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) language: Language,
    pub(crate) text: String,
}

impl Object for Written {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

fn serialize<S: Serializer>(
    language: Language,
    text: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = text.to_owned();
    Value::from_object(Written { language, text }).serialize(serializer)
}

/// A piece of Rust.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rust(String);

impl Rust {
    /// A name of the model, which is an identifier, a type or a path by construction.
    pub(crate) fn name(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// An expression or type that was put together from names and literals.
    pub(crate) fn code(code: String) -> Self {
        Self(code)
    }

    /// A string literal, whatever the string is.
    pub(crate) fn text(text: &str) -> Self {
        Self(format!("\"{}\"", text.escape_default_except_unicode()))
    }

    /// A raw string literal: for SQL, which reads best without escapes.
    pub(crate) fn raw(text: &str) -> Self {
        let mut hashes = String::new();
        while text.contains(&format!("\"{hashes}")) {
            hashes.push('#');
        }
        Self(format!("r{hashes}\"{text}\"{hashes}"))
    }

    /// A whole number, with its digits in groups.
    pub(crate) fn integer(number: i64) -> Self {
        let digits = number.unsigned_abs().to_string();
        let sign = if number < 0 { "-" } else { "" };
        Self(format!("{sign}{}", group(&digits)))
    }

    /// A double that is read back as it was, always with a point or an exponent. Clippy takes `3.14` for a
    /// slip of the pen; what is near a constant is written as a quotient, and what is one by its name.
    pub(crate) fn number(number: f64) -> Self {
        let sign = if number.is_sign_negative() { "-" } else { "" };
        let near = |constant: f64| (number.abs() - constant).abs() < constant / 100.0;
        Self(match CONSTANTS.iter().find(|(_, value)| near(*value)) {
            Some((name, value)) if number.abs().total_cmp(value).is_eq() => {
                format!("{sign}std::f64::consts::{name}")
            }
            Some(_) => quotient(number),
            None => format!("{number:?}"),
        })
    }

    /// Words for a comment: one line, and nothing that rustdoc would take for markup. Text that changes its
    /// direction is refused by rustc, and would hide from a reviewer what the comment says.
    pub(crate) fn doc(text: &str) -> Self {
        let line: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let mut out = String::new();
        for c in line.join(" ").chars() {
            if matches!(c, '[' | ']' | '<' | '>' | '\\') {
                out.push('\\');
            }
            match c {
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.extend(c.escape_unicode()),
                _ => out.push(c),
            }
        }
        Self(out)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The constants that clippy knows, by their names in the standard library.
const CONSTANTS: [(&str, f64); 19] = [
    ("E", consts::E),
    ("FRAC_1_PI", consts::FRAC_1_PI),
    ("FRAC_1_SQRT_2", consts::FRAC_1_SQRT_2),
    ("FRAC_2_PI", consts::FRAC_2_PI),
    ("FRAC_2_SQRT_PI", consts::FRAC_2_SQRT_PI),
    ("FRAC_PI_2", consts::FRAC_PI_2),
    ("FRAC_PI_3", consts::FRAC_PI_3),
    ("FRAC_PI_4", consts::FRAC_PI_4),
    ("FRAC_PI_6", consts::FRAC_PI_6),
    ("FRAC_PI_8", consts::FRAC_PI_8),
    ("LN_10", consts::LN_10),
    ("LN_2", consts::LN_2),
    ("LOG10_2", consts::LOG10_2),
    ("LOG10_E", consts::LOG10_E),
    ("LOG2_10", consts::LOG2_10),
    ("LOG2_E", consts::LOG2_E),
    ("PI", consts::PI),
    ("SQRT_2", consts::SQRT_2),
    ("TAU", consts::TAU),
];

/// `3.14` as `314.0 / 100.0`, which is the same double as long as both are exact. All constants are between
/// 0.1 and 10, so there is no exponent, and a fraction of 16 digits at most.
fn quotient(number: f64) -> String {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    let sign = if number.is_sign_negative() { "-" } else { "" };
    let plain = number.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    match format!("{whole}{fraction}").parse::<u64>() {
        Ok(digits) if digits <= EXACT => {
            format!("{sign}{digits}.0 / 1{}.0", "0".repeat(fraction.len()))
        }
        _ => format!("f64::from_bits({})", number.to_bits()),
    }
}

/// Groups of three from the right, as soon as there are five digits.
fn group(digits: &str) -> String {
    if digits.len() < 5 {
        return digits.to_owned();
    }
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('_');
        }
        out.push(digit);
    }
    out
}

/// Where the letters of fixed width end, and the half-width forms and the later planes begin.
const HALFWIDTH: char = '\u{ff00}';

/// Escapes what ends or hides a literal, and leaves readable letters alone. Letters that are new to Unicode, and
/// marks that join others, are escaped too: how wide they are differs from one rustfmt to the next, and so
/// would the line breaks.
trait Escape {
    fn escape_default_except_unicode(&self) -> String;
}

impl Escape for str {
    fn escape_default_except_unicode(&self) -> String {
        let mut out = String::new();
        for c in self.chars() {
            let plain = if c.is_ascii() {
                c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\'))
            } else {
                c < HALFWIDTH && c.is_alphanumeric() && c.width().is_some_and(|width| width > 0)
            };
            if plain {
                out.push(c);
            } else {
                out.extend(c.escape_default());
            }
        }
        out
    }
}

impl Serialize for Rust {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(Language::Rust, &self.0, serializer)
    }
}

/// A piece of TOML.
#[derive(Clone, Debug)]
pub(crate) struct Toml(String);

impl Toml {
    /// A basic string, whatever the string is.
    pub(crate) fn text(text: &str) -> Self {
        Self(toml::Value::from(text).to_string())
    }

    /// An inline value that was put together from keys and strings.
    pub(crate) fn code(code: String) -> Self {
        Self(code)
    }

    #[cfg(test)]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Toml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(Language::Toml, &self.0, serializer)
    }
}

/// A piece of YAML.
#[derive(Clone, Debug)]
pub(crate) struct Yaml(String);

impl Yaml {
    /// A name of the model, which is a plain scalar by construction.
    pub(crate) fn name(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Any text without control characters, in double quotes: the same in JSON.
    pub(crate) fn text(text: &str) -> Self {
        Self(serde_json::Value::from(text).to_string())
    }
}

impl Serialize for Yaml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(Language::Yaml, &self.0, serializer)
    }
}

/// A piece of Markdown.
#[derive(Clone, Debug)]
pub(crate) struct Markdown(String);

impl Markdown {
    /// A name of the model.
    pub(crate) fn name(name: &str) -> Self {
        Self(name.to_owned())
    }

    /// Words on one line, in which nothing is markup, and nothing that a terminal would act on.
    pub(crate) fn words(text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = visible(&line);
        let begins = list_marker(&line);
        let mut out = String::new();
        for (place, c) in line.char_indices() {
            if is_markup(c) || begins == Some(place) {
                out.push('\\');
            }
            out.push(c);
        }
        Self(out)
    }
}

fn is_markup(c: char) -> bool {
    let words = matches!(
        c,
        '.' | ',' | ':' | ';' | '-' | '\'' | '(' | ')' | '/' | '!' | '?'
    );
    c.is_ascii_punctuation() && !words
}

/// Where the character stands that makes a list of a line: `- a`, `1. a`, `1) a`; or a rule: `---`. The others that can
/// (`*`, `+`, `=`) are markup everywhere.
fn list_marker(line: &str) -> Option<usize> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits)? {
        b'-' if digits == 0 => Some(0),
        b'.' | b')' if digits > 0 => Some(digits),
        _ => None,
    }
}

impl Serialize for Markdown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(Language::Markdown, &self.0, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_string_stays_a_literal() {
        let hostile = [
            "",
            "\"",
            "\\",
            "*/",
            "a\nb",
            "\"#",
            "\"##\"#",
            "{{ x }}",
            "\u{202e}",
            "é ł 語",
            "\0",
            "\u{113bf}\u{ff9e}\u{5b4}",
        ];
        for text in hostile {
            let literal: syn::LitStr = syn::parse_str(Rust::text(text).as_str()).unwrap();
            assert_eq!(literal.value(), text);
            if !text.contains('\r') {
                let raw: syn::LitStr = syn::parse_str(Rust::raw(text).as_str()).unwrap();
                assert_eq!(raw.value(), text);
            }
            let table: toml::Table = format!("a = {}", Toml::text(text).as_str())
                .parse()
                .unwrap();
            assert_eq!(table["a"].as_str(), Some(text));
        }
    }

    #[test]
    fn words_in_markdown_begin_no_list_and_no_rule() {
        for (text, expected) in [
            ("- a", "\\- a"),
            ("---", "\\---"),
            ("1. a - b 2. c", "1\\. a - b 2. c"),
            ("12) a", "12\\) a"),
            (" -\n- a", "\\- - a"),
            ("1 a.", "1 a."),
            ("a 1. b", "a 1. b"),
            (".5", ".5"),
            ("# a", "\\# a"),
            ("+ a", "\\+ a"),
            ("* a", "\\* a"),
            ("> a", "\\> a"),
            ("", ""),
            ("1", "1"),
        ] {
            assert_eq!(Markdown::words(text).0, expected, "{text:?}");
        }
    }

    #[test]
    fn a_letter_stands_as_itself_where_every_rustfmt_agrees_on_its_width() {
        assert_eq!(Rust::text("é ł 語 ж").as_str(), "\"é ł 語 ж\"");
        // New in Unicode 16, half as wide as others, and without a width of its own.
        assert_eq!(
            Rust::text("\u{113bf}\u{ff9e}\u{5b4}").as_str(),
            "\"\\u{113bf}\\u{ff9e}\\u{5b4}\""
        );
    }

    #[test]
    fn a_comment_stays_on_its_line() {
        assert_eq!(
            Rust::doc("a\n// b [c] <d>\r\u{2028}e").as_str(),
            "a // b \\[c\\] \\<d\\> e"
        );
    }

    #[test]
    fn a_comment_keeps_its_direction() {
        assert_eq!(
            Rust::doc("\u{202e}evil\u{2069}").as_str(),
            "\\u{202e}evil\\u{2069}"
        );
    }

    #[test]
    fn a_page_of_markdown_can_be_shown_in_a_terminal() {
        let shown = Markdown::words("a\n*b* \u{1b}[2J\u{202e}").0;
        assert_eq!(shown, r"a \*b\* \\u\{1b\}\[2J\\u\{202e\}");
    }

    #[test]
    fn a_double_is_no_slip_of_the_pen() {
        let written = |number| Rust::number(number).0;
        assert_eq!(written(0.5), "0.5");
        assert_eq!(written(1e300), "1e300");
        assert_eq!(written(-0.0), "-0.0");
        #[expect(clippy::approx_constant, reason = "this is what is tested")]
        let near = -3.14;
        assert_eq!(written(near), "-314.0 / 100.0");
        assert_eq!(314.0 / 100.0, -near);
        let long = f64::from_bits(consts::PI.to_bits() + 1);
        assert_eq!(written(long), "f64::from_bits(4614256656552045849)");
        assert_eq!(written(-consts::PI), "-std::f64::consts::PI");
    }

    #[test]
    fn long_numbers_are_grouped() {
        let written: Vec<_> = [0, 900, 9999, 43_200, -1_234_567]
            .map(|n| Rust::integer(n).0)
            .into();
        assert_eq!(written, ["0", "900", "9999", "43_200", "-1_234_567"]);
    }
}
