//! A file of the tool's that its user has edited: what the edit means, and how it comes together with the next text.
//!
//! The merge itself is `diffy`'s. What is added here is what makes it trustworthy: an edit of the formatting alone is
//! told apart from one that means something, and no line of the user's is dropped without a conflict, whatever the
//! library does.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::str::FromStr;

mod comments;

use comments::comments;
use diffy::{IncompleteHunkStyle, MergeOptions};
use proc_macro2::TokenStream;

/// What became of an edited file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged {
    /// Both sides are in it.
    Clean(String),
    /// Both sides are in it, and where they contradict each other, both stand between markers.
    Conflict(String),
}

/// Merges `yours` and `tools`, which both come from `base`. Without a base nothing can be told apart, and all of it
/// is a conflict.
#[must_use]
pub fn three_ways(base: Option<&str>, yours: &str, tools: &str) -> Merged {
    if yours == tools {
        return Merged::Clean(yours.to_owned());
    }
    // An editor that ends lines in its own way has not edited them.
    if ends_lines_in_two(yours) {
        let base = base.map(ended_in_one);
        return match three_ways(base.as_deref(), &ended_in_one(yours), &ended_in_one(tools)) {
            Merged::Clean(text) => Merged::Clean(text.replace('\n', "\r\n")),
            Merged::Conflict(text) => Merged::Conflict(text.replace('\n', "\r\n")),
        };
    }
    let Some(base) = base else {
        return Merged::Conflict(whole(yours, tools));
    };
    let mut options = MergeOptions::new();
    options.set_incomplete_hunk_style(IncompleteHunkStyle::Git);
    match options.merge(base, yours, tools) {
        // INVARIANT: what somebody wrote by hand is in the result, also where the library is wrong.
        Ok(text) if !keeps(base, yours, &text) => Merged::Conflict(whole(yours, tools)),
        Err(text) if !keeps(base, yours, &text) => Merged::Conflict(whole(yours, tools)),
        Ok(text) => Merged::Clean(text),
        Err(text) => Merged::Conflict(text),
    }
}

/// Whether two texts are the same Rust: the same tokens and the same comments, whatever the white space between them and
/// before the lines of a comment. A text that is no Rust is the same as none.
#[must_use]
pub fn differ_in_formatting_alone(one: &str, other: &str) -> bool {
    let dense = |text: &str| -> String { text.split_whitespace().collect() };
    // Without white space, equal texts with equal tokens have equal comments up to white space: nothing else stands
    // between tokens.
    dense(one) == dense(other)
        && comments(one) == comments(other)
        && match (TokenStream::from_str(one), TokenStream::from_str(other)) {
            (Ok(one), Ok(other)) => one.to_string() == other.to_string(),
            _ => false,
        }
}

/// Whether a text holds the markers of a conflict that nobody has resolved.
#[must_use]
pub fn has_markers(text: &str) -> bool {
    let mut expected = ["<<<<<<< ", "=======", ">>>>>>> "].iter().peekable();
    for line in text.lines() {
        let next = |marker: &&&str| line.starts_with(**marker);
        if expected.next_if(next).is_some() && expected.peek().is_none() {
            return true;
        }
    }
    false
}

/// The text without the other side of its conflicts: what stood there before a merge of two branches, where they
/// contradict each other. A text without markers stays as it is.
#[must_use]
pub fn our_side(text: &str) -> Cow<'_, str> {
    side(text, &[Marker::Ours])
}

/// What a text with conflicts may be read as: as it is, as either side, and as both one after the other. A text without
/// markers is read in one way.
#[must_use]
pub fn readings(text: &str) -> Vec<Cow<'_, str>> {
    let sides: [&[Marker]; 3] = [
        &[Marker::Ours],
        &[Marker::Theirs],
        &[Marker::Ours, Marker::Theirs],
    ];
    let mut out = vec![Cow::Borrowed(text)];
    if has_markers(text) {
        out.extend(sides.map(|kept| side(text, kept)));
    }
    out
}

/// The text with these parts of its conflicts alone.
fn side<'a>(text: &'a str, kept: &[Marker]) -> Cow<'a, str> {
    if !has_markers(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut part = Marker::End;
    for line in text.split_inclusive('\n') {
        match Marker::of(line) {
            Some(next) => part = next,
            None if part == Marker::End || kept.contains(&part) => out.push_str(line),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// How many lines one text has and the other has not.
#[must_use]
pub fn distance(one: &str, other: &str) -> usize {
    let lines = |from: &str, to: &str| added_lines(from, to).values().sum::<usize>();
    lines(one, other) + lines(other, one)
}

/// A line by which git parts the sides of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// What the branch has that is merged into.
    Ours,
    /// What both had before, where git is asked to show it.
    Base,
    /// What the other branch has.
    Theirs,
    /// The conflict is over.
    End,
}

impl Marker {
    /// The marker that a line is; none for every other line.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        let line = line.trim_end_matches(['\r', '\n']);
        match line.split(' ').next()? {
            "<<<<<<<" => Some(Self::Ours),
            "|||||||" => Some(Self::Base),
            "=======" if line.len() == 7 => Some(Self::Theirs),
            ">>>>>>>" => Some(Self::End),
            _ => None,
        }
    }
}

/// The text with every line ended by one character.
#[must_use]
pub fn ended_in_one(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether more lines than not end in carriage return and line feed.
fn ends_lines_in_two(text: &str) -> bool {
    text.matches("\r\n").count() * 2 > text.matches('\n').count()
}

/// The lines that `yours` has and `base` has not, each as often as it was added.
#[must_use]
pub fn added_lines<'a>(base: &'a str, yours: &'a str) -> BTreeMap<&'a str, usize> {
    let before = counted(base);
    let mut added = counted(yours);
    for (line, count) in &mut added {
        *count = count.saturating_sub(before.get(line).copied().unwrap_or(0));
    }
    added.retain(|_, count| *count > 0);
    added
}

fn keeps(base: &str, yours: &str, merged: &str) -> bool {
    let present = counted(merged);
    let added = added_lines(base, yours);
    added
        .keys()
        .all(|line| line.trim().is_empty() || present.contains_key(line))
}

fn counted(text: &str) -> BTreeMap<&str, usize> {
    let mut out = BTreeMap::new();
    for line in text.lines() {
        *out.entry(line).or_insert(0) += 1;
    }
    out
}

/// One conflict that is the whole file.
fn whole(yours: &str, tools: &str) -> String {
    let line = |text: &str| {
        if text.ends_with('\n') || text.is_empty() {
            ""
        } else {
            "\n"
        }
    };
    let (after_yours, after_tools) = (line(yours), line(tools));
    format!("<<<<<<< ours\n{yours}{after_yours}=======\n{tools}{after_tools}>>>>>>> theirs\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "fn a() {\n    one();\n    two();\n    three();\n    four();\n}\n";

    #[test]
    fn edits_apart_from_each_other_come_together() {
        let yours = BASE.replace("    one();\n", "    one();\n    mine();\n");
        let tools = BASE.replace("four()", "vier()");
        let merged = three_ways(Some(BASE), &yours, &tools);
        assert_eq!(merged, Merged::Clean(yours.replace("four()", "vier()")));
    }

    #[test]
    fn edits_of_one_line_are_a_conflict_with_both_sides_whole() {
        let yours = BASE.replace("two()", "mine()");
        let tools = BASE.replace("two()", "theirs()");
        let Merged::Conflict(text) = three_ways(Some(BASE), &yours, &tools) else {
            panic!("no conflict");
        };
        assert!(has_markers(&text));
        for side in ["    mine();\n", "    two();\n", "    theirs();\n"] {
            assert!(text.contains(side), "{text}");
        }
    }

    #[test]
    fn a_line_beside_what_the_tool_takes_away_is_not_lost() {
        let yours = BASE.replace("    two();\n", "    two();\n    mine();\n");
        let tools = "fn a() {\n}\n";
        let merged = three_ways(Some(BASE), &yours, tools);
        assert!(matches!(merged, Merged::Conflict(text) if text.contains("mine()")));
    }

    #[test]
    fn line_ends_of_another_system_are_no_edit_and_stay() {
        let windows = |text: &str| text.replace('\n', "\r\n");
        let yours = windows(&format!("{BASE}// mine\n"));
        let tools = BASE.replace("two()", "zwei()");
        let expected = windows(&format!("{tools}// mine\n"));
        assert_eq!(
            three_ways(Some(BASE), &yours, &tools),
            Merged::Clean(expected)
        );
        let Merged::Conflict(text) = three_ways(
            Some(BASE),
            &windows(&BASE.replace("two()", "mine()")),
            &tools,
        ) else {
            panic!("no conflict");
        };
        assert!(has_markers(&text) && text.contains("    mine();\r\n"));
        assert!(!text.replace("\r\n", "").contains('\n'), "{text:?}");
    }

    #[test]
    fn one_side_of_a_conflict_is_taken() {
        let text = "a\n<<<<<<< HEAD\nb\n||||||| 123\nold\n=======\nc\n>>>>>>> other\nd\n";
        assert_eq!(our_side(text), "a\nb\nd\n");
        assert_eq!(our_side("a\n=======\nb\n"), "a\n=======\nb\n");
        assert_eq!(
            readings(text),
            [text, "a\nb\nd\n", "a\nc\nd\n", "a\nb\nc\nd\n"]
        );
        assert_eq!(readings("a\n"), ["a\n"]);
        assert_eq!(distance("a\nb\nb\n", "b\nc\n"), 3);
    }

    #[test]
    fn without_a_base_everything_is_a_conflict() {
        let merged = three_ways(None, "mine", "theirs\n");
        let expected = "<<<<<<< ours\nmine\n=======\ntheirs\n>>>>>>> theirs\n";
        assert_eq!(merged, Merged::Conflict(expected.to_owned()));
        assert_eq!(
            three_ways(None, "same", "same"),
            Merged::Clean("same".into())
        );
    }

    #[test]
    fn a_last_line_without_an_end_does_not_swallow_a_marker() {
        let Merged::Conflict(text) = three_ways(Some("a\nb"), "a\nmine", "a\ntheirs") else {
            panic!("no conflict");
        };
        assert!(has_markers(&text), "{text}");
    }

    #[test]
    fn formatting_is_told_apart_from_meaning() {
        let same = [
            "fn a(){one();two();\nthree();four();}",
            "fn a()\n{\r\n one(); two(); three(); four(); }\n\n",
        ];
        for text in same {
            assert!(differ_in_formatting_alone(BASE, text), "{text}");
        }
        let different = [
            BASE.replace("one", "One"),
            BASE.replace("one();", "one(); // mine"),
            BASE.replace("one();", "/* mine */ one();"),
            format!("/// Mine.\n{BASE}"),
            BASE.replace("fn a", "fna"),
            format!("{BASE}\""),
        ];
        for text in different {
            assert!(!differ_in_formatting_alone(BASE, &text), "{text}");
        }
        assert!(!differ_in_formatting_alone(
            "const A: &str = \"a b\";",
            "const A: &str = \"ab\";"
        ));
        assert!(!differ_in_formatting_alone(
            "a! { x > > y }",
            "a! { x >> y }"
        ));
        for (one, other) in [
            ("// a b\nf();", "// a  b\nf();"),
            ("// a b\nf();", "// ab\nf();"),
            ("//a\nf();", "// a\nf();"),
            ("// | 1   2 |\nf();", "// | 1 2 |\nf();"),
            ("/* a\n b */f();", "/* a b */f();"),
            ("// a\n// b\nf();", "// a // b\nf();"),
        ] {
            assert!(!differ_in_formatting_alone(one, other), "{one} {other}");
        }
        let indented = "fn a() { // one  two\n      /* three\n           four */\n}";
        let other = "fn a() {\n    // one  two   \n /* three\n four */ }";
        assert!(differ_in_formatting_alone(indented, other));
        // The comment swallows what follows it in one of the two.
        assert!(!differ_in_formatting_alone("// a\nb();", "// ab();"));
    }

    #[test]
    fn markers_count_in_their_order_and_at_the_beginning_of_a_line() {
        assert!(has_markers(
            "a\n<<<<<<< ours\nb\n||||||| original\n=======\nc\n>>>>>>> theirs\n"
        ));
        for text in [
            "",
            "=======\n",
            "<<<<<<< ours\n=======\n",
            " <<<<<<< a\n =======\n >>>>>>> b\n",
            ">>>>>>> b\n=======\n<<<<<<< a\n",
        ] {
            assert!(!has_markers(text), "{text}");
        }
    }
}
