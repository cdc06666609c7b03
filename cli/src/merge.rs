//! A file of the tool's that its user has edited: what the edit means, and how it comes together with the next text.
//!
//! The merge itself is `diffy`'s. What is added here is what makes it trustworthy: an edit of the formatting alone is
//! told apart from one that means something, and no line of the user's is dropped without a conflict, whatever the
//! library does.

use std::collections::BTreeMap;
use std::str::FromStr;

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

/// Whether two texts are the same Rust: the same tokens and the same comments, whatever the white space between and
/// in comments. A text that is no Rust is the same as none.
#[must_use]
pub fn differ_in_formatting_alone(one: &str, other: &str) -> bool {
    let dense = |text: &str| -> String { text.split_whitespace().collect() };
    // Without white space, equal texts with equal tokens have equal comments: nothing else stands between tokens.
    dense(one) == dense(other)
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
