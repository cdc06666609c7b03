//! One request and its counters.

use super::*;

const ADDRESS: &str = "192.0.2.7";

struct Given {
    limiter: Limiter,
    limits: Arc<RouteLimits>,
}

impl Given {
    fn new(tier: Tier, setting: TierSetting) -> Self {
        Self {
            limiter: Limiter::new(&[1; 32]),
            limits: limits(tier, setting),
        }
    }

    fn request(&self, from: &str) -> Meter {
        let limits = Arc::clone(&self.limits);
        Meter::new(self.limiter.clone(), limits, address(from))
    }

    /// A login as the endpoint counts it.
    fn login(&self, from: &str, email: &str) -> Result<Meter, Code> {
        let meter = self.request(from);
        let counted = meter
            .charge_address()
            .and_then(|()| meter.charge_principal(None))
            .and_then(|()| meter.charge_account(email));
        counted.map(|()| meter).map_err(|error| error.code())
    }
}

#[test]
fn the_address_and_the_account_both_need_room() {
    let given = Given::new(Tier::Auth, TierSetting::AsSpecified);
    for _ in 0..5 {
        given.login(ADDRESS, "ada@example.com").unwrap();
    }
    let refused = given.login(ADDRESS, "bob@example.com").err();
    assert_eq!(refused, Some(Code::RateLimited), "the address is full");
    let refused = given.login("198.51.100.1", "ADA@example.com").err();
    assert_eq!(refused, Some(Code::RateLimited), "the account is full");
    assert!(given.login("198.51.100.1", "bob@example.com").is_ok());
}

#[test]
fn what_a_later_key_refuses_an_earlier_one_does_not_count() {
    let given = Given::new(Tier::Auth, TierSetting::AsSpecified);
    for number in 0..5 {
        let from = format!("198.51.100.{number}");
        given.login(&from, "ada@example.com").unwrap();
    }
    for _ in 0..20 {
        assert!(given.login(ADDRESS, "ada@example.com").is_err());
    }
    for _ in 0..5 {
        given.login(ADDRESS, "bob@example.com").unwrap();
    }
    assert!(given.login(ADDRESS, "cy@example.com").is_err());
}

#[test]
fn a_success_is_spared_where_the_tier_says_so() {
    let given = Given::new(Tier::Auth, TierSetting::AsSpecified);
    for _ in 0..20 {
        let login = given.login(ADDRESS, "ada@example.com").unwrap();
        login.spare_success();
    }
    let write = Given::new(Tier::Write, TierSetting::Quota(quota(3, 60_000)));
    for room in [true, true, true, false] {
        let meter = write.request(ADDRESS);
        assert_eq!(meter.charge_principal(None).is_ok(), room);
        meter.spare_success();
    }
}

#[test]
fn addresses_of_one_customer_and_mapped_ones_are_one() {
    let given = Given::new(Tier::Auth, TierSetting::Quota(quota(2, 60_000)));
    let counted = |from: &str| given.request(from).charge_address().is_ok();
    assert!(counted("2001:db8:0:100::1") && counted("2001:db8:0:1ff::2"));
    assert!(!counted("2001:db8:0:142::3"));
    assert!(counted("2001:db8:0:200::1"));
    assert!(counted("192.0.2.1") && counted("::ffff:192.0.2.1"));
    assert!(!counted("192.0.2.1"));
}

#[test]
fn a_caller_is_counted_by_its_account_wherever_it_comes_from() {
    let given = Given::new(Tier::Write, TierSetting::Quota(quota(2, 60_000)));
    let (ada, bob) = (Id::new(), Id::new());
    let counted = |from: &str, caller| given.request(from).charge_principal(caller).is_ok();
    assert!(counted(ADDRESS, Some(ada)) && counted("198.51.100.1", Some(ada)));
    assert!(!counted("198.51.100.2", Some(ada)));
    assert!(counted(ADDRESS, Some(bob)) && counted(ADDRESS, None) && counted(ADDRESS, None));
    assert!(!counted(ADDRESS, None));
}

#[test]
fn a_signed_in_caller_has_a_quota_of_its_own() {
    let given = Given::new(Tier::Read, TierSetting::AsSpecified);
    let ada = Id::new();
    let passed = |caller: Option<Id>| {
        let requests = (0..400).filter(|_| given.request(ADDRESS).charge_principal(caller).is_ok());
        requests.count()
    };
    assert_eq!(passed(None), 100);
    assert_eq!(passed(Some(ada)), 300);
    let overridden = Given::new(Tier::Read, TierSetting::Quota(quota(7, 60_000)));
    let passed = (0..20).filter(|_| {
        overridden
            .request(ADDRESS)
            .charge_principal(Some(ada))
            .is_ok()
    });
    assert_eq!(passed.count(), 7);
}

#[test]
fn an_operation_has_a_quota_beside_that_of_its_tier() {
    let operation = Some(("note:create".to_owned(), quota(2, 60_000)));
    let limits = |operation| {
        let limits = RouteLimits::new(
            &RateLimits::DEFAULT,
            Tier::Write,
            TierSetting::Quota(quota(3, 60_000)),
            operation,
        );
        Arc::new(limits)
    };
    let (create, other) = (limits(operation.clone()), limits(None));
    let limiter = Limiter::new(&[1; 32]);
    let counted = |limits: &Arc<RouteLimits>| {
        let meter = Meter::new(limiter.clone(), Arc::clone(limits), address(ADDRESS));
        meter.charge_principal(None).is_ok()
    };
    assert!(counted(&create) && counted(&create));
    assert!(!counted(&create), "the operation is full");
    assert!(
        counted(&other),
        "and what it refused was not counted in the tier"
    );
    assert!(!counted(&other), "the tier is full");
    let off = RouteLimits::new(
        &RateLimits::DEFAULT,
        Tier::Write,
        TierSetting::Off,
        operation,
    );
    assert!(off.is_empty());
}

#[test]
fn a_quota_of_nothing_blocks() {
    let given = Given::new(Tier::Write, TierSetting::Quota(quota(0, 60_000)));
    let refused = given.request(ADDRESS).charge_principal(None).unwrap_err();
    assert_eq!(refused.headers(), [("retry-after", "60".to_owned())]);
}

/// The window ends a moment after its length; `t` is never beyond `w`.
#[test]
fn no_wait_is_longer_than_the_window() {
    for last in 0..64 {
        let given = Given::new(Tier::Write, TierSetting::Quota(quota(5, 900_000)));
        let request = given.request(&format!("192.0.2.{last}"));
        request.charge_principal(None).unwrap();
        let (policy, limit) = request.fields();
        assert_eq!(policy, r#""write";q=5;w=900"#);
        let (_, wait) = limit.rsplit_once("t=").unwrap();
        assert!(wait.parse::<u64>().unwrap() <= 900, "{limit}");
    }
}
