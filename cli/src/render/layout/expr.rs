//! Expressions, on one line or on several.

use super::{WIDTH, width};

/// A column where lines start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Indent(pub(super) usize);

impl Indent {
    pub(super) fn deeper(self) -> Self {
        Self(self.0 + 4)
    }

    /// A line break that comes out at this column.
    pub(super) fn line(self) -> String {
        format!("\n{}", " ".repeat(self.0))
    }
}

/// An expression as far as line breaks need it. Its words are those of the statement that it stands in.
#[derive(Debug)]
pub(super) enum Expr<'a> {
    Atom(&'a str),
    Call {
        head: &'a str,
        items: Vec<Expr<'a>>,
        tail: &'a str,
    },
    Array {
        head: &'a str,
        items: Vec<Expr<'a>>,
    },
    Struct {
        head: &'a str,
        fields: Vec<(&'a str, Expr<'a>)>,
    },
    Chain {
        root: Box<Expr<'a>>,
        links: Vec<Link<'a>>,
    },
    /// `|| body`
    Closure {
        body: Box<Expr<'a>>,
    },
}

/// `.name`, `.name(items)`, with the `?` that follow.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub(super) head: &'a str,
    pub(super) items: Option<Vec<Expr<'a>>>,
    pub(super) tail: &'a str,
}

// rustfmt's defaults.
pub(super) const CALL_WIDTH: usize = 60;
const CHAIN_WIDTH: usize = 60;
const ARRAY_WIDTH: usize = 60;
const STRUCT_WIDTH: usize = 18;
const SHORT_ITEM: usize = 10;

/// An expression after `let x =`, on the same line or on the next.
pub(super) fn after(left: &str, expr: &Expr<'_>, indent: Indent, end: usize) -> String {
    let lead = if left.is_empty() { 0 } else { width(left) + 1 };
    let same = broken(expr, indent, lead, end);
    if left.is_empty() {
        return same;
    }
    let fits =
        !same.contains('\n') && indent.0 + lead + width(&same) + last_tries(&same) + end <= WIDTH;
    let inner = indent.deeper();
    let next = broken(expr, inner, 0, end);
    if fits || !lines_fit(&next, inner, end) || !is_better(&next, &same) {
        format!("{left} {same}")
    } else {
        format!("{left}{}{next}", inner.line())
    }
}

/// An expression after `name:` in a struct literal: on the same line if its first line fits there.
pub(super) fn after_name(name: &str, expr: &Expr<'_>, indent: Indent, end: usize) -> String {
    let lead = width(name) + 1;
    let same = broken(expr, indent, lead, end);
    let first = same.lines().next().map_or(0, width);
    if name.is_empty() || is_string(expr) || indent.0 + lead + first <= WIDTH {
        return field(name, &same);
    }
    let inner = indent.deeper();
    format!("{name}{}{}", inner.line(), broken(expr, inner, 0, end))
}

/// A string gains nothing from a line of its own.
fn is_string(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Atom(text) if text.ends_with(['"', '#']))
}

fn lines_fit(text: &str, indent: Indent, end: usize) -> bool {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    indent.0 + width(first) + end <= WIDTH && lines.all(|line| width(line) + end <= WIDTH)
}

/// Whether a line break after the sign is worth it.
fn is_better(next: &str, same: &str) -> bool {
    let breaks = |text: &str| text.matches('\n').count();
    let opens =
        |text: &str, with: char| text.lines().next().is_some_and(|line| line.ends_with(with));
    breaks(next) == 0
        || breaks(same) > breaks(next) + 1
        || ['(', '{', '[']
            .iter()
            .any(|with| opens(same, *with) && !opens(next, *with))
}

/// The expression in `lead` columns after the indent, with room for `end` characters behind it.
fn broken(expr: &Expr<'_>, indent: Indent, lead: usize, end: usize) -> String {
    let flat = flat(expr);
    let tries = match expr {
        Expr::Chain { .. } => flat.as_deref().map_or(0, last_tries),
        _ => 0,
    };
    let room = WIDTH.saturating_sub(indent.0 + lead + end + tries);
    if let Some(flat) = flat.filter(|flat| width(flat) <= room) {
        return flat;
    }
    forced(expr, indent, lead, end)
}

/// The width that rustfmt adds for `?` at the end: it counts them twice, behind a call three times.
fn last_tries(text: &str) -> usize {
    let rest = text.trim_end_matches('?');
    let tries = text.len() - rest.len();
    if rest.ends_with(')') {
        2 * tries
    } else {
        tries
    }
}

/// The expression on more than one line, if that is possible at all.
fn forced(expr: &Expr<'_>, indent: Indent, lead: usize, end: usize) -> String {
    match expr {
        Expr::Atom(text) => (*text).to_owned(),
        Expr::Call { head, items, tail } => format!(
            "{head}({}){tail}",
            arguments(items, indent, lead + width(head) + 1, end)
        ),
        Expr::Array { head, items } => format!("{head}[{}]", array(items, indent, lead, end)),
        Expr::Struct { head, fields } => literal(head, fields, indent),
        Expr::Chain { root, links } => chain(root, links, indent, lead, end),
        Expr::Closure { body } => closure(body, indent),
    }
}

/// The expression on one line, if rustfmt's widths for its parts allow one.
fn flat(expr: &Expr<'_>) -> Option<String> {
    let mut out = String::new();
    write_flat(expr, &mut out)?;
    Some(out)
}

fn write_flat(expr: &Expr<'_>, out: &mut String) -> Option<()> {
    let start = out.len();
    match expr {
        Expr::Atom(text) => out.push_str(text),
        Expr::Call { head, items, tail } => {
            out.extend([*head, "("]);
            write_flat_arguments(items, out)?;
            out.extend([")", *tail]);
        }
        Expr::Array { head, items } => {
            out.extend([*head, "["]);
            write_flat_list(items, ARRAY_WIDTH, out)?;
            out.push(']');
        }
        Expr::Struct { head, fields } if fields.is_empty() => out.extend([*head, " {}"]),
        Expr::Struct { head, fields } => {
            out.extend([*head, " { "]);
            write_flat_fields(fields, out)?;
            out.push_str(" }");
        }
        Expr::Closure { body } => {
            out.push_str("|| ");
            write_flat(body, out)?;
        }
        Expr::Chain { root, links } => {
            write_flat(root, out)?;
            for link in links {
                write_flat_link(link, out)?;
            }
            let text = out.get(start..)?;
            let fits = links.len() == 1 || width(text) + last_tries(text) <= CHAIN_WIDTH;
            fits.then_some(())?;
        }
    }
    Some(())
}

fn write_flat_fields(fields: &[(&str, Expr<'_>)], out: &mut String) -> Option<()> {
    let start = out.len();
    for (index, (name, value)) in fields.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        if !name.is_empty() {
            out.extend([*name, " "]);
        }
        write_flat(value, out)?;
    }
    (width(out.get(start..)?) <= STRUCT_WIDTH).then_some(())
}

fn write_flat_list(items: &[Expr<'_>], limit: usize, out: &mut String) -> Option<()> {
    let start = out.len();
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write_flat(item, out)?;
    }
    (width(out.get(start..)?) <= limit).then_some(())
}

/// The arguments of a call; a single word, literal or array may take all the room that there is.
fn write_flat_arguments(items: &[Expr<'_>], out: &mut String) -> Option<()> {
    match items {
        [only @ (Expr::Atom(_) | Expr::Array { .. })] => write_flat(only, out),
        _ => write_flat_list(items, CALL_WIDTH, out),
    }
}

fn write_flat_link(link: &Link<'_>, out: &mut String) -> Option<()> {
    let Link { head, items, tail } = link;
    out.push_str(head);
    if let Some(items) = items {
        out.push('(');
        write_flat_arguments(items, out)?;
        out.push(')');
    }
    out.push_str(tail);
    Some(())
}

fn flat_link(link: &Link<'_>) -> Option<String> {
    let mut out = String::new();
    write_flat_link(link, &mut out)?;
    Some(out)
}

fn field(name: &str, value: &str) -> String {
    if name.is_empty() {
        value.to_owned()
    } else {
        format!("{name} {value}")
    }
}

/// What stands between the brackets of a call that does not fit on a line.
fn arguments(items: &[Expr<'_>], indent: Indent, lead: usize, end: usize) -> String {
    match items {
        [only] if opens_a_group(only) => broken(only, indent, lead, end + 1),
        [first @ .., Expr::Closure { body }] => {
            let mut flat = String::new();
            let first = write_flat_list(first, CALL_WIDTH, &mut flat);
            let head = first.map(|()| flat + ", ");
            let fits = |head: &String| {
                let width = width(head) + width("|| {");
                // The bracket and what follows it are counted, though they come lines later.
                width + 2 <= CALL_WIDTH && indent.0 + lead + width + 1 + end <= WIDTH
            };
            match head.filter(fits) {
                Some(head) => head + &closure(body, indent),
                None => one_a_line(items, indent),
            }
        }
        _ => one_a_line(items, indent),
    }
}

fn closure(body: &Expr<'_>, indent: Indent) -> String {
    let inner = indent.deeper();
    format!(
        "|| {{{}{}{}}}",
        inner.line(),
        broken(body, inner, 0, 0),
        indent.line()
    )
}

/// Whether the expression can be broken inside the line that it stands on.
fn opens_a_group(expr: &Expr<'_>) -> bool {
    matches!(
        expr,
        Expr::Call { .. } | Expr::Struct { .. } | Expr::Array { .. }
    )
}

fn one_a_line(items: &[Expr<'_>], indent: Indent) -> String {
    let inner = indent.deeper();
    let mut out = String::new();
    for item in items {
        out.push_str(&format!("{}{},", inner.line(), broken(item, inner, 0, 1)));
    }
    out + &indent.line()
}

fn array(items: &[Expr<'_>], indent: Indent, lead: usize, end: usize) -> String {
    let flats: Option<Vec<String>> = items.iter().map(flat).collect();
    match flats {
        // A path of more than one name is too long for rustfmt, however short it is.
        Some(flats)
            if flats
                .iter()
                .all(|item| width(item) <= SHORT_ITEM && !item.contains("::")) =>
        {
            let items: Vec<&str> = flats.iter().map(String::as_str).collect();
            fill(&items, indent.deeper()) + &indent.line()
        }
        _ => match items {
            [only @ (Expr::Struct { .. } | Expr::Call { .. })] => {
                forced(only, indent, lead, end + 1)
            }
            _ => one_a_line(items, indent),
        },
    }
}

/// As many items on a line as fit.
pub(super) fn fill(items: &[&str], indent: Indent) -> String {
    let mut out = String::new();
    let mut column = WIDTH;
    for (index, item) in items.iter().enumerate() {
        let item = format!("{item},");
        // rustfmt wants room for the space behind every comma but the last.
        let space = usize::from(index + 1 < items.len());
        if column + 1 + width(&item) + space > WIDTH {
            out.push_str(&indent.line());
            column = indent.0 + width(&item);
        } else {
            out.push(' ');
            column += 1 + width(&item);
        }
        out.push_str(&item);
    }
    out
}

fn literal(head: &str, fields: &[(&str, Expr<'_>)], indent: Indent) -> String {
    let inner = indent.deeper();
    let mut out = format!("{head} {{");
    for (name, value) in fields {
        out.push_str(&format!(
            "{}{},",
            inner.line(),
            after_name(name, value, inner, 1)
        ));
    }
    out + &indent.line() + "}"
}

fn chain(root: &Expr<'_>, links: &[Link<'_>], indent: Indent, lead: usize, end: usize) -> String {
    if let Some(text) = chain_with_open_end(root, links, indent, lead, end) {
        return text;
    }
    let mut out = broken(root, indent, lead, end);
    let inner = if out.contains('\n') {
        indent
    } else {
        indent.deeper()
    };
    let mut links = links;
    // A root no wider than an indent takes the first link along.
    while let Some((first, others)) = links.split_first() {
        if width(&out) > 4_usize.saturating_sub(lead) {
            break;
        }
        out.push_str(&link(first, indent, lead + width(&out), 0));
        links = others;
    }
    for (index, one) in links.iter().enumerate() {
        let end = if index + 1 == links.len() { end } else { 0 };
        out.push_str(&inner.line());
        out.push_str(&link(one, inner, 0, end));
    }
    out
}

/// All links on one line, with the last one's arguments on lines of their own, where that is not
/// longer than a line for each link.
fn chain_with_open_end(
    root: &Expr<'_>,
    links: &[Link<'_>],
    indent: Indent,
    lead: usize,
    end: usize,
) -> Option<String> {
    let (last, first) = links.split_last()?;
    let mut head = flat(root)?;
    for link in first {
        write_flat_link(link, &mut head)?;
    }
    let room = WIDTH.checked_sub(indent.0 + lead + end)?;
    let budget = if links.len() == 1 {
        room
    } else {
        room.min(CHAIN_WIDTH)
    };
    let open = link(last, indent, lead + width(&head), end);
    let fits = width(&head) + width(open.lines().next()?) <= budget;
    let apart = link(last, indent.deeper(), 0, end);
    let lines = |text: &str| text.lines().count();
    let worth_it = open.contains('\n') && (lines(&open) >= 5 || lines(&apart) >= lines(&open));
    (fits && worth_it).then(|| head + &open)
}

fn link(link: &Link<'_>, indent: Indent, lead: usize, end: usize) -> String {
    let room = WIDTH.saturating_sub(indent.0 + lead + end);
    if let Some(flat) = flat_link(link).filter(|flat| width(flat) <= room) {
        return flat;
    }
    let Link { head, items, tail } = link;
    match items {
        None => format!("{head}{tail}"),
        Some(items) => format!(
            "{head}({}){tail}",
            arguments(items, indent, lead + width(head) + 1, end)
        ),
    }
}
