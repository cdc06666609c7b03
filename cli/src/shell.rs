//! Words as a shell reads them, for the commands that the tool prints.

use std::fmt::Write as _;
use std::path::Path;

use crate::diagnostic::visible;

/// The word as one argument of a POSIX shell, as plain as it can be. What a terminal would act on stands as an escape.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+,%=".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if visible(word) == word {
        return format!("'{}'", word.replace('\'', r"'\''"));
    }
    // POSIX.1-2024, 2.2.4: the shells in use have had it for long.
    let mut out = "$'".to_owned();
    for c in word.chars() {
        let text = c.to_string();
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            _ if visible(&text) == text => out.push(c),
            _ => {
                for byte in text.bytes() {
                    // Writing to a string cannot fail.
                    let _ = write!(out, "\\{byte:03o}");
                }
            }
        }
    }
    out + "'"
}

/// A folder as `cd` takes it: one that begins with a dash is no option.
pub(crate) fn folder(path: &Path) -> String {
    let shown = path.display().to_string();
    match shown.starts_with('-') {
        true => quoted(&format!("./{shown}")),
        false => quoted(&shown),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_shell_reads_what_was_meant() {
        for word in [
            "my-api",
            "",
            "a b",
            "it's",
            "$HOME `id` \"x\" \\n",
            "~",
            "*",
            "#",
            "ärger",
            "a\u{1b}[2J\n'\\b",
            "\u{202e}evil",
        ] {
            let quoted = quoted(word);
            assert_eq!(visible(&quoted), quoted, "{word:?}");
            // `dash` does not know `$'…'` yet.
            let script = format!("printf %s {quoted}");
            let shell = if quoted.starts_with("$'") {
                "bash"
            } else {
                "sh"
            };
            let read = Command::new(shell).args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8(read.stdout).unwrap(), word, "{quoted}");
        }
        assert_eq!(quoted("a/b.c"), "a/b.c");
        assert_eq!(folder(Path::new("-x y")), "'./-x y'");
        assert_eq!(folder(Path::new("-x")), "./-x");
    }
}
