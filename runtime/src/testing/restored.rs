//! Who may undo a deletion, and who may do what is done to a resource as a whole.

use super::decided::{Decided, Row, TRIED, is};
use super::scene::{ANY, Caller, listed};
use serde_json::Value;

/// How the policies refuse to bring a row back, which nobody can see as long as it is gone.
const REFUSED: &[u16] = &[401, 403, 404];

impl Decided<'_> {
    /// Fails the test unless those who may not bring a deleted row back are refused, and one of those who may can, for each row. What
    /// the policies say of a deleted row they said of it before.
    pub fn restorations(&self) {
        let allowed = self.allowed("restore");
        self.scene.open();
        let gone: Vec<bool> = self.rows.iter().map(|row| self.delete(row)).collect();
        let is_gone = |at: usize| gone.get(at).copied().unwrap_or_default();
        self.scene.under_the_project();
        let mut controls: Vec<Option<&Caller>> = vec![None; self.rows.len()];
        self.each(|caller, at, row, may_read| {
            if !is_gone(at.1) {
                return;
            }
            if may_read && is(&allowed, at) {
                if let Some(control) = controls.get_mut(at.1) {
                    // Another one for each row, as far as there are others.
                    if control.is_none() || at.0 <= at.1 {
                        *control = Some(caller);
                    }
                }
                return;
            }
            self.expect(&self.restore(caller, row), REFUSED, caller, row);
        });
        self.scene.open();
        for (row, _) in self.rows.iter().zip(&gone).filter(|(_, gone)| **gone) {
            let place = self.place(row);
            let status = self.scene.maker(0).get(&place).status();
            assert_eq!(
                status, 404,
                "the restoration of {place} was refused, and it happened"
            );
        }
        self.scene.under_the_project();
        for ((row, caller), _) in self
            .rows
            .iter()
            .zip(&controls)
            .zip(&gone)
            .filter(|(_, gone)| **gone)
        {
            if let Some(caller) = caller {
                self.expect(
                    &self.restore(caller, row),
                    &[200, 204, 409, 422],
                    caller,
                    row,
                );
            }
        }
        if controls.iter().all(Option::is_none) {
            self.scene.without_control(self.resource, "restore");
        }
        self.scene.open();
        for row in &self.rows {
            let place = format!("{}/restore", self.place(row));
            let answer = self.scene.maker(0).send("POST", &place, ANY, None);
            assert!(answer.status() < 500, "{answer:?}");
        }
    }

    /// Whether it is gone now.
    fn delete(&self, row: &Row) -> bool {
        let (maker, place) = (self.scene.maker(0), self.place(row));
        let answer = maker.send("DELETE", &place, ANY, None);
        assert!(answer.status() < 500, "{answer:?}");
        maker.get(&place).status() == 404
    }

    fn restore(&self, caller: &Caller, row: &Row) -> super::client::Answer {
        let place = format!("{}/restore", self.place(row));
        self.scene.client(caller).send("POST", &place, ANY, None)
    }

    /// Fails the test unless an action on the resource as a whole is refused to whoever may not do it: it is allowed where the policies
    /// allow it whatever the row, so a row that they refuse it for is enough to refuse it.
    pub fn whole_action(&self, verb: &str, method: &str, end: &str, body: Option<&Value>) {
        let allowed = self.allowed(verb);
        let before = self.seen();
        self.scene.under_the_project();
        let place = format!("{}/{end}", self.path);
        let call = |caller| self.scene.client(caller).send(method, &place, &[], body);
        let (mut open, mut refused) = (Vec::new(), 0);
        for (number, caller) in self.callers().enumerate() {
            let read = self.readable.get(number).into_iter().flatten();
            let rows = allowed.get(number).into_iter().flatten().zip(read);
            let says_no = rows.filter(|(_, read)| **read).any(|(allowed, _)| !allowed);
            if !says_no {
                open.push(caller);
                continue;
            }
            let status = call(caller).status();
            let expected: u16 = if caller.is_known() { 403 } else { 401 };
            let name = &caller.name;
            assert_eq!(
                status, expected,
                "left: what {name} is answered at {place}; right: what the policies say"
            );
            refused += 1;
        }
        assert_eq!(
            self.seen(),
            before,
            "{place} was refused {refused} times, and it happened"
        );
        self.scene.under_the_project();
        for caller in open {
            // Whether it is allowed for every row that there could be, these rows do not say.
            let answer = call(caller);
            let (name, status) = (&caller.name, answer.status());
            assert!(
                TRIED.contains(&status) || status == 401,
                "{name} at {place}: {answer:?}"
            );
        }
    }

    /// Every row as it is, while everybody may do everything.
    fn seen(&self) -> Vec<Value> {
        self.scene.open();
        let maker = self.scene.maker(0);
        let rows = listed(&maker, self.path).into_iter();
        rows.map(|id| maker.get(&format!("{}/{id}", self.path)).json())
            .collect()
    }
}
