//! Where each policy of a file begins and ends.

use std::ops::Range;

/// The byte ranges of the statements of a file that Cedar has parsed without error, from the first character of an
/// annotation or effect up to the semicolon. Semicolons inside strings and comments are no ends.
#[must_use]
pub fn statements(text: &str) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut start = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '/' if characters.peek().is_some_and(|(_, next)| *next == '/') => {
                while characters.next_if(|(_, next)| *next != '\n').is_some() {}
            }
            '"' => skip_string(&mut characters),
            ';' => spans.extend(start.take().map(|start| start..at + 1)),
            _ if !character.is_whitespace() => {
                start.get_or_insert(at);
            }
            _ => {}
        }
    }
    spans
}

/// Moves past the end of a string whose opening quote was read.
fn skip_string(characters: &mut impl Iterator<Item = (usize, char)>) {
    while let Some((_, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => return,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn semicolons_in_strings_and_comments_end_nothing() {
        let text = r#"// a; b
@id("x;\";")
permit(principal, action, resource); // c;
forbid (principal, action, resource) when { "a//;" == "b" };"#;
        let found: Vec<&str> = statements(text)
            .into_iter()
            .map(|span| &text[span])
            .collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("@id") && found[0].ends_with("resource);"));
        assert!(found[1].starts_with("forbid") && found[1].ends_with("};"));
    }
}
