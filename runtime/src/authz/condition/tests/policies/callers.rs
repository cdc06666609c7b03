//! What the caller is in, and what it has of its own.

use super::Scope;

impl Scope<'_> {
    /// The relation of a thing that callers are in; of one behind a reference too, which need not be there.
    pub(super) fn of_members(&mut self) -> String {
        if !self.caller_is_user {
            return "resource.open".into();
        }
        let all = [
            "principal in resource.members",
            "principal in resource.members",
            "!(principal in resource.members)",
            "principal in resource.members || resource.size + 1 > 0",
            "resource has base && principal in resource.base.members",
            "(if resource.open then principal in resource.members else resource has lead)",
        ];
        (*self.dice.pick(&all)).to_owned()
    }

    /// Sets, decimals and times of the caller's, beside those of the row.
    pub(super) fn of_the_callers_own(&mut self) -> String {
        let order = self.order();
        let text = self.text();
        match self.dice.roll(14) {
            0 => format!("principal.skills.contains({text})"),
            1 => "resource.tags.containsAny(principal.skills)".into(),
            2 => "resource.tags.containsAll(principal.skills)".into(),
            3 => "principal.skills.containsAll(resource.tags)".into(),
            4 => "principal.skills.isEmpty() || resource.open".into(),
            5 => "principal.skills == resource.tags".into(),
            6 => "resource has labels && resource.labels.containsAny(principal.skills)".into(),
            7 => {
                "principal has ceiling && resource.price.lessThanOrEqual(principal.ceiling)".into()
            }
            8 => "principal has ceiling && resource.prices.contains(principal.ceiling)".into(),
            9 => format!("resource.span {order} principal.shift"),
            10 => format!("principal.shift.toHours() {order} resource.size"),
            11 => format!("principal has since && resource.created_at {order} principal.since"),
            12 => format!(
                "principal has since && resource.created_at.durationSince(principal.since) {order} resource.span"
            ),
            _ => format!("resource.created_at.offset(principal.shift) {order} context.now"),
        }
    }
}
