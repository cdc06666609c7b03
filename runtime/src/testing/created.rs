//! Who may create what.

use super::client::Answer;
use super::free_values::{MOST_TURNS, other_value, taken};
use super::rows::Made;
use super::scene::{ANY, Caller, Scene};

/// A creation that the policies allow. The row that it repeats has taken what has to be unique, and a rule of the project may refuse it;
/// both are found out behind the policies.
const ALLOWED: &[u16] = &[201, 409, 422];

impl Scene {
    /// Fails the test unless exactly those who may create a row can do so, and name these guarded fields. Each maker sends again what its
    /// rows were made of: what the policies say of such a row, the stored one tells. Then somebody else sends it. What is taken already
    /// is sent once more with values that are free; and what comes of it has to be a row that its maker may create.
    ///
    /// Nothing must have been changed about the rows since they were made, but what they lead to. How many rows came of it is given
    /// back: they are the control of all that was refused.
    pub fn creations(&self, resource: &str, path: &str, guarded: &[&str]) -> usize {
        let made: Vec<Made> = self
            .made
            .borrow()
            .iter()
            .filter(|it| it.path == path)
            .cloned()
            .collect();
        let mut may = self.allowed_of_made(resource, "create", &made);
        for field in guarded {
            let writes = self.allowed_of_made(resource, &format!("write:{field}"), &made);
            for ((may, writes), row) in may.iter_mut().zip(writes).zip(&made) {
                *may &= writes || row.body.get(field).is_none();
            }
        }
        let before = self.counted(path);
        self.under_the_project();
        let mut created = Vec::new();
        for (row, may) in made.iter().zip(&may) {
            if let Some(maker) = self.callers.get(row.maker) {
                let answer = self.client(maker).post(path, &row.body);
                self.is_as_allowed(&answer, maker, row, *may);
                let answer = self.with_free_values(maker, row, answer);
                created.extend((answer.status() == 201).then(|| (maker, answer.id())));
            }
        }
        if created.is_empty() {
            self.without_control(resource, "create");
        }
        for (at, row) in made.iter().enumerate() {
            // In turn, nobody among them.
            let number = at % self.callers.len().max(1);
            let other = self.callers.get(number).filter(|_| number != row.maker);
            let Some(other) = other else {
                continue;
            };
            let answer = self.client(other).post(path, &row.body);
            let answer = self.with_free_values(other, row, answer);
            created.extend((answer.status() == 201).then(|| (other, answer.id())));
        }
        self.asked_as_read(resource, "create");
        for (caller, id) in &created {
            let answer = self.client(caller).get(&format!("{path}/{id}"));
            let (name, status) = (&caller.name, answer.status());
            assert_eq!(
                status, 200,
                "{name} made {path}/{id}, which the policies do not let it create"
            );
        }
        self.open();
        assert_eq!(
            self.counted(path),
            before + created.len(),
            "a creation under {path} was refused, and it happened"
        );
        for (_, id) in &created {
            // Where nothing is deleted, one more row stands there.
            let answer = self
                .maker(0)
                .send("DELETE", &format!("{path}/{id}"), ANY, None);
            assert!(answer.status() < 500, "{answer:?}");
        }
        created.len()
    }

    /// The answer to a creation, or where values are taken, to one with others in their place. Whether policies allow that one is
    /// for the row to say that comes of it: they may be about these very values.
    fn with_free_values(&self, maker: &Caller, row: &Made, first: Answer) -> Answer {
        let (mut answer, mut body) = (first, row.body.clone());
        let references = self
            .place_of(&row.path)
            .map_or(&[][..], |it| &it.references);
        for turn in 1..=MOST_TURNS {
            assert!(answer.status() < 500, "{answer:?}");
            let free = |field: &String| references.iter().all(|(name, _)| name != field);
            let fields: Vec<String> = match answer.status() {
                409 => taken(&answer).into_iter().filter(free).collect(),
                _ => break,
            };
            let mut changed = false;
            for field in fields {
                let other = row.body.get(&field).and_then(|it| other_value(it, turn));
                if let (Some(fields), Some(other)) = (body.as_object_mut(), other) {
                    fields.insert(field, other);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
            answer = self.client(maker).post(&row.path, &body);
        }
        answer
    }

    /// Whether its maker may do this with each of the rows.
    fn allowed_of_made(&self, resource: &str, verb: &str, made: &[Made]) -> Vec<bool> {
        self.asked_as_read(resource, verb);
        let shows = |row: &Made| {
            let maker = self.callers.get(row.maker)?;
            let answer = self.client(maker).get(&format!("{}/{}", row.path, row.id));
            Some(answer.status() == 200)
        };
        made.iter()
            .map(|row| shows(row).unwrap_or_default())
            .collect()
    }

    fn is_as_allowed(&self, answer: &Answer, maker: &Caller, row: &Made, may: bool) {
        // A reference to a row that the caller may not read is refused as one that leads nowhere.
        let refused: &[u16] = match (self.refers(row), maker.is_known()) {
            (true, _) => &[401, 403, 422],
            (false, true) => &[403],
            (false, false) => &[401],
        };
        let expected = if may { ALLOWED } else { refused };
        let (name, status) = (&maker.name, answer.status());
        let body = String::from_utf8_lossy(answer.body());
        let (path, sent) = (&row.path, &row.body);
        // The times of the new row are its own.
        let is_open = ["created_at", "updated_at", "resource.id"];
        let is_open = is_open.iter().any(|it| self.project.text().contains(it));
        assert!(
            expected.contains(&status) || (is_open && status != 500),
            "{name} at {path} should be answered one of {expected:?}, and is {status}: {body}; it sent {sent}"
        );
    }

    fn refers(&self, row: &Made) -> bool {
        let references = self
            .place_of(&row.path)
            .map_or(&[][..], |it| &it.references);
        let mut fields = references.iter().map(|(field, _)| row.body.get(field));
        fields.any(|value| value.is_some_and(|it| !it.is_null()))
    }

    /// How many rows there are, while everybody may do everything.
    fn counted(&self, path: &str) -> usize {
        self.open();
        self.all(path).len()
    }
}
