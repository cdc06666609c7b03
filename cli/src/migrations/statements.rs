//! Statements that a migration must not have: what reaches other files than its own database, or the transaction that it
//! runs in. Migrations are tried on the machine of whoever looks at a branch, before that person has read them.
//!
//! The text is cut into the tokens that SQLite cuts it into (<https://www.sqlite.org/lang.html>), as far as the first
//! words of statements need it. Where it is in doubt, a statement counts as one that must not be there.

use std::iter::Peekable;
use std::str::CharIndices;

/// The first words of what no migration does.
const REFUSED: [&str; 11] = [
    "ATTACH",
    "DETACH",
    "VACUUM",
    "PRAGMA",
    // Some pragmas act when they are explained.
    "EXPLAIN",
    "BEGIN",
    "COMMIT",
    "END",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
];

/// The first statement that a migration must not have: its line, counted from 1, and its first word.
pub(super) fn refused(sql: &str) -> Option<(usize, &str)> {
    let mut tokens = Tokens::of(sql);
    // The words of the statement so far, as many as it takes to know a trigger.
    let mut first: Vec<&str> = Vec::new();
    let mut is_trigger = false;
    while let Some((at, token)) = tokens.next() {
        match token {
            Token::Semicolon => {
                // The statements of a trigger end like all others, and the trigger with `END`.
                is_trigger = is_trigger || makes_trigger(&first);
                first.clear();
            }
            // SQLite would take it for the end of the text, and its driver would not.
            Token::Nul => return Some((line(sql, at), "\\0")),
            Token::Other if first.len() < 3 => first.push(""),
            Token::Word(word) if first.is_empty() => {
                let ends_trigger = is_trigger && word.eq_ignore_ascii_case("END");
                if REFUSED.iter().any(|it| it.eq_ignore_ascii_case(word)) && !ends_trigger {
                    return Some((line(sql, at), word));
                }
                is_trigger = is_trigger && !ends_trigger;
                first.push(word);
            }
            Token::Word(word) if first.len() < 3 => first.push(word),
            Token::Other | Token::Word(_) => {}
        }
    }
    None
}

/// The names in double quotes. SQLite takes one for a text where nothing has that name.
pub(super) fn quoted(sql: &str) -> Vec<&str> {
    let mut tokens = Tokens::of(sql);
    let mut out = Vec::new();
    while let Some((at, token)) = tokens.next() {
        let text = sql.get(at..tokens.place()).unwrap_or_default();
        let name = text.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        out.extend(name.filter(|_| matches!(token, Token::Other)));
    }
    out
}

/// The statements of a migration without triggers, each with its end and with what is said before it.
pub(super) fn split(sql: &str) -> Vec<&str> {
    let mut tokens = Tokens::of(sql);
    let (mut out, mut begin) = (Vec::new(), 0);
    while let Some((at, token)) = tokens.next() {
        if matches!(token, Token::Semicolon) {
            let end = at.saturating_add(1);
            out.extend(sql.get(begin..end));
            begin = end;
        }
    }
    out
}

/// The words of a text that could be names, quoted or not.
pub(super) fn words(sql: &str) -> impl Iterator<Item = &str> {
    let is_letter = |c: char| c == '_' || c.is_alphanumeric();
    sql.split(move |c| !is_letter(c))
}

/// `CREATE TRIGGER`, `CREATE TEMP TRIGGER`.
fn makes_trigger(first: &[&str]) -> bool {
    let is = |at: usize, word: &str| {
        first
            .get(at)
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
    };
    let is_temporary = is(1, "TEMP") || is(1, "TEMPORARY");
    is(0, "CREATE") && (is(1, "TRIGGER") || is_temporary && is(2, "TRIGGER"))
}

fn line(sql: &str, at: usize) -> usize {
    let before = sql.get(..at).unwrap_or_default();
    before.matches('\n').count().saturating_add(1)
}

enum Token<'a> {
    Word(&'a str),
    Semicolon,
    Nul,
    Other,
}

/// What is no white space and no comment, with its place.
struct Tokens<'a> {
    sql: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl<'a> Tokens<'a> {
    fn of(sql: &'a str) -> Self {
        Self {
            sql,
            rest: sql.char_indices().peekable(),
        }
    }

    fn next(&mut self) -> Option<(usize, Token<'a>)> {
        while let Some((at, c)) = self.rest.next() {
            let token = match c {
                // A byte order mark is white space wherever it stands.
                ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{feff}' => continue,
                '-' if self.goes_on(at, "--") => {
                    self.skip_behind(at, "\n");
                    continue;
                }
                '/' if self.goes_on(at, "/*") => {
                    self.rest.next();
                    self.skip_behind(at.saturating_add(2), "*/");
                    continue;
                }
                ';' => Token::Semicolon,
                '\0' => Token::Nul,
                '\'' | '"' | '`' => {
                    // A doubled quote reads as the end of one text and the beginning of the next.
                    self.skip_past(c);
                    Token::Other
                }
                '[' => {
                    self.skip_past(']');
                    Token::Other
                }
                _ if is_of_word(c) && !c.is_ascii_digit() && c != '$' => {
                    while self.rest.next_if(|(_, c)| is_of_word(*c)).is_some() {}
                    Token::Word(self.sql.get(at..self.place()).unwrap_or_default())
                }
                _ => Token::Other,
            };
            return Some((at, token));
        }
        None
    }

    fn goes_on(&self, at: usize, with: &str) -> bool {
        self.sql.get(at..).is_some_and(|it| it.starts_with(with))
    }

    /// Where the next character stands.
    fn place(&mut self) -> usize {
        self.rest.peek().map_or(self.sql.len(), |(at, _)| *at)
    }

    /// Goes behind the next place from `at` that has this text, or to the end.
    fn skip_behind(&mut self, at: usize, text: &str) {
        let rest = self.sql.get(at..).unwrap_or_default();
        let length = rest.find(text).map(|it| it.saturating_add(text.len()));
        let end = length.map_or(self.sql.len(), |length| at.saturating_add(length));
        while self.rest.next_if(|(at, _)| *at < end).is_some() {}
    }

    fn skip_past(&mut self, quote: char) {
        for (_, c) in self.rest.by_ref() {
            if c == quote {
                return;
            }
        }
    }
}

/// What SQLite takes for a part of a name.
fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEGAL: &str = "-- ATTACH it\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  UPDATE a SET x = CASE WHEN x THEN 1 ELSE 2 END; DELETE FROM b;\nEND;\n/* ; PRAGMA /* */ INSERT INTO a VALUES ('it''s; VACUUM', \"; BEGIN\", [; END], `; COMMIT`);\nCREATE TEMP TRIGGER u AFTER DELETE ON a BEGIN SELECT 1; END; SELECT begin FROM release";

    #[test]
    fn what_only_reads_like_one_is_none() {
        assert_eq!(refused(LEGAL), None);
        assert_eq!(refused(""), None);
        assert_eq!(refused("/* ATTACH"), None);
        assert_eq!(refused("SELECT 'ATTACH"), None);
    }

    #[test]
    fn each_is_found_wherever_it_hides() {
        for word in REFUSED {
            let hidden = [
                format!("{LEGAL};\n{word} x"),
                format!(";;\u{feff}{}", word.to_lowercase()),
                format!("/*/ ; */--\n\t{word}\u{c}"),
                format!("SELECT 'a''';{word};"),
                format!("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; {word};"),
            ];
            for sql in hidden {
                let found = refused(&sql).map(|(_, word)| word.to_uppercase());
                assert_eq!(found.as_deref(), Some(word), "{sql}");
            }
        }
        assert_eq!(
            refused("SELECT 1;\n\n  Attach 'x' AS y"),
            Some((3, "Attach"))
        );
        assert_eq!(refused("SELECT 1\0; x"), Some((1, "\\0")));
        // No trigger is open here, or no more.
        for sql in ["CREATE TABLE trigger (x); END", "CREATE \"TRIGGER\"; END"] {
            assert!(refused(sql).is_some(), "{sql}");
        }
    }
}
