//! Passwords that attackers try first.
//!
//! The list is that of the `passwords` crate: 99,838 entries from published leaks. It is asked for the password as typed
//! and in lower case. Because a list of short passwords says little about passwords of 15
//! characters, four rules make long ones out of it: the digits and symbols at the end are taken off (`password1234567!`),
//! repetitions are undone (`abcabcabcabcabc`), keyboard runs and counting are recognised (`123456789012345`), and the
//! words that anyone knows of the account and the service are searched in the password.

use passwords::analyzer::is_common_password;
use zeroize::Zeroizing;

/// Whether the password, its stem or its repeated part is on the list, or is a run or a repetition of few characters.
pub(super) fn is_common(password: &str) -> bool {
    let folded = Zeroizing::new(password.to_lowercase());
    let stem = folded.trim_end_matches(|character: char| !character.is_alphabetic());
    let unit = repeated_unit(&folded);
    is_common_password(password)
        || listed(&folded)
        || (stem.chars().count() >= MIN_STEM && (listed(stem) || listed(repeated_unit(stem))))
        || (unit.len() < folded.len() && (listed(unit) || unit.chars().count() <= MAX_UNIT))
        || is_run(&folded)
}

/// Shorter stems than this say nothing: what follows them is the password.
const MIN_STEM: usize = 4;
/// A repetition of so few characters is as bad as a common password.
const MAX_UNIT: usize = 4;
/// Shorter words than this are in too many honest passwords.
const MIN_CONTEXT: usize = 4;

fn listed(folded: &str) -> bool {
    is_common_password(folded)
}

/// The shortest beginning that, repeated, gives the whole text; the text itself when there is none.
fn repeated_unit(text: &str) -> &str {
    text.char_indices()
        .skip(1)
        .map(|(at, _)| text.split_at(at))
        .take_while(|(unit, _)| unit.len() * 2 <= text.len())
        .find(|(unit, rest)| {
            text.len().is_multiple_of(unit.len()) && rest.replace(unit, "").is_empty()
        })
        .map_or(text, |(unit, _)| unit)
}

/// Counting up or down through the whole text, or along the alphabet or a row of keys.
fn is_run(folded: &str) -> bool {
    let reversed = Zeroizing::new(folded.chars().rev().collect::<String>());
    folded.len() >= MIN_STEM
        && ROWS
            .iter()
            .any(|row| row.contains(folded) || row.contains(reversed.as_str()))
}

const ROWS: &[&str] = &[
    "0123456789012345678901234567890123456789",
    "1234567890-=",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
];

/// Whether the password contains an e-mail address, its local part or another context word, with or without separators.
pub(super) fn contains_context(password: &str, context: &[&str]) -> bool {
    let folded = Zeroizing::new(password.to_lowercase());
    let letters = Zeroizing::new(without_separators(&folded));
    context.iter().any(|word| {
        if word.chars().count() >= MIN_CONTEXT && folded.contains(&word.to_lowercase()) {
            return true;
        }
        let word = word.split('@').next().unwrap_or(word).to_lowercase();
        let bare = without_separators(&word);
        (word.chars().count() >= MIN_CONTEXT && folded.contains(&word))
            || (bare.chars().count() >= MIN_CONTEXT && letters.contains(&bare))
    })
}

fn without_separators(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_the_usual_and_the_less_usual() {
        for password in [
            "123456",
            "password",
            "letmein",
            "trustno1",
            "P@ssw0rd",
            "PASSWORD1",
            "123456789012345",
        ] {
            assert!(is_common(password), "{password}");
        }
    }

    #[test]
    fn stems_repetitions_and_runs_are_common() {
        for password in [
            "Dragon",
            "dragon2024!!",
            "monkeymonkeymonkey",
            "qweqweqweqweqwe",
            "zyxwvutsrqponmlk",
            "098765432109876",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "dragondragon!1",
        ] {
            assert!(is_common(password), "{password}");
        }
        for password in [
            "correct horse battery staple",
            "dragon soup at noon",
            "8241907361528473",
            "abc 7!2 kf",
            "тридцать три коровы",
        ] {
            assert!(!is_common(password), "{password}");
        }
    }

    #[test]
    fn context_is_found_across_separators_and_case() {
        assert!(contains_context(
            "xx USER management xx",
            &["user-management"]
        ));
        assert!(contains_context("i am john.doe", &["John.Doe@example.com"]));
        assert!(contains_context(
            "johndoe forever",
            &["john.doe@example.com"]
        ));
        assert!(contains_context("Ann@example.com", &["ann@example.com"]));
        assert!(!contains_context("annapurna", &["ann@example.com"]));
        assert!(!contains_context("anything", &["", "@"]));
    }
}
