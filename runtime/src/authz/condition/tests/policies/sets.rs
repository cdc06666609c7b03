//! Sets and records.

use super::Scope;
use super::constants::DECIMALS;

impl Scope<'_> {
    pub(super) fn of_records(&mut self) -> String {
        let (text, other, order) = (self.text(), self.text(), self.order());
        let number = self.number_constant();
        match self.dice.roll(5) {
            0 => format!("{{a: {text}, b: resource.open}}.a == {other}"),
            1 => "{a: resource.size, b: resource.open, c: context.mfa}.b".into(),
            2 => format!("{{a: resource.size + 1}}.a {order} {number}"),
            3 => {
                format!("{{a: resource.open, b: {{c: {text}}}}} == {{a: true, b: {{c: {other}}}}}")
            }
            _ => format!(
                "{{a: {number}, b: resource.owner}} != {{a: resource.size, b: resource.owner}}"
            ),
        }
    }

    /// More of them than stand in a statement one by one.
    pub(super) fn of_many(&mut self) -> String {
        let count = *self.dice.pick(&[6, 12]);
        let texts: Vec<String> = (0..count).map(|_| self.quoted()).collect();
        let numbers: Vec<String> = (0..count).map(|_| self.number_constant()).collect();
        let (texts, numbers) = (texts.join(", "), numbers.join(", "));
        match self.dice.roll(5) {
            0 => format!("[{texts}].contains({})", self.text()),
            1 => format!("[{numbers}].contains(resource.size)"),
            2 => format!("[{texts}].containsAll(resource.tags)"),
            3 => format!("resource.tags.containsAny([{texts}])"),
            _ => format!("resource has marks && resource.marks.containsAny([{numbers}])"),
        }
    }

    pub(super) fn some_texts(&mut self) -> String {
        match self.dice.roll(5) {
            0 => format!("[{}, {}]", self.quoted(), self.quoted()),
            1 => "context.scopes".into(),
            2 => "resource.tags".into(),
            _ => format!("[{}, \"a\"]", self.quoted()),
        }
    }

    pub(super) fn of_strings(&mut self) -> String {
        let (text, texts) = (self.text(), self.some_texts());
        let function = *self.dice.pick(&["containsAll", "containsAny"]);
        match self.dice.roll(10) {
            0 => format!("resource.tags.contains({text})"),
            1 => format!("resource.tags.{function}({texts})"),
            2 => format!("{texts}.{function}(resource.tags)"),
            3 => "resource.tags.isEmpty()".into(),
            4 => format!("resource has labels && resource.labels.{function}(resource.tags)"),
            5 => format!("resource has labels && resource.labels.{function}({texts})"),
            6 => "resource has labels && resource.labels == resource.tags".into(),
            7 => format!("resource.tags == {texts}"),
            8 => format!("[resource.title, {text}].contains({})", self.quoted()),
            _ => format!("{texts}.contains({text})"),
        }
    }

    pub(super) fn of_numbers(&mut self) -> String {
        let (one, other) = (self.number_constant(), self.number_constant());
        match self.dice.roll(7) {
            0 => format!("resource has marks && resource.marks.contains({one})"),
            1 => format!("resource has marks && resource.marks.containsAll([{one}, {other}])"),
            2 => format!("resource has marks && [{one}, {other}].containsAny(resource.marks)"),
            3 => format!(
                "resource has marks && resource.marks.contains({})",
                self.number()
            ),
            4 => format!("[{one}, {other}].contains({})", self.number()),
            5 => "resource.flags.contains(resource.open)".into(),
            _ => format!(
                "resource.prices.contains(decimal(\"{}\"))",
                self.dice.pick(&DECIMALS)
            ),
        }
    }

    pub(super) fn of_peers(&mut self) -> String {
        let someone = match self.caller_is_user {
            true => *self.dice.pick(&["principal", "App::User::\"x1\""]),
            false => "App::User::\"u1\"",
        };
        let function = *self.dice.pick(&["containsAll", "containsAny"]);
        match self.dice.roll(8) {
            0 => format!("resource.peers.contains({someone})"),
            1 => "resource.peers.contains(resource.owner)".into(),
            2 => format!("resource.peers.{function}([App::User::\"u2\", {someone}])"),
            3 => format!("[App::User::\"u1\", {someone}].{function}(resource.peers)"),
            4 => "resource.peers.isEmpty()".into(),
            5 if self.caller_is_user => "principal in resource.peers".into(),
            6 => format!("resource has base && resource.peers.{function}(resource.base.peers)"),
            7 => format!(
                "resource has base && [resource.owner, resource.base.owner].contains({someone})"
            ),
            _ => format!("!resource.peers.contains({someone})"),
        }
    }
}
