//! Addresses that an `email` takes: of the first administrator, and of people who differ by a number.

use super::value::{fits, texts_of};
use super::{Field, FieldKind, TextRule};

/// The first administrator of documentation and of `new --run`.
const ADMINISTRATOR: &str = "admin@example.com";
/// The first administrator of tests, and what `testing::TestService` takes where the document of the service names no other.
pub(crate) const TESTED: &str = "administrator@example.com";
/// What else is tried: shorter and shorter, for a `max`.
const SHORTER: [&str; 5] = [
    "admin@a.example",
    "adm@b.example",
    "a@b.example",
    "a@b.co",
    "a@b",
];

/// The address that documentation and `new --run` give the first administrator; `None` where none is found that the field
/// takes.
pub(crate) fn of_administrator(email: &Field) -> Option<String> {
    first(email, ADMINISTRATOR)
}

/// The address that tests give the first administrator.
pub(crate) fn of_tests(email: &Field) -> Option<String> {
    first(email, TESTED)
}

fn first(email: &Field, wish: &str) -> Option<String> {
    let FieldKind::Text(rule) = &email.kind else {
        return None;
    };
    candidates(email, rule, wish).find(|it| fits(rule, it))
}

/// An address with a place for a number: what stands before it, and behind. No number makes it an administrator's.
pub(crate) fn numbered(email: &Field) -> Option<(String, String)> {
    let FieldKind::Text(rule) = &email.kind else {
        return None;
    };
    let takes = |(before, after): &(String, String), numbers: &[&str]| {
        let mut numbers = numbers.iter();
        numbers.all(|n| fits(rule, &format!("{before}{n}{after}")))
    };
    let administrators = [of_administrator(email), of_tests(email)];
    let is_a_persons = |(before, after): &(String, String)| {
        let mut administrators = administrators.iter().flatten();
        !administrators.any(|it| {
            let number = it.strip_prefix(before.as_str());
            let number = number.and_then(|rest| rest.strip_suffix(after.as_str()));
            number.is_some_and(|number| {
                number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty()
            })
        })
    };
    let with_place = |address: String| {
        let (before, host) = address.split_once('@')?;
        Some((before.to_owned(), format!("@{host}")))
    };
    let all = || {
        candidates(email, rule, "user@example.com")
            .filter_map(with_place)
            .filter(is_a_persons)
    };
    let wide = all().find(|it| takes(it, &["1", "2", "9", "10", "99"]));
    wide.or_else(|| all().find(|it| takes(it, &["1", "2", "9"])))
}

/// What may do, the best first: the wish, the author's own example, shorter ones, and what the pattern itself says.
fn candidates(email: &Field, rule: &TextRule, wish: &str) -> impl Iterator<Item = String> {
    let example = email.example.as_ref().map(|example| example.wire());
    let example = example.and_then(|example| example.as_str().map(str::to_owned));
    let wish = padded(wish, rule.min);
    let shorter = SHORTER.into_iter().map(|it| padded(it, rule.min));
    let written = rule.pattern.as_deref().into_iter().flat_map(texts_of);
    [wish]
        .into_iter()
        .chain(example)
        .chain(shorter)
        .chain(written)
}

/// As long as the field wants it at least.
fn padded(address: &str, least: u32) -> String {
    let missing = usize::try_from(least)
        .unwrap_or_default()
        .saturating_sub(address.len());
    format!("{}{address}", "a".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Literal, Presence, TextShape};
    use crate::render::fixture;

    fn email(min: u32, max: u32, pattern: Option<&str>) -> Field {
        let mut rule = fixture::text(TextShape::Email, min, max);
        rule.pattern = pattern.map(str::to_owned);
        fixture::field("user", "email", FieldKind::Text(rule), Presence::Required)
    }

    fn numbered_of(field: &Field) -> String {
        let (before, after) = numbered(field).unwrap();
        format!("{before}1{after}")
    }

    #[test]
    fn where_nothing_is_odd_they_are_the_usual_ones() {
        let email = email(0, 254, None);
        assert_eq!(of_administrator(&email).unwrap(), ADMINISTRATOR);
        assert_eq!(of_tests(&email).unwrap(), TESTED);
        assert_eq!(numbered_of(&email), "user1@example.com");
    }

    #[test]
    fn a_limit_and_a_pattern_are_kept() {
        let short = email(0, 12, None);
        assert_eq!(of_tests(&short).unwrap(), "a@b.example");
        assert_eq!(
            numbered_of(&short),
            "a1@b.co",
            "which leaves room for two digits"
        );
        let long = email(60, 254, None);
        assert_eq!(of_tests(&long).unwrap().len(), 60);
        let company = email(0, 254, Some("[a-z0-9]+@acme[.]com"));
        assert_eq!(of_administrator(&company).unwrap(), "a@acme.com");
        assert_eq!(numbered_of(&company), "a1@acme.com");
        let none = email(0, 254, Some("[A-Z]+@acme[.]com"));
        assert_eq!(of_tests(&none), None, "addresses are stored in lower case");
    }

    #[test]
    fn the_authors_example_comes_before_a_guess_and_no_number_makes_an_administrator() {
        let mut own = email(0, 254, Some("[a-z0-9]+@acme[.]com"));
        own.example = Some(Literal::Text("ada@acme.com".to_owned()));
        assert_eq!(of_tests(&own).unwrap(), "ada@acme.com");
        assert_eq!(numbered_of(&own), "ada1@acme.com");
        let digits = email(0, 11, Some("[0-9]{1,2}@acme[.]com"));
        let (administrator, (before, after)) =
            (of_tests(&digits).unwrap(), numbered(&digits).unwrap());
        for number in 1..=9 {
            assert_ne!(format!("{before}{number}{after}"), administrator);
        }
    }
}
