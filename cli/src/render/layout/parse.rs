//! Just enough of Rust's grammar to find the places where a line may break.

use super::expr::{Expr, Link};

/// Finds out whether brackets are still open at the end of a line. A block's `{` does not count:
/// what follows it are statements of their own.
#[derive(Debug)]
pub(super) struct Scanner {
    open: usize,
    heads_a_block: bool,
}

impl Scanner {
    /// For the statement that starts with this line.
    pub(super) fn new(first: &str) -> Self {
        Self {
            open: 0,
            heads_a_block: heads_a_block(first),
        }
    }

    pub(super) fn read(&mut self, line: &str) {
        let mut before = "";
        for token in tokens(line) {
            match token {
                "(" | "[" => self.open += 1,
                "{" if self.open > 0 || self.opens_a_literal(before) => self.open += 1,
                ")" | "]" | "}" => self.open = self.open.saturating_sub(1),
                _ => {}
            }
            before = token;
        }
    }

    pub(super) fn is_balanced(&self) -> bool {
        self.open == 0
    }

    fn opens_a_literal(&self, before: &str) -> bool {
        !self.heads_a_block && before.starts_with(|c: char| c.is_ascii_uppercase())
    }
}

/// Whether a statement that starts like this ends in a block.
fn heads_a_block(first: &str) -> bool {
    let mut words =
        tokens(first).skip_while(|word| matches!(*word, "pub" | "(" | "super" | "crate" | ")"));
    matches!(
        words.next(),
        Some(
            "fn" | "async" | "impl" | "trait" | "enum" | "struct" | "mod" | "match" | "if" | "for"
        )
    )
}

/// Words, brackets, literals and everything else, one by one; white space belongs to what precedes it.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        // Most tokens follow each other closely, and what space is among all letters takes long to ask.
        if !rest.as_bytes().first()?.is_ascii_graphic() {
            rest = rest.trim_start();
        }
        let length = token_length(rest)?;
        let (token, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(token)
    })
}

/// Looks at bytes as far as they are ASCII, which generated code mostly is: every line is read several times.
fn token_length(text: &str) -> Option<usize> {
    let (first, others) = text.as_bytes().split_first()?;
    Some(match first {
        b'"' => string_length(text),
        b'-' | b'=' if others.first() == Some(&b'>') => 2,
        b'r' => raw_string_length(text).unwrap_or_else(|| word_length(text)),
        letter if is_word_byte(*letter) => word_length(text),
        sign if sign.is_ascii() => 1,
        _ => match text.chars().next()? {
            c if is_word(c) => word_length(text),
            c => c.len_utf8(),
        },
    })
}

fn word_length(text: &str) -> usize {
    let ends = text.bytes().position(|byte| !is_word_byte(byte));
    match ends.map(|at| (at, text.as_bytes().get(at))) {
        None => text.len(),
        Some((at, Some(byte))) if byte.is_ascii() => at,
        Some(_) => text.find(|c| !is_word(c)).unwrap_or(text.len()),
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// `r"…"`, `r#"…"#`, and so on.
fn raw_string_length(text: &str) -> Option<usize> {
    let body = text.strip_prefix('r')?;
    let hashes = body.len() - body.trim_start_matches('#').len();
    let content = body.get(hashes..)?.strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    content
        .find(&close)
        .map(|at| 1 + hashes + 1 + at + close.len())
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Each token with the place where it starts and how deep in brackets it stands. An opening bracket
/// stands outside what it opens, and so does its closing one.
fn places(text: &str) -> impl Iterator<Item = (usize, usize, &str)> {
    let mut depth: usize = 0;
    let base = text.as_ptr() as usize;
    tokens(text).map(move |token| {
        let at = token.as_ptr() as usize - base;
        if matches!(token.as_bytes(), [b')' | b']' | b'}' | b'>']) {
            depth = depth.saturating_sub(1);
        }
        let place = (at, depth, token);
        if matches!(token.as_bytes(), [b'(' | b'[' | b'{' | b'<']) {
            depth += 1;
        }
        place
    })
}

/// What stands before the first group of this bracket, in it, and after it.
pub(super) fn split_group(text: &str, open: char) -> Option<(&str, &str, &str)> {
    let mut places = places(text);
    let (from, _, _) = places.find(|(_, depth, token)| *depth == 0 && token.starts_with(open))?;
    let (to, _, _) = places.find(|(_, depth, _)| *depth == 0)?;
    Some((
        text.get(..from)?,
        text.get(from + 1..to)?.trim(),
        text.get(to + 1..)?,
    ))
}

/// The items of a list, without the commas between them.
pub(super) fn split_list(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, depth, token) in places(text) {
        if depth == 0 && token == "," {
            out.extend(text.get(start..at));
            start = at + 1;
        }
    }
    out.extend(text.get(start..));
    out.into_iter()
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .collect()
}

/// A match arm's pattern and body.
pub(super) fn split_arm(text: &str) -> Option<(&str, &str)> {
    if !text.contains("=>") {
        return None;
    }
    let (at, _, _) = places(text).find(|(_, depth, token)| *depth == 0 && *token == "=>")?;
    Some((
        text.get(..at)?.trim_end(),
        text.get(at + 2..)?.trim().trim_end_matches(','),
    ))
}

/// What an expression is assigned to, with the sign between: `let x =`, `name:`, or nothing.
pub(super) fn split_left(text: &str) -> (&str, &str) {
    let sign = |token: &str| token == "=" || token == ":" && !text.starts_with("let ");
    let is_path = |at: usize| {
        text.get(at..at + 2) == Some("::") || at > 0 && text.get(at - 1..at + 1) == Some("::")
    };
    let items = ["let ", "static ", "const ", "pub ", "pub(super) "];
    let assigns = items.iter().any(|start| text.starts_with(start));
    let found = places(text).find(|(at, depth, token)| {
        *depth == 0 && sign(token) && !is_path(*at) && (!assigns || *token == "=")
    });
    match found {
        Some((at, _, _)) => {
            let (left, right) = text.split_at_checked(at + 1).unwrap_or(("", text));
            (left, right.trim())
        }
        None => ("", text),
    }
}

/// Reads an expression as far as line breaks need it.
pub(super) fn expression(text: &str) -> Expr<'_> {
    let text = text.trim();
    if let Some(body) = text.strip_prefix("|| ") {
        return Expr::Closure {
            body: Box::new(expression(body)),
        };
    }
    let parts = split_chain(text);
    match parts.split_first() {
        Some((root, links)) if !links.is_empty() => Expr::Chain {
            root: Box::new(simple(root)),
            links: links.iter().map(|link| parse_link(link)).collect(),
        },
        _ => simple(text),
    }
}

/// The root of a chain and its links, each with its point.
fn split_chain(text: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    let mut before = "";
    for (at, depth, token) in places(text) {
        let number = before.starts_with(|c: char| c.is_ascii_digit());
        before = token;
        if depth > 0 || token != "." || number {
            continue;
        }
        let range =
            text.get(at + 1..at + 2) == Some(".") || at > 0 && text.get(at - 1..at) == Some(".");
        if !range {
            cuts.push(at);
        }
    }
    cuts.push(text.len());
    cuts.windows(2)
        .filter_map(|pair| text.get(*pair.first()?..*pair.get(1)?))
        .map(str::trim)
        .collect()
}

fn parse_link(text: &str) -> Link<'_> {
    match split_group(text, '(') {
        Some((head, items, tail)) => Link {
            head,
            items: Some(split_list(items).into_iter().map(expression).collect()),
            tail,
        },
        None => Link {
            head: text,
            items: None,
            tail: "",
        },
    }
}

/// An expression that is no chain: a call, an array, a struct literal or a single word.
fn simple(text: &str) -> Expr<'_> {
    let first =
        places(text).find(|(_, depth, token)| *depth == 0 && matches!(*token, "(" | "[" | "{"));
    let Some((_, _, token)) = first else {
        return Expr::Atom(text);
    };
    let open = token.chars().next().unwrap_or('(');
    let Some((head, items, tail)) = split_group(text, open) else {
        return Expr::Atom(text);
    };
    let head = head.trim_end();
    let items = split_list(items);
    match open {
        '{' => Expr::Struct {
            head,
            fields: items.into_iter().map(parse_field).collect(),
        },
        '[' => Expr::Array {
            head,
            items: items.into_iter().map(expression).collect(),
        },
        _ => Expr::Call {
            head,
            items: items.into_iter().map(expression).collect(),
            tail,
        },
    }
}

fn parse_field(text: &str) -> (&str, Expr<'_>) {
    let (left, right) = split_left(text);
    (left, expression(right))
}
