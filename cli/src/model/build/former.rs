//! What things were called before. A name that no longer stands anywhere cannot be checked here: whether the last
//! migration knows it is seen when the next one is made, and a key that has done its work does no harm.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostics, brief, spec as code};
use crate::spec::{self, Text};

/// `renamed_from` of resources.
pub(super) fn resources(raw: &[spec::Resource], diagnostics: &mut Diagnostics) {
    let renamed: Vec<_> = raw
        .iter()
        .filter_map(|raw| Some((&raw.name, raw.renamed_from.as_ref()?)))
        .collect();
    check(&renamed, "resource", diagnostics);
}

/// `renamed_from` of the fields of one resource.
pub(super) fn fields(raw: &spec::Resource, diagnostics: &mut Diagnostics) {
    let renamed: Vec<_> = raw
        .fields
        .iter()
        .filter_map(|raw| Some((&raw.name, raw.renamed_from.as_ref()?)))
        .collect();
    let what = format!("field of `{}`", brief(&raw.name.value));
    check(&renamed, &what, diagnostics);
}

/// `renamed_from` of the values of one enum: each value, and what it was.
pub(super) fn values(
    raw: &spec::Field,
    path: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, String)> {
    let renamed: Vec<_> = raw
        .renamed_values
        .iter()
        .map(|(value, former)| (value, former))
        .collect();
    check(&renamed, &format!("value of `{path}`"), diagnostics);
    let pair = |(value, former): (&Text, &Text)| (value.value.clone(), former.value.clone());
    renamed.into_iter().map(pair).collect()
}

/// Two things cannot come from one, and no thing from itself, over however many steps.
pub(super) fn check(renamed: &[(&Text, &Text)], what: &str, diagnostics: &mut Diagnostics) {
    let mut by_former: HashMap<&str, &str> = HashMap::new();
    for (name, former) in renamed {
        if let Some(other) = by_former.insert(&former.value, &name.value) {
            let message = format!(
                "`{}` and `{}` both say that they were the {what} `{}`",
                brief(other),
                brief(&name.value),
                brief(&former.value)
            );
            let help = "one of them is new: remove its `renamed_from`";
            diagnostics.error(&code::CONFLICTING_KEYS, former.span, message, help);
        }
    }
    circles(renamed, diagnostics);
}

/// Each name is walked once: what was seen before leads nowhere new.
fn circles(renamed: &[(&Text, &Text)], diagnostics: &mut Diagnostics) {
    let by_name: HashMap<&str, &str> = renamed
        .iter()
        .map(|(name, former)| (name.value.as_str(), former.value.as_str()))
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (walk, (name, former)) in renamed.iter().enumerate() {
        let mut at = Some(name.value.as_str());
        while let Some(name) = at {
            match seen.get(name) {
                Some(earlier) if *earlier == walk => {
                    let message = format!("`{}` comes from itself", brief(name));
                    let help = "rename in two steps, with a name that is not in use between them";
                    diagnostics.error(&code::CONFLICTING_KEYS, former.span, message, help);
                    break;
                }
                Some(_) => break,
                None => seen.insert(name, walk),
            };
            at = by_name.get(name).copied();
        }
    }
}
