//! From lines of a file to whole statements: what stands in one pair of brackets is one piece.

use std::borrow::Cow;

use super::parse::Scanner;

/// A part of a file.
pub(super) enum Piece<'a> {
    /// A comment, an attribute, an empty line: stays as it is.
    Verbatim(&'a str),
    /// A statement on one line, however many it was written on.
    Code { indent: usize, text: Cow<'a, str> },
}

/// Takes a file apart.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        // What stands in a macro of a language of its own is nobody's to move.
        if line.trim_start().starts_with("json!(") {
            let end = end_of_statement(&lines, at).unwrap_or(at + 1);
            out.extend(
                lines
                    .get(at..end)
                    .unwrap_or_default()
                    .iter()
                    .copied()
                    .map(Piece::Verbatim),
            );
            at = end;
            continue;
        }
        let end = if is_code(line) {
            end_of_statement(&lines, at)
        } else {
            None
        };
        match end {
            None => {
                out.push(Piece::Verbatim(line));
                at += 1;
            }
            Some(end) => {
                let part = lines.get(at..end).unwrap_or_default();
                out.push(Piece::Code {
                    indent: line.len() - line.trim_start().len(),
                    text: join(part),
                });
                at = end;
            }
        }
    }
    out
}

fn is_code(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with("//") && !line.starts_with('#')
}

/// The line after the statement; `None` where a comment stands inside it, which only stays in place
/// if nothing around it moves.
fn end_of_statement(lines: &[&str], start: usize) -> Option<usize> {
    let mut open = Scanner::new(lines.get(start)?);
    let mut at = start;
    loop {
        let line = lines.get(at)?;
        if at > start && !is_code(line) {
            return None;
        }
        // What opens nothing needs not be read while nothing is open.
        if !open.is_balanced() || line.contains(['(', '[', '{']) {
            open.read(line);
        }
        at += 1;
        let chained = lines.get(at).is_some_and(|next| {
            next.trim_start().starts_with('.') && !next.trim_start().starts_with("..")
        });
        if open.is_balanced() && !chained {
            return Some(at);
        }
    }
}

/// Lines to one, as if they had never been broken.
fn join<'a>(lines: &[&'a str]) -> Cow<'a, str> {
    if let [only] = lines {
        return Cow::Borrowed(only.trim());
    }
    let mut out = String::new();
    for line in lines {
        let line = line.trim();
        let closes = line.starts_with([')', ']', '}']);
        if closes && out.ends_with(',') {
            out.pop();
        }
        let tight = out.is_empty()
            || out.ends_with(['(', '['])
            || line.starts_with([')', ']'])
            || line.starts_with('.') && !line.starts_with("..");
        if !tight {
            out.push(' ');
        }
        out.push_str(line);
    }
    Cow::Owned(out)
}
