//! Diagnostics for people: the sentence, the excerpt with the place underlined, the way out.

use std::fmt::Write as _;

use super::visible::{push_visible, width};
use super::{Diagnostic, Position, Severity, Source, Sources, Span, visible};

/// The widest excerpt in characters. A longer line is cut around the place.
const WIDEST: usize = 160;
/// How many characters before the place a cut line keeps.
const KEPT_BEFORE: usize = 60;

/// Whether the output may carry colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Escape sequences around the parts.
    On,
    /// Text alone.
    Off,
}

/// All diagnostics with excerpts, an empty line after each.
#[must_use]
pub fn human(diagnostics: &[Diagnostic], sources: &Sources, colour: Colour) -> String {
    let paint = Paint(colour);
    let mut text = String::new();
    for diagnostic in diagnostics {
        push(&mut text, diagnostic, sources, paint);
    }
    text
}

// Writing to a string cannot fail, so the results are dropped in this file.
fn push(text: &mut String, diagnostic: &Diagnostic, sources: &Sources, paint: Paint) {
    let severity = diagnostic.severity;
    let head = format!("{}[{}]", severity.as_str(), diagnostic.code.name());
    let _ = writeln!(
        text,
        "{}: {}",
        paint.severity(severity, &head),
        paint.bold(&visible(&diagnostic.message))
    );
    let place = diagnostic
        .span
        .and_then(|span| Some((sources.get(span.source)?, span)));
    let gutter = place.map_or(1, |(source, span)| digits(source.position(span.start).line));
    if let Some((source, span)) = place {
        push_excerpt(text, source, span, severity, paint);
    }
    if let Some(help) = &diagnostic.help {
        let margin = " ".repeat(gutter);
        let mut lines = help.lines();
        let first = visible(lines.next().unwrap_or_default());
        let _ = writeln!(text, "{margin} {} {}", paint.blue("="), paint.help(&first));
        for line in lines {
            // To be copied: nothing stands before it but white space.
            let line = visible(line);
            let indent = if line.is_empty() { "" } else { "    " };
            let _ = writeln!(text, "{indent}{line}");
        }
    }
    text.push('\n');
}

fn push_excerpt(text: &mut String, source: &Source, span: Span, severity: Severity, paint: Paint) {
    let start = source.position(span.start);
    let margin = " ".repeat(digits(start.line));
    let excerpt = Excerpt::of(source, start, source.position(span.end));
    let (path, Position { line, column }) = (visible(&source.path), start);
    let bar = paint.blue("|");
    let _ = writeln!(text, "{margin}{} {path}:{line}:{column}", paint.blue("-->"));
    let _ = writeln!(text, "{margin} {bar}");
    let _ = writeln!(
        text,
        "{} {bar} {}",
        paint.blue(&line.to_string()),
        excerpt.line
    );
    let underline = "^".repeat(excerpt.length);
    let _ = writeln!(
        text,
        "{margin} {bar} {}{}",
        " ".repeat(excerpt.offset),
        paint.severity(severity, &underline)
    );
}

fn digits(number: usize) -> usize {
    number.to_string().len()
}

/// One line of the file as it is shown, and the cells to underline.
struct Excerpt {
    line: String,
    offset: usize,
    length: usize,
}

impl Excerpt {
    /// A place that goes over several lines is underlined to the end of its first.
    fn of(source: &Source, start: Position, end: Position) -> Self {
        let characters: Vec<char> = source.line(start.line).chars().collect();
        let from = (start.column - 1).min(characters.len());
        let to = if end.line == start.line {
            end.column - 1
        } else {
            trimmed_length(&characters)
        };
        let first = if characters.len() > WIDEST {
            from.saturating_sub(KEPT_BEFORE)
        } else {
            0
        };
        let mut excerpt = Self {
            line: String::new(),
            offset: 0,
            length: 0,
        };
        if first > 0 {
            excerpt.line.push('…');
            excerpt.offset = 1;
        }
        for (index, character) in characters.iter().enumerate().skip(first).take(WIDEST) {
            let cells = excerpt.show(*character);
            if index < from {
                excerpt.offset += cells;
            } else if index < to {
                excerpt.length += cells;
            }
        }
        if characters.len() > first + WIDEST {
            excerpt.line.push('…');
        }
        excerpt.length = excerpt.length.max(1);
        excerpt
    }

    fn show(&mut self, character: char) -> usize {
        let before = self.line.len();
        if character == '\t' {
            self.line.push_str("    ")
        } else {
            push_visible(&mut self.line, character)
        }
        self.line
            .get(before..)
            .unwrap_or_default()
            .chars()
            .map(width)
            .sum()
    }
}

fn trimmed_length(characters: &[char]) -> usize {
    characters
        .iter()
        .rposition(|character| !character.is_whitespace())
        .map_or(0, |last| last + 1)
}

#[derive(Clone, Copy)]
struct Paint(Colour);

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        match self.0 {
            Colour::On => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Colour::Off => text.to_owned(),
        }
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Error => "1;31",
            Severity::Warning => "1;33",
        };
        self.wrap(code, text)
    }

    fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn blue(self, text: &str) -> String {
        self.wrap("1;34", text)
    }

    fn help(self, text: &str) -> String {
        format!("{} {text}", self.wrap("1;36", "help:"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec;
    use super::*;

    fn shown(text: &str, start: usize, end: usize) -> String {
        let mut sources = Sources::new();
        let source = sources.add("secapi.yaml", text);
        let span = Span { source, start, end };
        let diagnostic =
            Diagnostic::error(&spec::UNKNOWN_KEY, Some(span), "unknown key").help("drop it");
        human(&[diagnostic], &sources, Colour::Off)
    }

    #[test]
    fn the_place_is_underlined() {
        assert_eq!(
            shown("a: 1\nbad: 2\n", 5, 8),
            "error[secapi::spec::unknown_key]: unknown key\n --> secapi.yaml:2:1\n  |\n2 | bad: 2\n  | ^^^\n  = help: drop it\n\n"
        );
    }

    #[test]
    fn lines_to_add_can_be_copied() {
        let help = "write into Cargo.toml:\n\n[package]\nname = \"a\u{1b}\"";
        let diagnostic = Diagnostic::error(&spec::UNKNOWN_KEY, None, "no name").help(help);
        assert_eq!(
            human(&[diagnostic], &Sources::new(), Colour::Off),
            "error[secapi::spec::unknown_key]: no name\n  = help: write into Cargo.toml:\n\n    [package]\n    name = \"a\\u{1b}\"\n\n"
        );
    }

    #[test]
    fn wide_and_hostile_characters_keep_the_underline_in_place() {
        let text = "名\u{1b}: bad";
        let start = text.find("bad").unwrap();
        let output = shown(text, start, start + 3);
        assert!(
            output.contains("1 | 名\\u{1b}: bad\n  |           ^^^\n"),
            "{output}"
        );
        assert!(!output.contains('\u{1b}'));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text = format!("{}bad{}", "x".repeat(5000), "y".repeat(5000));
        let output = shown(&text, 5000, 5003);
        assert!(
            output.lines().all(|line| line.chars().count() < 200),
            "{output}"
        );
        assert!(output.contains("^^^"));
    }

    #[test]
    fn a_place_past_the_end_does_not_fail() {
        assert!(shown("a", 99, 120).contains("secapi.yaml:1:2"));
        assert!(shown("", 0, 0).contains("secapi.yaml:1:1"));
    }
}
