//! How deep the expressions of a policy may be.
//!
//! Cedar's parser follows an expression into its parts by calling itself, and so do its validator and its evaluator: a
//! chain of a thousand `||` is a tree a thousand levels deep to them. A stack has an end, and whoever gets there ends the
//! process. So the text is measured before Cedar sees it, by a walk that keeps its own account on the heap and whose
//! result is never less than the depth of the tree that Cedar would make.

use super::finding::Finding;
use std::ops::Range;

/// So deep may an expression be: brackets in one another, members of a chain, and what else has an expression in it, along
/// the longest way from the policy to a value. The stacks of [`super::room`] are measured for this.
pub(super) const DEEPEST: usize = 100;

/// What is too deep in a policy file, where anything is: the smallest expression that is.
pub(super) fn too_deep(file: &str, text: &str) -> Option<Finding> {
    let place = Walk::default().over(text)?;
    let message = format!("this is more than {DEEPEST} expressions inside one another");
    Some(
        Finding::error("secapi::policy::nesting", file, place, message).with_help(
            "split the policy: two permits, or two forbids, say what `||` says; `[…].contains(…)` says what a chain of `==` says",
        ),
    )
}

/// Whatever stands in brackets, or in none of them.
#[derive(Default)]
struct Group {
    start: usize,
    /// What closes it; nothing does at the top of a file.
    end: Option<u8>,
    /// The deepest of the members that a comma has ended.
    members: usize,
    member: Expression,
}

/// How deep an expression is, as far as it was read. Chains are trees that lean to the left: their first member is the
/// deepest, by one level for each operator behind it.
#[derive(Default)]
struct Expression {
    ifs: usize,
    /// How many `then` and `else` are still to come.
    branches: usize,
    /// The deepest of the parts that `then` and `else` have ended.
    parts: usize,
    ors: usize,
    /// The deepest of the members that `||` has ended.
    of_ors: usize,
    ands: usize,
    /// The deepest of the members that `&&` has ended.
    of_ands: usize,
    /// All other operators since, each as if it had the others in it.
    steps: usize,
    /// The deepest group since.
    within: usize,
}

impl Expression {
    fn operand(&self) -> usize {
        self.steps + self.within
    }

    fn conjunction(&self) -> usize {
        self.ands + self.of_ands.max(self.operand())
    }

    fn disjunction(&self) -> usize {
        self.ors + self.of_ors.max(self.conjunction())
    }

    fn depth(&self) -> usize {
        self.ifs + self.parts.max(self.disjunction())
    }

    fn and(&mut self) {
        self.of_ands = self.of_ands.max(self.operand());
        (self.steps, self.within) = (0, 0);
        self.ands += 1;
    }

    fn or(&mut self) {
        self.of_ors = self.of_ors.max(self.conjunction());
        (self.steps, self.within, self.ands, self.of_ands) = (0, 0, 0, 0);
        self.ors += 1;
    }

    fn condition(&mut self) {
        self.ifs += 1;
        self.branches += 2;
    }

    /// `then` or `else`; one without its `if` is a name, and ends nothing.
    fn branch(&mut self) {
        if self.branches > 0 {
            *self = Self {
                ifs: self.ifs,
                branches: self.branches - 1,
                parts: self.parts.max(self.disjunction()),
                ..Self::default()
            };
        }
    }
}

impl Group {
    fn depth(&self) -> usize {
        self.members.max(self.member.depth())
    }

    fn next_member(&mut self) {
        self.members = self.depth();
        self.member = Expression::default();
    }
}

/// The account of a walk: the groups that are open around a place, from the outermost.
#[derive(Default)]
struct Walk {
    around: Vec<Group>,
    here: Group,
}

impl Walk {
    /// The place that is too deep.
    fn over(mut self, text: &str) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let (mut at, mut is_name) = (0, false);
        while let Some(byte) = bytes.get(at) {
            let end = end_of_token(bytes, at);
            let token = bytes.get(at..end).unwrap_or_default();
            match byte {
                // What is behind a dot is a name, whatever word it is.
                _ if is_word(*byte) => {
                    if !is_name {
                        self.word(token);
                    }
                    is_name = false;
                }
                byte if byte.is_ascii_whitespace() => {}
                b'/' if end - at > 1 => {}
                _ => {
                    self.sign(token, at);
                    is_name = *byte == b'.';
                }
            }
            if self.around.len() > DEEPEST || self.here.depth() > DEEPEST {
                return Some(self.here.start..end);
            }
            at = end;
        }
        None
    }

    fn word(&mut self, word: &[u8]) {
        let member = &mut self.here.member;
        match word {
            b"if" => member.condition(),
            b"then" | b"else" => member.branch(),
            // Each `when` of a policy is one more member of a chain of `&&`.
            b"in" | b"has" | b"like" | b"is" | b"when" | b"unless" => member.steps += 1,
            _ => {}
        }
    }

    fn sign(&mut self, sign: &[u8], at: usize) {
        match sign {
            b"(" => self.open(at, b')'),
            b"[" => self.open(at, b']'),
            b"{" => self.open(at, b'}'),
            // One that closes something else is a mistake, which Cedar tells of; here nothing gets less deep by it.
            [end @ (b')' | b']' | b'}')] if self.here.end == Some(*end) => self.close(),
            b"," => self.here.next_member(),
            // Outside of all brackets a policy ends here, and the next one begins behind it.
            b";" => {
                self.here.next_member();
                if self.around.is_empty() {
                    self.here = Group {
                        start: at + 1,
                        ..Group::default()
                    };
                }
            }
            b"||" => self.here.member.or(),
            b"&&" => self.here.member.and(),
            b"==" | b"!=" | b"<=" | b">=" => self.here.member.steps += 1,
            [b'.' | b'<' | b'>' | b'=' | b'+' | b'-' | b'*' | b'/' | b'%' | b'!'] => {
                self.here.member.steps += 1;
            }
            _ => {}
        }
    }

    fn open(&mut self, start: usize, end: u8) {
        self.here.member.steps += 1;
        let inner = Group {
            start,
            end: Some(end),
            ..Group::default()
        };
        self.around.push(std::mem::replace(&mut self.here, inner));
    }

    fn close(&mut self) {
        if let Some(outer) = self.around.pop() {
            let depth = std::mem::replace(&mut self.here, outer).depth();
            let member = &mut self.here.member;
            member.within = member.within.max(depth);
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// Where the token ends that begins here: a word, a comment, a string, a sign.
fn end_of_token(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let until = |is_end: &dyn Fn(&u8) -> bool| rest.iter().position(is_end).unwrap_or(rest.len());
    let length = match rest {
        [b'/', b'/', ..] => until(&|byte| matches!(byte, b'\n' | b'\r')),
        [b'"', inner @ ..] => 1 + length_of_string(inner),
        [b'|', b'|', ..] | [b'&', b'&', ..] | [b'=' | b'!' | b'<' | b'>', b'=', ..] => 2,
        [first, ..] if is_word(*first) => until(&|byte| !is_word(*byte)),
        _ => 1,
    };
    at + length
}

/// The length of a string behind its opening quote, with the closing one.
fn length_of_string(inner: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    inner.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A policy with this condition, and how deep that is.
    fn depth(condition: &str) -> usize {
        let place = |text: &str| Walk::default().over(text).is_none();
        // Each bracket around it is one level more.
        let within = |more: usize| {
            let (open, close) = ("(".repeat(more), ")".repeat(more));
            place(&format!(
                "permit (principal, action, resource) when {{ {open}{condition}{close} }};"
            ))
        };
        let room = (0..=DEEPEST).rev().find(|more| within(*more));
        room.map_or(usize::MAX, |room| DEEPEST - room)
    }

    #[test]
    fn chains_are_as_deep_as_they_are_long_and_lists_are_not() {
        let one = depth("true");
        let chain = |sign: &str, many: usize| depth(&vec!["true"; many].join(sign)) - one;
        for sign in [
            "||",
            "&&",
            " + ",
            " - ",
            "*",
            ".",
            " == ",
            " in ",
            " has ",
            " then || ",
        ] {
            assert_eq!(chain(sign, 31), 30, "{sign}");
        }
        assert_eq!(
            depth(&format!("[{}]", vec!["true"; 500].join(", "))) - one,
            1
        );
        assert_eq!(depth(&format!("{}true", "!".repeat(20))) - one, 20);
        assert_eq!(
            depth(&format!("{}true{}", "[".repeat(20), "]".repeat(20))) - one,
            20
        );
        assert_eq!(
            depth(&format!("{}1{}", "{a: ".repeat(20), "}".repeat(20))) - one,
            20
        );
        assert_eq!(depth(&format!("a{}", "[\"x\"]".repeat(20))) - one, 20);
        assert_eq!(depth(&format!("a{}", ".then".repeat(20))) - one, 20);
        assert_eq!(
            depth(&format!("{}b", "if a then b else ".repeat(20))) - one,
            20
        );
        assert_eq!(
            depth(&format!(
                "{}a{}",
                "if ".repeat(20),
                " then b else c".repeat(20)
            )) - one,
            20
        );
    }

    #[test]
    fn members_of_a_chain_do_not_add_up() {
        let one = depth("true");
        let members = vec!["resource.a == 1 && !resource.b"; 30].join(" || ");
        assert_eq!(depth(&members) - one, 29 + 1 + 2);
        let branches = "if resource.a == 1 then resource.b else resource.c || resource.d";
        assert_eq!(depth(branches) - one, 1 + 2);
    }

    #[test]
    fn brackets_in_strings_and_comments_are_none() {
        let one = depth("true");
        let text = format!("\"{}\\\"((\" == \"\"", "(".repeat(500));
        assert_eq!(depth(&text) - one, 1);
        for end in ["\n", "\r"] {
            let text = format!("// {}{end}true", "(".repeat(500));
            assert_eq!(depth(&text) - one, 0);
        }
    }

    #[test]
    fn policies_of_a_file_do_not_add_up() {
        let policy = "permit (principal, action, resource) when { a } unless { b };\n";
        assert_eq!(too_deep("p.cedar", &policy.repeat(1000)), None);
        let clauses = format!(
            "permit (principal, action, resource){};",
            " when { a }".repeat(1000)
        );
        assert!(too_deep("p.cedar", &clauses).is_some());
    }

    #[test]
    fn what_closes_nothing_makes_nothing_less_deep() {
        let text = "(]".repeat(DEEPEST + 1);
        assert!(too_deep("p.cedar", &text).is_some());
        assert_eq!(too_deep("p.cedar", &")".repeat(1000)), None);
    }

    #[test]
    fn the_smallest_expression_that_is_too_deep_is_told() {
        let deep = format!("{}true{}", "(".repeat(1000), ")".repeat(1000));
        let text = format!("permit (principal, action, resource) when {{ {deep} }};");
        let finding = too_deep("p.cedar", &text).unwrap();
        assert_eq!(finding.code, "secapi::policy::nesting");
        assert_eq!(&text[finding.start..finding.end], "(");
        let chain = format!(
            "permit (principal, action, resource) when {{ a{} }};",
            " || a".repeat(1000)
        );
        let finding = too_deep("p.cedar", &chain).unwrap();
        assert!(chain[finding.start..].starts_with("{ a ||"));
    }
}
