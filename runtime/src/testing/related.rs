//! Who may look into a relation of a row, and who may change it.

use super::decided::{DONE, Decided, Row, is, refusals};
use super::scene::{Caller, listed};

impl Decided<'_> {
    /// Fails the test unless a relation is listed to exactly those who may see it. `others`: where its rows are, which have a list of
    /// their own to be allowed.
    pub fn related(&self, relation: &str, end: &str, others: &str) {
        let allowed = self.allowed(&format!("{relation}:read"));
        self.scene.under_the_project();
        let mut has_control = false;
        self.each(|caller, at, row, may_read| {
            let client = self.scene.client(caller);
            let answer = client.get(&format!("{}/{end}", self.place(row)));
            let may = may_read && is(&allowed, at);
            let lists = || client.get(&format!("{others}?limit=1")).status() == 200;
            let expected: &[u16] = match may {
                true if lists() => &[200],
                true => &[200, 401, 403],
                // Whoever may list no such row at all is told so before the row is looked up.
                false if may_read && caller.is_known() => &[401, 403],
                false => refusals(caller, may_read),
            };
            has_control |= answer.status() == 200;
            self.expect(&answer, expected, caller, row);
        });
        if !has_control {
            self.scene
                .without_control(self.resource, &format!("{relation}:read"));
        }
    }

    /// Fails the test unless those who may not add to a relation, or remove from it, are refused, and one of those who may can.
    pub fn relations(&self, relation: &str, end: &str, others: &str) {
        for (verb, method) in [("add", "PUT"), ("remove", "DELETE")] {
            let verb = format!("{relation}:{verb}");
            let allowed = self.allowed(&verb);
            let before = self.pairs(end);
            let candidates = self.candidates(others);
            self.scene.under_the_project();
            let mut control = None;
            self.each(|caller, at, row, may_read| {
                // Whom one cannot read, one can neither add nor remove: that would be a refusal for another reason.
                let other = candidates.iter().find(|it| self.sees(caller, others, it));
                let place = |other: &String| format!("{}/{end}/{other}", self.place(row));
                match (may_read && is(&allowed, at), other) {
                    (true, Some(other)) => control = Some((caller, row, place(other))),
                    (true, None) => {}
                    (false, other) => {
                        let Some(other) = other.or(candidates.first()) else {
                            return;
                        };
                        let call = || {
                            self.scene
                                .client(caller)
                                .send(method, &place(other), &[], None)
                        };
                        self.unchanged(caller, row, may_read, call);
                    }
                }
            });
            assert_eq!(
                self.pairs(end),
                before,
                "{verb} was refused, and it happened"
            );
            let Some((caller, row, place)) = control else {
                self.scene.without_control(self.resource, &verb);
                continue;
            };
            self.scene.under_the_project();
            let answer = self.scene.client(caller).send(method, &place, &[], None);
            self.expect(&answer, DONE, caller, row);
            self.undo(end, &before);
        }
    }

    /// Which rows each row is related to.
    fn pairs(&self, end: &str) -> Vec<Vec<String>> {
        self.scene.open();
        let of = |row: &Row| listed(&self.scene.maker(0), &format!("{}/{end}", self.place(row)));
        self.rows.iter().map(of).collect()
    }

    /// What can be added and removed.
    fn candidates(&self, others: &str) -> Vec<String> {
        self.scene.open();
        listed(&self.scene.maker(0), others)
    }

    fn sees(&self, caller: &Caller, path: &str, id: &str) -> bool {
        self.scene
            .client(caller)
            .get(&format!("{path}/{id}"))
            .status()
            == 200
    }

    /// Relations as they were: what the policies say of the callers hangs on them.
    fn undo(&self, end: &str, before: &[Vec<String>]) {
        let after = self.pairs(end);
        for (row, (before, after)) in self.rows.iter().zip(before.iter().zip(&after)) {
            let send = |method, other: &String| {
                let place = format!("{}/{end}/{other}", self.place(row));
                let answer = self.scene.maker(0).send(method, &place, &[], None);
                assert!(answer.status() < 500, "{answer:?}");
            };
            let lost = before.iter().filter(|it| !after.contains(it));
            lost.for_each(|other| send("PUT", other));
            let new = after.iter().filter(|it| !before.contains(it));
            new.for_each(|other| send("DELETE", other));
        }
    }
}
