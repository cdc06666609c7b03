//! Replacing the names of the shipped policies by those of a service.

/// Replaces every anchor, the first in the list first where several begin at one place. What was put in is not looked
/// at again, so no name of a service can be taken for an anchor.
pub(crate) fn anchored(text: &str, anchors: &[(String, String)]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = anchors
            .iter()
            .find_map(|(from, to)| rest.strip_prefix(from.as_str()).map(|after| (to, after)));
        if let Some((to, after)) = found {
            result.push_str(to);
            rest = after;
        } else {
            result.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::anchored;

    #[test]
    fn what_was_put_in_is_not_replaced_again() {
        let anchors = [
            ("a".to_owned(), "b".to_owned()),
            ("b".to_owned(), "a".to_owned()),
        ];
        assert_eq!(anchored("abä", &anchors), "baä");
    }
}
