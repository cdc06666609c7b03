//! The comments of a Rust file, as somebody wrote them: what an edit of a comment is told by.

/// Every comment in its order: its lines without what stands before and behind them. What looks like one inside of a string
/// is none. Comments that document something are tokens as well, and compared as such.
pub(super) fn comments(text: &str) -> Vec<Vec<&str>> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut is_word = false;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => {
                let length = rest.find('\n').unwrap_or(rest.len());
                out.push(lines(rest, length));
                length
            }
            '/' if rest.starts_with("/*") => {
                let length = block(rest);
                out.push(lines(rest, length));
                length
            }
            '"' => string(rest),
            '\'' => character(rest),
            'r' | 'b' | 'c' if !is_word => raw(rest).unwrap_or(1),
            other => other.len_utf8(),
        };
        is_word = first == '_' || first.is_alphanumeric();
        rest = rest.get(length..).unwrap_or_default();
    }
    out
}

fn lines(text: &str, length: usize) -> Vec<&str> {
    let comment = text.get(..length).unwrap_or(text);
    comment.lines().map(str::trim).collect()
}

/// Comments of this kind lie in each other.
fn block(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// A string with escapes, from its first quote to behind its last.
fn string(text: &str) -> usize {
    let mut is_escaped = true;
    for (at, c) in text.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// A character, or the quote of a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((at, escaped))) => {
            let behind = at + escaped.len_utf8();
            let end = text.get(behind..).and_then(|rest| rest.find('\''));
            end.map_or(text.len(), |end| behind + end + 1)
        }
        (Some(_), Some((at, '\''))) => at + 1,
        _ => 1,
    }
}

/// A string without escapes: `r"…"`, `br#"…"#`; `None` where the text begins with none.
fn raw(text: &str) -> Option<usize> {
    let behind = text.trim_start_matches(['b', 'c']).strip_prefix('r')?;
    let content = behind.trim_start_matches('#');
    let hashes = behind.len() - content.len();
    let content = content.strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let length = content.find(&end)? + end.len();
    Some(text.len() - content.len() + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_comment_in_a_string_is_none() {
        for text in [
            "let a = \"// no\";",
            "let a = \"\\\"// no\";",
            "let a = r\"\\\"; let b = r##\"// \"# no\"##;",
            "let a = br#\"// no\"#;",
            "let a = '\"'; let b = '\\''; let c = b'\"'; let d = \"// no\";",
            "let a = 1 / 2 * 3;",
            "fn f<'a>(x: &'a str) -> &'a str { x }",
        ] {
            assert!(comments(text).is_empty(), "{text}");
        }
        for text in [
            "let a = '\"'; // yes",
            "fn f<'a>(x: &'a str) {} // yes",
            "let r = \"\\\\\"; // yes",
            "let bar = \"a\"; // yes",
            "let a = '\\u{1F600}'; // yes",
            "let a = r#type; // yes",
            "let a = '/'; // yes",
        ] {
            assert_eq!(comments(text), [["// yes"]], "{text}");
        }
        assert_eq!(
            comments("/* a /* b */\n   c */ d"),
            [["/* a /* b */", "c */"]]
        );
    }
}
