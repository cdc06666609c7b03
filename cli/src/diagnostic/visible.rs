//! Text of the input made fit for a terminal and for one line.

use std::fmt::Write as _;

/// The text with every character that a terminal would act on, or that hides or reorders its
/// neighbours, written as an escape: `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

/// JSON with every such character written as JSON's own escape. Beyond ASCII they stand in strings alone.
#[must_use]
pub fn escaped(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() || !is_hidden(character) {
            shown.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{unit:04x}");
        }
    }
    shown
}

/// At most 60 characters of the text, for quoting it in a sentence.
#[must_use]
pub fn brief(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(60).collect();
    if characters.next().is_some() {
        format!("{start}…")
    } else {
        start
    }
}

pub(super) fn push_visible(shown: &mut String, character: char) {
    match character {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        _ if is_hidden(character) => {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        }
        _ => shown.push(character),
    }
}

/// Controls, and the characters that change direction, join, or have no width.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The number of terminal cells that a shown character takes. Good enough to put an underline right
/// under Latin, Greek, Cyrillic and East Asian text; emoji sequences may be off by a cell.
pub(super) fn width(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36f => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => {
            2
        }
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1_f300..=0x1_faff | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{7}\u{202e}"),
            "a\\u{1b}[31mb\\u{7}\\u{202e}"
        );
        assert_eq!(visible("two\nlines\t."), "two\\nlines\\t.");
        assert_eq!(visible("Zoë 名前"), "Zoë 名前");
    }

    #[test]
    fn json_says_the_same_with_escapes() {
        let text = "a\u{9b}b\u{202e}\u{e0001}";
        let json = escaped(&serde_json::to_string(text).unwrap());
        assert_eq!(json, "\"a\\u009bb\\u202e\\udb40\\udc01\"");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn long_input_is_cut() {
        assert_eq!(brief(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
        assert_eq!(brief("short"), "short");
    }
}
