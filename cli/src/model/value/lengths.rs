//! How long the texts are that a pattern matches: with limits that none of them keeps, a field would refuse everything.

use regex_syntax::hir::{Class, Hir, HirKind};

/// The fewest and the most characters of a text that the pattern matches. `None` where it matches none; a most of `None` has
/// no end.
pub(in crate::model) fn of(pattern: &str) -> Option<(u32, Option<u32>)> {
    match regex_syntax::parse(pattern) {
        Ok(pattern) => measured(&pattern),
        // Whoever asks has compiled it, so this one is not measured.
        Err(_) => Some((0, None)),
    }
}

fn measured(hir: &Hir) -> Option<(u32, Option<u32>)> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some((0, Some(0))),
        HirKind::Literal(literal) => {
            let text = String::from_utf8_lossy(&literal.0);
            let length = count(text.chars().count());
            Some((length, Some(length)))
        }
        HirKind::Class(Class::Unicode(class)) => {
            (!class.ranges().is_empty()).then_some((1, Some(1)))
        }
        HirKind::Class(Class::Bytes(class)) => (!class.ranges().is_empty()).then_some((1, Some(1))),
        HirKind::Capture(capture) => measured(&capture.sub),
        HirKind::Repetition(repetition) => match measured(&repetition.sub) {
            Some((least, most)) => {
                let most = match (most, repetition.max) {
                    (Some(0), _) | (_, Some(0)) => Some(0),
                    (Some(most), Some(times)) => Some(most.saturating_mul(times)),
                    _ => None,
                };
                Some((least.saturating_mul(repetition.min), most))
            }
            None => (repetition.min == 0).then_some((0, Some(0))),
        },
        HirKind::Concat(parts) => {
            let parts: Option<Vec<_>> = parts.iter().map(measured).collect();
            let add = |(least, most): (u32, Option<u32>), (one, other): (u32, Option<u32>)| {
                let most = most
                    .zip(other)
                    .map(|(most, other)| most.saturating_add(other));
                (least.saturating_add(one), most)
            };
            Some(parts?.into_iter().fold((0, Some(0)), add))
        }
        HirKind::Alternation(branches) => {
            let branches: Vec<_> = branches.iter().filter_map(measured).collect();
            let least = branches.iter().map(|(least, _)| *least).min()?;
            let most = branches.iter().map(|(_, most)| *most);
            let most = most.reduce(|one, other| one.zip(other).map(|(one, other)| one.max(other)));
            Some((least, most.flatten()))
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn patterns_have_lengths() {
        for (pattern, lengths) in [
            ("", Some((0, Some(0)))),
            ("a{3}", Some((3, Some(3)))),
            ("[A-Z]{2,5}-[0-9]+", Some((4, None))),
            ("ä|öü?", Some((1, Some(2)))),
            ("(a|bc)*d", Some((1, None))),
            ("(?i)straße", Some((6, Some(6)))),
            (r"\bx{0,2}$", Some((0, Some(2)))),
            (r"[^\x00-\x{10FFFF}]", None),
            (r"a[^\x00-\x{10FFFF}]", None),
            (r"a|[^\x00-\x{10FFFF}]", Some((1, Some(1)))),
            (r"a[^\x00-\x{10FFFF}]*", Some((1, Some(1)))),
        ] {
            assert_eq!(of(pattern), lengths, "{pattern}");
        }
    }
}
