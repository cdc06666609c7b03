//! The fields, read by a parser that is not ours.

use super::*;
use crate::limit::fields::{self, Told};
use proptest::prelude::*;
use sfv::{BareItem, List, ListEntry, Parser};

/// Members as name, and parameters by name.
fn members(field: &str) -> Vec<(String, Vec<(String, i64)>)> {
    let list: List = Parser::new(field).parse().unwrap();
    list.into_iter()
        .map(|member| {
            let ListEntry::Item(item) = member else {
                panic!("{field}")
            };
            let BareItem::String(name) = &item.bare_item else {
                panic!("{field}")
            };
            let parameters = item.params.iter().map(|(name, value)| {
                let BareItem::Integer(value) = value else {
                    panic!("{field}")
                };
                (name.to_string(), i64::from(*value))
            });
            (name.to_string(), parameters.collect())
        })
        .collect()
}

fn owned(name: &str, parameters: &[(&str, i64)]) -> (String, Vec<(String, i64)>) {
    let parameters = parameters.iter();
    (
        name.to_owned(),
        parameters
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect(),
    )
}

#[test]
fn the_fields_say_what_is_left() {
    let limiter = Limiter::new(&[1; 32]);
    let limits = limits(Tier::Auth, TierSetting::AsSpecified);
    let request = || Meter::new(limiter.clone(), Arc::clone(&limits), address("192.0.2.7"));
    let before = request();
    assert_eq!(
        before.fields(),
        (r#""auth";q=5;w=900"#.to_owned(), r#""auth";r=5"#.to_owned())
    );
    before.charge_address().unwrap();
    before.charge_account("ada@example.com").unwrap();
    let (policy, limit) = before.fields();
    assert_eq!(members(&policy), [owned("auth", &[("q", 5), ("w", 900)])]);
    // The hit is of this second or of the one before.
    let members_of = members(&limit);
    assert_eq!(members_of[0].1[0], ("r".to_owned(), 4));
    assert!((899..=901).contains(&members_of[0].1[1].1), "{limit}");
    for _ in 0..4 {
        request().charge_address().unwrap();
    }
    let last = request();
    let refusal = last.charge_address().unwrap_err();
    let wait: i64 = refusal.headers()[0].1.parse().unwrap();
    assert_eq!(
        members(&last.fields().1),
        [owned("auth", &[("r", 0), ("t", wait)])]
    );
    assert!((890..=901).contains(&wait), "{wait}");
}

#[test]
fn each_policy_is_a_member() {
    let operation = Some(("note:create".to_owned(), quota(2, 500)));
    let limits = RouteLimits::new(
        &RateLimits::DEFAULT,
        Tier::Write,
        TierSetting::AsSpecified,
        operation,
    );
    let meter = Meter::new(Limiter::new(&[1; 32]), Arc::new(limits), address("::1"));
    let (policy, _) = meter.fields();
    let expected = [
        owned("write", &[("q", 30), ("w", 60)]),
        owned("note:create", &[("q", 2), ("w", 1)]),
    ];
    assert_eq!(members(&policy), expected);
}

proptest! {
    #[test]
    fn whatever_the_names_and_numbers_the_fields_parse(
        names in proptest::collection::vec(".{0,40}", 1..4),
        count: u32,
        seconds in 1_u64..86_400,
        left in proptest::option::of((any::<u32>(), proptest::option::of(0_u64..100_000))),
    ) {
        let quota = Quota::new(count, Duration::from_secs(seconds));
        let told: Vec<Told<'_>> = names.iter().map(|name| Told { name, quota, left }).collect();
        prop_assert_eq!(members(&fields::policy(&told)).len(), names.len());
        let limit = fields::limit(&told);
        if left.is_some() {
            prop_assert_eq!(members(&limit).len(), names.len());
        } else {
            prop_assert_eq!(limit, "");
        }
    }
}
