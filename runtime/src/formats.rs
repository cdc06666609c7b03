//! The forms of text that have a name: e-mail addresses, URLs, telephone numbers, names of people.
//!
//! Also without feature `service`, so that the compiler holds a spec's defaults and examples against the same rules.

use std::cell::Cell;
use std::sync::LazyLock;

use regex::Regex;
use url::{Host, Url};

/// Whether this is an address as `<input type=email>` takes it (WHATWG HTML, 4.10.5.1.5): ASCII, a local part without
/// quotes, host labels of at most 63 characters.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else {
        return false;
    };
    !local.is_empty() && local.bytes().all(is_local) && host.split('.').all(is_label)
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
}

fn is_label(label: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&label.len())
        && label.bytes().all(inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether this is `http://` or `https://` and a host, and an IRI (RFC 3987): letters of any script, and escaped what has no place
/// in one. The parser of URLs forgives much that other readers understand differently (missing and backward slashes,
/// blanks, a user before the host, `<`, a bare `%`); none of that is accepted.
#[must_use]
pub fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let web = ["http", "https"]
        .iter()
        .any(|name| scheme.eq_ignore_ascii_case(name));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !web || authority.is_empty() || authority.contains('@') {
        return false;
    }
    authority.chars().all(is_of_authority)
        && !text.contains(|c: char| c.is_whitespace() || is_private(c))
        && sound(text).is_some_and(|url| names(&url, authority))
}

/// The URL, where its parser has nothing to forgive that it tells of.
fn sound(text: &str) -> Option<Url> {
    let forgiven = Cell::new(false);
    let forgive = |_| forgiven.set(true);
    let url = Url::options()
        .syntax_violation_callback(Some(&forgive))
        .parse(text);
    url.ok().filter(|_| !forgiven.get())
}

/// Whether the host and the port are written as the parser understands them. It also takes `0x7f.1`, `010.0.0.1` and a number for an
/// IPv4 address, which others read as other addresses or as names, and letters that become others or nothing.
fn names(url: &Url, authority: &str) -> bool {
    let behind = authority.rfind(']').map_or(0, |end| end + 1);
    let colon = authority.get(behind..).and_then(|rest| rest.find(':'));
    let (host, port) = match colon.and_then(|at| authority.split_at_checked(behind + at)) {
        Some((host, port)) => (host, port.trim_start_matches(':')),
        None => (authority, ""),
    };
    let as_written = match url.host() {
        Some(Host::Domain(name)) => is_domain(name, host),
        Some(Host::Ipv4(address)) => address.to_string() == host,
        Some(Host::Ipv6(_)) => true,
        None => false,
    };
    as_written && (port == "0" || !port.starts_with('0'))
}

/// Whether this domain was written as this text: in any case, in letters of any script or in the ASCII that stands for them
/// (RFC 5890), and with no empty label but the root's.
fn is_domain(name: &str, text: &str) -> bool {
    let labels = name.strip_suffix('.').unwrap_or(name);
    let is_written = match text.is_ascii() {
        true => name.eq_ignore_ascii_case(text),
        false => idna::domain_to_unicode(name).0 == text.to_lowercase(),
    };
    is_written && labels.split('.').all(|label| !label.is_empty())
}

/// A host and a port, without escapes: `%61` is a letter to some readers, and no host to others.
fn is_of_authority(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._:[]".contains(c) || !c.is_ascii()
}

/// What the parser takes and RFC 3987 does not: characters for private use, and those that stand for none.
fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{F0000}'..)
}

/// Whether this is a telephone number in the form of ITU-T E.164: `+` and 2 to 15 digits.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else {
        return false;
    };
    (2..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
}

/// Whether this consists of letters and marks of any script, space, `'`, `-` and `.`.
#[must_use]
pub fn is_person_name(text: &str) -> bool {
    /// `None` would mean that the pattern below is wrong; then no name is accepted.
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\A[\p{L}\p{M} '.\-]*\z").ok());
    NAME.as_ref().is_some_and(|name| name.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn email_follows_the_rule_of_browsers() {
        for right in [
            "a@b",
            "a.b.c@example.com",
            "!#$%&'*+/=?^_`{|}~-@x.y",
            ".@a",
            "a@1.2",
            "x@xn--bcher-kva.example",
            "a@a-b.c",
        ] {
            assert!(is_email(right), "{right}");
        }
        for wrong in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "a b@c",
            "a@b c",
            "\"a b\"@c",
            "a@[127.0.0.1]",
            "a@-b.c",
            "a@b-.c",
            "a@.c",
            "a@b.",
            "a@b..c",
            "ä@b.c",
            "a@bücher.example",
            "a,b@c",
            "a@b_c",
            "a(x)@b",
            "a\n@b",
            "<a@b.c>",
            "a@b.c ",
        ] {
            assert!(!is_email(wrong), "{wrong}");
        }
        assert!(is_email(&format!("a@{}.com", "b".repeat(63))));
        assert!(!is_email(&format!("a@{}.com", "b".repeat(64))));
    }

    #[test]
    fn urls_are_absolute_web_addresses() {
        for right in [
            "http://example.com",
            "https://example.com:8443/a?b=c#d",
            "HTTPS://EXAMPLE.com/",
            "https://bücher.example/ü",
            "http://[::1]/",
            "http://192.0.2.1/",
            "https://example.com/@user",
            "https://example.com/a//b",
            "https://example.com/%C3%BC?a=b%20c&d",
            "https://a_b.example:/",
            "https://a.b:0/",
            "https://example.com./",
            "https://BÜCHER.example:8443",
            "https://XN--BCHER-KVA.example",
            "http://[2001:DB8::1]:80/",
            "http://[::ffff:192.0.2.1]",
            "https://1.example/",
        ] {
            assert!(is_url(right), "{right}");
        }
        for wrong in [
            "",
            "example.com",
            "//example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "javascript://example.com/%0aalert(1)",
            "data:,x",
            "mailto:a@b.c",
            "http:example.com",
            "http:/example.com",
            "http:///example.com",
            "http://",
            "https://?x",
            "https://#x",
            "http://:80/",
            "http:\\\\example.com",
            "https://example.com\\@evil",
            "https://user@example.com",
            "https://user:pw@example.com",
            "https://@example.com:pw@x",
            "https://@example.com",
            "https://:@example.com",
            " https://example.com",
            "https://exa mple.com",
            "https://example.com/a b",
            "https://example.com\n",
            "ht\ntps://example.com",
            "https://exa\u{2003}mple.com",
            "http://[::1",
            "http://256.1.1.1/",
            "https://example.com:99999/",
            "file:///etc/passwd",
            "xhttp://a",
            "https://example.com/<script>",
            "https://example.com/\"onclick=",
            "https://example.com/?a[]=b",
            "https://example.com/#a#b",
            "https://example.com/{id}",
            "https://example.com/100%",
            "https://example.com/%zz",
            "https://ex%61mple.com/",
            "https://exa\"mple.com/",
            "https://exa{mple.com/",
            // Addresses to some, and names or other addresses to others.
            "https://010.0.0.1/",
            "https://0177.0.0.1/",
            "https://1.2.3.04/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://１２７.0.0.1/",
            // No names at all, or not those that stand there.
            "https://a..b/",
            "https://.a/",
            "https://./",
            "https://a../",
            "https://ⓛocalhost/",
            "https://a。b/",
            "https://exa\u{ad}mple.com/",
            "https://bü\u{ad}cher.example/",
            "https://ｂücher.example/",
            "https://a.b:00443/",
            "https://a.b:080/",
            "http://[::1]:00/",
            "https://example.com/\u{E000}",
            "https://example.com/\u{FFFD}",
            "https://example.com/\u{F0000}",
        ] {
            assert!(!is_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn phones_are_e164() {
        for right in ["+4930123456", "+12", "+123456789012345"] {
            assert!(is_phone(right), "{right}");
        }
        for wrong in [
            "",
            "+",
            "+1",
            "4930123456",
            "+0123456",
            "+1234567890123456",
            "+49 30 123",
            "+49-30",
            "+４９30",
            "++49",
            "+49a",
            "+49\n",
        ] {
            assert!(!is_phone(wrong), "{wrong}");
        }
    }

    #[test]
    fn names_come_from_any_script() {
        for right in [
            "Ann",
            "Zoë",
            "O'Neil",
            "Jean-Luc",
            "J. R. R.",
            "李小龍",
            "Владимир",
            "أحمد",
            "देवी",
            "e\u{301}",
            "",
        ] {
            assert!(is_person_name(right), "{right}");
        }
        for wrong in [
            "Ann1",
            "Ann٣",
            "<b>",
            "a;b",
            "Ann\n",
            "a_b",
            "💥",
            "a/b",
            "a\u{a0}b",
            "a\u{200b}b",
            "a\u{202e}b",
            "a@b",
        ] {
            assert!(!is_person_name(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_email_is_printable_ascii_with_one_at(text in "[ -~äß\n]{0,12}@[ -~ü.]{0,12}") {
            if is_email(&text) {
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(text.matches('@').count(), 1);
            }
        }
    }
}
