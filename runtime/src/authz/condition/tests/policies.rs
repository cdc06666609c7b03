//! Random policies that are strictly valid, over every form that the language has for a row.

use super::dice::Dice;

const TEXTS: [&str; 28] = [
    "",
    "a",
    "A",
    "ä",
    "Ä",
    "ß",
    "SS",
    "%",
    "_",
    "[",
    "]",
    "?",
    "*",
    "\\\\",
    "'",
    "\\\"",
    "a%b",
    "a_b",
    "[a]",
    "a*b",
    "aXb",
    "\\\\%",
    "\\u{1f600}",
    "\\u{fffd}",
    "x\\u{fffe}y",
    "\\u{ffff}",
    "x\\u{fffd}y",
    "u1",
];
const PATTERNS: [&str; 33] = [
    "*",
    "",
    "a",
    "a*",
    "*b",
    "*a*",
    "A*",
    "Ä",
    "*%*",
    "_",
    "a_b",
    "a%b",
    "[a]",
    "[*",
    "*]",
    "a?b",
    "?",
    "a\\*b",
    "\\*",
    "*\\\\*",
    "\\\\%",
    "*'*",
    "*\\\"*",
    "\\u{1f600}*",
    "[^a]",
    "*\\*\\\\*",
    "x*y",
    "%",
    "*_*",
    "*b%",
    "*\\u{fffd}*",
    "x\\u{fffe}*",
    "\\u{ffff}",
];
const LONGS: [&str; 10] = [
    "0",
    "1",
    "-1",
    "5",
    "7",
    "86400000",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775806",
    "2",
];
const DECIMALS: [&str; 6] = [
    "0.0",
    "1.5",
    "-0.0001",
    "922337203685477.5807",
    "-922337203685477.5808",
    "1.5000",
];
const MOMENTS: [&str; 5] = [
    "1970-01-01",
    "1969-12-31T23:59:59.999Z",
    "2025-10-09T08:53:20Z",
    "0000-01-01",
    "9999-12-31T23:59:59.999Z",
];
const SPANS: [&str; 6] = ["0ms", "1ms", "-1ms", "1d", "-1h30m", "106751991167d"];

/// What a policy may look at.
struct Scope<'a> {
    dice: &'a mut Dice,
    /// `Thing` or `User`.
    kind: &'static str,
    caller_is_user: bool,
}

/// The policies of one action of one kind of rows.
pub(super) fn group(dice: &mut Dice, kind: &'static str, action: &str, name: &str) -> String {
    let mut out = String::new();
    let count = 1 + dice.roll(4);
    for number in 0..count {
        let forbids = dice.one_in(3);
        let effect = if forbids { "forbid" } else { "permit" };
        let (principal, caller_is_user) = *dice.pick(&[
            ("principal is App::User", true),
            ("principal is App::User", true),
            ("principal is App::User in App::Role::\"admin\"", true),
            ("principal", false),
            ("principal == App::User::\"u1\"", true),
        ]);
        let own = format!("resource is App::{kind}");
        let resource = match dice.roll(8) {
            0 => format!("resource == App::{kind}::\"u1\""),
            1 if kind == "User" => "resource is App::User in App::Role::\"admin\"".to_owned(),
            _ => own,
        };
        let mut text = format!(
            "@id(\"{name}-{number}\") {effect} ({principal}, action == App::Action::\"{action}\", {resource})"
        );
        let mut scope = Scope {
            dice: &mut *dice,
            kind,
            caller_is_user,
        };
        for _ in 0..scope.dice.roll(3) {
            let word = *scope.dice.pick(&["when", "when", "unless"]);
            text.push_str(&format!(" {word} {{ {} }}", scope.truth(3)));
        }
        out.push_str(&text);
        out.push_str(";\n");
    }
    if dice.one_in(2) {
        out.push_str(&format!(
            "@id(\"{name}-open\") permit (principal, action == App::Action::\"{action}\", resource is App::{kind});\n"
        ));
    }
    out
}

impl Scope<'_> {
    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 || self.dice.one_in(4) {
            return self.atom();
        }
        let next = depth - 1;
        match self.dice.roll(7) {
            0 | 1 => format!("({}) && ({})", self.truth(next), self.truth(next)),
            2 | 3 => format!("({}) || ({})", self.truth(next), self.truth(next)),
            4 => format!("!({})", self.truth(next)),
            5 => format!(
                "(if ({}) then ({}) else ({}))",
                self.truth(next),
                self.truth(next),
                self.truth(next)
            ),
            _ => {
                let sign = *self.dice.pick(&["==", "!="]);
                format!("({}) {sign} ({})", self.truth(next), self.truth(next))
            }
        }
    }

    /// What is asked of the row, of a row that it refers to, or of one that the caller does. None of them need be there.
    fn atom(&mut self) -> String {
        if self.dice.one_in(2) {
            return self.atom_of(self.kind);
        }
        let row: &[(&str, &str, &str)] = match self.kind {
            "User" => &[
                ("User", "resource has boss && ", "resource.boss"),
                ("Thing", "resource has desk && ", "resource.desk"),
                (
                    "Thing",
                    "resource has boss && resource.boss has desk && ",
                    "resource.boss.desk",
                ),
                (
                    "Thing",
                    "resource has boss.desk.base && ",
                    "resource.boss.desk.base",
                ),
            ],
            _ => &[
                ("User", "", "resource.owner"),
                (
                    "User",
                    "resource has base && ",
                    "(if resource.open then resource.owner else resource.base.owner)",
                ),
                ("Thing", "resource has base && ", "resource.base"),
                (
                    "Thing",
                    "resource.owner has desk && ",
                    "resource.owner.desk",
                ),
                (
                    "Thing",
                    "resource has base && resource.base has base && ",
                    "resource.base.base",
                ),
                ("User", "resource has base && ", "resource.base.owner"),
                (
                    "Thing",
                    "resource has base && resource.base.owner has desk && ",
                    "resource.base.owner.desk",
                ),
            ],
        };
        let caller: &[(&str, &str, &str)] = &[
            ("User", "principal has boss && ", "principal.boss"),
            ("Thing", "principal has desk && ", "principal.desk"),
            (
                "Thing",
                "principal has boss.desk && ",
                "principal.boss.desk",
            ),
        ];
        let from_caller = self.caller_is_user && self.dice.one_in(4);
        let (kind, guard, path) = *self.dice.pick(if from_caller { caller } else { row });
        let mut asked = self.atom_of(kind);
        // Behind a third reference nothing is followed any more.
        while path.matches('.').count() > 2 && asked.contains("resource.base") {
            asked = self.atom_of(kind);
        }
        format!("{guard}({})", asked.replace("resource", path))
    }

    fn atom_of(&mut self, kind: &str) -> String {
        if kind == "User" {
            return self.atom_of_user();
        }
        match self.dice.roll(15) {
            0 => self.compared_numbers(),
            1 => self.of_text(),
            2 => self.of_entity(),
            3 => self.of_strings(),
            4 => self.of_numbers(),
            5 => self.of_decimal(),
            6 => self.of_time(),
            7 => self.of_truth(),
            8 => self.overflowing(),
            9 => {
                let name = *self.dice.pick(&[
                    "note", "lead", "flag", "due", "labels", "marks", "title", "address",
                ]);
                format!("resource has {name}")
            }
            10 => self.of_request(),
            11 => self.of_peers(),
            12 => self.of_records(),
            13 => self.of_many(),
            _ => self.of_text(),
        }
    }

    fn of_records(&mut self) -> String {
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
    fn of_many(&mut self) -> String {
        let texts: Vec<String> = (0..6).map(|_| self.quoted()).collect();
        let numbers: Vec<String> = (0..6).map(|_| self.number_constant()).collect();
        let (texts, numbers) = (texts.join(", "), numbers.join(", "));
        match self.dice.roll(5) {
            0 => format!("[{texts}].contains({})", self.text()),
            1 => format!("[{numbers}].contains(resource.size)"),
            2 => format!("[{texts}].containsAll(resource.tags)"),
            3 => format!("resource.tags.containsAny([{texts}])"),
            _ => format!("resource has marks && resource.marks.containsAny([{numbers}])"),
        }
    }

    fn atom_of_user(&mut self) -> String {
        let text = self.quoted();
        let number = self.number_constant();
        match self.dice.roll(9) {
            0 => "resource in App::Role::\"admin\"".into(),
            1 => "resource in [App::Role::\"admin\", App::Role::\"user\"]".into(),
            2 => "resource.role == \"user\"".into(),
            3 => format!("resource has age && resource.age < {number}"),
            4 => format!("resource.email == {text}"),
            5 if self.caller_is_user => "principal == resource".into(),
            6 if self.caller_is_user => "resource in principal".into(),
            7 if self.caller_is_user => "resource has boss && principal in resource.boss".into(),
            8 if self.caller_is_user => "principal.role == resource.role".into(),
            _ => "resource == App::User::\"u2\"".into(),
        }
    }

    fn quoted(&mut self) -> String {
        format!("\"{}\"", self.dice.pick(&TEXTS))
    }

    fn text(&mut self) -> String {
        match self.dice.roll(6) {
            0 => self.quoted(),
            1 => "resource.id".into(),
            2 if self.caller_is_user => "principal.id".into(),
            3 if self.caller_is_user => "principal.email".into(),
            _ => "resource.title".into(),
        }
    }

    fn of_text(&mut self) -> String {
        let pattern = *self.dice.pick(&PATTERNS);
        let (one, other) = (self.text(), self.text());
        match self.dice.roll(6) {
            0 => format!("{one} == {other}"),
            1 => format!("resource has note && resource.note == {other}"),
            2 => format!("resource has note && resource.note like \"{pattern}\""),
            3 => format!("(if resource has note then resource.note else {one}) == {other}"),
            _ => format!("{one} like \"{pattern}\""),
        }
    }

    fn number_constant(&mut self) -> String {
        (*self.dice.pick(&LONGS)).to_owned()
    }

    fn number(&mut self) -> String {
        match self.dice.roll(9) {
            0 | 1 => self.number_constant(),
            2 => format!("(resource.size + {})", self.number_constant()),
            3 => format!("(resource.size - {})", self.number_constant()),
            4 => format!(
                "(resource.size * {})",
                self.dice.pick(&["2", "-1", "0", "3"])
            ),
            5 => "(-resource.size)".into(),
            6 => {
                let unit =
                    *self
                        .dice
                        .pick(&["Milliseconds", "Seconds", "Minutes", "Hours", "Days"]);
                format!("resource.span.to{unit}()")
            }
            _ => "resource.size".into(),
        }
    }

    fn order(&mut self) -> &'static str {
        self.dice.pick::<&str>(&["<", "<=", ">", ">=", "==", "!="])
    }

    fn compared_numbers(&mut self) -> String {
        let (one, order, other) = (self.number(), self.order(), self.number());
        match self.dice.roll(5) {
            0 => format!("resource has extra && resource.extra {order} {other}"),
            1 if self.caller_is_user => {
                format!("principal has age && resource.size {order} principal.age")
            }
            2 => format!(
                "(if resource.open then {one} else {other}) {order} {}",
                self.number_constant()
            ),
            _ => format!("{one} {order} {other}"),
        }
    }

    /// Fails on some rows, in the places where a wrong emitter would not see it.
    fn overflowing(&mut self) -> String {
        let fails = *self.dice.pick(&[
            "resource.size + 1 > 0",
            "resource.size * 2 > 3",
            "-resource.size < 0",
            "resource.size - 1 < 5",
        ]);
        let other = *self.dice.pick(&[
            "resource.open",
            "resource.title like \"a*\"",
            "true",
            "false",
        ]);
        match self.dice.roll(5) {
            0 => format!("({fails}) || {other}"),
            1 => format!("{other} || ({fails})"),
            2 => format!("({fails}) && {other}"),
            3 => format!("!(({fails}) || {other})"),
            _ => format!("[7, 8].contains(resource.size + 1) || {other}"),
        }
    }

    fn of_entity(&mut self) -> String {
        let someone = match self.caller_is_user {
            true => *self
                .dice
                .pick(&["principal", "App::User::\"u1\"", "App::User::\"nobody\""]),
            false => *self.dice.pick(&["App::User::\"u1\"", "App::User::\"U1\""]),
        };
        match self.dice.roll(7) {
            0 => format!("resource.owner == {someone}"),
            1 => format!("resource.owner != {someone}"),
            2 => format!("resource has lead && resource.lead == {someone}"),
            3 => "resource has lead && resource.lead == resource.owner".into(),
            4 if self.caller_is_user => "principal in resource.owner".into(),
            5 if self.caller_is_user => {
                "principal has boss && principal.boss == resource.owner".into()
            }
            6 if self.caller_is_user => {
                "resource has lead && principal in [resource.owner, resource.lead]".into()
            }
            _ => format!("[App::User::\"u2\", {someone}].contains(resource.owner)"),
        }
    }

    fn some_texts(&mut self) -> String {
        match self.dice.roll(5) {
            0 => format!("[{}, {}]", self.quoted(), self.quoted()),
            1 => "context.scopes".into(),
            2 => "resource.tags".into(),
            _ => format!("[{}, \"a\"]", self.quoted()),
        }
    }

    fn of_strings(&mut self) -> String {
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

    fn of_numbers(&mut self) -> String {
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

    fn of_peers(&mut self) -> String {
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

    fn of_decimal(&mut self) -> String {
        let constant = format!("decimal(\"{}\")", self.dice.pick(&DECIMALS));
        let function = *self.dice.pick(&[
            "lessThan",
            "lessThanOrEqual",
            "greaterThan",
            "greaterThanOrEqual",
        ]);
        match self.dice.roll(4) {
            0 => format!("resource.price == {constant}"),
            1 => format!("resource has cost && resource.cost.{function}(resource.price)"),
            _ => format!("resource.price.{function}({constant})"),
        }
    }

    fn moment(&mut self) -> String {
        match self.dice.roll(5) {
            0 => "context.now".into(),
            1 => format!("resource.created_at.offset({})", self.span()),
            2 => "resource.created_at.toDate()".into(),
            3 => "resource.created_at".into(),
            _ => format!("datetime(\"{}\")", self.dice.pick(&MOMENTS)),
        }
    }

    fn span(&mut self) -> String {
        match self.dice.roll(3) {
            0 => "resource.span".into(),
            _ => format!("duration(\"{}\")", self.dice.pick(&SPANS)),
        }
    }

    fn of_time(&mut self) -> String {
        let (one, order, other) = (self.moment(), self.order(), self.moment());
        match self.dice.roll(5) {
            0 => format!("resource has due && resource.due {order} {other}"),
            1 => format!(
                "resource has due && resource.due.toTime() {order} {}",
                self.span()
            ),
            2 => format!("{one}.durationSince({other}) {order} {}", self.span()),
            _ => format!("{one} {order} {other}"),
        }
    }

    fn of_truth(&mut self) -> String {
        let address = *self
            .dice
            .pick(&["10.0.0.1", "10.0.0.0/8", "2001:db8::1", "10.0.0.1/32"]);
        match self.dice.roll(6) {
            0 => "resource.open".into(),
            1 => "resource has flag && resource.flag".into(),
            2 => "resource has flag && resource.flag == resource.open".into(),
            3 => format!("resource has address && resource.address == ip(\"{address}\")"),
            4 => "resource has address && resource.address == context.ip".into(),
            _ => "[resource.open].contains(true)".into(),
        }
    }

    fn of_request(&mut self) -> String {
        let all = [
            "context.mfa",
            "context.in_scope",
            "context has authenticated_at && context.authenticated_at < resource.created_at",
            "context.ip.isInRange(ip(\"10.0.0.0/8\"))",
            "context.scopes.contains(resource.title)",
            "resource is App::Thing",
            "resource is App::User",
        ];
        (*self.dice.pick(&all)).to_owned()
    }
}
