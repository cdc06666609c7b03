//! The rule for lists.

use serde_json::Value;

use super::{Broken, Rule, unless_broken};

/// Elements that are told of one by one, with all that is wrong with each: the answer to a list that is wrong from end to
/// end stays short.
const TOLD: usize = 100;

/// Several values under one rule. Those beyond the limit are counted and not looked at.
#[derive(Clone, Debug)]
pub struct ListRule<R> {
    element: R,
    max_items: usize,
}

impl<R: Rule> ListRule<R> {
    /// At most so many elements, each of which keeps this rule.
    #[must_use]
    pub const fn new(element: R, max_items: usize) -> Self {
        Self { element, max_items }
    }
}

impl<R: Rule> Rule for ListRule<R> {
    type Value = Vec<R::Value>;

    fn check(&self, value: &Value) -> Result<Self::Value, Vec<Broken>> {
        let items = value.as_array().ok_or_else(|| Broken::not("a list"))?;
        let (mut values, mut broken, mut told) = (Vec::new(), Vec::new(), 0);
        if items.len() > self.max_items {
            let detail = format!("must have at most {} items", self.max_items);
            broken.push(Broken::new("max_items", detail));
        }
        for (place, item) in items.iter().take(self.max_items).enumerate() {
            match self.element.check(item) {
                Ok(value) => values.push(value),
                Err(wrong) => {
                    told += 1;
                    if told <= TOLD {
                        broken.extend(wrong.into_iter().map(|broken| broken.under(place)));
                    }
                }
            }
        }
        if let Some(more @ 1..) = usize::checked_sub(told, TOLD) {
            broken.push(Broken::new("items", format!("{more} more items are wrong")));
        }
        unless_broken(values, broken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Text, Whole};
    use super::*;
    use serde_json::json;

    static TAGS: ListRule<Text> = ListRule::new(Text::string().min(1).max(3).trim(), 3);
    static NUMBERS: ListRule<Whole> = ListRule::new(Whole::new().min(0), 1000);

    fn wrong<R: Rule>(rule: &R, value: Value) -> Vec<(String, &'static str)> {
        let broken = rule.check(&value).err().unwrap_or_default();
        let told = |broken: Broken| (broken.place.into_owned(), broken.code);
        broken.into_iter().map(told).collect()
    }

    fn at(place: &str, code: &'static str) -> (String, &'static str) {
        (place.to_owned(), code)
    }

    #[test]
    fn elements_are_normalized_and_keep_their_order() {
        let tags = TAGS.check(&json!([" b ", "a", "b"])).unwrap();
        assert_eq!(tags, ["b", "a", "b"]);
        assert_eq!(TAGS.check(&json!([])).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn every_violation_has_its_place() {
        assert_eq!(
            wrong(&TAGS, json!(["a", 1, "", null, "long one"])),
            [
                at("", "max_items"),
                at("/1", "type"),
                at("/2", "min_length"),
            ]
        );
        assert_eq!(
            wrong(&TAGS, json!(["\u{1b}long", ["a"]])),
            [
                at("/0", "control_character"),
                at("/0", "max_length"),
                at("/1", "type"),
            ]
        );
        for other in [json!("a"), json!({"0": "a"}), json!(1), json!(null)] {
            assert_eq!(wrong(&TAGS, other), [at("", "type")]);
        }
    }

    #[test]
    fn a_list_that_is_wrong_from_end_to_end_gets_a_short_answer() {
        let told = wrong(&NUMBERS, json!(vec![-1; 1000]));
        assert_eq!(told.len(), TOLD + 1);
        assert_eq!(told.last(), Some(&at("", "items")));
        assert_eq!(wrong(&NUMBERS, json!(vec![-1; 100])).len(), TOLD);
        assert_eq!(wrong(&NUMBERS, json!(vec!["a"; 1001])).len(), TOLD + 2);
    }
}
