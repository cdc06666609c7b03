//! Line breaks of generated Rust.
//!
//! Templates write code as it reads best, and cannot know how long a name will be. This module
//! joins what fits on one line and breaks what does not, by the rules of rustfmt's defaults, for the
//! few constructs that templates use: signatures, calls, chains, arrays, struct literals, imports
//! and match arms. A test renders many models and asks rustfmt whether it would change a byte.

mod expr;
mod lines;
mod parse;

use std::borrow::Cow;

use expr::Indent;
use lines::Piece;
use unicode_width::UnicodeWidthStr;

/// The same code with rustfmt's line breaks.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for piece in lines::pieces(text) {
        match piece {
            Piece::Verbatim(line) => out.push_str(line),
            Piece::Code { indent, text } => {
                out.extend(std::iter::repeat_n(' ', indent));
                out.push_str(&code(&text, Indent(indent)));
            }
        }
        out.push('\n');
    }
    out
}

const WIDTH: usize = 100;

/// Columns as rustfmt counts them: a wide character takes two, a combining one none.
fn width(text: &str) -> usize {
    match text.is_ascii() {
        true => text.len(),
        false => UnicodeWidthStr::width(text),
    }
}

/// One statement, field, arm, import or head of a block.
fn code(text: &str, indent: Indent) -> Cow<'_, str> {
    if is_short(text, indent) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(long_code(text, indent))
    }
}

fn long_code(text: &str, indent: Indent) -> String {
    if text.starts_with("use ") || text.starts_with("pub use ") {
        import(text, indent)
    } else if is_signature(text) {
        signature(text, indent)
    } else if text.starts_with("pub ") && text.ends_with(',') {
        member(text, indent)
    } else if text.ends_with('{') || text.starts_with('}') {
        head(text, indent)
    } else if let Some(text) = destructuring(text, indent) {
        text
    } else if let Some((pattern, body)) = parse::split_arm(text) {
        arm(pattern, body, indent)
    } else {
        statement(text, indent)
    }
}

/// Whether nothing in it can be too long for rustfmt, whatever it is. Most lines are such, and none of them needs to be read.
fn is_short(text: &str, indent: Indent) -> bool {
    // What a chain, a call or an array may take; a `?` counts up to three times, and an import leaves two columns free.
    let tries = text.bytes().filter(|byte| *byte == b'?').count();
    let most = text.len() + 2 * tries;
    let is_short = most <= expr::CALL_WIDTH && indent.0 + most + 2 <= WIDTH;
    // A literal of a struct may not even take that, and what stood on several lines may have a comma too many.
    let is_flat = !text.contains('{')
        && ![", )", ", ]", ",)", ",]"]
            .iter()
            .any(|it| text.contains(it));
    is_short && is_flat
}

fn fits(text: &str, indent: Indent) -> bool {
    indent.0 + width(text) <= WIDTH
}

fn is_signature(text: &str) -> bool {
    let item = [
        "fn ",
        "pub fn ",
        "async fn ",
        "pub async fn ",
        "pub(super) fn ",
        "pub(super) async fn ",
    ];
    item.iter().any(|start| text.starts_with(start))
}

/// `fn name(parameters) -> Type {`
fn signature(text: &str, indent: Indent) -> String {
    if let Some(text) = brimful(text, indent) {
        return text;
    }
    if fits(text, indent) {
        return text.to_owned();
    }
    let Some((start, rest)) = text.split_once("fn ") else {
        return text.to_owned();
    };
    let Some((name, parameters, tail)) = parse::split_group(rest, '(') else {
        return text.to_owned();
    };
    let inner = indent.deeper();
    let mut out = format!("{start}fn {name}(");
    for parameter in parse::split_list(parameters) {
        out.push_str(&format!("{}{parameter},", inner.line()));
    }
    format!("{out}{}){tail}", indent.line())
}

/// A signature without a body that fills its line to the brim: rustfmt wants room for a brace behind the type all the same,
/// and puts the type on a line of its own.
fn brimful(text: &str, indent: Indent) -> Option<String> {
    let (start, answer) = text.rsplit_once(") -> ")?;
    let brimful = text.ends_with(';') && indent.0 + width(text) == WIDTH;
    brimful.then(|| format!("{start}){}-> {answer}", indent.line()))
}

/// `use path::{names};`, with the names filled into lines. rustfmt leaves two columns free here.
fn import(text: &str, indent: Indent) -> String {
    if indent.0 + width(text) + 2 <= WIDTH {
        return text.to_owned();
    }
    let Some((head, names, tail)) = parse::split_group(text, '{') else {
        return text.to_owned();
    };
    let filled = expr::fill(&parse::split_list(names), indent.deeper());
    format!("{head}{{{filled}{}}}{tail}", indent.line())
}

/// The first line of a block, or its last.
fn head(text: &str, indent: Indent) -> String {
    match text
        .strip_suffix(" {")
        .and_then(|text| text.split_once(" for "))
    {
        Some((name, kind)) if text.starts_with("impl ") && !fits(text, indent) => {
            format!(
                "{name}{}for {kind}{}{{",
                indent.deeper().line(),
                indent.line()
            )
        }
        _ => text.to_owned(),
    }
}

/// `pub name: Type,` of a struct.
fn member(text: &str, indent: Indent) -> String {
    match text.split_once(": ") {
        Some((name, kind)) if !fits(text, indent) => {
            format!("{name}:{}{kind}", indent.deeper().line())
        }
        _ => text.to_owned(),
    }
}

/// `static NAME: Type<Argument> =` where even that is too long for a line.
fn long_type(left: &str, indent: Indent) -> Option<String> {
    let item = left.starts_with("static ") && !fits(left, indent);
    let (head, argument, tail) = parse::split_group(left, '<').filter(|_| item)?;
    let inner = indent.deeper();
    Some(format!(
        "{head}<{}{argument},{}>{tail}",
        inner.line(),
        indent.line()
    ))
}

/// `let Type { fields } = value;`, which breaks like a literal of that type.
fn destructuring(text: &str, indent: Indent) -> Option<String> {
    let (pattern, value) = text.strip_prefix("let ")?.split_once("} = ")?;
    let pattern = format!("{pattern}}}");
    let pattern = parse::expression(&pattern);
    let end = width(value) + " = ".len();
    Some(format!(
        "{} = {value}",
        expr::after("let", &pattern, indent, end)
    ))
}

/// `pattern => body,`
fn arm(pattern: &str, body: &str, indent: Indent) -> String {
    let flat = format!("{pattern} => {body},");
    if fits(&flat, indent) {
        return flat;
    }
    let inner = indent.deeper();
    format!("{pattern} => {{{}{body}{}}}", inner.line(), indent.line())
}

/// `let … = expression;`, `name: expression,`, or an expression alone.
fn statement(text: &str, indent: Indent) -> String {
    let (body, end) = match text.strip_suffix([';', ',']) {
        Some(body) => (body, text.get(body.len()..).unwrap_or_default()),
        None => (text, ""),
    };
    let (left, right) = parse::split_left(body);
    if let Some(left) = long_type(left, indent) {
        return format!("{left} {right}{end}");
    }
    let expression = parse::expression(right);
    let layout = if left.ends_with(':') {
        expr::after_name
    } else {
        expr::after
    };
    format!("{}{end}", layout(left, &expression, indent, end.len()))
}

#[cfg(test)]
mod tests;
